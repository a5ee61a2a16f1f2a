"""The bench of the matching: what it generates, how it judges, and that a limited run loses nothing."""

import sys
from dataclasses import fields, replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from tests.bench.engine import __main__ as bench
from tests.bench.engine import peers, promises, results
from tests.bench.engine.answers import Adapter, judge
from tests.bench.engine.programmes import CASES, Case, Group, generate, load, save
from tests.bench.engine.results import Results
from tests.bench.engine.solvers import LONGEST_WAIT, OURS, by_hand, by_scipy, ours
from tests.bench.engine.table import END, MARK, put, table

SMALL = Case(60, 36)


def same(one: list[Group], other: list[Group]) -> bool:
    parts = [
        (getattr(a, part.name), getattr(b, part.name)) for a, b in zip(one, other, strict=True) for part in fields(a)
    ]
    return all(np.array_equal(a, b) for a, b in parts)


def tiny(seed: int) -> Group:
    """Few enough for enumeration, and short of places."""
    chance = np.random.default_rng(seed)
    n, m = int(chance.integers(1, 6)), int(chance.integers(1, 4))
    return Group(
        mentees=np.array([f"e{i}" for i in range(n)]),
        mentors=np.array([f"o{j}" for j in range(m)]),
        score=chance.integers(0, 1001, (n, m)),
        ok=chance.random((n, m)) < 0.6,
        places=chance.integers(1, 3, m),
        band=chance.integers(0, 3, n),
    )


def worth(group: Group, match: tuple[int, ...], *, bands: bool) -> tuple[int, ...]:
    """Matched, matched of each band from the longest wait on when bands count, and fit."""
    matched = [i for i, j in enumerate(match) if j >= 0]
    per_band = [sum(group.band[i] == band for i in matched) for band in (2, 1, 0)] if bands else []
    return (len(matched), *per_band, int(sum(group.score[i, match[i]] for i in matched)))


def best(group: Group, *, bands: bool) -> tuple[int, ...]:
    """The best worth of all plans that keep the rules."""
    n, m = group.ok.shape
    plans = (
        match
        for match in product(range(-1, m), repeat=n)
        if all(j < 0 or group.ok[i, j] for i, j in enumerate(match))
        and all(match.count(j) <= group.places[j] for j in range(m))
    )
    return max(worth(group, match, bands=bands) for match in plans)


def plan(group: Group, adapter: Adapter) -> tuple[int, ...]:
    [pairs] = adapter([group])()
    assert judge([group], [pairs]).broken == 0
    match = dict(pairs.tolist())
    return tuple(match.get(i, -1) for i in range(len(group.mentees)))


def test_the_same_seed_makes_the_same_programme() -> None:
    assert same(generate(SMALL), generate(SMALL))
    assert not same(generate(SMALL)[:1], generate(SMALL, seed=2)[:1])


def test_a_programme_has_whole_scores_free_places_and_forbidden_pairs() -> None:
    groups = generate(CASES["1000"])
    assert len(groups) == 16
    assert sum(len(group.mentees) for group in groups) == 1_000
    assert sum(len(group.mentors) for group in groups) == 600
    for group in groups:
        assert group.score.shape == group.ok.shape == (len(group.mentees), len(group.mentors))
        assert group.score.min() >= 0
        assert group.score.max() <= 1_000
        assert set(group.places.tolist()) <= {1, 2, 3}
    assert 0.2 < np.concatenate([group.ok.ravel() for group in groups]).mean() < 0.8
    assert len({ref for group in groups for ref in [*group.mentees, *group.mentors]}) == 1_600


def test_a_dense_programme_is_one_group_with_a_place_each_and_one_pair_in_a_hundred_forbidden() -> None:
    [group] = generate(Case(200, 200, dense=True))
    assert set(group.places.tolist()) == {1}
    assert 0.98 < group.ok.mean() < 1


def test_every_solver_loads_what_was_generated(tmp_path: Path) -> None:
    groups = generate(SMALL)
    save(groups, tmp_path / "programme.npz")
    assert same(groups, load(tmp_path / "programme.npz"))


@pytest.mark.parametrize("adapter", [ours.most_fit, by_scipy.assignment])
def test_exact_solvers_find_the_most_matches_and_their_highest_fit(adapter: Adapter) -> None:
    for seed in range(60):
        group = tiny(seed)
        assert worth(group, plan(group, adapter), bands=False) == best(group, bands=False)


