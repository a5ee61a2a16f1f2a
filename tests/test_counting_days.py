"""The days on which figures turn, one sentence each; and the reference itself against counts made by hand."""

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from db.models import (
    Attendance,
    CheckIn,
    Contact,
    Event,
    EventKind,
    Finding,
    Health,
    Match,
    MentoringSession,
    Mode,
    Outcome,
)
from services.counting import figures
from services.counting.figure import Figure, Scope
from services.counting.waiting import Ending
from tests import make, reference
from tests.reference_rows import Asked, Rows
from tests.story import FIRST, STATES, tell, told


def on(days: int) -> dt.date:
    return FIRST + dt.timedelta(days=days)


@pytest.fixture
def cohort(draft: Session):
    return make.cohort(draft, starts_on=FIRST, ends_on=on(99), target=4)


@pytest.fixture
def match(draft: Session, cohort) -> Match:
    """It started on the first day and runs."""
    return one_more(draft, cohort, STATES.ACTIVE)


def one_more(draft: Session, cohort, end=STATES.ACTIVE, start: int = 0, days: int = 0) -> Match:
    """A match of two people of its own."""
    group = make.group(draft)
    return tell(
        draft, cohort, make.mentor(draft, group), make.mentee(draft, group, ready_on=on(-9)), end, on(start), days
    )


def check_in(draft: Session, match: Match, day: int, health: Health = Health.GOOD) -> None:
    draft.add(
        CheckIn(match_id=match.id, on_day=on(day), contact=Contact.BOTH, mode=Mode.PHONE, health=health, note=None)
    )
    draft.flush()


def found(draft: Session, cohort, match: Match, day: int, finding: Finding) -> None:
    draft.add(Outcome(mentee_id=match.mentee_id, cohort_id=cohort.id, on_day=on(day), finding=finding))
    draft.flush()


def ask(draft: Session, cohort, name: str, day: int, *, whole: bool = False) -> Figure:
    """The figure, once it agrees with its reference."""
    scope = Scope(cohort.programme_id, on(day), None if whole else cohort.id)
    figure = figures.figure(draft, scope, name)
    answer = reference.answer(Asked(Rows.of(draft), scope.programme_id, scope.as_of, scope.cohort_id), name)
    assert figure.value == answer.value
    assert (figure.numerator or 0, figure.base or 0) == (answer.numerator or 0, answer.base or 0)
    return figure


def test_a_match_is_active_on_its_first_day_and_over_on_its_last(draft: Session, cohort) -> None:
    one_more(draft, cohort, STATES.COMPLETED, start=5, days=10)
    values = [ask(draft, cohort, "active", day).value for day in (4, 5, 14, 15)]
    assert values == [0, 1, 1, 0]
    assert [ask(draft, cohort, "completed_matches", day).value for day in (14, 15)] == [0, 1]


def test_a_match_that_ended_on_the_first_day_of_the_period_was_served_in_it(draft: Session, cohort) -> None:
    one_more(draft, cohort, STATES.COMPLETED, start=0, days=20)
    values = [
        figures.figure(draft, Scope(cohort.programme_id, on(40), since=on(first)), "served").value
        for first in (19, 20, 21)
    ]
    assert values == [1, 1, 0]


def test_a_match_entered_in_error_counts_on_no_day(draft: Session, cohort, match: Match) -> None:
    make.step(draft, match, STATES.VOID, on_day=on(30))
    for name in ("started_matches", "active", "mentees_proposed", "mentors", "groups", "served"):
        assert ask(draft, cohort, name, 10).value == 0
    assert ask(draft, cohort, "waiting", 10, whole=True).value == 1


def test_a_late_check_in_does_not_keep_the_contact_planned_before_it(draft: Session, cohort, match: Match) -> None:
    check_in(draft, match, 15)
    kept = ask(draft, cohort, "support_contacts_kept", 30)
    assert (kept.numerator, kept.base) == (1, 2)
    assert [ask(draft, cohort, "contacts_overdue", day).value for day in (14, 30, 60, 61)] == [0, 0, 0, 1]


