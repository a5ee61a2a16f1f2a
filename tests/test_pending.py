"""Who waited on a day: pending matches by age, and mentees without a mentor, against a replay of each step."""

import datetime as dt
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, Row, select
from sqlalchemy.orm import Session

from db.models import OPEN, Match, MatchState, MatchTransition, Mentee, Role
from services import programmes, queue
from services.access import OPERATOR
from services.counting import pending
from services.counting.pending import Age
from services.counting.waiting import SETTLED, is_waiting
from services.errors import NotAllowed
from tests import make

STATES = MatchState
FIRST = dt.date(2020, 1, 1)
PENDING = (STATES.PROPOSED, STATES.APPROVED, STATES.ON_HOLD)


def stood(session: Session, day: dt.date) -> dict[int, Row]:
    """The last step of each match by a day, told from the steps one by one."""
    step = MatchTransition
    steps = session.execute(select(step.match_id, step.on_day, step.to_state, step.hold_until).order_by(step.seq))
    return {row.match_id: row for row in steps if row.on_day <= day}


def matches_of(session: Session, programme_id: int) -> list[Row]:
    wanted = select(Match.id, Match.state, Match.reason, Match.mentee_id, Match.proposed_on)
    rows = session.execute(wanted.where(Match.programme_id == programme_id))
    return [match for match in rows if match.state is not STATES.VOID]


def ages_by_hand(session: Session, programme_id: int, day: dt.date) -> dict[Age, tuple[int, int]]:
    steps, found = stood(session, day), defaultdict(list)
    for match in matches_of(session, programme_id):
        step = steps.get(match.id)
        if step is None or step.to_state not in PENDING:
            continue
        days = (day - match.proposed_on).days
        if step.to_state is STATES.ON_HOLD and step.hold_until > day:
            found[Age.HELD].append(days)
        else:
            found[Age.FRESH if days <= 14 else Age.DUE if days <= 28 else Age.OVERDUE].append(days)
    return {age: (len(found[age]), max(found[age], default=0)) for age in Age}


def waiting_by_hand(session: Session, programme_id: int, day: dt.date) -> set[int]:
    """Ready and not withdrawn, without a match that was open, nor one that settled the wait, whenever it ended."""
    steps, busy = stood(session, day), set()
    for match in matches_of(session, programme_id):
        step = steps.get(match.id)
        if step is None:
            continue
        settled = match.state is STATES.COMPLETED or (
            match.state is STATES.ENDED_EARLY and match.reason in {reason.value for reason in SETTLED}
        )
        if step.to_state in OPEN or settled:
            busy.add(match.mentee_id)
    return {
        mentee.id
        for mentee in session.execute(select(Mentee.id, Mentee.ready_on, Mentee.withdrawn_on))
        if mentee.ready_on
        and mentee.ready_on <= day
        and (mentee.withdrawn_on is None or mentee.withdrawn_on > day)
        and mentee.id not in busy
    }


def waiting(session: Session, programme_id: int, day: dt.date) -> set[int]:
    return set(session.scalars(select(Mentee.id).where(is_waiting(programme_id, day))))


#: Steps in their order, each with a reason or the days of a hold.
LIVES = (
    (),
    (STATES.VOID,),
    (STATES.ON_HOLD,),
    (STATES.ON_HOLD, STATES.PROPOSED),
    (STATES.DECLINED,),
    (STATES.APPROVED,),
    (STATES.APPROVED, STATES.DECLINED_BY_MENTOR),
    (STATES.APPROVED, STATES.ACTIVE),
    (STATES.APPROVED, STATES.ACTIVE, STATES.VOID),
    (STATES.APPROVED, STATES.ACTIVE, STATES.COMPLETED),
    (STATES.APPROVED, STATES.ACTIVE, STATES.ENDED_EARLY),
)
CLOSED = (STATES.VOID, STATES.DECLINED, STATES.DECLINED_BY_MENTOR, STATES.COMPLETED, STATES.ENDED_EARLY)

lives = st.tuples(
    st.sampled_from(LIVES),
    st.lists(st.integers(0, 20), min_size=4, max_size=4),  # days before the proposal and between the steps
    st.integers(1, 30),  # days of a hold
    st.sampled_from(["relocated", "poor_fit", "hired_in_field", "no_contact"]),
)
histories = st.lists(
    st.tuples(st.integers(0, 3), st.none() | st.integers(0, 60), st.lists(lives, max_size=3)), max_size=5
)


