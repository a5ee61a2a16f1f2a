"""Handing matches over: all of a departing coach at once, every capacity kept whoever acts, a history, one undo."""

import datetime as dt
import threading
from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from db.models import Coach, Match, MatchCoach, Role, TrailEntry
from services import clock, hand_over, reading, transaction
from services.access import Actor
from services.counting.coaches import coach_on
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from tests import coached, make

ACTS = ("handed over", "hand-over undone")


def trailed(session, action: str) -> int:
    return session.scalar(select(func.count()).where(TrailEntry.action == action)) or 0


def planned(session, by: Actor, programme_id: int, *coach_ids: int, **asked) -> hand_over.HandOver:
    asked = {"may_stay": False, **asked}
    return hand_over.suggest(session, by=by, programme_id=programme_id, coach_ids=coach_ids, **asked)


def moves_of(plan: hand_over.HandOver) -> dict[str, tuple[int, int]]:
    return {row.ref: (int(row.seq), int(row.to_id)) for row in plan.rows.dropna(subset="to_id").itertuples()}


def test_forty_matches_of_a_departing_coach_move_at_once_and_come_back_at_once(any_desk: str) -> None:
    with transaction() as session:
        programme, cohort = coached.programme_and_cohort(session)
        ours, theirs = make.agency(session), make.agency(session)
        going = coached.coach(session, ours, 45)
        takers = [coached.coach(session, ours, 18), coached.coach(session, ours, 20), coached.coach(session, theirs, 9)]
        matches = coached.running(session, cohort, going, 40)
        coached.running(session, cohort, takers[0], 4)
        cora, programme_id = make.actor(session), programme.id
    with transaction() as session:
        at_home = planned(session, cora, programme_id, going.id)
        assert int(at_home.rows["to_id"].isna().sum()) == 6
        assert "six matches no coach of its own agency has room" in at_home.sentence
        moves = moves_of(planned(session, cora, programme_id, going.id, across=True))
        done = hand_over.apply(session, moves, by=cora, programme_id=programme_id)
    assert done.matches == 40
    with reading() as session:
        now = Counter(coached.coaches_of(session, *matches))
        assert now == {takers[0].id: 14, takers[1].id: 20, takers[2].id: 6}
        assert trailed(session, "handed over") == 40
        assert hand_over.undoable(session, by=cora) == 40
    with transaction() as session:
        assert hand_over.undo(session, by=cora).matches == 40
    with reading() as session:
        assert set(coached.coaches_of(session, *matches)) == {going.id}
        assert [trailed(session, act) for act in ACTS] == [40, 40]
        assert hand_over.undoable(session, by=cora) == 0
    with pytest.raises(Conflict, match="no hand-over of yours"), transaction() as session:
        hand_over.undo(session, by=cora)


def test_one_match_too_many_moves_none(any_desk: str) -> None:
    with transaction() as session:
        programme, cohort = coached.programme_and_cohort(session)
        agency = make.agency(session)
        going, small = coached.coach(session, agency), coached.coach(session, agency, 2)
        matches = coached.running(session, cohort, going, 3)
        cora, programme_id = make.actor(session), programme.id
    moves = dict.fromkeys([match.ref for match in matches], (1, small.id))
    with pytest.raises(Conflict, match="no free place"), transaction() as session:
        hand_over.apply(session, moves, by=cora, programme_id=programme_id)
    with reading() as session:
        assert set(coached.coaches_of(session, *matches)) == {going.id}
        assert trailed(session, "handed over") == 0


