"""Commands for figures: any figure as of any day, the published record, the ledger of milestones."""

import datetime as dt
from dataclasses import asdict, replace
from typing import Annotated, Any

import typer

from services import milestones, reading, record, scopes
from services.access import OPERATOR
from services.commands.say import plainly, say, show
from services.counting import figures
from services.counting.figure import Figure, rounded

Day = Annotated[dt.datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day; today unless given.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@plainly
def figure(
    name: Annotated[str, typer.Argument(help="Which figure; «matchdesk figure list» names them all.")],
    *,
    as_of: Day = None,
    cohort: Annotated[str | None, typer.Option(help="Of one cohort; else of the whole programme.")] = None,
    programme: Annotated[str | None, typer.Option(help="The main one unless named.")] = None,
    since: Annotated[
        dt.datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day of the period, for «served».")
    ] = None,
    as_json: Json = False,
) -> None:
    """Answer one figure as of any day, with its base, period and rule.

    The JSON has: name, label, text (as printed), value (as printed, a number), exact, unit, numerator, base, base_unit,
    objective, period (first, last), as_of, rule, absent (why there is no value).
    """
    if name == "list":
        for known in figures.names():
            say(known)
        return
    with reading() as session:
        scope = scopes.scope(
            session, by=OPERATOR, programme=programme, cohort=cohort, as_of=as_of.date() if as_of else None
        )
        found = figures.figure(session, replace(scope, since=since.date() if since else None), name)
    if as_json:
        show(_data(found))
        return
    say(f"{found.label}: {found.text if found.value is not None else found.absent}")
    if found.base is not None:
        share = f"{found.numerator} of {found.base}" if found.numerator is not None else str(found.base)
        say(f"{share} {found.base_unit}")
    say(f"As of {found.as_of}. {found.rule}")


@plainly
def reconcile(*, as_json: Json = False) -> None:
    """Recompute every published fact from rows; exit status 1 when any differs.

    The JSON is a list of id, published, relation, computed, base, as_of, rule and holds.
    """
    with reading() as session:
        lines = record.reconcile(session, by=OPERATOR)
    if as_json:
        show([{key: value for key, value in asdict(line).items() if key != "what"} for line in lines])
    else:
        for line in lines:
            base = "" if line.base is None else f" (base {line.base})"
            verdict = "holds" if line.holds else "DIFFERS"
            say(f"{verdict:8}{line.id}: published {line.relation} {line.published}, computed {line.computed}{base}")
            say(f"        as of {line.as_of}. {line.rule}")
        say(f"{sum(line.holds for line in lines)} of {len(lines)} published facts hold.")
    if not all(line.holds for line in lines):
        raise SystemExit(1)


@plainly
def ledger(
    *, as_of: Day = None, programme: Annotated[str | None, typer.Option()] = None, as_json: Json = False
) -> None:
    """List every milestone reached: which match, on which day, of which cohort, occupation and agency.

    The JSON is a list of number, day, cohort, days (since the one before), match (its reference), group and agency.
    """
    with reading() as session:
        scope = scopes.scope(session, by=OPERATOR, programme=programme, as_of=as_of.date() if as_of else None)
        found = milestones.ledger(session, by=OPERATOR, as_of=scope.as_of, programme_id=scope.programme_id)
    if as_json:
        show(found.astype(object).where(found.notna(), None).to_dict("records"))
        return
    for row in found.itertuples():
        say(f"{row.number:,}  {row.day}  cohort {row.cohort}, {row.group}, {row.agency}, match {row.match}")


def _data(found: Figure) -> dict[str, Any]:
    places = 1 if found.unit == "hours" else 0
    return {
        "name": found.name,
        "label": found.label,
        "text": found.text,
        "value": None if found.value is None else _number(rounded(found.value, places)),
        "exact": None if found.value is None else _number(found.value),
        **{key: getattr(found, key) for key in ("unit", "numerator", "base", "base_unit", "objective")},
        "period": {"first": found.period.first, "last": found.period.last},
        **{key: getattr(found, key) for key in ("as_of", "rule", "absent")},
    }


def _number(value: Any) -> int | float:
    return int(value) if value == int(value) else float(value)