def tell(session: Session, history, first: dt.date = FIRST) -> int:
    """Mentees, ready and perhaps withdrawn on a day, each with matches one after another, up to today."""
    cohort = make.cohort(session, starts_on=first, ends_on=first + dt.timedelta(days=200))
    group = make.group(session)
    for ready, withdrawn, told in history:
        mentee = make.mentee(session, group, ready_on=first + dt.timedelta(days=ready))
        day = mentee.ready_on
        for path, gaps, held, reason in told:
            day += dt.timedelta(days=gaps[0])
            if day > make.today():
                break
            match = make.match(session, cohort, make.mentor(session, group), mentee, proposed_on=day)
            for state, gap in zip(path, gaps[1:], strict=False):
                day += dt.timedelta(days=gap)
                if day > make.today():
                    break
                until = day + dt.timedelta(days=held) if state is STATES.ON_HOLD else None
                make.step(session, match, state, on_day=day, reason=reason, hold_until=until)
            if match.state not in CLOSED:
                break
        if withdrawn is not None:
            mentee.withdrawn_on = mentee.ready_on + dt.timedelta(days=withdrawn)
    session.flush()
    return cohort.programme_id


@settings(max_examples=15, deadline=None, derandomize=True)
@given(history=histories)
def test_on_any_day_of_any_history_those_wait_whom_the_steps_say(drafting_engine: Engine, history) -> None:
    with Session(drafting_engine) as session:
        programme_id = tell(session, history)
        tell(session, history)  # another programme, which is no concern of this one
        clocks = programmes.clocks(session, programme_id)
        # whatever changes does so on the day of a step, or when a hold runs out
        turns = {step.on_day for step in stood(session, dt.date.max).values()}
        turns |= {day for step in stood(session, dt.date.max).values() if (day := step.hold_until)}
        for day in sorted({turn + dt.timedelta(days=beside) for turn in turns for beside in (-1, 0)})[:24]:
            assert pending.ages(session, programme_id, day, clocks) == ages_by_hand(session, programme_id, day)
            assert waiting(session, programme_id, day) == waiting_by_hand(session, programme_id, day)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(history=histories, back=st.integers(10, 60))
def test_the_ages_of_today_are_those_of_the_queue(drafting_engine: Engine, history, back: int) -> None:
    with Session(drafting_engine) as session:
        programme_id = tell(session, history, make.today() - dt.timedelta(days=back))
        as_in_queue(session, programme_id)


def as_in_queue(session: Session, programme_id: int) -> None:
    rows = queue.queue(session, by=OPERATOR, programme_id=programme_id).rows
    today = programmes.today(session, programme_id)
    ages = queue.ages(session, by=OPERATOR, programme_id=programme_id, as_of=today)
    assert set(ages) == {age.value for age in Age}
    for age, (many, oldest) in ages.items():
        of_age = rows.loc[rows["age"] == age, "days"]
        assert (many, oldest) == (len(of_age), max(of_age, default=0)), age


def test_the_ages_of_the_demo_today_are_those_of_its_queue(demo: Session) -> None:
    as_in_queue(demo, programmes.main(demo).id)


@pytest.mark.parametrize("back", [0, 13, 40, 4000])
def test_on_a_past_day_of_the_demo_those_wait_whom_the_steps_say(demo: Session, back: int) -> None:
    programme_id, day = programmes.main(demo).id, make.DEMO_DAY - dt.timedelta(days=back)
    ages = pending.ages(demo, programme_id, day, programmes.clocks(demo, programme_id))
    assert ages == ages_by_hand(demo, programme_id, day)
    assert waiting(demo, programme_id, day) == waiting_by_hand(demo, programme_id, day)


@pytest.mark.parametrize(
    ("days", "until", "expected"),
    [
        *((14, None, Age.FRESH), (15, None, Age.DUE), (28, None, Age.DUE), (29, None, Age.OVERDUE)),
        *((40, 1, Age.HELD), (40, 0, Age.OVERDUE), (15, -1, Age.DUE), (3, -1, Age.FRESH)),
    ],
)
def test_a_hold_that_has_run_out_is_as_old_as_the_proposal(session: Session, days: int, until, expected: Age) -> None:
    clocks = programmes.clocks(session, make.programme(session).id)
    held_until = None if until is None else FIRST + dt.timedelta(days=until)
    assert pending.age(days, clocks, held_until=held_until, as_of=FIRST) is expected


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_only_coordinators_see_how_long_matches_waited(session: Session, role: Role) -> None:
    programme_id = make.cohort(session).programme_id
    with pytest.raises(NotAllowed):
        queue.ages(session, by=make.actor(session, role), programme_id=programme_id, as_of=FIRST)
