"""How the programme stands, for managers: cards, trend and one sentence, for any cohort and day."""

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Cohort, MatchState, Role
from services import overview, programmes
from services.access import OPERATOR, Actor
from services.counting import figures, pace
from services.counting.figure import NOTHING, Figure, Period, Scope
from services.errors import NotAllowed, NotFound, SignedOut
from services.wording import spelled
from tests import make
from tests.story import FIRST, told

DAYS = (
    *(dt.date(2003, 1, 1), dt.date(2004, 4, 12), dt.date(2006, 4, 30), dt.date(2006, 9, 21)),
    *(dt.date(2016, 12, 31), make.DEMO_DAY),
)
ROLES = (Role.COORDINATOR, Role.MANAGER)

#: How the sentence speaks of each figure that is judged.
SPOKEN = {
    "started_matches": "the number of matches",
    "time_to_match": "time to match",
    "support_contacts_kept": "the share of support contacts kept",
    "employed": "employment",
    "hours": "hours a match",
}


def of(session: Session, day: dt.date, cohort: int | None = None) -> Scope:
    main = programmes.main(session)
    wanted = select(Cohort.id).where(Cohort.programme_id == main.id, Cohort.name == str(cohort))
    return Scope(main.id, day, session.scalars(wanted).one() if cohort else None)


def texts(found: overview.Overview) -> list[str]:
    """Every word that it says."""
    cards = [
        text
        for card in found.cards
        for text in (card.title, card.figure.text, card.change, card.note, card.aim, card.verdict, *card.trend["text"])
    ]
    return [found.sentence, *cards, *found.beside.astype(str).to_numpy().ravel()]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("day", DAYS)
def test_on_any_day_everything_is_words_and_numbers(staffed: Session, staff, role: Role, day: dt.date) -> None:
    for cohort in (2005, 2016):
        found = overview.overview(staffed, of(staffed, day, cohort), by=staff[role])
        assert len(found.cards) == 6
        assert found.sentence.endswith(".")
        assert [text for text in texts(found) if re.search(r"nan|none\b|NaT|<NA>", text, re.IGNORECASE)] in (
            [],
            [found.sentence],  # which may say "none of"
        )
        assert not re.search(r"nan|NaT|<NA>", found.sentence)
        assert all(card.figure.value is not None or card.note.endswith(".") for card in found.cards)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("day", DAYS)
def test_the_sentence_counts_the_cards_that_are_met(staffed: Session, staff, role: Role, day: dt.date) -> None:
    found = overview.overview(staffed, of(staffed, day), by=staff[role])
    judged = [card for card in found.cards if card.is_met is not None]
    met = sum(bool(card.is_met) for card in judged)
    said = found.sentence
    if not judged:
        assert said.startswith("There is nothing to judge yet")
    elif met == len(judged) > 1:
        how_many = "both" if met == 2 else f"all {spelled(met)}"
        assert said == f"The programme is on track: {how_many} objectives are met or on pace."
    elif len(judged) > 1:
        how_many = f"{spelled(met) if met else 'none'} of {spelled(len(judged))} objectives"
        assert how_many in said
        assert ("on track" in said) == (met * 2 > len(judged))
        for card in judged:
            assert (SPOKEN[card.figure.name] in said.partition(". ")[2].lower()) == (not card.is_met)


@pytest.mark.parametrize("day", DAYS[1:5:2])
def test_the_cards_are_the_figures_of_the_cohort(staffed: Session, staff, day: dt.date) -> None:
    scope = of(staffed, day, 2005)
    found = overview.overview(staffed, scope, by=staff[Role.COORDINATOR])
    to_date, started, *measured = found.cards
    assert to_date.figure.value == figures.figure(staffed, scope.of(None), "matches_to_date").value
    assert started.figure == figures.figure(staffed, scope, "started_matches")
    assert [card.figure.name for card in measured] == ["time_to_match", "support_contacts_kept", "employed", "hours"]
    for card in measured:
        exact = figures.figure(staffed, scope, card.figure.name)
        assert card.figure == exact or exact.value is None
        assert (", 2004 cohort" in card.title) == (card.figure != exact)
        assert card.line == exact.objective