def test_our_own_objective_lets_the_longest_wait_go_first() -> None:
    for seed in range(60):
        group = tiny(seed)
        assert worth(group, plan(group, ours.longest_wait_first), bands=True) == best(group, bands=True)


def test_by_hand_nobody_is_left_beside_a_free_mentor() -> None:
    for adapter, seed in product((by_hand.best_pair_first, by_hand.longest_wait_first), range(60)):
        group = tiny(seed)
        match = plan(group, adapter)
        free = [match.count(j) < group.places[j] for j in range(len(group.mentors))]
        assert not any((group.ok[i] & free).any() for i, j in enumerate(match) if j < 0)


def test_the_best_pair_of_all_is_taken_first() -> None:
    for seed in range(60):
        group = tiny(seed)
        if group.ok.any():
            allowed = np.where(group.ok, group.score, -1)
            assert any(
                j >= 0 and allowed[i, j] == allowed.max() for i, j in enumerate(plan(group, by_hand.best_pair_first))
            )


def test_each_kind_of_broken_rule_is_found() -> None:
    group = Group(
        mentees=np.array(["e0", "e1", "e2"]),
        mentors=np.array(["o0", "o1"]),
        score=np.array([[500, 400], [300, 200], [100, 50]]),
        ok=np.array([[True, True], [True, False], [True, True]]),
        places=np.array([1, 1]),
        band=np.array([3, 0, 2]),
    )
    good = judge([group], [np.array([[0, 0], [2, 1]])])
    assert (good.matched, good.fit, good.broken, good.oldest_matched, good.oldest) == (2, 550, 0, 2, 2)
    forbidden = judge([group], [np.array([[0, 0], [1, 1]])])
    assert (forbidden.matched, forbidden.fit, forbidden.forbidden, forbidden.broken) == (1, 500, 1, 1)
    overfull = judge([group], [np.array([[0, 0], [1, 0], [2, 0]])])
    assert (overfull.overfull, overfull.broken) == (2, 2)
    doubled = judge([group], [np.array([[0, 0], [0, 1]])])
    assert (doubled.matched, doubled.doubled, doubled.broken) == (1, 1, 1)
    assert judge([group], [np.empty((0, 2))]).matched == 0


def row(solver: str, case: str, **told: float) -> results.Row:
    plain = {
        "seconds": 1.0,
        "prepare_seconds": 0.0,
        "peak_mb": 1.0,
        "matched": 70,
        "fit": 900,
        "oldest_matched": 2,
        "oldest": 4,
        "broken": 0,
    }
    return {"solver": solver, **results.size_of(case), **plain, **told}


ABOUT = {"machine": "2 cores", "date": "2026-01-05", "versions": {"scipy": "1.17.1"}, "command": "make bench-engine"}


def test_a_run_of_one_size_keeps_the_rows_of_all_others(tmp_path: Path) -> None:
    file = tmp_path / "results" / "engine.json"
    late = {"solver": "matching", "size": 5_000, "instead": "over 180 s"}
    earlier = Results(
        ABOUT, [row(OURS, case) for case in ("100", "5000", "dense")], [late], [{"size": 1_000, "p50": 1.0}]
    )
    results.write(earlier, file)
    assert results.read(file) == earlier
    newer = Results({**ABOUT, "date": "2026-02-05"}, [row(OURS, "5000", seconds=2.0), row("scipy", "5000")])
    results.write(results.read(file).with_newer(newer, ["5000"]), file)
    together = results.read(file)
    told = [(each["solver"], results.case_of(each), each["seconds"]) for each in together.rows]
    assert told == [(OURS, "100", 1.0), (OURS, "5000", 2.0), ("scipy", "5000", 1.0), (OURS, "dense", 1.0)]
    assert (together.unfinished, together.decisions) == ([], earlier.decisions)
    assert together.about["date"] == "2026-02-05"
    assert results.read(tmp_path / "none.json") == Results()


KEPT = Results(
    ABOUT,
    [
        row(OURS, "1000"),
        row(LONGEST_WAIT, "1000", fit=800, prepare_seconds=0.02),
        row("lapx", "1000"),
        row("mentor-match", "1000", seconds=6_000.0, matched=69, fit=950),
        row("mentor-match", "100", seconds=2.0),
    ],
    decisions=[{"size": 1_000, "p50": 0.09, "p95": 0.2}],
)


