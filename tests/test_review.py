"""Deciding on pending matches: what each decision does, and how it is taken back."""

import datetime as dt
import threading

import pytest
from sqlalchemy import select

from db.models import CheckIn, Contact, Health, Match, MatchState, Mode, Role, TrailEntry
from services import card as cards
from services import clock, queue, reading, review, transaction
from services.access import Actor
from services.errors import Conflict, Invalid, NotAllowed, NotFound, SignedOut
from tests import make

REASON = "Mentor has no time now"


class Desk:
    """One proposal, forty days old, and a coordinator."""

    def __init__(self, **proposal: object) -> None:
        with transaction() as session:
            self.programme = make.programme(session)
            self.cohort = make.cohort(session, self.programme)
            self.group = make.group(session)
            self.agency = make.agency(session)
            self.cora = make.actor(session, name="Cora Lindqvist")
            self.omar = make.actor(session, name="Omar Haddad")
            self.mentor = make.mentor(session, self.group, first_name="Grant", last_name="Fraser")
            self.mentee = make.mentee(
                session, self.group, first_name="Adaeze", last_name="Okafor", agency_id=self.agency.id
            )
            self.match = make.match(session, self.cohort, self.mentor, self.mentee, **{"days": 40, **proposal})
        self.ref = self.match.ref

    def now(self) -> Match:
        with reading() as session:
            return session.scalars(select(Match).where(Match.ref == self.ref)).one()

    def rows(self) -> list[tuple[str, str]]:
        with reading() as session:
            frame = queue.queue(session, by=self.cora, programme_id=self.programme.id).rows
        return list(zip(frame["ref"], frame["age"], strict=True))

    def decide(
        self, what: str, by: Actor | None = None, version: int | None = None, **given: object
    ) -> review.Decision:
        with transaction() as session:
            return getattr(review, what)(session, self.ref, version or self.now().version, by=by or self.cora, **given)


@pytest.fixture
def desk_with_one(any_desk: str) -> Desk:
    return Desk()


def tomorrow(days: int = 1) -> dt.date:
    return clock.today("America/Toronto") + dt.timedelta(days=days)


def test_an_approval_starts_the_match_today(desk_with_one: Desk) -> None:
    said = desk_with_one.decide("approve")
    match = desk_with_one.now()
    assert (match.state, match.started_on) == (MatchState.ACTIVE, clock.today("America/Toronto"))
    assert said.sentence == "Approved Adaeze Okafor with Grant Fraser."
    assert desk_with_one.rows() == []


def test_an_approval_can_await_the_mentor_and_starts_when_they_agree(desk_with_one: Desk) -> None:
    desk_with_one.decide("approve", ask_mentor=True)
    assert desk_with_one.now().state is MatchState.APPROVED
    with reading() as session:
        rows = queue.queue(session, by=desk_with_one.cora, programme_id=desk_with_one.programme.id).rows
    assert list(rows["move"]) == ["Mentor"]
    desk_with_one.decide("mentor_agreed")
    assert desk_with_one.now().started_on == clock.today("America/Toronto")


def test_a_mentors_no_frees_the_mentee(desk_with_one: Desk) -> None:
    desk_with_one.decide("approve", ask_mentor=True)
    desk_with_one.decide("mentor_declined", reason="On leave until May")
    assert desk_with_one.now().state is MatchState.DECLINED_BY_MENTOR
    with transaction() as session:
        make.match(session, desk_with_one.cohort, make.mentor(session, desk_with_one.group), desk_with_one.mentee)


def test_a_match_that_awaits_its_mentor_is_sent_back_and_that_is_undone_too(desk_with_one: Desk) -> None:
    desk_with_one.decide("approve", ask_mentor=True)
    said = desk_with_one.decide("send_back")
    assert said.sentence == "Sent back: Adaeze Okafor with Grant Fraser is pending again."
    assert desk_with_one.rows() == [(desk_with_one.ref, "overdue")]
    assert desk_with_one.now().decided_on is None
    with transaction() as session:
        review.undo(session, by=desk_with_one.cora)
    assert desk_with_one.now().state is MatchState.APPROVED
    desk_with_one.decide("mentor_agreed")
    with pytest.raises(Conflict, match="not awaiting"):
        desk_with_one.decide("send_back")