@pytest.mark.parametrize(
    ("role", "day"), [(Role.MANAGER, dt.date(2006, 4, 30)), (Role.COORDINATOR, dt.date(2016, 12, 31))]
)
def test_a_figure_of_an_earlier_cohort_names_it(staffed: Session, staff, role: Role, day: dt.date) -> None:
    for year in (2006, 2020):
        scope = of(staffed, day, year)
        found = overview.overview(staffed, scope, by=staff[role])
        assert found.cohort == str(year)
        assert found.cards[1].title == f"Matches, {year} cohort"
        for card in found.cards[2:]:
            own = figures.figure(staffed, scope, card.figure.name)
            assert card.figure.value is None or own.value is not None or " cohort" in card.title


@pytest.mark.parametrize("year", [2004, 2006, 2016, 2020])
def test_the_bars_of_matches_end_with_the_cohort_itself(staffed: Session, staff, year: int) -> None:
    day = dt.date(2016, 12, 31)
    found = overview.overview(staffed, of(staffed, day, year), by=staff[Role.MANAGER])
    card = found.cards[1]
    assert card.trend["value"].iloc[-1] == card.figure.value
    assert card.trend["text"].iloc[-1] == f"{year}: {card.figure.text}"
    gained = found.cards[0].trend
    assert len(gained) == 12
    assert gained["day"].is_monotonic_increasing


def test_the_programme_s_bars_are_what_the_months_brought(staffed: Session, staff) -> None:
    day = dt.date(2006, 9, 21)
    card = overview.overview(staffed, of(staffed, day), by=staff[Role.MANAGER]).cards[0]
    before = figures.figure(staffed, of(staffed, dt.date(2005, 9, 30)), "matches_to_date").count
    assert card.trend["value"].sum() == 146 - before
    assert list(card.trend["day"].iloc[-2:]) == [dt.date(2006, 8, 31), day]
    assert card.aim == "104 to the 250th"


@pytest.mark.parametrize("role", [Role.PRESENTER, Role.COACH])
def test_only_who_may_see_figures_is_told(staffed: Session, staff, role: Role) -> None:
    with pytest.raises(NotAllowed):
        overview.overview(staffed, of(staffed, make.DEMO_DAY), by=staff[role])
    with pytest.raises(SignedOut):
        overview.overview(staffed, of(staffed, make.DEMO_DAY), by=Actor("x", login_ref="0000"))


def test_a_programme_without_a_cohort_is_told_in_a_sentence(session: Session) -> None:
    programme = make.programme(session)
    with pytest.raises(NotFound, match=r"^There is no cohort yet\. .*\.$"):
        overview.overview(session, Scope(programme.id, make.DEMO_DAY), by=OPERATOR)


@pytest.mark.parametrize("days", [-1, 0, 100, 400])
def test_one_cohort_without_matches_has_nothing_to_judge_but_its_pace(session: Session, days: int) -> None:
    cohort = make.cohort(session, starts_on=FIRST, ends_on=FIRST + dt.timedelta(days=300), target=30, name="2020")
    found = overview.overview(session, Scope(cohort.programme_id, FIRST + dt.timedelta(days=days)), by=OPERATOR)
    assert (found.cohort, found.before) == ("2020", None)
    assert [card.figure.text for card in found.cards] == ["0", "0", "–", "–", "–", "–"]
    if days < 0:
        assert found.sentence == "There is nothing to judge yet: no objective has a figure to hold against it."
    else:
        does = "misses" if days else "meets"  # on its first day a cohort owes nothing
        assert found.sentence == f"Only one objective has a figure yet: the number of matches, at 0, {does} it."
    assert not [text for text in texts(found) if re.search(r"nan|None|NaT", text)]


def test_nothing_met_is_none_of_them(session: Session) -> None:
    """Three matches of a target of 30, decided 40 days after the mentees were ready, and no check-ins."""
    cohort = make.cohort(session, starts_on=FIRST, ends_on=FIRST + dt.timedelta(days=99), target=30, name="2020")
    group = make.group(session)
    for _ in range(3):
        mentee = make.mentee(session, group, ready_on=FIRST - dt.timedelta(days=30))
        match = make.match(session, cohort, make.mentor(session, group), mentee, proposed_on=FIRST)
        for state in ("approved", "active"):
            make.step(session, match, MatchState(state), on_day=FIRST + dt.timedelta(days=10))
    scope = Scope(cohort.programme_id, FIRST + dt.timedelta(days=60), cohort.id)
    found = overview.overview(session, scope, by=OPERATOR)
    assert found.sentence.startswith("The programme is behind: none of three objectives are met or on pace.")
    assert found.cards[1].verdict == "15 short of the pace"


