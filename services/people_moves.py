"""What hangs on a person besides their own fields, and how it comes to the entry that two are merged into."""

from typing import Any

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session, aliased

from db.models import (
    Attendance,
    Match,
    Mentee,
    MenteeSpeciality,
    Mentor,
    MentorSpeciality,
    Outcome,
    OwnWords,
    Placement,
    SurveyLink,
    SurveyResponse,
)
from services import people_apart
from services.counting.people import many
from services.wording import counted, first_upper

#: What each table's rows are called, and the columns in which no two rows of a person may agree.
_TABLES: tuple[tuple[type[Any], str, str, tuple[str, ...]], ...] = (
    (Attendance, "invitation", "invitations", ("event_id",)),
    (SurveyResponse, "answer", "answers", ("question_id",)),
    (SurveyLink, "link to a survey", "links to surveys", ("survey_id",)),
    (OwnWords, "remark in own words", "remarks in own words", ("about", "words")),
    (Outcome, "follow-up", "follow-ups", ()),
    (Placement, "placement", "placements", ()),
)


def told(session: Session, keep: Mentor | Mentee, other: Mentor | Mentee) -> tuple[str, ...]:
    """What would move, and what both have and stays once; a sentence each."""
    column = _column(keep)
    matches = many(session, select(Match.id).where(getattr(Match, column) == other.id))
    lines = [f"{first_upper(counted(matches, 'match', 'matches'))} with all steps, check-ins and meetings."]
    lines = lines if matches else []
    for table, one, more, apart in _TABLES:
        if not hasattr(table, column):
            continue
        has = many(session, select(table.id).where(getattr(table, column) == other.id))
        twice = many(session, _twice(table, column, apart, keep.id, other.id)) if apart else 0
        if has:
            stays = f", {counted(twice, 'which both have', 'of which both have')} and stays once" if twice else ""
            lines.append(f"{first_upper(counted(has, one, more))}{stays}.")
    return tuple(lines)


def move(session: Session, keep: Mentor | Mentee, other: Mentor | Mentee) -> dict[str, int]:
    """Give everything but matches to the entry that stays; of what both have, its own row stays.

    Returns how many rows of each table moved. Matches are moved by the database with the merge itself.
    """
    column, moved = _column(keep), {}
    _attended(session, column, keep.id, other.id)
    for table, _, _, apart in _TABLES:
        if not hasattr(table, column):
            continue
        if apart:
            twice = list(session.scalars(_twice(table, column, apart, keep.id, other.id)))
            session.execute(delete(table).where(table.id.in_(twice)))
        mine = getattr(table, column) == other.id
        moved[table.__tablename__] = len(session.scalars(select(table.id).where(mine)).all())
        session.execute(update(table).where(mine).values({column: keep.id}))
    confirmed: type[MentorSpeciality | MenteeSpeciality] = (
        MentorSpeciality if isinstance(keep, Mentor) else MenteeSpeciality
    )
    has = set(session.scalars(select(confirmed.speciality_id).where(confirmed.person_id == keep.id)))
    gets = set(session.scalars(select(confirmed.speciality_id).where(confirmed.person_id == other.id)))
    session.execute(delete(confirmed).where(confirmed.person_id == other.id))
    session.add_all(confirmed(person_id=keep.id, speciality_id=number) for number in sorted(gets - has))
    moved["two_people"] = people_apart.carry(session, keep, other)
    session.flush()
    return moved


def _column(who: Mentor | Mentee) -> str:
    return "mentor_id" if isinstance(who, Mentor) else "mentee_id"


def _twice(table: Any, column: str, apart: tuple[str, ...], keep: int, other: int) -> Any:
    """The other's rows that the entry that stays has too."""
    mine = aliased(table)
    return (
        select(table.id)
        .join(mine, and_(*(getattr(mine, name) == getattr(table, name) for name in apart)))
        .where(getattr(table, column) == other, getattr(mine, column) == keep)
    )


def _attended(session: Session, column: str, keep: int, other: int) -> None:
    """Who came under either entry came."""
    mine, theirs = (
        {row.event_id: row for row in session.scalars(select(Attendance).where(getattr(Attendance, column) == number))}
        for number in (keep, other)
    )
    for event in mine.keys() & theirs.keys():
        if theirs[event].attended or mine[event].attended is None:
            mine[event].attended = theirs[event].attended
        mine[event].walked_in = mine[event].walked_in and theirs[event].walked_in
    session.flush()
