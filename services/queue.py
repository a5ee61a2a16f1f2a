"""The queue of pending matches, a page at a time."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from db.models import Agency, Match, MatchState, Mentee, Mentor, OccupationalGroup
from services import programmes
from services.access import Actor, Permission, authorise
from services.counting import pending
from services.counting.figure import from_out_of_100, out_of_100
from services.programmes import Clocks

COLUMNS = ["ref", "version", "mentee", "mentor", "days", "age", "state", "move", "fit", "group", "agency", "until"]
#: Rows of a page: more than a morning's work, and few enough for any browser.
PAGE = 200
#: Every age but those on hold, which stand only under their own heading.
OPEN_AGES = "all"
YOU, MENTOR = "You", "Mentor"


@dataclass(frozen=True)
class Filter:
    """What of the queue is shown; empty is everything that is not on hold."""

    age: str = OPEN_AGES
    #: Whose move: You or Mentor; None: anyone's.
    move: str | None = None
    groups: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    #: The least fit, 0 to 100; above 0, matches whose fit nobody worked out are left out.
    fit_from: int = 0


@dataclass(frozen=True)
class Queue:
    """A page of pending matches, longest wait first, and how far the day's work is.

    `rows`: ref, version, mentee, mentor, days (waiting), age (overdue, due, fresh, held), state, move (whose),
    fit (0 to 100, or empty), group, agency, until (day a hold ends).
    """

    rows: pd.DataFrame
    #: Where the page begins, from 0, and how many matches pass the filter.
    first: int
    total: int
    #: The matches that stand just before and after the page.
    before: str | None
    after: str | None
    #: All pending matches by age, whatever the filter; "all" is those not on hold.
    counts: dict[str, int]
    #: Occupational groups and agencies that occur in the whole queue.
    groups: tuple[str, ...]
    agencies: tuple[str, ...]
    decided_today: int


def ages(session: Session, *, by: Actor, programme_id: int, as_of: dt.date) -> dict[str, tuple[int, int]]:
    """Matches that waited for a decision on a day, by age: how many, and the days the oldest had waited.

    Raises `NotAllowed`.
    """
    authorise(session, by, Permission.REVIEW_MATCHES)
    found = pending.ages(session, programme_id, as_of, programmes.clocks(session, programme_id))
    return {age.value: many for age, many in found.items()}


def queue(
    session: Session,
    *,
    by: Actor,
    programme_id: int,
    only: Filter | None = None,
    around: tuple[str, ...] = (),
    page: int = PAGE,
    as_of: dt.date | None = None,
) -> Queue:
    """The page on which the first of `around` that is in the queue stands, or the first page.

    All ages, held ones too, unless `only` is given. `as_of`: a day to come, if nothing is decided until then.
    """
    authorise(session, by, Permission.REVIEW_MATCHES)
    today = as_of or programmes.today(session, programme_id)
    asked = _Asked(programme_id, today, programmes.clocks(session, programme_id))
    counts, groups, agencies = _whole(session, asked)
    wanted = asked.that_pass(only)
    total = pending.how_many(session, wanted)
    first = _first(session, asked, only, around, page)
    # One more on either side, so that the next and the one before are known at the ends of the page.
    lead = min(first, 1)
    chosen = select(Match.id).where(wanted).order_by(*_ORDER).offset(first - lead).limit(page + lead + 1)
    lines = _lines(session, asked, list(session.scalars(chosen)))
    shown = lines[lead : lead + page]
    return Queue(
        rows=pd.DataFrame(shown, columns=COLUMNS),
        first=first,
        total=total,
        before=lines[0]["ref"] if lead and lines else None,
        after=lines[lead + page]["ref"] if len(lines) > lead + page else None,
        counts=counts,
        groups=groups,
        agencies=agencies,
        decided_today=pending.decided_on(session, programme_id, asked.today),
    )


def versions(session: Session, *, by: Actor, programme_id: int, only: Filter, limit: int) -> dict[str, int]:
    """Ref and version of every match that passes a filter, the longest wait first, at most `limit`."""
    authorise(session, by, Permission.REVIEW_MATCHES)
    asked = _Asked(programme_id, programmes.today(session, programme_id), programmes.clocks(session, programme_id))
    chosen = select(Match.ref, Match.version).where(asked.that_pass(only)).order_by(*_ORDER).limit(limit)
    return {row.ref: row.version for row in session.execute(chosen)}


_ORDER = (Match.proposed_on, Match.id)


@dataclass(frozen=True)
class _Asked:
    """Of which programme, on which day, by which clocks."""

    programme_id: int
    today: dt.date
    clocks: Clocks

    @property
    def is_in_queue(self) -> ColumnElement[bool]:
        held_or_pending = or_(pending.is_pending(self.today), pending.is_held(self.today))
        return and_(Match.programme_id == self.programme_id, held_or_pending)

    def that_pass(self, only: Filter | None) -> ColumnElement[bool]:
        if only is None:
            return self.is_in_queue
        age = pending.age_of_match(self.clocks, self.today)
        asked = [age != pending.Age.HELD if only.age == OPEN_AGES else age == only.age]
        if only.move:
            awaits_mentor = Match.state == MatchState.APPROVED
            asked.append(awaits_mentor if only.move == MENTOR else ~awaits_mentor)
        if only.fit_from:
            asked.append(Match.fit >= from_out_of_100(only.fit_from))
        if only.groups:
            named = select(OccupationalGroup.id).where(OccupationalGroup.name.in_(only.groups))
            asked.append(Match.group_id.in_(named))
        if only.agencies:
            of_them = select(Mentee.id).join(Agency, Mentee.agency_id == Agency.id)
            asked.append(Match.mentee_id.in_(of_them.where(Agency.name.in_(only.agencies))))
        return and_(self.is_in_queue, *asked)


def _whole(session: Session, asked: _Asked) -> tuple[dict[str, int], tuple[str, ...], tuple[str, ...]]:
    """Counts by age, and the names of groups and agencies, of the whole queue."""
    found = pending.now_by(session, asked.programme_id, asked.today, asked.clocks, Match.group_id, Mentee.agency_id)
    counts = {one.value: 0 for one in pending.Age}
    for row, many in found:
        counts[row.age] += many
    counts[OPEN_AGES] = sum(many for one, many in counts.items() if one != pending.Age.HELD)
    groups = select(OccupationalGroup.name).where(OccupationalGroup.id.in_({row.group_id for row, _ in found}))
    agencies = select(Agency.name).where(Agency.id.in_({row.agency_id for row, _ in found} - {None}))
    return counts, *(tuple(session.scalars(names.order_by("name"))) for names in (groups, agencies))  # type: ignore[return-value]


def _first(session: Session, asked: _Asked, only: Filter | None, around: tuple[str, ...], page: int) -> int:
    """Where the page begins that is asked for."""
    if not around:
        return 0
    found = session.execute(select(Match.ref, *_ORDER).where(asked.that_pass(only), Match.ref.in_(around))).all()
    if not found:
        return 0
    there = min(found, key=lambda row: around.index(row.ref))
    earlier = or_(
        Match.proposed_on < there.proposed_on, and_(Match.proposed_on == there.proposed_on, Match.id < there.id)
    )
    return pending.how_many(session, asked.that_pass(only), earlier) // page * page


def _lines(session: Session, asked: _Asked, ids: list[int]) -> list[dict[str, Any]]:
    found = session.execute(
        select(
            Match.ref,
            Match.version,
            Match.state,
            Match.fit,
            Match.proposed_on,
            Match.hold_until,
            Mentee.first_name,
            Mentee.last_name,
            Mentor.first_name.label("mentor_first"),
            Mentor.last_name.label("mentor_last"),
            OccupationalGroup.name.label("group"),
            Agency.name.label("agency"),
        )
        .join(Mentee, Match.mentee_id == Mentee.id)
        .join(Mentor, Match.mentor_id == Mentor.id)
        .join(OccupationalGroup, Match.group_id == OccupationalGroup.id)
        .outerjoin(Agency, Mentee.agency_id == Agency.id)
        .where(Match.id.in_(ids))
        .order_by(*_ORDER)
    )
    lines = []
    for row in found:
        days = (asked.today - row.proposed_on).days
        lines.append(
            {
                "ref": row.ref,
                "version": row.version,
                "mentee": f"{row.first_name} {row.last_name}",
                "mentor": f"{row.mentor_first[:1]}. {row.mentor_last}",
                "days": days,
                "age": pending.age(days, asked.clocks, held_until=row.hold_until, as_of=asked.today).value,
                "state": row.state.value,
                "move": MENTOR if row.state is MatchState.APPROVED else YOU,
                "fit": None if row.fit is None else out_of_100(row.fit),
                "group": row.group,
                "agency": row.agency or "",
                "until": row.hold_until,
            }
        )
    return lines