def test_steps_of_a_running_match_are_no_decision_to_undo(desk_with_one: Desk) -> None:
    desk_with_one.decide("approve")
    with transaction() as session:
        match = session.scalars(select(Match).where(Match.ref == desk_with_one.ref)).one()
        make.step(session, match, MatchState.COMPLETED, by_id=desk_with_one.cora.account_id)
    with reading() as session:
        assert review.undoable(session, by=desk_with_one.cora) is None


def test_a_held_match_waits_apart_until_its_day(desk_with_one: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk_with_one.decide("hold", until=tomorrow(7))
    assert desk_with_one.rows() == [(desk_with_one.ref, "held")]
    later = clock.now() + dt.timedelta(days=7)
    with transaction() as session:  # the sign-in must outlive the week
        session.query(make.LoginSession).update({"expires_at": later + dt.timedelta(days=1)})
        make.audit.record(session, make.OPERATOR, "made for a test", "login")
    monkeypatch.setattr(clock, "now", lambda: later)
    assert desk_with_one.rows() == [(desk_with_one.ref, "overdue")]


def test_a_hold_ends_after_today(desk_with_one: Desk) -> None:
    with pytest.raises(Invalid, match="later day"):
        desk_with_one.decide("hold", until=tomorrow(0))


def test_a_decline_for_good_is_kept_by_the_database(desk_with_one: Desk) -> None:
    desk_with_one.decide("decline", reason=REASON, never_again=True)
    with pytest.raises(Conflict, match="declined for good"), transaction() as session:
        make.match(session, desk_with_one.cohort, desk_with_one.mentor, desk_with_one.mentee)


def test_a_decline_needs_a_reason_of_the_list(desk_with_one: Desk) -> None:
    with pytest.raises(Invalid, match="reason"):
        desk_with_one.decide("decline", reason="because", never_again=False)


@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("approve", {}),
        ("approve", {"ask_mentor": True}),
        ("hold", {"until": dt.date(2199, 1, 1)}),
        ("decline", {"reason": REASON, "never_again": True}),
    ],
)
@pytest.mark.parametrize("before", [None, "held"])
def test_a_decision_undone_leaves_the_match_as_it_was(desk_with_one: Desk, what, given, before) -> None:
    if before == "held":
        desk_with_one.decide("hold", until=tomorrow(3))
    before = desk_with_one.now()
    desk_with_one.decide(what, **given)
    with reading() as session:
        assert review.undoable(session, by=desk_with_one.cora) == "Adaeze Okafor with Grant Fraser"
    with transaction() as session:
        review.undo(session, by=desk_with_one.cora)
    after = desk_with_one.now()
    for field in ("state", "decided_on", "started_on", "hold_until", "never_again"):
        assert getattr(after, field) == getattr(before, field), field


def test_decisions_are_undone_one_after_another(desk_with_one: Desk) -> None:
    desk_with_one.decide("hold", until=tomorrow(3))
    desk_with_one.decide("approve")
    with transaction() as session:
        review.undo(session, by=desk_with_one.cora)
    assert desk_with_one.now().state is MatchState.ON_HOLD


def test_nobody_undoes_the_decision_of_another(desk_with_one: Desk) -> None:
    desk_with_one.decide("approve")
    with pytest.raises(Conflict, match="no decision of yours"), transaction() as session:
        review.undo(session, by=desk_with_one.omar)


def test_what_has_been_built_on_is_not_undone(desk_with_one: Desk) -> None:
    desk_with_one.decide("approve")
    with transaction() as session:
        make._keep(
            session,
            CheckIn(
                match_id=desk_with_one.match.id,
                on_day=tomorrow(0),
                contact=Contact.BOTH,
                mode=Mode.PHONE,
                health=Health.GOOD,
            ),
        )
    with pytest.raises(Conflict, match="check-in"), transaction() as session:
        review.undo(session, by=desk_with_one.cora)
    assert desk_with_one.now().state is MatchState.ACTIVE


