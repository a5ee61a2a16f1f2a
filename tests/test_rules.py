"""The seven rules of the domain hold against plain SQL, on both engines: every way round them that we know is tried."""

# ruff: noqa: S608 (plain SQL, put together from our own words, is the subject here)

from contextlib import suppress
from functools import partial

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, NoResultFound
from sqlalchemy.orm import Session

from db.models import MOVES, MatchState
from tests import make
from tests.board import ONE_OPEN, Board, day, path_to

ON_SQLITE = pytest.mark.parametrize("drafting_engine", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("drafting_engine", ["postgresql"], indirect=True)
ENDS = ("completed", "ended_early", "declined", "declined_by_mentor")


@pytest.fixture
def board(draft: Session) -> Board:
    return Board(draft)


# Rule 1: at most one open match a mentee in a programme


@pytest.mark.parametrize("state", ["proposed", "on_hold", "approved", "active"])
def test_a_mentee_with_an_open_match_is_not_proposed_a_second(board: Board, state: MatchState) -> None:
    mentee = board.mentee()
    board.lead(board.propose(mentee=mentee), *path_to(MatchState(state)))
    with board.refused(ONE_OPEN):
        board.propose(mentee=mentee)


@pytest.mark.parametrize("end", ENDS)
def test_a_closed_match_opens_again_only_while_its_mentee_is_free(board: Board, end: str) -> None:
    mentee = board.mentee()
    closed = board.lead(board.propose(mentee=mentee), *path_to(MatchState(end)))
    board.propose(mentee=mentee)
    for state in set(MOVES[MatchState(end)]) - {MatchState.VOID, MatchState(end)}:
        with board.refused(ONE_OPEN):
            board.step(closed, state)


def test_a_mentee_may_have_an_open_match_in_each_of_two_programmes(board: Board) -> None:
    mentee = board.mentee()
    board.propose(mentee=mentee)
    board.propose(mentee=mentee, programme_id=board.elsewhere.programme_id, cohort_id=board.elsewhere.id)


def test_a_match_cannot_claim_another_programme_than_its_cohorts(board: Board) -> None:
    with board.refused("(?i)foreign key"):
        board.propose(programme_id=board.elsewhere.programme_id)
    match = board.propose()
    with board.refused("keeps its people"):
        board.run("UPDATE match SET programme_id = :p WHERE id = :m", p=board.elsewhere.programme_id, m=match)


# Rule 2: never more open matches than a mentor's capacity


@pytest.mark.parametrize("state", ["proposed", "on_hold", "approved", "active"])
def test_a_full_mentor_is_not_proposed_again(board: Board, state: str) -> None:
    mentor = board.mentor(capacity=1)
    board.lead(board.propose(mentor), *path_to(MatchState(state)))
    with board.refused("rule 2"):
        board.propose(mentor)


@pytest.mark.parametrize("end", ENDS)
def test_a_closed_match_opens_again_only_while_its_mentor_has_room(board: Board, end: str) -> None:
    mentor = board.mentor(capacity=1)
    closed = board.lead(board.propose(mentor), *path_to(MatchState(end)))
    board.propose(mentor)
    for state in set(MOVES[MatchState(end)]) - {MatchState.VOID, MatchState(end)}:
        with board.refused("rule 2"):
            board.step(closed, state)


def test_capacity_does_not_sink_below_the_open_matches(board: Board) -> None:
    mentor = board.mentor(capacity=3)
    board.propose(mentor)
    board.propose(mentor)
    board.run("UPDATE mentor SET capacity = 2 WHERE id = :m", m=mentor)
    with board.refused("rule 2"):
        board.run("UPDATE mentor SET capacity = 1 WHERE id = :m", m=mentor)


@pytest.mark.parametrize("capacity", ["'many'", "0", "-1", "1e9", "NULL"])
def test_capacity_is_a_number_of_places(board: Board, capacity: str) -> None:
    with board.refused("(?i)capacity|invalid input"):
        board.run(f"UPDATE mentor SET capacity = {capacity} WHERE id = :m", m=board.mentor())


def test_two_proposals_in_one_statement_do_not_slip_past_one_place(board: Board) -> None:
    mentor, mentees = board.mentor(capacity=1), [board.mentee(), board.mentee()]
    board.propose(board.mentor())
    with board.refused("rule 2"):
        board.run(
            "INSERT INTO match (ref, programme_id, cohort_id, mentor_id, mentee_id, group_id, state, version,"
            " proposed_on, proposed_at, never_again) SELECT 'bulk' || p.id, :p, :c, :m, p.id, :g, 'proposed', 1,"
            " :on, :at, x.never_again FROM mentee p, (SELECT DISTINCT never_again FROM match) x WHERE p.id IN (:a, :b)",
            p=board.cohort.programme_id,
            c=board.cohort.id,
            m=mentor,
            g=board.group.id,
            on=day(1),
            at=f"{day(1)} 12:00:00.000000",
            a=mentees[0],
            b=mentees[1],
        )


@pytest.mark.parametrize("table", ["mentor", "mentee"])
def test_a_person_keeps_their_number(board: Board, table: str) -> None:
    person = board.mentor() if table == "mentor" else board.mentee()
    with board.refused("keeps their number"):
        board.run(f"UPDATE {table} SET id = id + 100000 WHERE id = :p", p=person)


# Rule 3: one occupational group, unless the reason why not is stored


@pytest.mark.parametrize("reason", [None, "", "  ", "\t", "\n \r\n", "\u00a0"])
def test_different_groups_need_a_reason_that_says_something(board: Board, reason: str | None) -> None:
    far = board.mentor(group=board.other_group)
    with board.refused("rule 3"):
        board.propose(far, override_reason=reason)
    board.propose(far, override_reason="Same licence, other title")


def test_a_match_of_two_alike_still_names_their_group(board: Board) -> None:
    with board.refused("rule 3"):
        board.propose(group_id=board.other_group.id)


@pytest.mark.parametrize("table", ["mentor", "mentee"])
@pytest.mark.parametrize("state", ["proposed", "on_hold", "approved", "active"])
def test_nobody_changes_group_in_the_middle_of_a_match(board: Board, table: str, state: str) -> None:
    people = {"mentor": board.mentor(), "mentee": board.mentee()}
    board.lead(board.propose(**people), *path_to(MatchState(state)))
    with board.refused("rule 3"):
        board.run(f"UPDATE {table} SET group_id = :g WHERE id = :p", g=board.other_group.id, p=people[table])


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("table", ["mentor", "mentee"])
def test_a_closed_match_opens_again_only_while_both_share_its_group(board: Board, table: str, end: str) -> None:
    people = {"mentor": board.mentor(), "mentee": board.mentee()}
    match = board.lead(board.propose(**people), *path_to(MatchState(end)))
    board.run(f"UPDATE {table} SET group_id = :g WHERE id = :p", g=board.other_group.id, p=people[table])
    again = "active" if end in {"completed", "ended_early"} else "proposed" if end == "declined" else "approved"
    with board.refused("rule 3"):
        board.step(match, again)
    board.run("UPDATE match SET override_reason = 'Retrained, same field' WHERE id = :m", m=match)
    board.step(match, again)


@pytest.mark.parametrize("blank", ["NULL", "''", "' '"])
def test_the_reason_for_an_override_stays(board: Board, blank: str) -> None:
    match = board.propose(board.mentor(group=board.other_group), override_reason="Same licence")
    board.run("UPDATE match SET override_reason = 'Same licence, other title' WHERE id = :m", m=match)
    with board.refused("rule 3"):
        board.run(f"UPDATE match SET override_reason = {blank} WHERE id = :m", m=match)


# Rule 4: a pair declined for good is not proposed again


@pytest.fixture
def refused_pair(board: Board) -> tuple[int, int]:
    pair = board.mentor(capacity=5), board.mentee()
    board.step(board.propose(*pair), "declined", never_again=True)
    return pair


def test_a_pair_declined_for_good_is_not_proposed_again(board: Board, refused_pair: tuple[int, int]) -> None:
    for given in (
        {},
        {"override_reason": "They asked for it"},
        {"programme_id": board.elsewhere.programme_id, "cohort_id": board.elsewhere.id},
    ):
        with board.refused("rule 4"):
            board.propose(*refused_pair, **given)


@pytest.mark.parametrize("end", ENDS)
def test_an_older_match_of_a_pair_declined_for_good_stays_closed(board: Board, end: str) -> None:
    pair = board.mentor(capacity=5), board.mentee()
    older = board.lead(board.propose(*pair), *path_to(MatchState(end)))
    board.step(board.propose(*pair), "declined", never_again=True)
    for state in set(MOVES[MatchState(end)]) - {MatchState.VOID, MatchState(end)}:
        with board.refused("rule 4"):
            board.step(older, state)


def test_never_again_is_not_wiped_away_by_hand(board: Board, refused_pair: tuple[int, int]) -> None:
    with board.refused("rule 6"):
        board.run("UPDATE match SET never_again = (1 = 0) WHERE mentor_id = :m", m=refused_pair[0])


def test_taking_back_the_decline_lets_the_pair_be_proposed(board: Board) -> None:
    pair = board.mentor(), board.mentee()
    match = board.propose(*pair)
    board.step(match, "declined", never_again=True)
    board.lead(match, "proposed", "declined")
    board.propose(*pair)


@pytest.mark.parametrize("yes", ["true", "yes", 7])
@ON_SQLITE
def test_never_again_is_yes_or_no(board: Board, yes: object) -> None:
    with board.refused("never_again_yes_or_no"):
        board.step(board.propose(), "declined", never_again=yes)


# Rule 5: days in order, nothing in the future


@pytest.mark.parametrize(
    ("path", "to", "ago"),
    [
        ((), "on_hold", 101),
        ((), "approved", 101),
        ((), "declined", 101),
        ((), "void", 101),
        (("approved",), "active", 51),
        (("approved",), "declined_by_mentor", 51),
        (("approved", "active"), "completed", 51),
        (("approved", "active"), "ended_early", 51),
        (("approved", "active", "completed"), "completed", 51),
        (("approved", "active"), "active", 51),
    ],
)
def test_days_out_of_order_are_refused(board: Board, path: tuple[str, ...], to: str, ago: int) -> None:
    match = board.propose()
    for state in path:
        board.step(match, state, on_day=day(50))
    with board.refused("rule 5|decided_after|started_after|ended_after"):
        board.step(match, to, on_day=day(ago))


@pytest.mark.parametrize("state", [state for state in MatchState if state is not MatchState.PROPOSED])
def test_no_step_is_taken_in_the_future(board: Board, state: MatchState) -> None:
    match = board.lead(board.propose(), *path_to(state)[:-1])
    with board.refused("rule 5"):
        board.step(match, state, on_day=day(-2))


def test_nothing_is_proposed_in_the_future(board: Board) -> None:
    with board.refused("rule 5"):
        board.propose(proposed_on=day(-2))


@pytest.mark.parametrize("noday", ["-infinity", "infinity", "0001-01-01", "soon", "", "2026-02-30"])
def test_what_is_no_day_of_ours_is_refused(board: Board, noday: str) -> None:
    why = "rule 5|sensible|invalid input|out of range|decided_after"
    with board.refused(why):
        board.propose(proposed_on=noday)
    match = board.propose()
    with board.refused(why):
        board.step(match, "approved", on_day=noday)


@pytest.mark.parametrize("noday", [29990101, 0, "2026-1-5", "20260105", "2026-01-05 12:00"])
@ON_SQLITE
def test_a_day_that_would_compare_wrongly_is_not_stored(board: Board, noday: object) -> None:
    with board.refused("rule 5"):
        board.propose(proposed_on=noday)
    match = board.propose()
    with board.refused("rule 5"):
        board.step(match, "approved", on_day=noday)


@pytest.mark.parametrize("name", ["proposed_on", "decided_on", "started_on", "ended_on"])
def test_days_of_a_match_move_only_by_its_steps(board: Board, name: str) -> None:
    match = board.lead(board.propose(), "approved", "active", "completed")
    with board.refused("rule 6|keeps its people"):
        board.run(f"UPDATE match SET {name} = :d WHERE id = :m", d=day(30), m=match)


# Ways round several rules at once


@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "INSERT OR IGNORE", "INSERT OR FAIL", "REPLACE"])
@ON_SQLITE
def test_no_kind_of_insert_puts_a_match_or_step_in_place_of_another(board: Board, verb: str) -> None:
    match, other = board.lead(board.propose(), "approved", "active"), board.propose()
    row = board.row(match)
    tables = "SELECT * FROM match", "SELECT * FROM match_transition", "SELECT * FROM mentor", "SELECT * FROM mentee"
    before = [board.run(table).all() for table in tables]
    mine = {"mentor": row.mentor_id, "mentee": row.mentee_id}
    proposals = [{"id": match, **mine}, {"ref": row.ref, **mine}, {"id": match, "ref": row.ref, **mine}, mine]
    first = {"seq": 1, "from_state": None, "to_state": "proposed"}
    steps = [first, {"seq": 3}, {"seq": 3, "from_state": "approved"}, {"id": 1, "seq": 3}, {**first, "match_id": other}]
    for attempt in [partial(board.propose, verb=verb, **given) for given in proposals] + [
        partial(board.step, match, "completed", verb, **given) for given in steps
    ]:
        with suppress(DBAPIError, NoResultFound), board.session.begin_nested():
            attempt()
    assert [board.run(table).all() for table in tables] == before


