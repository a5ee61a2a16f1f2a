"""What the outcomes scene says: shares as the public sheet prints them, kept so that the stage asks for nobody."""

from collections.abc import Iterator

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.models import Programme, StageFinding
from services import audit, programmes, scopes
from services.access import OPERATOR, Actor, Permission, authorise
from services.counting.figure import Figure
from services.factsheet import parts
from services.factsheet.model import Item, Mode
from services.factsheet.question import Question
from services.factsheet.words import words
from services.wording import day

#: Value as printed, and what it is of, with base and day under it.
Finding = tuple[str, str]
_SAID = ("of mentees reached found work", "of mentees reached found work in their field")


def publish(session: Session, *, by: Actor) -> int:
    """Keep up to three findings of the main programme, protected as of the last quarter's end; how many there are.

    Nothing that is too small to be public is among them. Raises `NotAllowed`, and `NotFound` without a programme.
    """
    by = authorise(session, by, Permission.OPEN_STAGE_LINKS)
    programme_id = programmes.main(session).id
    # of two who make a link at once, the second finds the rows of the first; inserts that name the programme go on
    session.get_one(Programme, programme_id, with_for_update={"key_share": True})
    found = [*_found(session, programme_id)]
    known = session.execute(
        select(StageFinding.value, StageFinding.words)
        .where(StageFinding.programme_id == programme_id)
        .order_by(StageFinding.place)
    )
    if [tuple(row) for row in known] == found:
        return len(found)
    session.execute(delete(StageFinding).where(StageFinding.programme_id == programme_id))
    session.add_all(
        StageFinding(programme_id=programme_id, place=place, value=value, words=said)
        for place, (value, said) in enumerate(found)
    )
    session.flush()
    audit.record(session, by, "stage findings published", "programme", programme_id, findings=len(found))
    return len(found)


def _found(session: Session, programme_id: int) -> Iterator[Finding]:
    # asked as the public: what anybody may read needs no leave to see figures, which presenters have not
    programme = next(one for one in scopes.choices(session, by=OPERATOR) if one.id == programme_id)
    latest = programme.cohort(None, programme.today)
    if latest is None:
        return
    asked = Question(
        session=session,
        by=OPERATOR,
        programme_id=programme_id,
        as_of=programme.today,
        mode=Mode.PUBLIC,
        clocks=programmes.clocks(session, programme_id),
        words=words(programme.name),
        cohorts=programme.cohorts[: programme.cohorts.index(latest) + 1],
        taken={},
    )
    outcomes = parts.outcomes(asked)
    for said, item in zip(_SAID, outcomes.items, strict=False):
        if _is_public(item.figure):
            yield item.text, f"{said}\n{outcomes.note}"
    if answer := _answer(asked):
        yield answer


def _answer(asked: Question) -> Finding | None:
    """What most agree to, of the cohort whose surveys are in last; None while too few have answered."""
    own = asked.cohort if asked.cohort.ends_on <= asked.as_of else None
    for cohort in filter(None, (own, asked.before)):
        if known := [item for item in parts.surveys(asked, cohort).items if _is_public(item.figure)]:
            best = max(known, key=lambda item: item.figure.value or 0)
            return best.text, f"{best.label}\n{_base(best, asked.named(cohort))}"
    return None


def _base(item: Item, cohort: str) -> str:
    figure = item.figure
    return f"About {figure.base:,} of the {cohort} cohort who answered, as of {day(figure.as_of)}."


def _is_public(figure: Figure) -> bool:
    return figure.protected and figure.value is not None
