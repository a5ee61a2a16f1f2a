"""One decision in a plan that stands."""

raise SystemExit("soon")
