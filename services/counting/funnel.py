"""The way of a cohort's mentees: ready, proposed, approved, started, completed."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, case, func, null, or_, select, union, union_all

from db.models import Cohort, Match, MatchState, Mentee
from services.counting.definition import Asked, Definition, Kind, Rows, has_ended, started
from services.counting.match_rows import first_matches


def _mentees(asked: Asked, day: ColumnElement[Any] | Any, *where: ColumnElement[bool]) -> Rows:
    place = [Match.cohort_id] if asked.per_cohort else []
    return (
        select(Match.mentee_id, func.min(day).label("day"), *place)
        .where(Match.programme_id == asked.scope.programme_id, Match.state != MatchState.VOID, *where)
        .where(*asked.here(Match.cohort_id))
        .group_by(Match.mentee_id, *place)
    )


def _ready(asked: Asked) -> Rows:
    last = case((Cohort.ends_on < asked.as_of, Cohort.ends_on), else_=asked.as_of)
    first = first_matches(replace(asked, scope=asked.scope.of(None))).subquery()
    # Everyone with their first match, or none; the union spares SQLite a join that it would do by scanning.
    matched = select(first.c.mentee_id, first.c.cohort_id, first.c.day)
    unmatched = select(Mentee.id, null(), null()).where(Mentee.id.not_in(select(first.c.mentee_id)))
    people = union_all(matched, unmatched).subquery()
    came = (
        select(Mentee.id.label("mentee_id"), Cohort.id.label("cohort_id"), Mentee.ready_on.label("day"))
        .select_from(people)
        .join(Mentee, Mentee.id == people.c.mentee_id)
        .join(Cohort, Mentee.ready_on <= last)
        .where(
            Cohort.programme_id == asked.scope.programme_id,
            or_(Mentee.withdrawn_on.is_(None), Mentee.withdrawn_on > Cohort.starts_on),
            # Whose first match is of this cohort was proposed in it, so other matches need no look.
            or_(people.c.day.is_(None), people.c.day > last, people.c.cohort_id == Cohort.id),
            *asked.here(Cohort.id),
        )
    )
    since = case((Mentee.ready_on < Match.proposed_on, Mentee.ready_on), else_=Match.proposed_on)
    proposed = select(Match.mentee_id, Match.cohort_id, since).join(Mentee, Mentee.id == Match.mentee_id)
    proposed = proposed.where(
        Match.programme_id == asked.scope.programme_id,
        Match.state != MatchState.VOID,
        Match.proposed_on <= asked.as_of,
        *asked.here(Match.cohort_id),
    )
    both = union(came, proposed).subquery()
    return select(both.c.mentee_id, both.c.cohort_id, func.min(both.c.day).label("day")).group_by(
        both.c.mentee_id, both.c.cohort_id
    )


def _proposed(asked: Asked) -> Rows:
    return _mentees(asked, Match.proposed_on, Match.proposed_on <= asked.as_of)


def _approved(asked: Asked) -> Rows:
    return _mentees(asked, Match.decided_on, Match.state != MatchState.DECLINED, Match.decided_on <= asked.as_of)


def _started(asked: Asked) -> Rows:
    return _mentees(asked, Match.started_on, *started(asked))


def _completed(asked: Asked) -> Rows:
    return _mentees(asked, Match.ended_on, *started(asked), has_ended(asked, MatchState.COMPLETED))


FIGURES: dict[str, Definition] = {
    "mentees_ready": Definition(
        "Mentees ready",
        Kind.COUNT,
        "mentees",
        "Proposed in it; or ready by its last day, not withdrawn before its first, not matched elsewhere by then.",
        _ready,
        of_cohort_only=True,
    ),
    "mentees_proposed": Definition(
        "Proposed", Kind.COUNT, "mentees", "Mentees for whom a mentor was proposed.", _proposed
    ),
    "mentees_approved": Definition(
        "Approved", Kind.COUNT, "mentees", "Mentees with a proposal that was approved.", _approved
    ),
    "mentees_started": Definition("Started", Kind.COUNT, "mentees", "Mentees whose match started.", _started),
    "mentees_completed": Definition("Completed", Kind.COUNT, "mentees", "Mentees who completed a match.", _completed),
}
#: In the order of the way.
STEPS = tuple(FIGURES)
