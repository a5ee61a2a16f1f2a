"""The queue a page at a time: every match once, in its order, under any filter, with the same counts everywhere."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from db.models import Match, MatchState, Role
from services import programmes, queue
from services.access import OPERATOR
from services.counting.figure import from_out_of_100, out_of_100
from services.errors import Invalid, NotAllowed
from services.queue import Filter
from tests import make

GROUPS, AGENCIES = ("Engineering", "Law"), ("Harbour", "Lakeshore")
FILTERS = st.builds(
    Filter,
    age=st.sampled_from(["all", "overdue", "due", "fresh", "held"]),
    move=st.sampled_from([None, "You", "Mentor"]),
    groups=st.sampled_from([(), GROUPS[:1], GROUPS]),
    agencies=st.sampled_from([(), AGENCIES[:1]]),
    fit_from=st.sampled_from([0, 60, 75, 100]),
)
#: Days waited, whose move or on hold, group, agency, fit.
WAITS = st.tuples(
    st.sampled_from([0, 14, 15, 28, 29, 60]),
    st.sampled_from(["You", "Mentor", "held", "hold over"]),
    st.sampled_from(GROUPS),
    st.sampled_from([*AGENCIES, None]),
    st.sampled_from([None, 594, 595, 744, 745, 1000]),
)


def tell(session: Session, waits: list) -> int:
    cohort = make.cohort(session)
    groups = {name: make.group(session, f"{name} {make.next_number()}") for name in GROUPS}
    agencies = {name: make.agency(session, f"{name} {make.next_number()}") for name in AGENCIES}
    for days, move, group, agency, fit in waits:
        mentee = make.mentee(session, groups[group], agency_id=agencies[agency].id if agency else None)
        match = make.match(session, cohort, make.mentor(session, groups[group]), mentee, days=days, fit=fit)
        if move == "Mentor":
            make.step(session, match, MatchState.APPROVED)
        elif move != "You":
            until = make.today() + dt.timedelta(days=5 if move == "held" else 0)
            make.step(session, match, MatchState.ON_HOLD, hold_until=until)
    return cohort.programme_id


def by_hand(rows, only: Filter) -> list[str]:
    """The refs that pass, told from the rows one by one."""
    return [
        row.ref
        for row in rows.itertuples()
        if (row.age != "held" if only.age == "all" else row.age == only.age)
        and only.move in (None, row.move)
        and (not only.groups or row.group in only.groups)
        and (not only.agencies or row.agency in only.agencies)
        and (not only.fit_from or (row.fit == row.fit and row.fit is not None and row.fit >= only.fit_from))
    ]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(waits=st.lists(WAITS, max_size=9), only=FILTERS, page=st.integers(1, 4))
def test_pages_hold_every_match_that_passes_once_and_in_order(drafting_engine: Engine, waits, only, page) -> None:
    with Session(drafting_engine) as session:
        programme_id = tell(session, waits)
        whole = queue.queue(session, by=OPERATOR, programme_id=programme_id)
        named = {name.split(" ")[0]: name for name in (*whole.groups, *whole.agencies)}
        only = Filter(
            only.age,
            only.move,
            tuple(named.get(one, one) for one in only.groups),
            tuple(named.get(one, one) for one in only.agencies),
            only.fit_from,
        )
        expected = by_hand(whole.rows, only)
        seen, at, pages = [], None, []
        while True:
            around = (at,) if at else ()
            one = queue.queue(session, by=OPERATOR, programme_id=programme_id, only=only, around=around, page=page)
            assert (one.total, one.first) == (len(expected), len(seen))
            seen += list(one.rows["ref"])
            pages.append(one)
            at = one.after
            if at is None:
                break
        assert seen == expected
        for before, after in pairwise(pages):
            assert after.before == before.rows["ref"].iloc[-1]
        found = queue.versions(session, by=OPERATOR, programme_id=programme_id, only=only, limit=3)
        assert list(found) == expected[:3]


@settings(max_examples=15, deadline=None, derandomize=True)
@given(waits=st.lists(WAITS, max_size=9))
def test_the_counts_above_the_queue_are_those_of_today(drafting_engine: Engine, waits) -> None:
    with Session(drafting_engine) as session:
        programme_id = tell(session, waits)
        counts = queue.queue(session, by=OPERATOR, programme_id=programme_id, only=Filter(), page=1).counts
        today = programmes.today(session, programme_id)
        ages = queue.ages(session, by=OPERATOR, programme_id=programme_id, as_of=today)
        assert {age: many for age, many in counts.items() if age != "all"} == {age: n for age, (n, _) in ages.items()}
        assert counts["all"] == sum(n for age, (n, _) in ages.items() if age != "held")


@given(fit=st.integers(0, 1000), least=st.integers(0, 100))
@settings(deadline=None, derandomize=True)
def test_a_fit_passes_when_the_number_on_the_screen_does(fit: int, least: int) -> None:
    assert (fit >= from_out_of_100(least)) == (out_of_100(fit) >= least)


def test_the_page_is_that_of_the_first_match_that_is_still_there(session: Session) -> None:
    programme_id = tell(session, [(days, "You", "Law", None, 700) for days in (60, 29, 28, 15, 14)])
    refs = list(session.scalars(select(Match.ref).order_by(Match.proposed_on)))
    asked = {"by": OPERATOR, "programme_id": programme_id, "only": Filter(), "page": 2}
    assert queue.queue(session, **asked, around=(refs[4], refs[0])).first == 4
    assert queue.queue(session, **asked, around=("0" * 16, refs[3])).first == 2
    assert queue.queue(session, **asked, around=("0" * 16,)).first == 0


def test_reasons_for_declining_are_the_programmes_own(session: Session) -> None:
    programme_id, cora = make.cohort(session).programme_id, make.actor(session)
    kept = programmes.set_decline_reasons(session, programme_id, [" Too  far ", "", "No time"], by=cora)
    assert kept == programmes.clocks(session, programme_id).decline_reasons == ("Too far", "No time")
    programmes.set_decline_reasons(session, programme_id, ["No time"], by=cora)
    assert programmes.clocks(session, programme_id).decline_reasons == ("No time",)
    for wrong, what in (
        (["", " "], "1 to 9"),
        ([*"abcdefghij"], "1 to 9"),
        (["a", "A"], "twice"),
        (["x" * 61], "long"),
    ):
        with pytest.raises(Invalid, match=what):
            programmes.set_decline_reasons(session, programme_id, wrong, by=cora)
    with pytest.raises(NotAllowed):
        programmes.set_decline_reasons(session, programme_id, ["a"], by=make.actor(session, Role.MANAGER))
