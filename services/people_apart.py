"""Pairs of entries that somebody said are of two people."""

import datetime as dt

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from db.models import Mentee, Mentor, TwoPeople
from services import person
from services.kinds import Kind

#: The columns of a pair, the older entry first.
COLUMNS = {
    Kind.MENTOR: (TwoPeople.mentor_id, TwoPeople.other_mentor_id),
    Kind.MENTEE: (TwoPeople.mentee_id, TwoPeople.other_mentee_id),
}


def marks(session: Session, kind: Kind) -> dict[tuple[int, int], dt.datetime]:
    """The pairs of a kind, the older entry first, and when each was marked."""
    one, other = COLUMNS[kind]
    rows = session.execute(select(one, other, TwoPeople.marked_at).where(one.is_not(None)))
    return {(first, second): at for first, second, at in rows if first and second}


def of(session: Session, who: Mentor | Mentee, other: Mentor | Mentee) -> TwoPeople | None:
    """The mark of two entries of one kind, in whatever order."""
    first, second = sorted((who.id, other.id))
    mine, theirs = COLUMNS[person.kind_of(who)]
    return session.scalar(select(TwoPeople).where(mine == first, theirs == second))


def put(session: Session, kind: Kind, one: int, other: int, mark: TwoPeople) -> None:
    """Make a mark that of these two."""
    for column, number in zip(COLUMNS[kind], sorted((one, other)), strict=True):
        setattr(mark, column.key, number)
    session.add(mark)
    session.flush()


def carry(session: Session, keep: Mentor | Mentee, other: Mentor | Mentee) -> int:
    """Before `other` becomes `keep`: whoever was told apart from the one is so from the other; how many came along."""
    mine, theirs = COLUMNS[person.kind_of(keep)]
    has = set()
    for row in session.scalars(select(TwoPeople).where(or_(mine == keep.id, theirs == keep.id))):
        has |= {getattr(row, mine.key), getattr(row, theirs.key)}
    came = 0
    for row in session.scalars(select(TwoPeople).where(or_(mine == other.id, theirs == other.id))).all():
        (third,) = {getattr(row, mine.key), getattr(row, theirs.key)} - {other.id}
        if third == keep.id or third in has:  # said already, or no longer so
            session.execute(delete(TwoPeople).where(TwoPeople.id == row.id))
        else:
            put(session, person.kind_of(keep), keep.id, third, row)
            came += 1
    return came
