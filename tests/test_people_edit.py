"""Changing people, and their withdrawal: what is checked, who is told, what becomes of matches."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from db.models import OPEN, About, Match, MatchState, Mentee, Mentor, OwnWords, Role, Speciality, TrailEntry
from services import life, life_undo, people_edit, people_profile, people_withdraw, reading, review, transaction
from services.access import Actor
from services.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError
from services.people_edit import Overtaken, Saved
from tests import make


class Pair:
    """A mentor with two places and a mentee who are proposed, and a coordinator."""

    def __init__(self) -> None:
        with transaction() as session:
            self.cohort = make.cohort(session)
            self.group, law = make.group(session, "Engineering"), make.group(session, "Law")
            session.add(Speciality(group_id=law.id, name="Contracts"))
            self.cora, self.omar = make.actor(session, name="Cora Lindqvist"), make.actor(session, name="Omar Haddad")
            self.agency = make.agency(session, "Northview")
            mentor = make.mentor(session, self.group, first_name="Grace", last_name="Fraser")
            mentee = make.mentee(session, self.group, first_name="Adaeze", last_name="Okafor", agency_id=self.agency.id)
            match = make.match(session, self.cohort, mentor, mentee)
            self.mentor, self.mentee, self.match, self.address = mentor.ref, mentee.ref, match.ref, mentee.email

    def values(self, ref: str) -> dict[str, Any]:
        with transaction() as session:
            return people_edit.editable(session, ref, by=self.cora).values

    def edit(self, ref: str, *, by: Actor | None = None, seen: dict[str, Any] | None = None, **changed: Any) -> Saved:
        across = changed.pop("across", "")
        now = seen or self.values(ref)
        with transaction() as session:
            return people_edit.edit(session, ref, {**now, **changed}, seen=now, by=by or self.cora, across=across)

    def withdraw(self, ref: str, **given: Any) -> Saved:
        with reading() as session:
            seen = people_withdraw.preview(session, ref, by=self.cora).seen
        asked = {"on": make.today(), "reason": "Moved away", "seen": seen, **given}
        with transaction() as session:
            return people_withdraw.withdraw(session, ref, by=self.cora, **asked)

    def state(self) -> tuple[MatchState, str | None]:
        with reading() as session:
            return session.execute(select(Match.state, Match.reason).where(Match.ref == self.match)).one()


@pytest.fixture
def pair(any_desk: str) -> Pair:
    return Pair()


@pytest.fixture
def quick(desk: str) -> Pair:
    """On one engine, where the rules of both are the same code."""
    return Pair()


def test_every_field_can_be_changed_and_the_trail_names_fields_alone(pair: Pair) -> None:
    done = pair.edit(
        pair.mentor, first_name="  Gracie ", phone="416 555 0199", languages=["English", "Igbo"], capacity=3,
        available_until=make.today(), helps_with=["Networking"], wish_years_from=2, wish_years_to=9,
    )  # fmt: skip
    assert done.sentence.startswith("Saved Gracie Fraser: ")
    now = pair.values(pair.mentor)
    assert (now["first_name"], now["phone"], now["languages"]) == ("Gracie", "416 555 0199", ["English", "Igbo"])
    with reading() as session:
        last = session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
    assert (last.action, last.entity) == ("person changed", "mentor")
    assert set(last.detail) == {"fields"}
    assert not any(said in str(last.detail) for said in ("Gracie", "0199", "Igbo"))


def test_what_is_saved_unchanged_changes_nothing(quick: Pair) -> None:
    assert quick.edit(quick.mentee).sentence == "Nothing of Adaeze Okafor was changed."


WRONG = [
    ({"last_name": "  "}, "Last name: Write it"),
    ({"email": "grace at toronto"}, "E-mail: Write one address like"),
    ({"phone": "none"}, "Phone: Write a number"),
    ({"years_experience": 200}, "Years of experience: Write 80 or less"),
    ({"capacity": 0}, "Places: Write 1 or more"),
    ({"available_from": dt.date(2026, 5, 2), "available_until": dt.date(2026, 5, 1)}, "Available from.*lies after"),
    ({"wish_years_from": 9, "wish_years_to": 2}, "Wishes years from.*lies after"),
    ({"volunteer_since": make.today() + dt.timedelta(days=2)}, "lies in the future"),
    ({"division": "Nowhere"}, "Division: «Nowhere» is on no list"),
    ({"specialities": ["Nothing"]}, "Specialities: Nothing is not on the list"),
]


def test_what_cannot_be_used_is_refused_with_its_field(pair: Pair) -> None:
    before = pair.values(pair.mentor)
    for changed, said in WRONG:
        with pytest.raises(Invalid, match=said):
            pair.edit(pair.mentor, **changed)
    assert pair.values(pair.mentor) == before


def test_places_never_sink_below_open_matches_and_the_sentence_says_who_holds_them(pair: Pair) -> None:
    with transaction() as session:
        mentor = session.scalar(select(Mentor).where(Mentor.ref == pair.mentor))
        second = make.mentee(session, pair.group, first_name="Liwei", last_name="Zhang")
        make.match(session, pair.cohort, mentor, second)
    with pytest.raises(Conflict, match=r"2 places are held by Adaeze Okafor \(proposed\) and Liwei Zhang \(proposed\)"):
        pair.edit(pair.mentor, capacity=1)


def test_an_address_is_one_persons_and_never_that_of_the_own_partner(pair: Pair) -> None:
    with transaction() as session:
        make.mentor(session, pair.group, first_name="Elif", last_name="Demir", email="elif@toronto.example")
    with pytest.raises(Invalid, match="Elif Demir has this address already"):
        pair.edit(pair.mentor, email="ELIF@toronto.example")
    with pytest.raises(Invalid, match="Adaeze Okafor, with whom Grace Fraser is matched"):
        pair.edit(pair.mentor, email=pair.address)


def test_the_occupation_stays_while_a_match_is_open_unless_a_reason_is_given(pair: Pair) -> None:
    with pytest.raises(Conflict, match=r"open match in Engineering with Adaeze Okafor \(proposed\)"):
        pair.edit(pair.mentor, group="Law", across="because")
    pair.edit(pair.mentor, group="Law", specialities=["Contracts"], across="Same licence, other title")
    with reading() as session:
        assert session.scalar(select(Match.override_reason)) == "Same licence, other title"
    assert pair.values(pair.mentor)["specialities"] == ["Contracts"]


def test_a_coach_works_at_the_mentees_own_agency(quick: Pair) -> None:
    with transaction() as session:
        agency = make.agency(session, "Westgate")
        from db.models import Coach

        session.add(Coach(agency_id=agency.id, name="Farah Nazari", email="farah@agency.example"))
    with pytest.raises(Invalid, match="Farah Nazari works at another agency"):
        quick.edit(quick.mentee, coach="Farah Nazari, Westgate")
    quick.edit(quick.mentee, agency="Westgate", coach="Farah Nazari, Westgate")
    assert quick.values(quick.mentee)["coach"] == "Farah Nazari, Westgate"


def test_of_two_who_edit_at_once_the_second_is_told_what_changed(pair: Pair) -> None:
    seen = pair.values(pair.mentee)
    pair.edit(pair.mentee, phone="416 555 0101", by=pair.omar)
    with pytest.raises(Overtaken, match=r"Omar Haddad changed Adaeze Okafor at .* Phone is now «416 555 0101»") as told:
        pair.edit(pair.mentee, seen=seen, title="Planner")
    pair.edit(pair.mentee, seen=told.value.now, title="Planner")
    now = pair.values(pair.mentee)
    assert (now["phone"], now["title"]) == ("416 555 0101", "Planner")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_nobody_but_a_coordinator_reads_or_changes_a_profile(quick: Pair, role: Role) -> None:
    with transaction() as session:
        who = make.actor(session, role)
    for ask in (people_profile.profile, people_edit.editable, people_withdraw.preview):
        with pytest.raises(NotAllowed), reading() as session:
            ask(session, quick.mentor, by=who)
    with pytest.raises(NotAllowed):
        quick.edit(quick.mentor, by=who, phone="1")


def test_nobody_has_an_invented_reference(quick: Pair) -> None:
    with pytest.raises(NotFound), reading() as session:
        people_profile.profile(session, "0123456789abcdef", by=quick.cora)


# Withdrawal


@pytest.mark.parametrize(
    ("path", "who", "ends"),
    [
        ((), "mentor", (MatchState.DECLINED, "Mentor withdrew")),
        ((), "mentee", (MatchState.DECLINED, "Mentee withdrew")),
        ((MatchState.ON_HOLD,), "mentee", (MatchState.DECLINED, "Mentee withdrew")),
        ((MatchState.APPROVED,), "mentor", (MatchState.DECLINED_BY_MENTOR, "Mentor withdrew")),
        ((MatchState.APPROVED,), "mentee", (MatchState.DECLINED, "Mentee withdrew")),
        ((MatchState.APPROVED, MatchState.ACTIVE), "mentor", (MatchState.ENDED_EARLY, "mentor_withdrew")),
        ((MatchState.APPROVED, MatchState.ACTIVE), "mentee", (MatchState.ENDED_EARLY, "mentee_withdrew")),
    ],
)
def test_a_withdrawal_closes_what_is_open_in_one_go(
    quick: Pair, path: tuple[MatchState, ...], who: str, ends: tuple[MatchState, str]
) -> None:
    with transaction() as session:
        match = session.scalar(select(Match))
        for state in path:
            held = {"hold_until": make.today() + dt.timedelta(days=9)} if state is MatchState.ON_HOLD else {}
            make.step(session, match, state, **held)
    ref = getattr(quick, who)
    done = quick.withdraw(ref, end_running=True, note="Moved to Halifax")
    assert "withdrawn as of" in done.sentence
    assert "One match was closed." in done.sentence
    assert tuple(quick.state()) == ends
    with transaction() as session:
        seen = people_profile.profile(session, ref, by=quick.cora)
    assert (seen.withdrawn, seen.standing) == ((make.today(), "Moved away", "Moved to Halifax"), "Withdrawn")


def test_a_running_match_is_not_ended_by_the_way(quick: Pair) -> None:
    with transaction() as session:
        match = session.scalar(select(Match))
        make.step(session, match, MatchState.APPROVED)
        make.step(session, match, MatchState.ACTIVE)
    with pytest.raises(Conflict, match="Adaeze Okafor with Grace Fraser still runs"):
        quick.withdraw(quick.mentor)
    assert quick.state()[0] is MatchState.ACTIVE
    assert quick.values(quick.mentor)


def test_a_withdrawal_does_what_was_looked_at_or_nothing(pair: Pair) -> None:
    with reading() as session:
        seen = people_withdraw.preview(session, pair.mentor, by=pair.cora).seen
    with transaction() as session:
        make.step(session, session.scalar(select(Match)), MatchState.APPROVED)
    with pytest.raises(Conflict, match="have changed since you looked"):
        pair.withdraw(pair.mentor, seen=seen)
    with pytest.raises(Invalid, match="reason from the list"):
        pair.withdraw(pair.mentor, reason="Because")
    with pytest.raises(Invalid, match="future"):
        pair.withdraw(pair.mentor, on=make.today() + dt.timedelta(days=1))
    assert pair.state()[0] is MatchState.APPROVED


def test_who_withdrew_can_come_back_and_closed_matches_stay_closed(pair: Pair) -> None:
    pair.withdraw(pair.mentee)
    with pytest.raises(Conflict, match="withdrawn already"):
        pair.withdraw(pair.mentee)
    with transaction() as session:
        people_withdraw.take_back(session, pair.mentee, by=pair.cora)
    assert pair.state()[0] is MatchState.DECLINED
    with transaction() as session:
        assert people_profile.profile(session, pair.mentee, by=pair.cora).standing == "Waiting, 40 d"
    with pytest.raises(ServiceError, match="is not withdrawn"), transaction() as session:
        people_withdraw.take_back(session, pair.mentee, by=pair.cora)


@pytest.mark.parametrize("who", ["mentor", "mentee"])
@pytest.mark.parametrize("how", ["undo of a decision", "undo of an end", "reopening"])
def test_no_match_of_someone_withdrawn_opens_again_until_they_are_back(pair: Pair, who: str, how: str) -> None:
    if how != "undo of a decision":
        with transaction() as session:
            review.approve(session, pair.match, 1, by=pair.cora)
    pair.withdraw(getattr(pair, who), end_running=True)
    closed = pair.state()

    def open_again() -> None:
        with transaction() as session:
            version = session.scalars(select(Match.version)).one()
            if how == "undo of a decision":
                review.undo(session, by=pair.cora)
            elif how == "undo of an end":
                life_undo.undo(session, pair.match, version, by=pair.cora)
            else:
                life.reopen(session, pair.match, version, by=pair.cora, why="It was a slip")

    with pytest.raises(Conflict, match=r"is withdrawn as of .* Take that back first\."):
        open_again()
    assert pair.state() == closed
    with transaction() as session:
        people_withdraw.take_back(session, getattr(pair, who), by=pair.cora)
    open_again()
    assert pair.state()[0] in OPEN


def test_a_profile_tells_the_whole_history(pair: Pair) -> None:
    from db.models import CheckIn, Contact, Health, MentoringSession, Mode

    with transaction() as session:
        match = session.scalar(select(Match))
        make.step(session, match, MatchState.APPROVED)
        make.step(session, match, MatchState.ACTIVE)
        mentee = session.scalar(select(Mentee))
        session.add_all(
            [
                MentoringSession(match_id=match.id, on_day=make.today(), minutes=90),
                CheckIn(
                    match_id=match.id, on_day=make.today(), contact=Contact.BOTH, mode=Mode.PHONE, health=Health.GOOD,
                    note="Both are glad",
                ),
                OwnWords(mentee_id=mentee.id, about=About.GOAL, words="To build bridges"),
            ]
        )  # fmt: skip
    with transaction() as session:
        seen = people_profile.profile(session, pair.mentee, by=pair.cora)
    (past,) = seen.matches
    assert (past.partner, past.partner_ref, past.is_open) == ("Grace Fraser", pair.mentor, True)
    assert past.held == "1 meeting, 1.5 hours"
    assert {"Started", "Approved", "Proposed", "Met for 90 minutes"} <= {one.what for one in past.happened}
    assert any(one.note == "Both are glad" for one in past.happened)
    assert [one.what for one in seen.beside] == ["Ready to match"]
    assert ("Agency", "Northview") in seen.facts