def test_a_check_in_on_the_first_day_keeps_the_first_contact(draft: Session, cohort, match: Match) -> None:
    check_in(draft, match, 0)
    assert ask(draft, cohort, "support_contacts_kept", 14).value == 100
    assert [ask(draft, cohort, "contacts_overdue", day).value for day in (15, 30, 31)] == [0, 0, 1]


def test_a_check_in_before_the_match_began_keeps_no_contact(draft: Session, cohort, match: Match) -> None:
    check_in(draft, match, -1)
    assert ask(draft, cohort, "support_contacts_kept", 14).value == 0
    assert ask(draft, cohort, "contacts_overdue", 15).value == 1


def test_a_contact_is_due_from_a_week_before_its_day_and_overdue_after_it(draft: Session, cohort, match: Match) -> None:
    due = [ask(draft, cohort, "contacts_due", day).value for day in (6, 7, 14, 15)]
    overdue = [ask(draft, cohort, "contacts_overdue", day).value for day in (6, 7, 14, 15)]
    assert (due, overdue) == ([0, 1, 1, 0], [0, 0, 0, 1])


def test_a_contact_planned_after_the_end_was_not_owed(draft: Session, cohort) -> None:
    one_more(draft, cohort, STATES.COMPLETED, days=14)
    one_more(draft, cohort, STATES.COMPLETED, days=13)
    assert ask(draft, cohort, "support_contacts_kept", 99).base == 1


def test_a_match_is_watched_from_fourteen_days_of_silence_and_quiet_from_thirty(
    draft: Session, cohort, match: Match
) -> None:
    draft.add(MentoringSession(match_id=match.id, on_day=on(5), minutes=60))
    check_in(draft, match, 3)
    watched = [ask(draft, cohort, "watched", day).value for day in (18, 19, 34, 35)]
    quiet = [ask(draft, cohort, "quiet", day).value for day in (18, 19, 34, 35)]
    assert (watched, quiet) == ([0, 1, 1, 0], [0, 0, 0, 1])


def test_of_two_check_ins_of_one_day_the_one_entered_last_says_the_health(draft: Session, cohort, match: Match) -> None:
    check_in(draft, match, 9, Health.AT_RISK)
    check_in(draft, match, 9, Health.GOOD)
    check_in(draft, match, 11, Health.CONCERN)
    assert [ask(draft, cohort, "health_good", day).value for day in (8, 9, 11)] == [None, 100, 0]


@pytest.mark.parametrize(("at", "day"), [(dt.time(4, 59), 10), (dt.time(5), 11)])
def test_an_event_falls_on_the_day_it_has_where_the_programme_runs(draft: Session, cohort, match, at, day: int) -> None:
    starts = dt.datetime.combine(on(11), at, dt.UTC)  # in winter a day of Toronto begins at five
    event = Event(
        cohort_id=cohort.id, kind=EventKind.NETWORKING, name="Late", starts_at=starts, ends_at=starts + dt.timedelta(1)
    )
    draft.add(event)
    draft.flush()
    draft.add(Attendance(event_id=event.id, mentee_id=match.mentee_id, attended=True))
    draft.add(Attendance(event_id=event.id, mentor_id=match.mentor_id, attended=None))
    draft.flush()
    assert [ask(draft, cohort, "networking", asked).base for asked in (day - 1, day)] == [None, 1]


def test_an_agency_is_no_partner_any_more_on_the_day_it_leaves(draft: Session, cohort) -> None:
    agency = make.agency(draft)
    agency.partner_since, agency.partner_until = on(5), on(9)
    draft.flush()
    assert [ask(draft, cohort, "partners", day).value for day in (4, 5, 8, 9)] == [0, 1, 1, 0]