def test_a_promise_that_holds_says_nothing() -> None:
    assert promises.broken(KEPT, ["1000"]) == []


@pytest.mark.parametrize(
    ("solver", "told", "said"),
    [
        (OURS, {"matched": 69}, "At 1000 lapx matches 70 with a fit of 900, ours 69 with 900."),
        (OURS, {"fit": 899}, "At 1000 lapx matches 70 with a fit of 900, ours 70 with 899."),
        (OURS, {"broken": 1}, "At 1000 a plan of matchdesk breaks 1 rules."),
        (LONGEST_WAIT, {"matched": 68}, "At 1000 the waiting bands cost 2 matches."),
        ("lapx", {"seconds": 0.5}, "At 1000 our full solve takes 2.00 times as long as lapx."),
        ("mentor-match", {"seconds": 4_000.0}, "At 1000 our full solve is only 4,000 times faster than mentor-match."),
    ],
)
def test_a_promise_that_does_not_hold_is_a_sentence(solver: str, told: dict[str, float], said: str) -> None:
    rows = [each | told if (each["solver"], each["size"]) == (solver, 1_000) else each for each in KEPT.rows]
    assert said in promises.broken(replace(KEPT, rows=rows), ["1000"])


def test_slow_decisions_and_a_large_dense_case_are_sentences_too() -> None:
    slow = replace(KEPT, decisions=[{"size": 1_000, "p50": 0.2, "p95": 0.3}])
    assert promises.broken(slow, ["1000"]) == [
        "One decision among 1000 takes 10.0% of mentor-match on 100, more than 5%."
    ]
    large = Results(ABOUT, [row(OURS, "dense", peak_mb=1_600.0)])
    assert promises.broken(large, ["dense"]) == ["The dense case takes 1600 MiB of memory."]


def test_the_table_has_a_row_for_each_solver_and_says_what_came_instead_of_an_answer() -> None:
    late = {"solver": "matching", "size": 1_000, "instead": "over 180 s"}
    lines = list(table(replace(KEPT, unfinished=[late]), ["1000"]))
    assert lines[0] == "`make bench-engine` on 2026-01-05: 2 cores; scipy 1.17.1."
    assert "| matchdesk | 1.00 × (1.0 s), 1 MiB<br>70, 900, 50% |" in lines
    assert "| mentor-match | 6,000 × (6000.0 s), 1 MiB<br>69, 950, 50% |" in lines
    assert "| matchdesk, longest wait first | 1.00 × (1.0 s + 20 ms), 1 MiB<br>70, 800, 50% |" in lines
    assert "| matching | over 180 s |" in lines
    assert "| 1,000 | 90 ms | 200 ms | 1/22 of mentor-match on 100 (2.0 s) |" in lines


def test_the_tables_go_between_the_marks_of_the_readme(tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text(f"before\n\n{MARK}\nold\n{END}\n\nafter\n")
    put(file, ["one", "two"])
    assert file.read_text() == f"before\n\n{MARK}\none\ntwo\n{END}\n\nafter\n"


def test_a_solver_that_stops_is_a_result(tmp_path: Path) -> None:
    save(generate(SMALL), tmp_path / "programme.npz")
    told = bench.run(Path(sys.executable), "process", "ours:most_fit", tmp_path / "programme.npz")
    assert (told["broken"], told["versions"]["scipy"][:1]) == (0, "1")
    with pytest.raises(bench.Refused, match="stops with ModuleNotFoundError"):
        bench.run(Path(sys.executable), "process", "by_nobody:solve", tmp_path / "programme.npz")


def test_a_peer_that_cannot_be_installed_is_left_out_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(peers, "FOLDER", tmp_path / ".bench")
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    assert peers.python_of("munkres") is None
    assert "munkres could not be installed and is left out: " in capsys.readouterr().err
    assert peers.python_of(None) == Path(sys.executable)


def test_a_size_that_does_not_exist_is_refused_with_those_that_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BENCH_SIZES", "dense, 100")
    assert bench.cases_asked() == ["100", "dense"]
    monkeypatch.setenv("BENCH_SIZES", "300")
    with pytest.raises(SystemExit, match="BENCH_SIZES knows 100, 1000, 5000, 20000, dense, not 300"):
        bench.cases_asked()
