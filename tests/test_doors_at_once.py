"""Phones and coordinators at one event at the same moment, on both engines: nobody twice, nothing lost."""

import time
from functools import partial

import pytest
from sqlalchemy import select

from db.models import Attendance, Event, Mentee, Mentor
from services import cancelling, door, events, invitations, reading, transaction
from services.access import OPERATOR
from services.door import Tap
from tests import coached
from tests.crowd import at_once, trail_holds
from tests.test_door import draft, stamp

ROUNDS = 4
#: A transaction stays open so long after it wrote, so that the next one runs into it.
LINGER = 0.02


class Hall:
    """A programme whose people stand before the door of one event of today after another."""

    def __init__(self) -> None:
        with transaction() as session:
            programme, cohort = coached.programme_and_cohort(session)
            matches = coached.running(session, cohort, None, 4)
            self.people = [session.get_one(Mentor, m.mentor_id).ref for m in matches]
            self.people += [session.get_one(Mentee, m.mentee_id).ref for m in matches]
            self.programme_id, self.cohort = programme.id, cohort.name

    def event(self) -> str:
        with transaction() as session:
            return events.make(session, self.programme_id, draft(self.cohort), by=OPERATOR).ref

    def invite(self, ref: str, people: list[str], said: list[str] | None = None) -> None:
        with transaction() as session:
            sentence = invitations.invite(session, ref, people, by=OPERATOR)
            time.sleep(LINGER)
        if said is not None:
            said.append(sentence)

    def tap(self, ref: str, *taps: tuple[str, bool, int]) -> None:
        sent = [Tap(person=who, came=came, at=self.noon + at) for who, came, at in taps]
        with transaction() as session:
            door.take(session, ref, sent, by=OPERATOR)
            time.sleep(LINGER)

    def cancel(self, ref: str) -> None:
        with transaction() as session:
            cancelling.cancel(session, ref, 0, by=OPERATOR)
            time.sleep(LINGER)

    noon = stamp()


@pytest.fixture
def hall(any_desk: str) -> Hall:
    return Hall()


def of(ref: str) -> dict[str, tuple[bool | None, bool]]:
    """By ref of the person at this event: whether they came, and whether they walked in; nobody twice."""
    with reading() as session:
        number = session.scalars(select(Event.id).where(Event.ref == ref)).one()
        rows = session.execute(
            select(Mentor.ref, Mentee.ref, Attendance.attended, Attendance.walked_in)
            .select_from(Attendance)
            .outerjoin(Mentor, Mentor.id == Attendance.mentor_id)
            .outerjoin(Mentee, Mentee.id == Attendance.mentee_id)
            .where(Attendance.event_id == number)
        ).all()
    found = {mentor or mentee: (came, walked_in) for mentor, mentee, came, walked_in in rows}
    assert len(found) == len(rows)
    return found


def test_two_who_invite_the_same_people_invite_each_once(hall: Hall) -> None:
    for _ in range(ROUNDS):
        ref, said = hall.event(), []
        tally = at_once(
            partial(hall.invite, ref, hall.people[:5], said), partial(hall.invite, ref, hall.people[3:], said)
        )
        assert tally.won == 2
        assert of(ref) == dict.fromkeys(hall.people, (None, False))
        assert sorted(line.split()[0] for line in said) == ["Five", "Three"]
    assert trail_holds()


def test_phones_that_send_at_once_lose_no_tap_and_let_nobody_in_twice(hall: Hall) -> None:
    """Half are invited. Each of four phones taps three people; some walk in, on two phones at once."""
    for _ in range(ROUNDS):
        ref = hall.event()
        hall.invite(ref, hall.people[:4])
        phones = [[(who, True, at) for who in hall.people[at * 2 : at * 2 + 4]] for at in range(3)]
        phones.append([(hall.people[0], False, 9), (hall.people[7], True, 1)])
        assert at_once(*(partial(hall.tap, ref, *taps) for taps in phones)).won == 4
        expected = {who: (True, at >= 4) for at, who in enumerate(hall.people)}
        assert of(ref) == {**expected, hall.people[0]: (False, False)}
    assert trail_holds()


def test_who_is_invited_while_they_walk_in_stands_on_the_list_once(hall: Hall) -> None:
    for _ in range(ROUNDS):
        ref, who = hall.event(), hall.people[0]
        assert at_once(partial(hall.invite, ref, [who]), partial(hall.tap, ref, (who, True, 0))).won == 2
        assert of(ref)[who][0] is True
    assert trail_holds()


def test_an_event_is_cancelled_or_its_door_is_kept_and_never_both(hall: Hall) -> None:
    for _ in range(ROUNDS):
        ref, who = hall.event(), hall.people[0]
        hall.invite(ref, [who])
        tally = at_once(partial(hall.cancel, ref), partial(hall.tap, ref, (who, True, 0)))
        assert tally.won == 1
        with reading() as session:
            is_cancelled = events.one(session, ref, by=OPERATOR).is_cancelled
        assert of(ref) == {who: (None if is_cancelled else True, False)}
        assert next(iter(tally.lost)) == (
            "This event is cancelled. Nothing was stored."
            if is_cancelled
            else "Attendance of this event was taken, so it took place. It cannot be cancelled."
        )
    assert trail_holds()