def test_who_withdraws_on_the_day_a_cohort_begins_is_not_ready_for_it(draft: Session, cohort) -> None:
    for withdrawn_on in (0, 1, 5):
        make.mentee(draft, make.group(draft), ready_on=on(-3), withdrawn_on=on(withdrawn_on))
    assert ask(draft, cohort, "mentees_ready", 9).value == 2
    assert [ask(draft, cohort, "waiting", day).value for day in (-4, -3, 0, 4, 5)] == [0, 3, 2, 1, 0]


def test_being_hired_early_is_no_early_ending(draft: Session, cohort) -> None:
    match = one_more(draft, cohort, STATES.ENDED_EARLY, days=9)
    make.step(draft, match, STATES.ENDED_EARLY, on_day=on(9), reason=Ending.HIRED_ELSEWHERE.value)
    one_more(draft, cohort, STATES.ENDED_EARLY, days=9)
    assert [ask(draft, cohort, name, 9).value for name in ("ended_early", "hired_early")] == [50, 50]
    assert [ask(draft, cohort, name, 8).value for name in ("ended_early", "hired_early")] == [0, 0]


def test_an_unknown_finding_does_not_hide_the_one_before(draft: Session, cohort, match: Match) -> None:
    found(draft, cohort, match, 20, Finding.EMPLOYED_ELSEWHERE)
    found(draft, cohort, match, 30, Finding.UNKNOWN)
    found(draft, cohort, match, 40, Finding.LOOKING)
    assert [ask(draft, cohort, "employed", day).value for day in (19, 20, 30, 40)] == [None, 100, 100, 0]


def test_a_year_after_completion_has_365_days(draft: Session, cohort) -> None:
    match = one_more(draft, cohort, STATES.COMPLETED, days=10)
    found(draft, cohort, match, 9, Finding.EMPLOYED_IN_FIELD)
    found(draft, cohort, match, 10 + 366, Finding.EMPLOYED_IN_FIELD)
    assert ask(draft, cohort, "employed_in_field_12m", 999).value is None
    found(draft, cohort, match, 10 + 365, Finding.EMPLOYED_IN_FIELD)
    assert [ask(draft, cohort, "employed_in_field_12m", day).value for day in (374, 375)] == [None, 100]


def test_a_mentee_waits_again_from_the_day_of_an_end_that_settles_nothing(draft: Session, cohort) -> None:
    one_more(draft, cohort, STATES.ENDED_EARLY, start=2, days=7)
    assert [ask(draft, cohort, "waiting", day, whole=True).value for day in (-10, 1, 2, 8, 9)] == [0, 1, 0, 0, 1]


def test_nothing_to_count_is_a_sentence_and_a_count_of_none_is_a_zero(draft: Session, cohort) -> None:
    for name in figures.names():
        figure = ask(draft, cohort, name, 5)
        assert (figure.value, figure.absent) == (0, "") or (figure.value is None and figure.absent.endswith(".")), name


def test_the_first_cohort_has_none_to_grow_from(draft: Session, cohort, match: Match) -> None:
    programme = draft.get(make.Programme, cohort.programme_id)
    later = make.cohort(draft, programme, starts_on=FIRST, ends_on=on(99))
    one_more(draft, later, start=1)
    one_more(draft, later, start=3)
    assert ask(draft, cohort, "growth", 3).value is None
    assert [ask(draft, later, "growth", day).value for day in (1, 3)] == [0, 100]


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("started_matches", 19, 1),
        ("started_matches", 20, 3),
        ("distinct_mentees", 20, 2),
        ("active", 9, 1),
        ("active", 10, 0),
        ("active", 20, 2),
        ("completed_matches", 49, 0),
        ("completed_matches", 50, 1),
        ("mentees_proposed", 5, 3),
        ("mentees_approved", 5, 2),
        ("mentors", 50, 3),
        ("ended_early", 9, 0),
        ("ended_early", 10, 100),
    ],
)
def test_the_reference_agrees_with_a_count_by_hand(draft: Session, name: str, day: int, expected: int) -> None:
    programme = told(draft)
    assert reference.answer(Asked(Rows.of(draft), programme, on(day)), name).value == expected
    assert figures.figure(draft, Scope(programme, on(day)), name).value == expected
