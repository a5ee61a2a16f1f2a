"""The door of an event: taps in any order, twice, from two phones; nobody a coach should not know of."""

import datetime as dt
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Attendance, Mentee, Mentor, TrailEntry
from services import audit, clock, door, events, invitations
from services.access import Actor
from services.door import Tap
from services.errors import Invalid, NotAllowed, NotFound
from services.events import Draft
from tests import coached, make

NOON = dt.time(12)


@dataclass
class Held:
    """An event of today with the people of three matches invited, and one match beside it."""

    ref: str
    invited: list[str]
    walk_in: str
    cora: Actor
    programme_id: int
    cohort: str


def draft(cohort: str, **given: object) -> Draft:
    usual = {"kind": "orientation", "name": "Orientation", "place": "City Hall", "day": make.today(), "starts": NOON}
    return Draft(**{**usual, "ends": dt.time(13, 30), "cohort": cohort, **given})


def held(session: Session) -> Held:
    programme, cohort = coached.programme_and_cohort(session)
    matches = coached.running(session, cohort, None, 3)
    cora = make.actor(session)
    ref = events.make(session, programme.id, draft(cohort.name), by=cora).ref
    people = [*(session.get_one(Mentor, m.mentor_id).ref for m in matches)]
    people += [session.get_one(Mentee, m.mentee_id).ref for m in matches]
    invitations.invite(session, ref, people, by=cora)
    (other,) = coached.running(session, cohort, None)
    return Held(ref, people, session.get_one(Mentee, other.mentee_id).ref, cora, programme.id, cohort.name)


def stamp(seconds: int = 0) -> int:
    return int((clock.now() - dt.timedelta(hours=1)).timestamp() * 1000) + seconds * 1000


def stored(session: Session) -> dict[str, tuple[bool | None, bool]]:
    """By ref of the person: whether they came, and whether they walked in."""
    found = {}
    for table, column in ((Mentor, Attendance.mentor_id), (Mentee, Attendance.mentee_id)):
        rows = session.execute(
            select(table.ref, Attendance.attended, Attendance.walked_in).join(Attendance, column == table.id)
        )
        found.update({ref: (came, walked_in) for ref, came, walked_in in rows})
    return found


@pytest.fixture
def session(drafted: Session) -> Session:
    return drafted


def test_the_first_tap_takes_attendance_and_the_last_undone_gives_it_back(session: Session) -> None:
    it = held(session)
    who = it.invited[0]
    taken = door.take(session, it.ref, [Tap(person=who, came=True, at=stamp())], by=it.cora)
    assert taken.here == (who,)
    assert stored(session) == {ref: (ref == who, False) for ref in it.invited}
    door.take(session, it.ref, [Tap(person=who, came=False, at=stamp(1))], by=it.cora)
    assert stored(session) == dict.fromkeys(it.invited, (None, False))
    acts = session.scalars(select(TrailEntry.action)).all()
    assert "came" not in acts  # the trail is written with the commit
    audit.close(session)
    acts = list(session.scalars(select(TrailEntry.action).order_by(TrailEntry.seq)))
    assert acts[-2:] == ["came", "came taken back"]


def test_the_same_taps_again_change_nothing_and_leave_no_trail(session: Session) -> None:
    it = held(session)
    taps = [Tap(person=ref, came=True, at=stamp()) for ref in (*it.invited[:2], it.walk_in)]
    door.take(session, it.ref, taps, by=it.cora)
    audit.close(session)
    before, trail = stored(session), audit.head(session)
    assert door.take(session, it.ref, taps, by=it.cora).refused == ()
    audit.close(session)
    assert (stored(session), audit.head(session)) == (before, trail)
    assert before[it.walk_in] == (True, True)
    found = events.one(session, it.ref, by=it.cora)
    assert (found.invited, found.came, found.untaken, found.walked_in) == (6, 2, 0, 1)


def test_a_tap_that_arrives_late_does_not_undo_a_later_one(session: Session) -> None:
    it = held(session)
    door.take(session, it.ref, [Tap(person=it.walk_in, came=False, at=stamp(9))], by=it.cora)
    door.take(session, it.ref, [Tap(person=it.walk_in, came=True, at=stamp(5))], by=it.cora)
    assert stored(session)[it.walk_in] == (False, True)
    assert it.walk_in not in set(events.invited(session, it.ref, by=it.cora)["ref"])
    assert events.one(session, it.ref, by=it.cora).walked_in == 0


def test_a_phone_whose_clock_is_fast_gains_nothing(session: Session) -> None:
    it = held(session)
    tomorrow = stamp(86_400)
    door.take(session, it.ref, [Tap(person=it.invited[0], came=True, at=tomorrow)], by=it.cora)
    assert session.scalars(select(Attendance.tapped_at).where(Attendance.attended.is_(True))).one() <= clock.now()