def test_the_second_coordinator_is_told_who_and_when(desk_with_one: Desk) -> None:
    version = desk_with_one.now().version
    desk_with_one.decide("approve", by=desk_with_one.omar)
    with pytest.raises(Conflict, match=r"Omar Haddad approved this match at \d\d:\d\d"):
        desk_with_one.decide("decline", version=version, reason=REASON, never_again=False)
    assert desk_with_one.now().state is MatchState.ACTIVE


def test_of_two_who_approve_at_once_one_wins_and_the_other_is_told(desk_with_one: Desk) -> None:
    version = desk_with_one.now().version
    start, outcomes = threading.Barrier(2), []

    def approve(by: Actor) -> None:
        start.wait()
        try:
            with transaction() as session:
                review.approve(session, desk_with_one.ref, version, by=by)
            outcomes.append("won")
        except Conflict as refused:
            outcomes.append(str(refused))

    threads = [threading.Thread(target=approve, args=(by,)) for by in (desk_with_one.cora, desk_with_one.omar)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("won") == 1
    told = next(outcome for outcome in outcomes if outcome != "won")
    assert told.startswith(("Cora Lindqvist approved this match at", "Omar Haddad approved this match at"))


@pytest.mark.parametrize("role", [Role.COACH, Role.MANAGER, Role.PRESENTER, Role.ADMINISTRATOR])
def test_only_coordinators_see_or_decide(desk_with_one: Desk, role: Role) -> None:
    with transaction() as session:
        other = make.actor(session, role)
    with pytest.raises(NotAllowed), reading() as session:
        queue.queue(session, by=other, programme_id=desk_with_one.programme.id)
    with pytest.raises(NotAllowed), reading() as session:
        cards.card(session, desk_with_one.ref, by=other)
    with pytest.raises(NotAllowed):
        desk_with_one.decide("approve", by=other)


def test_a_coordinator_whose_sign_in_was_revoked_decides_nothing(desk_with_one: Desk) -> None:
    with transaction() as session:
        session.query(make.LoginSession).filter_by(ref=desk_with_one.cora.login_ref).update({"revoked_at": clock.now()})
        make.audit.record(session, make.OPERATOR, "made for a test", "login")
    with pytest.raises(SignedOut):
        desk_with_one.decide("approve")
    assert desk_with_one.now().state is MatchState.PROPOSED


def test_every_decision_leaves_its_trail_without_names(desk_with_one: Desk) -> None:
    desk_with_one.decide("decline", reason=REASON, never_again=False, note="She asked for Grace Ann")
    with reading() as session:
        last = session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
    assert (last.action, last.entity_id, last.account_id) == (
        "match declined",
        desk_with_one.match.id,
        desk_with_one.cora.account_id,
    )
    assert not any(name in str(last.detail) for name in ("Adaeze", "Fraser", "Grace"))


def test_the_card_says_who_how_long_and_what_happened(desk_with_one: Desk) -> None:
    with transaction() as session:
        card = cards.card(session, desk_with_one.ref, by=desk_with_one.cora)
    assert (card.mentee.name, card.mentor.name, card.days, card.age, card.fit) == (
        "Adaeze Okafor",
        "Grant Fraser",
        40,
        "overdue",
        70,
    )
    assert [what for _, what in card.history] == ["Proposed, fit 70", "Adaeze ready to match"]


def test_a_card_of_nothing_is_not_found(desk_with_one: Desk) -> None:
    with pytest.raises(NotFound), reading() as session:
        cards.card(session, "0000000000000000", by=desk_with_one.cora)


@pytest.mark.parametrize(("days", "age"), [(0, "fresh"), (14, "fresh"), (15, "due"), (28, "due"), (29, "overdue")])
def test_a_pending_match_ages_by_the_clock_of_its_programme(desk: str, days: int, age: str) -> None:
    one = Desk(days=days)
    assert one.rows() == [(one.ref, age)]


def test_the_last_place_of_a_mentor_is_a_warning(desk_with_one: Desk) -> None:
    with transaction() as session:
        make.match(session, desk_with_one.cohort, desk_with_one.mentor, make.mentee(session, desk_with_one.group))
    with transaction() as session:
        card = cards.card(session, desk_with_one.ref, by=desk_with_one.cora)
    assert [(w.label, w.sentence) for w in card.warnings] == [("Nearly full", "This is the last of Grant’s 2 places.")]
