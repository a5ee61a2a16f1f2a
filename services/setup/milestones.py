"""The round numbers that a programme celebrates, and what it counts towards them."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import CountingRule, Milestone, MilestoneKind, Programme
from services import audit
from services.access import Actor, Permission, authorise
from services.errors import Invalid, NotFound
from services.milestones import named

#: Offered to a programme that named none.
USUAL = (10, 25, 50, 100, 250, 500, 1000)
MOST, HIGHEST = 50, 1_000_000
_THOUSANDS = re.compile(r"\d,\d{3}(?!\d)")


def milestones(session: Session, programme_id: int, *, by: Actor) -> tuple[tuple[int, ...], CountingRule]:
    """The numbers named, lowest first, and the rule they are counted by. Raises `NotAllowed`, `NotFound`."""
    authorise(session, by, Permission.SET_PROGRAMME)
    return named(session, programme_id), _programme(session, programme_id).counting_rule


def save(session: Session, programme_id: int, written: str, rule: CountingRule | str, *, by: Actor) -> tuple[int, ...]:
    """Celebrate these numbers, counted by this rule. Raises `Invalid` for what is no list of numbers, `NotFound`."""
    by = authorise(session, by, Permission.SET_PROGRAMME)
    programme = _programme(session, programme_id)
    numbers = _read(written)
    rows = session.scalars(
        select(Milestone).where(Milestone.programme_id == programme_id, Milestone.kind == MilestoneKind.COUNT)
    )
    there = {row.number: row for row in rows}
    for number, row in there.items():
        if number not in numbers:
            session.delete(row)
    for number in numbers:
        if number not in there:
            session.add(
                Milestone(programme_id=programme_id, kind=MilestoneKind.COUNT, name=f"{number:,}", number=number)
            )
    programme.counting_rule = CountingRule(rule)
    session.flush()
    audit.record(session, by, "milestones named", "programme", programme_id, numbers=len(numbers), rule=str(rule))
    return numbers


def _programme(session: Session, programme_id: int) -> Programme:
    programme = session.get(Programme, programme_id)
    if programme is None:
        raise NotFound("There is no such programme any more. Load the page again.")
    return programme


def _read(written: str) -> tuple[int, ...]:
    """Numbers apart by commas, blanks or lines."""
    pieces = re.split(r"[,;\s]+", written.strip(" ,;\n"))
    if _THOUSANDS.search(written) or not all(piece.isdecimal() for piece in pieces):
        raise Invalid("Write whole numbers with a comma and a blank between them: 10, 25, 50, 100, 1000.")
    numbers = sorted({int(piece) for piece in pieces})
    if len(numbers) > MOST or numbers[0] < 1 or numbers[-1] > HIGHEST:
        raise Invalid(f"A programme names up to {MOST} milestones, each from 1 to {HIGHEST:,}. Mend the list.")
    return tuple(numbers)