def test_two_who_fill_the_same_places_at_once_do_not_both(any_desk: str) -> None:
    with transaction() as session:
        programme, cohort = coached.programme_and_cohort(session)
        agency = make.agency(session)
        going, small = coached.coach(session, agency), coached.coach(session, agency, 3)
        refs = [match.ref for match in coached.running(session, cohort, going, 4)]
        both, programme_id, small_id = [make.actor(session), make.actor(session)], programme.id, small.id
    told: list[str] = []
    ready = threading.Barrier(2)

    def act(by: Actor, mine: list[str]) -> None:
        ready.wait()
        try:
            with transaction() as session:
                hand_over.apply(session, dict.fromkeys(mine, (1, small_id)), by=by, programme_id=programme_id)
        except Conflict as error:
            told.append(str(error))

    threads = [threading.Thread(target=act, args=(by, refs[2 * k : 2 * k + 2])) for k, by in enumerate(both)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert "no free place" in told[0]
    with reading() as session:
        held = select(func.count()).where(MatchCoach.coach_id == small_id)
        assert session.scalar(held) == 2


def test_of_two_who_move_one_match_the_second_is_told(any_desk: str) -> None:
    with transaction() as session:
        programme, cohort = coached.programme_and_cohort(session)
        agency = make.agency(session)
        going, one, other = (coached.coach(session, agency) for _ in range(3))
        (match,) = coached.running(session, cohort, going)
        cora, dev, programme_id = make.actor(session), make.actor(session), programme.id
    with transaction() as session:
        hand_over.apply(session, {match.ref: (1, one.id)}, by=cora, programme_id=programme_id)
    with pytest.raises(Conflict, match="another coach a moment ago"), transaction() as session:
        hand_over.apply(session, {match.ref: (1, other.id)}, by=dev, programme_id=programme_id)
    with transaction() as session:
        hand_over.apply(session, {match.ref: (2, other.id)}, by=dev, programme_id=programme_id)
    with pytest.raises(Conflict, match="handed over again since"), transaction() as session:
        hand_over.undo(session, by=cora)


def test_an_overfull_coach_gives_the_fewest_away_and_those_that_started_last(any_desk: str) -> None:
    with transaction() as session:
        programme, cohort = coached.programme_and_cohort(session)
        agency = make.agency(session)
        full, free = coached.coach(session, agency, 3), coached.coach(session, agency, 9)
        coached.running(session, cohort, full, 3, days=60)
        late = coached.running(session, cohort, full, 2, days=4)
        cora = make.actor(session)
        plan = planned(session, cora, programme.id, full.id, free.id, may_stay=True)
        assert set(plan.rows["ref"]) == {match.ref for match in late}
        assert set(plan.rows["to_id"]) == {free.id}
        assert set(plan.rows["why"]) == {"Same agency, nine places free"}
        hand_over.apply(session, moves_of(plan), by=cora, programme_id=programme.id)
        again = planned(session, cora, programme.id, full.id, free.id, may_stay=True)
        assert again.rows.empty
        assert again.sentence == "Nobody is over capacity: nothing needs to move."


def test_who_was_the_coach_when_stays_known(any_desk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction() as session:
        programme, cohort = coached.programme_and_cohort(session)
        agency = make.agency(session)
        first, second, third = (coached.coach(session, agency) for _ in range(3))
        (match,) = coached.running(session, cohort, first, days=30)
        programme_id = programme.id
    now, today = clock.now(), make.today()

    def ask(day: dt.date) -> int | None:
        with reading() as session:
            return session.scalar(select(coach_on(Match.id, day)).where(Match.id == match.id))

    for days, taker in ((9, second), (4, third)):
        monkeypatch.setattr(clock, "now", lambda days=days: now - dt.timedelta(days=days))
        with transaction() as session:
            seq = session.scalar(select(func.max(MatchCoach.seq)).where(MatchCoach.match_id == match.id))
            by = make.actor(session)
            hand_over.apply(session, {match.ref: (seq, taker.id)}, by=by, programme_id=programme_id)
    days = [ask(today - dt.timedelta(days=back)) for back in (40, 30, 10, 9, 5, 4, 0)]
    assert days == [first.id, first.id, first.id, second.id, second.id, third.id, third.id]
    with transaction() as session:  # still four days ago
        hand_over.undo(session, by=by)
    assert [ask(today - dt.timedelta(days=back)) for back in (5, 4, 0)] == [second.id] * 3


@pytest.mark.parametrize("role", [Role.COACH, Role.MANAGER, Role.PRESENTER, Role.ADMINISTRATOR])
def test_nobody_but_a_coordinator_hands_over(session, role: Role) -> None:
    programme, cohort = coached.programme_and_cohort(session)
    whose = coached.coach(session, make.agency(session))
    (match,) = coached.running(session, cohort, whose)
    by = make.actor(session, role, **({"agency_id": whose.agency_id} if role is Role.COACH else {}))
    for act in (
        lambda: planned(session, by, programme.id, whose.id),
        lambda: hand_over.apply(session, {match.ref: (1, whose.id)}, by=by, programme_id=programme.id),
        lambda: hand_over.undo(session, by=by),
        lambda: hand_over.undoable(session, by=by),
        lambda: hand_over.leave(session, whose.id, by=by, programme_id=programme.id),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_what_cannot_be_moved_is_said(any_desk: str) -> None:
    with transaction() as session:
        programme, cohort = coached.programme_and_cohort(session)
        agency = make.agency(session)
        whose, gone = coached.coach(session, agency), coached.coach(session, agency)
        (match,) = coached.running(session, cohort, whose)
        cora, programme_id = make.actor(session), programme.id
        hand_over.leave(session, gone.id, by=cora, programme_id=programme_id)
        for moves, error in (
            ({}, Invalid),
            ({"0" * 16: (1, whose.id)}, NotFound),
            ({match.ref: (1, whose.id)}, Invalid),
            ({match.ref: (7, gone.id)}, Conflict),
        ):
            with pytest.raises(error):
                hand_over.apply(session, moves, by=cora, programme_id=programme_id)
    with pytest.raises(Conflict, match="has left"), transaction() as session:
        hand_over.apply(session, {match.ref: (1, gone.id)}, by=cora, programme_id=programme_id)


@pytest.mark.parametrize("act", ["changed", "deleted", "jumped", "past"])
def test_the_database_itself_keeps_the_history(draft, act: str) -> None:
    _, cohort = coached.programme_and_cohort(draft)
    whose = coached.coach(draft, make.agency(draft))
    (match,) = coached.running(draft, cohort, whose)
    row = draft.scalars(select(MatchCoach).where(MatchCoach.match_id == match.id)).one()
    more = {"match_id": match.id, "coach_id": whose.id, "on_day": make.today(), "at": clock.now()}
    if act == "changed":
        row.coach_id = None
    elif act == "deleted":
        draft.delete(row)
    elif act == "jumped":
        draft.add(MatchCoach(**more, seq=3))
    else:
        draft.add(MatchCoach(**{**more, "on_day": row.on_day - dt.timedelta(days=1)}, seq=2))
    with pytest.raises(IntegrityError):
        draft.flush()


def test_a_lower_capacity_moves_nobody_but_stops_the_next(draft) -> None:
    _, cohort = coached.programme_and_cohort(draft)
    agency = make.agency(draft)
    full, other = coached.coach(draft, agency, 2), coached.coach(draft, agency)
    coached.running(draft, cohort, full, 2)
    (match,) = coached.running(draft, cohort, other)
    draft.get_one(Coach, full.id).capacity = 1
    draft.flush()
    draft.add(MatchCoach(match_id=match.id, coach_id=full.id, on_day=make.today(), at=clock.now(), seq=2))
    with pytest.raises(IntegrityError, match="no free place"):
        draft.flush()
