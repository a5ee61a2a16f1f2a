"""What was done on the caseload, and what could not be."""

from pages.ui.acts import Acts

_acts = Acts("caseload")
SAID, acted, said, refused = _acts.said_key, _acts.acted, _acts.said, _acts.refused