def test_nobody_is_taken_before_the_day_of_the_event(session: Session) -> None:
    it = held(session)
    later = draft(it.cohort, day=make.today() + dt.timedelta(days=1))
    events.change(session, it.ref, later, 0, by=it.cora)
    with pytest.raises(Invalid, match="Attendance is taken from"):
        door.take(session, it.ref, [Tap(person=it.invited[0], came=True, at=stamp())], by=it.cora)


@pytest.mark.parametrize("sent", [b"", b"{}", b'{"taps": [{"person": "x"}]}', b'{"taps": [{"person": 1, "at": -1}]}'])
def test_taps_that_cannot_be_read_are_refused(sent: bytes) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        door.taps_of(sent)


def test_a_coach_keeps_the_door_for_the_own_agencys_people_only(session: Session) -> None:
    programme, cohort = coached.programme_and_cohort(session)
    ours, theirs = (coached.coach(session, make.agency(session)) for _ in range(2))
    (mine,), (foreign,) = (coached.running(session, cohort, whose) for whose in (ours, theirs))
    (uninvited,) = coached.running(session, cohort, theirs)
    cora, farah, luis = make.actor(session), coached.signed_in(session, ours), coached.signed_in(session, theirs)
    ref = events.make(session, programme.id, draft(cohort.name), by=cora).ref
    empty = events.make(session, programme.id, draft(cohort.name), by=cora).ref
    of = {
        m.id: (session.get_one(Mentor, m.mentor_id).ref, session.get_one(Mentee, m.mentee_id).ref)
        for m in (mine, foreign, uninvited)
    }
    invitations.invite(session, ref, [*of[mine.id], *of[foreign.id]], by=cora)

    assert set(events.invited(session, ref, by=farah)["ref"]) == set(of[mine.id])
    assert {guest.ref for guest in door.door(session, ref, by=farah).guests} == set(of[mine.id])
    assert {guest.ref for guest in door.door(session, ref, by=luis).guests} == {*of[foreign.id], *of[uninvited.id]}
    assert [one.ref for one in events.gatherings(session, programme.id, by=farah)] == [ref]
    assert events.one(session, ref, by=farah).invited == 2

    said = []
    for address in (empty, "0" * 16):
        for ask in (events.one, events.invited, door.door, door.look):
            with pytest.raises(NotFound) as refused:
                ask(session, address, by=farah)
            said.append(str(refused.value))
    assert len(set(said)) == 1

    taps = [
        Tap(person=who, came=True, at=stamp()) for who in (*of[mine.id], *of[foreign.id], *of[uninvited.id], "0" * 16)
    ]
    taken = door.take(session, ref, taps, by=farah)
    assert set(taken.here) == set(of[mine.id])
    assert set(taken.refused) == {*of[foreign.id], *of[uninvited.id], "0" * 16}
    assert [stored(session)[who] for who in of[foreign.id]] == [(None, False)] * 2
    for act in (
        lambda: invitations.invite(session, ref, [of[mine.id][0]], by=farah),
        lambda: events.make(session, programme.id, draft(cohort.name), by=farah),
        lambda: invitations.take_back(session, ref, [of[mine.id][0]], by=farah),
    ):
        with pytest.raises(NotAllowed):
            act()


PEOPLE = 4
TAPS = st.lists(st.tuples(st.integers(0, PEOPLE - 1), st.booleans(), st.integers(0, 6)), min_size=1, max_size=10)


@settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # every example is rolled back
@given(taps=TAPS, data=st.data())
def test_taps_in_any_order_twice_and_cut_anyhow_end_alike(world, taps: list[tuple[int, bool, int]], data) -> None:
    """By hand: each person's latest tap holds, came before not where both are of one moment."""
    session, it = world
    people = [*it.invited[:2], it.walk_in, it.invited[3]]
    sent = [Tap(person=people[who], came=came, at=it.start + at * 1000) for who, came, at in taps]
    latest = {}
    for tap in sorted(sent, key=lambda one: (one.at, one.came)):
        latest[tap.person] = tap.came
    anybody = any(latest.values())
    expected = {ref: (True if latest.get(ref) else False if anybody else None, False) for ref in it.invited}
    if it.walk_in in latest:
        expected[it.walk_in] = (latest[it.walk_in], True)
    mixed = data.draw(st.permutations([*sent, *sent[: len(sent) // 2]]))
    cut = data.draw(st.integers(0, len(mixed)))
    with session.begin_nested() as point:
        for part in (mixed[:cut], mixed[cut:]):
            door.take(session, it.ref, part, by=it.cora)
        assert stored(session) == expected
        point.rollback()
    session.expire_all()


@pytest.fixture
def world(session: Session):
    it = held(session)
    it.start = stamp()
    return session, it