def test_a_story_is_told_without_outcomes(session: Session) -> None:
    programme_id = told(session)
    found = overview.overview(session, Scope(programme_id, FIRST + dt.timedelta(days=60)), by=OPERATOR)
    assert found.cards[0].figure.value == 3
    assert found.cards[4].note == "Nobody has been reached at a follow-up by this day."


def with_matches(session: Session, cohort: Cohort, on_days: list[int]) -> None:
    group = make.group(session)
    for days in on_days:
        day = cohort.starts_on + dt.timedelta(days=days)
        mentee = make.mentee(session, group, ready_on=day)
        match = make.match(session, cohort, make.mentor(session, group), mentee, proposed_on=day)
        for state in ("approved", "active"):
            make.step(session, match, MatchState(state), on_day=day)


def two_years(session: Session, *, before: list[int], now: list[int], target: int) -> Scope:
    """A cohort of 100 days and the one before it, with matches on these of their days."""
    programme = make.programme(session)
    hundred = dt.timedelta(days=99)
    first, second = FIRST, FIRST + dt.timedelta(days=365)
    past = make.cohort(session, programme, starts_on=first, ends_on=first + hundred, name="2020")
    cohort = make.cohort(session, programme, starts_on=second, ends_on=second + hundred, name="2021", target=target)
    with_matches(session, past, before)
    with_matches(session, cohort, now)
    return Scope(programme.id, second, cohort.id)


def test_the_pace_is_that_of_the_cohort_before_at_the_same_stage(session: Session) -> None:
    scope = two_years(session, before=[0, 10, 10, 50], now=[], target=20)
    due = [pace.due_by_now(session, scope.on(scope.as_of + dt.timedelta(days=days))) for days in (0, 9, 10, 50)]
    assert due == [5, 5, 15, 20]


def test_a_cohort_that_is_over_owes_its_whole_target(session: Session) -> None:
    scope = two_years(session, before=[0, 130], now=[0], target=4)  # half of the cohort before came late
    last = scope.as_of + dt.timedelta(days=99)
    assert pace.due_by_now(session, scope.on(last)) == 4
    card = overview.overview(session, scope.on(last), by=OPERATOR).cards[1]
    assert (card.is_met, card.verdict) == (False, "3 short")


def test_whoever_is_short_lacks_at_least_one(session: Session) -> None:
    scope = two_years(session, before=[0, 10, 20], now=[0, 0, 0], target=10)  # a third of ten is a little more than 3
    card = overview.overview(session, scope, by=OPERATOR).cards[1]
    assert (card.figure.count, card.is_met, card.verdict) == (3, True, "On pace")
    assert pace.due_by_now(session, scope) > Decimal(3)


@pytest.mark.parametrize("days", [-30, 0, 31, 99, 300])
def test_months_add_up_to_the_matches_of_the_day(session: Session, days: int) -> None:
    scope = two_years(session, before=[0, 10, 50], now=[0, 40, 99], target=4)
    at = scope.on(scope.as_of + dt.timedelta(days=days))
    months = pace.by_month(session, at)
    assert list(months.columns) == ["cohort", "order", "month", "matches"]
    own = months[months["cohort"] == "2021"]
    assert own["matches"].iloc[-1] == figures.figure(session, at, "started_matches").count or days > 99
    assert own["matches"].is_monotonic_increasing
    assert list(own["order"]) == list(range(len(own)))


def test_months_of_no_cohort_keep_their_columns(session: Session) -> None:
    programme = make.programme(session)
    empty = pace.by_month(session, Scope(programme.id, FIRST))
    assert (list(empty.columns), len(empty)) == (["cohort", "order", "month", "matches"], 0)


def test_beside_other_cohorts_stands_nearly_all_where_no_share_is_told() -> None:
    untold = Figure(None, "%", "A rule.", Period(None, make.DEMO_DAY), make.DEMO_DAY)
    assert overview._in_a_cell(replace(untold, is_nearly_all=True)) == "nearly all"
    assert overview._in_a_cell(untold) == NOTHING
