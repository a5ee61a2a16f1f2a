"""Commands that match: cohorts and proposals."""

import datetime as dt
from typing import Annotated, Any

import typer

from services import proposals, reading, scopes, transaction
from services.access import OPERATOR
from services.commands.say import plainly, say, show
from services.engine.unmatched import REASONS
from services.setup import cohorts as cohort_terms
from services.setup.cohorts import Terms

cohorts = typer.Typer(help="The cohorts of the programmes.", no_args_is_help=True)


@cohorts.callback()
def _cohorts() -> None:
    """Make `create` a command of its own: with one command only, typer drops its name."""


@cohorts.command("create")
@plainly
def create_cohort(
    name: Annotated[str, typer.Option(help="Such as its year.")],
    starts: Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="First day.")],
    ends: Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day.")],
    target: Annotated[int | None, typer.Option(help="Matches wanted, or placements committed to.")] = None,
    programme_name: Annotated[str | None, typer.Option("--programme", help="The main one unless named.")] = None,
) -> None:
    """Make a cohort."""
    with transaction() as session:
        programme = scopes.named(scopes.choices(session, by=OPERATOR), programme_name)
        terms = Terms(name, starts.date(), ends.date(), target)
        made = cohort_terms.save(session, programme.id, terms, by=OPERATOR)
    say(f"Made cohort {made} of {programme.name}.")


@plainly
def propose(
    cohort: Annotated[str | None, typer.Option(help="Name of the cohort; the latest unless given.")] = None,
    *,
    store: Annotated[bool, typer.Option("--apply", help="Put the pairs in the review queue.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Propose matches for everyone who waits: most matched, longest waiting first, best fit.

    Without --apply nothing is stored.

    The JSON has: cohort; matched, unmatched (mentees); total_fit (sum over the pairs); pairs, a list of mentee, mentor
    (references), group and fit (0 to 1000); unmatched_by_reason, mentees by no_mentor, no_free_place, ruled_out,
    below_floor and places_taken; without, a list of mentee (reference), group, waiting_days, code, reason and change
    (the smallest that would match them); applied (proposals stored).
    """
    with transaction() if store else reading() as session:
        plan = proposals.propose(session, by=OPERATOR, cohort=cohort)
        applied = proposals.apply(session, by=OPERATOR, cohort=cohort) if store else 0
    if as_json:
        show(_data(plan, applied))
        return
    for pair in plan.pairs.itertuples():
        say(f"{pair.fit / 10:5.1f}  {pair.mentee}, {pair.mentor}  ({pair.group})")
    for line in plan.unmatched.itertuples():
        say(f"    –  {line.mentee}  ({line.group}). {line.reason} {line.change}".rstrip())
    stored = f" {applied} are in the queue now." if store else ""
    say(f"Cohort {plan.cohort}: {len(plan.pairs)} matched, {len(plan.unmatched)} not.{stored}")


def _data(plan: proposals.Plan, applied: int) -> dict[str, Any]:
    codes = plan.unmatched["code"].value_counts()
    return {
        "cohort": plan.cohort,
        "matched": len(plan.pairs),
        "unmatched": len(plan.unmatched),
        "total_fit": plan.total_fit,
        "pairs": [
            {"mentee": pair.mentee_ref, "mentor": pair.mentor_ref, "group": pair.group, "fit": int(pair.fit)}
            for pair in plan.pairs.itertuples()
        ],
        "unmatched_by_reason": {code: int(codes.get(code, 0)) for code in REASONS},
        "without": [
            {"mentee": line.mentee_ref, "group": line.group, "waiting_days": int(line.waiting_days)}
            | {"code": line.code, "reason": line.reason, "change": line.change}
            for line in plan.unmatched.itertuples()
        ],
        "applied": applied,
    }