@pytest.mark.parametrize("table", ["mentor", "mentee"])
@ON_SQLITE
def test_nobody_is_replaced_by_somebody_else(board: Board, table: str) -> None:
    match = board.row(board.propose(board.mentor(capacity=2)))
    board.propose(match.mentor_id)
    taken = getattr(match, f"{table}_id")
    fresh = board.mentor(capacity=1) if table == "mentor" else board.mentee(group=board.other_group)
    columns = [c.name for c in (make.Mentor if table == "mentor" else make.Mentee).__table__.columns if c.name != "id"]
    stolen = ", ".join(f"'{column}{fresh}'" if column in {"ref", "email_key"} else column for column in columns)
    with board.refused("never deleted"):
        board.run(
            f"REPLACE INTO {table} (id, {', '.join(columns)}) SELECT {taken}, {stolen} FROM {table} WHERE id = {fresh}"
        )
    with board.refused("keeps their number"):
        board.run(f"UPDATE OR REPLACE {table} SET id = {taken} WHERE id = {fresh}")


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE match_transition",
        "TRUNCATE match CASCADE",
        "TRUNCATE mentor CASCADE",
        "TRUNCATE trail",
        "INSERT INTO match_transition SELECT * FROM match_transition ON CONFLICT (id) DO UPDATE SET to_state = 'void'",
        "INSERT INTO match SELECT * FROM match ON CONFLICT (id) DO UPDATE SET state = 'void'",
        "MERGE INTO match m USING match n ON m.id = n.id WHEN MATCHED THEN DELETE",
    ],
)
@ON_POSTGRESQL
def test_other_statements_of_postgresql_are_bound_too(board: Board, statement: str) -> None:
    board.propose()
    with board.refused("kept for good|append-only|rule 6|begins as"):
        board.run(statement)


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
@pytest.mark.parametrize("table", ["mentor", "mentee"])
@ON_POSTGRESQL
def test_a_transaction_that_cannot_see_others_may_not_write(drafting_engine: Engine, level: str, table: str) -> None:
    with drafting_engine.connect().execution_options(isolation_level=level) as connection:
        board = Board(Session(connection))
        with board.refused("READ COMMITTED"):
            board.propose()
        with board.refused("READ COMMITTED"):
            board.run(f"UPDATE {table} SET group_id = group_id")


