"""Every figure against its reference, over any history of a programme; nothing here is ever stored."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
from hypothesis import Phase, given, settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from services.counting import figures
from services.counting.figure import Figure, Scope, rounded
from tests import reference, reference_splits
from tests.reference import Answer
from tests.reference_rows import Asked, Rows
from tests.reference_splits import DIVIDED
from tests.worlds import ASKED, PLACING, World, build, worlds

NAMES = figures.names()
MENTEES = ("distinct_mentees", "waiting", "employed", "employed_in_field", "employed_in_field_12m")
ANSWERS = ("orientation", "networking", "workshop", "professional_development", "recognition")


def key_of(name: str) -> list[str]:
    """The columns that say what one row of a figure is."""
    if name.startswith("survey:") or name in ANSWERS:
        return ["mentor_id", "mentee_id"]
    if name.startswith("mentees_") or name in MENTEES:
        return ["mentee_id"]
    if "mentors" in name:
        return ["mentor_id"]
    if name in {"placed", "placed_of_committed", "permanent"}:
        return ["placement_id"]
    others = {"groups": ["group_id"], "partners": ["agency_id"], "support_contacts_kept": ["match_id", "day"]}
    return others.get(name, ["match_id"])


def examples(number: int) -> Any:
    """So many worlds, the same on every run. To see the smallest that fails, add `Phase.shrink`: it takes minutes."""
    chosen = settings(max_examples=number, deadline=None, derandomize=True, phases=[Phase.generate])
    return lambda test: chosen(given(world=worlds())(test))


def scopes(rows: Rows, world: World) -> list[Scope]:
    """One cohort as of the last day, the programme as of others and of a period, and the programme that places."""
    cohorts = [c.id for c in rows["cohort"] if c.programme_id == ASKED]
    since = world.days[0] if len(world.days) > 1 else None
    return [
        Scope(ASKED, world.days[-1], cohorts[len(world.lives) % len(cohorts)]),
        *(Scope(ASKED, day) for day in world.days[:2]),
        Scope(ASKED, world.days[-1], since=since),
        Scope(PLACING, world.days[-1]),
    ]


def one_scope(rows: Rows, world: World) -> Scope:
    """The programme or one of its cohorts, as it happens."""
    return scopes(rows, world)[len(world.rows.get("check_in", [])) % 2]


def asked_for(scope: Scope) -> Sequence[str]:
    """Only what takes a period is asked again of one, only what counts placements of the programme that places."""
    if scope.since:
        return ["served"]
    return ["placed", "placed_of_committed", "permanent", "active"] if scope.programme_id == PLACING else NAMES


def asked_of(rows: Rows, scope: Scope) -> Asked:
    return Asked(rows, scope.programme_id, scope.as_of, scope.cohort_id, scope.since)


def exactly(value: Any) -> Fraction | None:
    return None if value is None else Fraction(value)


def assert_same(figure: Figure, answer: Answer, name: str) -> None:
    """Value, numerator and base; a third of an hour has no end in decimals, so hours are as they are printed."""
    assert figure.name == name
    assert (figure.value is None) == (answer.value is None), (name, figure, answer)
    if answer.value is None:
        assert figure.absent.endswith("."), name
        return
    assert figure.absent == "", name
    assert abs(exactly(figure.value) - answer.value) < Fraction(1, 10**20), (name, figure, answer)
    for places in (0, 1):
        assert rounded(figure.value, places) == half_up(answer.value, places), (name, figure.value, answer.value)
    assert (figure.numerator, figure.base) == (answer.numerator, answer.base), (name, figure, answer)


def half_up(value: int | Fraction, places: int) -> Decimal:
    """Half away from nothing, in whole numbers."""
    unit = 10**places
    whole = (2 * abs(Fraction(value)) * unit + 1) // 2
    return Decimal(int(whole if value >= 0 else -whole)).scaleb(-places)


@examples(40)
def test_every_figure_is_what_a_plain_count_over_the_rows_is(one_engine: Engine, world: World) -> None:
    with Session(one_engine) as session:
        build(session, world)
        rows = Rows.of(session)
        for scope in scopes(rows, world):
            names = asked_for(scope)
            found = figures.figures(session, scope, names)
            for name in names:
                assert_same(found[name], reference.answer(asked_of(rows, scope), name), name)


@examples(30)
def test_cohorts_side_by_side_are_what_each_is_by_itself(one_engine: Engine, world: World) -> None:
    with Session(one_engine) as session:
        build(session, world)
        rows = Rows.of(session)
        for scope in (Scope(ASKED, world.days[-1]), Scope(PLACING, world.days[0])):
            cohorts = [c.id for c in asked_of(rows, scope).all_cohorts]
            for name in asked_for(scope):
                beside = figures.by_cohort(session, scope, name)
                assert list(beside) == cohorts
                for cohort, figure in beside.items():
                    assert_same(figure, reference.answer(asked_of(rows, scope.of(cohort)), name), name)


@examples(25)
def test_every_number_opens_to_exactly_its_rows(one_engine: Engine, world: World) -> None:
    with Session(one_engine) as session:
        build(session, world)
        rows = Rows.of(session)
        for scope in (one_scope(rows, world), scopes(rows, world)[-1]):
            for name in asked_for(scope):
                assert_opens(session, rows, scope, name)


def assert_opens(session: Session, rows: Rows, scope: Scope, name: str) -> None:
    answer = reference.answer(asked_of(rows, scope), name)
    if answer.value is None and name in {"growth", "mentees_ready", "placed_of_committed"}:
        return
    frame = figures.rows(session, scope, name)
    assert all(day <= scope.as_of for day in frame["day"]), name
    assert list(frame["day"]) == sorted(frame["day"]), name
    if name == "growth":
        assert (frame["hit"].sum() - (frame["hit"] == 0).sum(), (frame["hit"] == 0).sum()) == (
            answer.numerator,
            answer.base,
        )
        return
    by_rule = rows.one("programme", scope.programme_id).counting_rule.value
    assert lines_of(frame, key_of(by_rule if name == "matches_to_date" else name)) == Counter(
        (*line.key, line.hit if "hit" in frame else None, line.measure) for line in answer.lines
    ), name


def lines_of(frame: pd.DataFrame, columns: list[str]) -> Counter[tuple[Any, ...]]:
    """Each row as its key, whether it hits, and what it measures; a number stays whole beside an empty cell."""
    found: Counter[tuple[Any, ...]] = Counter()
    for row in frame.to_dict("records"):
        key = [row[column] for column in columns]
        assert all(part is None or isinstance(part, int | dt.date) for part in key), key
        measure = Fraction(row["measure"]).limit_denominator(60) if "measure" in row else None
        found[(*key, bool(row["hit"]) if "hit" in row else None, measure)] += 1
    return found


@examples(20)
def test_a_split_adds_up_to_its_figure(one_engine: Engine, world: World) -> None:
    with Session(one_engine) as session:
        build(session, world)
        rows = Rows.of(session)
        for name, by in DIVIDED:
            assert_adds_up(session, rows, one_scope(rows, world), name, by)


def assert_adds_up(session: Session, rows: Rows, scope: Scope, name: str, by: str) -> None:
    frame = figures.split(session, scope, name, by)
    assert list(frame["value"]) == sorted(frame["value"], reverse=True)
    found = {row.label: (row.value, row.base) for row in frame.itertuples()}
    assert found == reference_splits.split(asked_of(rows, scope), name, by), (name, by)
    answer = reference.answer(asked_of(rows, scope), name)
    whole = answer.numerator if answer.numerator is not None else len(answer.lines)
    assert (frame["value"].sum(), frame["base"].sum()) == (whole, len(answer.lines)), (name, by)


@examples(5)
def test_both_engines_give_equal_figures_rows_and_splits(drafting_engine: Engine, world: World) -> None:
    with Session(drafting_engine) as session:
        build(session, world)
        rows = Rows.of(session)
        scope = scopes(rows, world)[0]
        found = figures.figures(session, scope, NAMES)
        for name in NAMES:
            answer = reference.answer(asked_of(rows, scope), name)
            assert_same(found[name], answer, name)
            assert_same(figures.by_cohort(session, scope, name)[scope.cohort_id], answer, name)
            assert_opens(session, rows, scope, name)
        for name, by in DIVIDED:
            assert_adds_up(session, rows, scope, name, by)


def test_every_figure_has_a_reference() -> None:
    assert {name for name in NAMES if not name.startswith("survey:")} == set(reference.NAMES)
