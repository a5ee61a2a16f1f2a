"""Logging contacts: two clicks' worth of facts, days that can be, one undo, and nothing of another agency."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Attempt, CheckIn, Coach, Cohort, Match, MatchState, MentoringSession, Role, TrailEntry
from services import audit, check_ins, owed, reading, transaction
from services.caseload_access import NO_SUCH
from services.check_ins import CheckInEntry
from services.counting import caseload, figures
from services.counting.figure import Scope
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from tests import coached, make
from tests.reference_rows import Asked, Rows
from tests.reference_work import owed_on, quiet_days

DAY = dt.timedelta(days=1)
CALL = CheckInEntry("phone", "mentee")


class World:
    """A coach with two matches, and a match of another agency."""

    def __init__(self, session: Session, days: int = 20) -> None:
        programme, cohort = coached.programme_and_cohort(session)
        whose, other = (coached.coach(session, make.agency(session)) for _ in range(2))
        self.mine = coached.running(session, cohort, whose, 2, days=days)
        (self.foreign,) = coached.running(session, cohort, other, days=days)
        self.me, self.they = coached.signed_in(session, whose), coached.signed_in(session, other)
        self.cora = make.actor(session)
        self.coach_id, self.programme_id, self.today = whose.id, programme.id, make.today()

    def log(self, session: Session, match: Any, entry: CheckInEntry = CALL, by: Any = None) -> check_ins.Entry:
        return check_ins.log(session, match.ref, entry, by=by or self.me, programme_id=self.programme_id)

    def owed(self, session: Session, by: Any = None) -> owed.Owed:
        return owed.owed(session, by=by or self.me, programme_id=self.programme_id)


@pytest.fixture
def world(any_desk: str) -> World:
    with transaction() as session:
        return World(session)


def test_matches_that_are_not_due_stand_in_the_order_of_their_next_contact(any_desk: str) -> None:
    with transaction() as session:
        world = World(session, days=95)
        cohort, whose = session.get(Cohort, world.mine[0].cohort_id), session.get(Coach, world.coach_id)
        (younger,), (new,) = (coached.running(session, cohort, whose, days=days) for days in (40, 1))
        for match in world.mine:
            world.log(session, match, CheckInEntry("phone", "mentee", on_day=world.today - 3 * DAY))
        world.log(session, younger)
    with reading() as session:
        rows = world.owed(session).rows
    assert set(rows["urgency"]) == {"fine"}
    assert list(rows["ref"])[:2] == [new.ref, younger.ref]
    assert list(rows["owed_on"].isna()) == [False, False, True, True]


def count(session: Session, *tables: type) -> list[int]:
    return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_a_check_in_is_a_contact_and_what_was_overdue_is_not(world: World) -> None:
    with reading() as session:
        assert list(world.owed(session).rows["urgency"]) == ["overdue", "overdue"]
    with transaction() as session:
        world.log(session, world.mine[0], CheckInEntry("video", "both", "concern", note=" Found a course. "))
    with reading() as session:
        rows = world.owed(session).rows.set_index("ref")
        assert (rows.loc[world.mine[0].ref, "urgency"], rows.loc[world.mine[0].ref, "health"]) == ("fine", "concern")
        kept = session.scalars(select(CheckIn)).one()
        assert (kept.coach_id, kept.note, kept.on_day) == (world.coach_id, "Found a course.", world.today)
        trail = session.scalars(select(TrailEntry).where(TrailEntry.action == "logged")).one()
        assert trail.detail == {"match": world.mine[0].id}
        assert audit.verify(session) == []


def test_who_reached_nobody_still_owes_the_contact(world: World) -> None:
    with transaction() as session:
        said = world.log(session, world.mine[0], CheckInEntry("phone", None)).sentence
        assert said.startswith("Tried, and reached nobody")
    with transaction() as session:
        assert count(session, Attempt, CheckIn) == [1, 0]
        assert list(world.owed(session).rows["urgency"]) == ["overdue", "overdue"]
        log = owed.log_of(session, world.mine[0].ref, by=world.me, programme_id=world.programme_id)
        assert list(log["what"]) == ["Tried by phone, reached nobody", f"Started with {_coach(log)}"]


def _coach(log: Any) -> str:
    return str(log["what"].iloc[-1]).removeprefix("Started with ")


def test_meetings_add_up_to_the_hours(world: World) -> None:
    with transaction() as session:
        for minutes, back in ((90, 3), (45, 0)):
            day = world.today - back * DAY
            asked = {"by": world.me, "programme_id": world.programme_id}
            check_ins.log_meeting(session, world.mine[1].ref, minutes, on_day=day, **asked)
        for minutes in (0, -30, 721):
            with pytest.raises(Invalid, match="quarter of an hour"):
                check_ins.log_meeting(session, world.mine[1].ref, minutes, **asked)
    with reading() as session:
        rows = world.owed(session).rows.set_index("ref")
        assert rows.loc[world.mine[1].ref, "minutes"] == 135


def test_days_that_cannot_be_are_refused_and_past_ones_are_not(world: World) -> None:
    with transaction() as session:
        for back in (0, 1, 20):
            world.log(session, world.mine[0], CheckInEntry("phone", "mentor", on_day=world.today - back * DAY))
        with pytest.raises(Invalid, match="lies in the future"):
            world.log(session, world.mine[0], CheckInEntry("phone", "mentor", on_day=world.today + DAY))
        with pytest.raises(Invalid, match="The match started on"):
            world.log(session, world.mine[0], CheckInEntry("phone", "mentor", on_day=world.today - 21 * DAY))
        for entry in (CheckInEntry("fax", "mentor"), CheckInEntry("phone", "aunt"), CheckInEntry("phone", None, "x")):
            with pytest.raises(Invalid, match="from the lists"):
                world.log(session, world.mine[0], entry)
        make.step(session, session.get_one(Match, world.mine[1].id), MatchState.COMPLETED, on_day=world.today - DAY)
        with pytest.raises(Invalid, match="The match ended on"):
            world.log(session, world.mine[1])
        world.log(session, world.mine[1], CheckInEntry("phone", "mentor", on_day=world.today - DAY))


def test_each_entry_is_taken_back_once_the_last_one_first(world: World) -> None:
    with transaction() as session:
        world.log(session, world.mine[0])
        world.log(session, world.mine[1], CheckInEntry("email", None))
        check_ins.log_meeting(session, world.mine[0].ref, 60, by=world.me, programme_id=world.programme_id)
    for left in ([1, 1, 0], [1, 0, 0], [0, 0, 0]):
        with transaction() as session:
            assert check_ins.last_entry(session, by=world.they) is None
            assert check_ins.last_entry(session, by=world.me)
            check_ins.take_back(session, by=world.me, programme_id=world.programme_id)
            assert count(session, CheckIn, Attempt, MentoringSession) == left
    with pytest.raises(Conflict, match="no entry of yours"), transaction() as session:
        check_ins.take_back(session, by=world.me, programme_id=world.programme_id)


def test_an_undo_never_takes_what_another_logged_under_the_same_number(world: World) -> None:
    for by, match in ((world.me, world.mine[0]), (world.they, world.foreign)):
        with transaction() as session:
            world.log(session, match, by=by)
        if by is world.me:
            with transaction() as session:
                check_ins.take_back(session, by=by, programme_id=world.programme_id)
    with transaction() as session:
        assert check_ins.last_entry(session, by=world.me) is None
        assert count(session, CheckIn) == [1]


def test_a_match_of_another_agency_reads_as_one_that_is_not_there(world: World) -> None:
    said = set()
    asked = {"by": world.me, "programme_id": world.programme_id}
    for ref in (world.foreign.ref, "0" * 16, "", "' OR 1=1"):
        for act in (
            lambda s, ref: check_ins.log(s, ref, CALL, **asked),
            lambda s, ref: check_ins.log_meeting(s, ref, 60, **asked),
            lambda s, ref: owed.log_of(s, ref, **asked),
        ):
            with pytest.raises(NotFound) as error, transaction() as session:
                act(session, ref)
            said.add(str(error.value))
    assert said == {NO_SUCH}
    with reading() as session:
        assert set(world.owed(session).rows["ref"]) == {match.ref for match in world.mine}
        everyone = {match.ref for match in [*world.mine, world.foreign]}
        assert set(world.owed(session, world.cora).rows["ref"]) == everyone
        assert count(session, CheckIn, MentoringSession) == [0, 0]


def test_a_foreign_match_costs_the_same_statements_as_none(world: World) -> None:
    from sqlalchemy import event

    counts = []
    for ref in (world.foreign.ref, "0" * 16):
        sent: list[str] = []
        with transaction() as session:
            bind = session.get_bind()
            event.listen(bind, "before_cursor_execute", lambda *said, sent=sent: sent.append(said[2]))
            with pytest.raises(NotFound):
                owed.log_of(session, ref, by=world.me, programme_id=world.programme_id)
        counts.append(sent)
    assert counts[0][: len(counts[1])] == counts[1]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.PRESENTER, Role.ADMINISTRATOR])
def test_who_looks_after_nobody_logs_and_sees_nothing(desk: str, role: Role) -> None:
    with transaction() as session:
        world, by = World(session), make.actor(session, role)
        asked = {"by": by, "programme_id": world.programme_id}
        for act in (
            lambda: world.log(session, world.mine[0], by=by),
            lambda: check_ins.log_meeting(session, world.mine[0].ref, 60, **asked),
            lambda: check_ins.last_entry(session, by=by),
            lambda: check_ins.take_back(session, **asked),
            lambda: owed.owed(session, **asked),
            lambda: owed.log_of(session, world.mine[0].ref, **asked),
        ):
            with pytest.raises(NotAllowed):
                act()


ACTS = st.lists(
    st.tuples(st.sampled_from(("call", "nobody", "meeting", "undo")), st.integers(0, 1), st.integers(0, 70)), max_size=8
)


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_any_history_of_entries_is_what_a_plain_list_says(draft: Session, acts: list[tuple[str, int, int]]) -> None:
    world = World(draft, days=70)
    asked = {"by": world.me, "programme_id": world.programme_id}
    kept: list[tuple[str, int, dt.date]] = []
    for what, which, back in acts:
        day, match = world.today - back * DAY, world.mine[which]
        if what == "undo":
            if kept:
                check_ins.take_back(draft, **asked)
                kept.pop()
        elif what == "meeting":
            check_ins.log_meeting(draft, match.ref, 60, on_day=day, **asked)
        else:
            world.log(draft, match, CheckInEntry("phone", None if what == "nobody" else "both", on_day=day))
        if what != "undo":
            kept.append((what, match.id, day))
        audit.close(draft)
    model = Asked(Rows.of(draft), world.programme_id, world.today)
    assert len(kept) == sum(count(draft, CheckIn, Attempt, MentoringSession))
    rows = caseload.standing(draft, Scope(world.programme_id, world.today)).set_index("match_id")
    for match in model.active():
        assert rows.loc[match.id, "owed_on"] == owed_on(model, match)
        assert rows.loc[match.id, "silent"] == quiet_days(model, match)
        met = [60 for what, number, _ in kept if what == "meeting" and number == match.id]
        assert rows.loc[match.id, "minutes"] == sum(met)
        calls = {day for what, number, day in kept if what == "call" and number == match.id}
        assert {c.on_day for c in model.check_ins(match)} == calls
    due = figures.figure(draft, Scope(world.programme_id, world.today), "contacts_overdue")
    assert due.count == int(rows["overdue"].sum())
    draft.rollback()
