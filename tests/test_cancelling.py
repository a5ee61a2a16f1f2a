"""A cancelled event: kept with its list, counted nowhere, told to calendars, and taken back while it lies ahead."""

import datetime as dt
from collections.abc import Callable

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Attendance, Event, Mentee, Role, TrailEntry
from services import audit, cancelling, door, events, invitations, people_profile
from services.access import Actor
from services.counting import events as counting
from services.counting import figures, week
from services.counting.figure import Scope
from services.door import Tap
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.exports.calendar import calendar
from tests import coached, make
from tests.test_door import Held, draft, held, stamp


@pytest.fixture
def session(drafted: Session) -> Session:
    return drafted


@pytest.fixture
def it(session: Session) -> Held:
    return held(session)


def test_what_is_cancelled_stays_with_its_list_and_says_so_everywhere(session: Session, it: Held) -> None:
    before = calendar(session, it.ref, by=it.cora)
    said = cancelling.cancel(session, it.ref, 0, by=it.cora)
    assert said.startswith("Cancelled: Orientation, ")
    assert said.endswith("Send the calendar file to the six people invited.")
    found = events.one(session, it.ref, by=it.cora)
    assert (found.is_cancelled, found.is_open, found.invited, found.came, found.untaken) == (True, False, 6, 0, 0)
    assert [one.ref for one in events.gatherings(session, it.programme_id, by=it.cora)] == [it.ref]
    assert set(events.invited(session, it.ref, by=it.cora)["ref"]) == set(it.invited)

    (planned,), (entry,) = (
        Calendar.from_ical(file).walk("VEVENT") for file in (before, calendar(session, it.ref, by=it.cora))
    )
    assert (planned["status"], planned["sequence"]) == ("CONFIRMED", 0)
    assert (entry["status"], entry["sequence"], entry["uid"]) == ("CANCELLED", 1, planned["uid"])

    said = cancelling.restore(session, it.ref, 1, by=it.cora)
    assert said.startswith("Takes place after all: Orientation, ")
    found = events.one(session, it.ref, by=it.cora)
    assert (found.is_cancelled, found.is_open, found.untaken, found.changes) == (False, True, 6, 2)
    (entry,) = Calendar.from_ical(calendar(session, it.ref, by=it.cora)).walk("VEVENT")
    assert (entry["status"], entry["sequence"]) == ("CONFIRMED", 2)

    audit.close(session)
    acts = list(session.scalars(select(TrailEntry.action).where(TrailEntry.entity == "event").order_by(TrailEntry.seq)))
    assert acts[-2:] == ["event cancelled", "event cancellation taken back"]


def test_a_profile_says_that_it_was_cancelled(session: Session, it: Held) -> None:
    cancelling.cancel(session, it.ref, 0, by=it.cora)
    told = [line.what for line in people_profile.profile(session, it.invited[0], by=it.cora).beside]
    assert "Orientation: cancelled" in told
    assert "Orientation: invited" not in told


def test_nothing_of_it_counts_whatever_is_stored(session: Session, it: Held) -> None:
    """Attendance that a cancelled event cannot have is stored past the services."""
    scope = Scope(it.programme_id, make.today())

    def missing() -> set[int]:
        return set(session.scalars(counting.without_orientation(session, scope, "mentee_id")))

    def coming() -> int:
        return len(week.coming(session, scope, make.today()))

    everybody = missing()
    for row in session.scalars(select(Attendance)):
        row.attended = True
    session.flush()
    assert figures.figure(session, scope, "orientation").base == 6
    assert len(everybody - missing()) == 3
    assert coming() == 1
    session.scalars(select(Event)).one().cancelled_at = dt.datetime.now(dt.UTC)
    session.flush()
    assert figures.figure(session, scope, "orientation").value is None
    assert missing() == everybody
    assert coming() == 0
    counted = counting.attendance(session, list(session.scalars(select(Event.id))), Attendance.id.is_not(None))
    assert counted.drop(columns="event_id").to_dict("records") == [
        {"invited": 6, "came": 0, "untaken": 0, "walked_in": 0}
    ]


def test_nobody_is_let_in_invited_or_struck_off_while_it_is_cancelled(session: Session, it: Held) -> None:
    cancelling.cancel(session, it.ref, 0, by=it.cora)
    tap = Tap(person=it.invited[0], came=True, at=stamp())
    acts: tuple[Callable[[], object], ...] = (
        lambda: door.take(session, it.ref, [tap], by=it.cora),
        lambda: door.look(session, it.ref, by=it.cora),
        lambda: invitations.invite(session, it.ref, [it.walk_in], by=it.cora),
        lambda: invitations.take_back(session, it.ref, [it.invited[0]], by=it.cora),
        lambda: events.change(session, it.ref, draft(it.cohort, place="Metro Hall"), 1, by=it.cora),
        lambda: cancelling.cancel(session, it.ref, 1, by=it.cora),
    )
    for act in acts:
        with pytest.raises(Conflict, match=r"This event is cancelled\. Nothing was stored\."):
            act()
    cancelling.restore(session, it.ref, 1, by=it.cora)
    assert door.take(session, it.ref, [tap], by=it.cora).here == (it.invited[0],)


def test_what_took_place_is_not_cancelled(session: Session, it: Held) -> None:
    came, gone = (Tap(person=it.walk_in, came=came, at=stamp(at)) for at, came in enumerate((True, False)))
    door.take(session, it.ref, [came], by=it.cora)
    with pytest.raises(Conflict, match="took place"):
        cancelling.cancel(session, it.ref, 0, by=it.cora)
    door.take(session, it.ref, [gone], by=it.cora)
    assert cancelling.cancel(session, it.ref, 0, by=it.cora).startswith("Cancelled")


def test_who_has_not_seen_the_latest_version_neither_cancels_nor_takes_it_back(session: Session, it: Held) -> None:
    with pytest.raises(Conflict, match="Someone else changed this event"):
        cancelling.cancel(session, it.ref, 1, by=it.cora)
    with pytest.raises(Conflict, match="Someone else changed this event"):
        cancelling.restore(session, it.ref, 0, by=it.cora)


def test_a_day_that_is_over_stays_cancelled(session: Session, it: Held) -> None:
    events.change(session, it.ref, draft(it.cohort, day=make.today() - dt.timedelta(days=1)), 0, by=it.cora)
    cancelling.cancel(session, it.ref, 1, by=it.cora)
    with pytest.raises(Invalid, match="so it stays cancelled"):
        cancelling.restore(session, it.ref, 2, by=it.cora)


def test_a_coach_reads_that_it_is_cancelled_and_cancels_nothing(session: Session) -> None:
    programme, cohort = coached.programme_and_cohort(session)
    ours = coached.coach(session, make.agency(session))
    (match,) = coached.running(session, cohort, ours)
    cora, farah = make.actor(session), coached.signed_in(session, ours)
    ref = events.make(session, programme.id, draft(cohort.name), by=cora).ref
    others: tuple[Actor, ...] = (farah, make.actor(session, Role.MANAGER))
    for by in others:
        for act in (cancelling.cancel, cancelling.restore):
            with pytest.raises(NotAllowed):
                act(session, ref, 0, by=by)
    invitations.invite(session, ref, [session.get_one(Mentee, match.mentee_id).ref], by=cora)
    cancelling.cancel(session, ref, 0, by=cora)
    assert events.one(session, ref, by=farah).is_cancelled
    with pytest.raises(NotFound):
        cancelling.cancel(session, "0" * 16, 0, by=cora)
