"""Events made and changed, lists of people invited, and the file that calendars read."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Attendance, Cohort, Event, EventKind, Match, MatchState, Mentee, Role
from services import clock, events, invitations
from services.access import Actor
from services.errors import Conflict, Invalid, NotAllowed
from services.exports.calendar import calendar
from services.exports.letters import plain
from services.invitations import BOTH, COHORT, GROUP, MENTEES, MENTORS, MISSING_ORIENTATION, Wanted
from tests import coached, make
from tests.test_door import draft

CRLF = "\r\n"


@pytest.fixture
def session(drafted: Session) -> Session:
    return drafted


@pytest.fixture
def cora(session: Session) -> Actor:
    return make.actor(session)


def made(session: Session, cora: Actor, **given: object) -> tuple[str, int, str]:
    programme, cohort = coached.programme_and_cohort(session)
    return events.make(session, programme.id, draft(cohort.name, **given), by=cora).ref, programme.id, cohort.name


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": "  "}, "needs a name"),
        ({"kind": "party"}, "kinds of event"),
        ({"ends": dt.time(9)}, "before it begins"),
        ({"ends": dt.time(12)}, "before it begins"),
        ({"day": dt.date(2999, 1, 1)}, "two years ahead"),
        ({"name": "x" * 121}, "120 letters"),
        ({"day": dt.date(2025, 3, 9), "starts": dt.time(2, 30), "ends": dt.time(4)}, "clocks go forward"),
    ],
)
def test_an_event_that_cannot_be_is_refused_with_what_to_mend(session: Session, cora: Actor, given, sentence) -> None:
    programme, cohort = coached.programme_and_cohort(session)
    with pytest.raises(Invalid, match=sentence):
        events.make(session, programme.id, draft(cohort.name, **given), by=cora)
    session.expunge_all()
    assert session.scalars(select(Event)).all() == []


def test_of_two_who_change_an_event_the_second_reads_so(session: Session, cora: Actor) -> None:
    ref, _, cohort = made(session, cora)
    events.change(session, ref, draft(cohort, place="Metro Hall"), 0, by=cora)
    with pytest.raises(Conflict, match="Someone else changed this event"):
        events.change(session, ref, draft(cohort, place="City Hall"), 0, by=cora)
    assert events.change(session, ref, draft(cohort, place="Metro Hall"), 1, by=cora).sentence == "Nothing was changed."
    assert events.one(session, ref, by=cora).changes == 1


@pytest.mark.parametrize("role", [Role.MANAGER, Role.PRESENTER, Role.ADMINISTRATOR])
def test_no_other_role_sees_events(session: Session, cora: Actor, role: Role) -> None:
    ref, programme_id, _ = made(session, cora)
    other = make.actor(session, role)
    for ask in (lambda: events.gatherings(session, programme_id, by=other), lambda: calendar(session, ref, by=other)):
        with pytest.raises(NotAllowed):
            ask()


def test_a_calendar_reads_back_what_the_event_is_and_nobody_is_named(session: Session, cora: Actor) -> None:
    name = "Orientation; tea, cake\\ and a very long name that must be folded, 75 octets a line: é ü ş 漢字 " + "x" * 20
    ref, _, cohort = made(session, cora, name=name, place="City Hall, room 2; the 3rd floor")
    people = coached.running(session, _cohort(session), None)
    invitations.invite(session, ref, [session.get_one(Mentee, people[0].mentee_id).ref], by=cora)
    first = calendar(session, ref, by=cora)
    text = first.decode()
    assert text.endswith(f"END:VCALENDAR{CRLF}")
    assert re.search(r"(?<!\r)\n|\r(?!\n)", text) is None
    assert max(len(line.encode()) for line in text.split(CRLF)) <= 75
    assert not re.search("ATTENDEE|ORGANIZER|Okafor|Fraser|Adaeze|@mail", text)

    read = Calendar.from_ical(first)
    assert (read["version"], str(read["prodid"])) == ("2.0", "-//Match Desk//Events//EN")
    (entry,) = read.walk("VEVENT")
    (zone,) = read.walk("VTIMEZONE")
    assert str(zone["tzid"]) == entry["dtstart"].params["TZID"] == "America/Toronto"
    assert str(entry["location"]) == "City Hall, room 2; the 3rd floor"
    assert str(entry["summary"]).startswith("Orientation; tea, cake\\ and")
    here = ZoneInfo("America/Toronto")
    assert entry.decoded("dtstart") == dt.datetime.combine(make.today(), dt.time(12), here)
    assert entry.decoded("dtend") == dt.datetime.combine(make.today(), dt.time(13, 30), here)
    assert entry.decoded("dtstamp").utcoffset() == dt.timedelta()

    events.change(session, ref, draft(cohort, day=make.today() + dt.timedelta(days=7)), 0, by=cora)
    (moved,) = Calendar.from_ical(calendar(session, ref, by=cora)).walk("VEVENT")
    assert moved["uid"] == entry["uid"]
    assert (entry["sequence"], moved["sequence"]) == (0, 1)
    assert moved.decoded("dtstart").date() == make.today() + dt.timedelta(days=7)


def _cohort(session: Session) -> Cohort:
    return session.scalars(select(Cohort)).one()


@pytest.mark.parametrize(
    "said", ["Talk\r\nATTENDEE:mailto:x@evil.example", "a;b,c\\n:d", '"=1+1"', "x\u2028END:VEVENT", "\u202e" + "ü" * 90]
)
def test_whatever_an_event_is_called_its_calendar_has_one_entry_of_its_own_lines(session: Session, said: str) -> None:
    programme, cohort = coached.programme_and_cohort(session)
    cora = make.actor(session)
    ref = events.make(session, programme.id, draft(cohort.name, name=said, place=said), by=cora).ref
    file = calendar(session, ref, by=cora)
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    assert b"\n" not in file.replace(b"\r\n", b"")
    (entry,) = [part for part in Calendar.from_ical(file).walk() if part.name == "VEVENT"]
    assert set(entry) - {"STATUS"} == {"UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION"}
    assert str(entry["LOCATION"]) == plain(said)


def test_an_invitation_is_taken_back_until_attendance_was_taken(session: Session, cora: Actor) -> None:
    ref, _, _ = made(session, cora)
    (match,) = coached.running(session, _cohort(session), None)
    who = session.get_one(Mentee, match.mentee_id).ref
    invitations.invite(session, ref, [who], by=cora)
    assert invitations.take_back(session, ref, [who], by=cora) == "One invitation taken back."
    assert events.invited(session, ref, by=cora).empty
    invitations.invite(session, ref, [who], by=cora)
    session.scalars(select(Attendance)).one().attended = False
    session.flush()
    with pytest.raises(Conflict, match="The invitation stays"):
        invitations.take_back(session, ref, [who], by=cora)


#: Per match: its cohort, its group, its state, and whether each side came to an orientation of its cohort, or not.
LIVES = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.integers(0, 1),
        st.sampled_from(("proposed", "active", "active", "completed")),
        st.sampled_from((True, False, None)),
        st.sampled_from((True, False, None)),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)
STEPS = {
    "proposed": (),
    "active": (MatchState.APPROVED, MatchState.ACTIVE),
    "completed": (MatchState.APPROVED, MatchState.ACTIVE, MatchState.COMPLETED),
}


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lives=LIVES,
    who=st.sampled_from((COHORT, GROUP, MISSING_ORIENTATION)),
    sides=st.sampled_from((BOTH, MENTORS, MENTEES)),
)
def test_a_list_invites_whom_it_means_and_nobody_twice(session: Session, cora, lives, who: str, sides: str) -> None:
    with session.begin_nested() as point:
        programme = make.programme(session)
        cohorts = [make.cohort(session, programme) for _ in range(2)]
        groups = [make.group(session) for _ in range(2)]
        past = [
            make._keep(session, Event(
                cohort_id=cohort.id, kind=EventKind.ORIENTATION, name="Before", place=None,
                starts_at=clock.now() - dt.timedelta(days=3), ends_at=clock.now() - dt.timedelta(days=2),
            ))
            for cohort in cohorts
        ]  # fmt: skip
        meant: set[str] = set()
        for where, group, state, mentor_came, mentee_came, has_left in lives:
            mentor = make.mentor(session, groups[group])
            mentee = make.mentee(session, groups[group])
            match: Match = make.match(session, cohorts[where], mentor, mentee, days=9)
            for step in STEPS[state]:
                make.step(session, match, step, on_day=make.today() - dt.timedelta(days=5))
            for side, person, came in (("mentor_id", mentor, mentor_came), ("mentee_id", mentee, mentee_came)):
                if came is not None:
                    make._keep(session, Attendance(event_id=past[where].id, attended=came, **{side: person.id}))
            both = mentor_came and mentee_came
            for kind, person, came in ((MENTORS, mentor, mentor_came), (MENTEES, mentee, mentee_came)):
                in_list = {
                    COHORT: where == 0 and state != "proposed",
                    GROUP: group == 0 and state == "active",
                    MISSING_ORIENTATION: where == 0 and state == "active" and not came and not both,
                }[who]
                if in_list and sides in (BOTH, kind):
                    meant.add(person.ref)
            if has_left and state == "completed":
                mentee.withdrawn_on, mentee.withdrawn_reason = make.today(), "Found work"
                session.flush()
                meant.discard(mentee.ref)
        ref = events.make(session, programme.id, draft(cohorts[0].name), by=cora).ref
        wanted = Wanted(who, sides, group=groups[0].name)
        found = invitations.preview(session, ref, wanted, by=cora)
        assert set(found["ref"]) == meant
        assert not found["ref"].duplicated().any()
        assert not found["is_invited"].any()
        half = sorted(meant)[::2]
        invitations.invite(session, ref, half, by=cora)
        invitations.invite(session, ref, sorted(meant) * 2, by=cora)
        assert sorted(events.invited(session, ref, by=cora)["ref"]) == sorted(meant)
        assert invitations.preview(session, ref, wanted, by=cora)["is_invited"].all()
        assert invitations.invite(session, ref, meant, by=cora) == "Everybody of this list is invited already."
        assert events.one(session, ref, by=cora).invited == len(meant)
        point.rollback()
    session.expunge_all()