# Saved weights are kept for good: a proposal names the version it was made with


@pytest.fixture
def weighted(board: Board) -> Board:
    board.insert(
        "fit_weights",
        programme_id=board.cohort.programme_id,
        version=1,
        weights='{"occupation": 300}',
        saved_at=f"{day(3)} 15:00:00.000000",
        note="As agreed",
    )
    return board


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE fit_weights SET note = 'Another reason'",
        "UPDATE fit_weights SET weights = '{}'",
        "DELETE FROM fit_weights",
        "INSERT INTO fit_weights SELECT * FROM fit_weights WHERE true ON CONFLICT (id) DO UPDATE SET note = 'Other'",
    ],
)
def test_saved_weights_are_neither_changed_nor_taken_away(weighted: Board, statement: str) -> None:
    with weighted.refused("append-only|kept for good"):
        weighted.run(statement)


@ON_SQLITE
def test_saved_weights_are_not_replaced(weighted: Board) -> None:
    with weighted.refused("append-only"):
        weighted.run("REPLACE INTO fit_weights SELECT * FROM fit_weights")


@ON_POSTGRESQL
def test_saved_weights_are_not_truncated(weighted: Board) -> None:
    with weighted.refused("kept for good"):
        weighted.run("TRUNCATE fit_weights")


def test_a_version_of_the_weights_is_saved_once(weighted: Board) -> None:
    with weighted.refused("(?i)uq_fit_weights_programme_id_version|unique"):
        weighted.run(
            "INSERT INTO fit_weights (programme_id, version, weights, saved_at, note)"
            " SELECT programme_id, version, weights, saved_at, note FROM fit_weights"
        )
