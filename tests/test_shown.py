"""Figures as each role may see them: exact for coordinators, protected for everyone else, refused to the rest."""

import datetime as dt
import random
from collections import defaultdict

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Agency, Cohort, MatchState, MentoringSession, OccupationalGroup, ProgrammeKind, Role
from services import programmes, shown
from services.access import OPERATOR, Actor
from services.counting import figures
from services.counting.figure import Figure, Scope, per_cent
from services.counting.protect import WHOLE_PROGRAMME
from services.counting.published import TOO_FEW, Snapshot, publication_days, table
from services.errors import NotAllowed, NotFound, SignedOut
from tests import make

PROTECTED = (Role.MANAGER, Role.ADMINISTRATOR)
REFUSED = (Role.PRESENTER, Role.COACH)
LAST_OF_2016 = dt.date(2016, 12, 31)
#: Totals of programme and cohort, which are public as they are.
TOTALS = {
    *("matches_to_date", "started_matches", "distinct_mentees", "mentees_started", "growth"),
    *("mentors", "repeat_mentors", "mentors_over_ten", "returning_mentors"),
    *("partners", "mentees_ready", "mentees_proposed", "mentees_approved"),
    *("placed", "placed_of_committed"),
}
#: What coordinators alone see: beside exact totals it would tell of single people.
HIDDEN = {
    *("active", "early_endings", "ended_early", "hired_early", "health_good", "quiet", "watched", "to_close"),
    *("contacts_due", "contacts_overdue", "uncovered", "served", "founding_mentors", "waiting", "groups"),
    *("completed_matches", "employed_in_field_12m"),
    *("orientation", "networking", "workshop", "professional_development", "recognition"),
}
#: It divides nobody, and is exact where enough lie behind it.
MEASURED = {"time_to_match"}
QUARTERLY = {
    *("employed", "employed_in_field", "permanent", "hours", "support_contacts_kept"),
    *(name for name in figures.names() if name.startswith("survey:")),
}
#: Told once, when a cohort's matches should have ended.
ONCE = {"mentees_completed"}


def of(session: Session, cohort: Cohort | None, day: dt.date, **given) -> Scope:
    return Scope(programmes.main(session).id, day, cohort.id if cohort else None, **given)


@pytest.fixture
def years(staffed: Session) -> dict[int, Cohort]:
    rows = staffed.scalars(select(Cohort).where(Cohort.programme_id == programmes.main(staffed).id))
    return {int(cohort.name): cohort for cohort in sorted(rows, key=lambda cohort: cohort.starts_on)}


def one(session: Session, scope: Scope, name: str, *, by: Actor, public: bool = False):
    return shown.several(session, scope, [name], by=by, public=public)[name]


def test_every_figure_is_a_public_total_or_guarded() -> None:
    parts = [TOTALS, HIDDEN, MEASURED, QUARTERLY, ONCE]
    assert set().union(*parts) == set(figures.names())
    assert sum(map(len, parts)) == len(figures.names())


@pytest.mark.parametrize("year", [None, 2012])
def test_a_coordinator_sees_every_figure_exactly(staffed: Session, staff, years, year: int | None) -> None:
    scope = of(staffed, years.get(year), LAST_OF_2016)
    exact = figures.figures(staffed, scope, figures.names())
    assert shown.several(staffed, scope, figures.names(), by=staff[Role.COORDINATOR]) == exact
    assert shown.several(staffed, scope, figures.names(), by=OPERATOR) == exact
    assert not any(figure.protected for figure in exact.values())


@pytest.mark.parametrize("role", PROTECTED)
@pytest.mark.parametrize("year", [None, 2004, 2012])
def test_public_totals_are_exact_for_everyone_who_sees_figures(staffed: Session, staff, years, role, year) -> None:
    scope = of(staffed, years.get(year), dt.date(2016, 11, 9))
    assert shown.several(staffed, scope, TOTALS, by=staff[role]) == figures.figures(staffed, scope, TOTALS)


@pytest.mark.parametrize("role", PROTECTED)
def test_what_would_tell_of_single_people_is_for_coordinators_only(staffed: Session, staff, years, role) -> None:
    for cohort in (None, years[max(years)], years[2012]):
        for figure in shown.several(staffed, of(staffed, cohort, make.DEMO_DAY), HIDDEN, by=staff[role]).values():
            numbers = (figure.value, figure.numerator, figure.base)
            assert (*numbers, figure.protected) == (None, None, None, True), figure.name
            assert figure.absent.startswith("Shown to coordinators only"), figure.name


@pytest.mark.parametrize("role", PROTECTED)
@pytest.mark.parametrize("day", [dt.date(2006, 4, 30), dt.date(2013, 8, 2), LAST_OF_2016])
def test_what_divides_people_is_of_the_last_quarter_and_in_steps_of_five(staffed, staff, years, role, day) -> None:
    end = max(quarter for quarter in publication_days(dt.date(2003, 1, 1), day))
    begins = {cohort.id: cohort.starts_on for cohort in years.values()}
    for name in QUARTERLY:
        each = shown.by_cohort(staffed, of(staffed, None, day), name, by=staff[role])
        assert one(staffed, of(staffed, years[2005], day), name, by=staff[role]) == each[years[2005].id]
        for cohort_id, figure in each.items():
            assert_is_published(figure, end)
            if begins[cohort_id] > end:
                assert figure.absent.startswith("Shown from the end of the cohort’s first quarter on, ")


def assert_is_published(figure: Figure, end: dt.date) -> None:
    """Of the end of the quarter, in steps of five, and shares and medians of twenty at least."""
    assert figure.protected
    assert figure.as_of == figure.period.last == end
    assert figure.period.first is None
    assert figure.value is not None or figure.absent.endswith(".")
    assert all(number is None or number % 5 == 0 for number in (figure.numerator, figure.base))
    if figure.unit in ("%", "hours") and figure.value is not None:
        assert figure.base >= 20
    if figure.unit == "%" and figure.value is not None:
        assert figure.value == per_cent(figure.numerator, figure.base)
        assert figure.numerator <= figure.base


def test_a_cohort_shows_nothing_before_the_end_of_its_first_quarter(staffed: Session, staff, years) -> None:
    cohort = years[2005]  # begins on 17 January
    manager = staff[Role.MANAGER]
    early, late = (of(staffed, cohort, dt.date(2005, 3, day)) for day in (30, 31))
    assert one(staffed, early, "employed", by=manager).absent == (
        "Shown from the end of the cohort’s first quarter on, 31 March 2005."
    )
    assert one(staffed, late, "employed", by=manager).absent.startswith("Fewer than ")


@pytest.mark.parametrize("year", [None, 2004, 2012])
def test_as_the_public_a_coordinator_sees_what_a_manager_sees(staffed: Session, staff, years, year) -> None:
    scope = of(staffed, years.get(year), dt.date(2014, 8, 15))
    public = shown.several(staffed, scope, figures.names(), by=staff[Role.COORDINATOR], public=True)
    assert public == shown.several(staffed, scope, figures.names(), by=staff[Role.MANAGER])
    assert {name for name, figure in public.items() if figure.protected} >= QUARTERLY | HIDDEN


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize("into", ["group", "agency", "country"])
def test_splits_are_protected_for_the_public_whoever_asks(staffed: Session, staff, years, into: str, public) -> None:
    scope = of(staffed, years[2012], LAST_OF_2016)
    seen = shown.split(staffed, scope, "started_matches", into, by=staff[Role.COORDINATOR], public=public)
    assert seen.protected is public
    if public:
        also = shown.split(staffed, scope, "started_matches", into, by=staff[Role.MANAGER])
        assert (seen.day, seen.total_text, seen.absent) == (also.day, also.total_text, also.absent)
        assert seen.rows.equals(also.rows)
    else:
        exact = figures.split(staffed, scope, "started_matches", into)
        assert (list(seen.rows["label"]), list(seen.rows["value"])) == (list(exact["label"]), list(exact["value"]))


def ways(session: Session, scope: Scope, who: Actor):
    """Every door of the service."""
    yield lambda: shown.several(session, scope, ["started_matches"], by=who)
    yield lambda: shown.by_cohort(session, scope, "started_matches", by=who)
    yield lambda: shown.split(session, scope, "started_matches", "group", by=who)
    yield lambda: shown.by_side(session, scope, "orientation", by=who)
    yield lambda: shown.sees_exact(session, by=who)


@pytest.mark.parametrize("role", REFUSED)
def test_presenters_and_coaches_are_refused_at_every_door(staffed: Session, staff, years, role: Role) -> None:
    for ask in ways(staffed, of(staffed, years[2012], LAST_OF_2016), staff[role]):
        with pytest.raises(NotAllowed):
            ask()


def test_nobody_signed_in_is_signed_out_at_every_door(staffed: Session, years) -> None:
    for ask in ways(staffed, of(staffed, years[2012], LAST_OF_2016), Actor("x", login_ref="0000")):
        with pytest.raises(SignedOut):
            ask()


@pytest.mark.parametrize("role", [Role.COORDINATOR, *PROTECTED])
def test_a_figure_that_is_not_there_is_not_found_for_anyone(staffed: Session, staff, role: Role) -> None:
    with pytest.raises(NotFound):
        one(staffed, of(staffed, None, LAST_OF_2016), "nonsense", by=staff[role])


@pytest.mark.parametrize("name", ["time_to_match", "hours"])
def test_a_median_needs_twenty_behind_it(session: Session, name: str) -> None:
    manager = make.actor(session, Role.MANAGER)
    for matches in (19, 20):
        cohort, day = quarter_of(session, matches)
        figure = one(session, Scope(cohort.programme_id, day, cohort.id), name, by=manager)
        assert (figure.value is None) == (matches == 19)
        assert (figure.absent != "") == (matches == 19)


def quarter_of(session: Session, matches: int) -> tuple[Cohort, dt.date]:
    """A cohort with so many matches, all completed with a meeting on record, and the end of its quarter."""
    first = dt.date(2020, 1, 6)
    cohort = make.cohort(session, starts_on=first, ends_on=dt.date(2020, 12, 15))
    group = make.group(session)
    for _ in range(matches):
        mentee = make.mentee(session, group, ready_on=first)
        match = make.match(session, cohort, make.mentor(session, group), mentee, proposed_on=first)
        for step, days in [("approved", 5), ("active", 5), ("completed", 60)]:
            make.step(session, match, MatchState(step), on_day=first + dt.timedelta(days=days))
        make._keep(session, MentoringSession(match_id=match.id, on_day=first + dt.timedelta(days=20), minutes=90))
    return cohort, dt.date(2020, 3, 31)


def test_each_side_of_a_gathering_is_told_by_cohort_only(staffed: Session, staff, years) -> None:
    manager, coordinator = staff[Role.MANAGER], staff[Role.COORDINATOR]
    whole, scope = (of(staffed, cohort, LAST_OF_2016) for cohort in (None, years[2012]))
    assert shown.by_side(staffed, whole, "orientation", by=manager) == {}
    exact = shown.by_side(staffed, scope, "orientation", by=coordinator)
    seen = shown.by_side(staffed, scope, "orientation", by=manager)
    assert set(exact) == set(seen) == {"mentors", "mentees"}
    assert sum(side.base for side in exact.values()) == figures.figure(staffed, scope, "orientation").base
    for figure in seen.values():
        assert figure.protected
        assert all(number is None or number % 5 == 0 for number in (figure.numerator, figure.base))


@pytest.mark.parametrize("role", PROTECTED)
@pytest.mark.parametrize(
    ("name", "into"), [("started_matches", "group"), ("started_matches", "agency"), ("early_endings", "reason")]
)
def test_a_split_of_the_whole_programme_is_refused_with_its_sentence(staffed, staff, role, name, into) -> None:
    seen = shown.split(staffed, of(staffed, None, LAST_OF_2016), name, into, by=staff[role])
    assert (seen.absent, seen.protected, len(seen.rows)) == (WHOLE_PROGRAMME, True, 0)
    assert list(seen.rows.columns) == ["label", "value", "text"]


@pytest.mark.parametrize(
    ("name", "into"),
    [("started_matches", "country"), ("mentors", "group"), ("employed", "group"), ("active", "agency")],
)
def test_no_other_split_is_for_managers(staffed: Session, staff, years, name: str, into: str) -> None:
    seen = shown.split(staffed, of(staffed, years[2012], LAST_OF_2016), name, into, by=staff[Role.MANAGER])
    assert (len(seen.rows), seen.total_text) == (0, "")
    assert seen.absent.startswith("Shown to coordinators only")


def test_the_share_of_the_programme_is_made_of_what_its_cohorts_print(staffed: Session, staff, years) -> None:
    manager = staff[Role.MANAGER]
    scope = of(staffed, None, LAST_OF_2016)
    for name in sorted(QUARTERLY - {"hours", "permanent"}):
        each = [f for f in shown.by_cohort(staffed, scope, name, by=manager).values() if f.numerator and f.base]
        whole = one(staffed, scope, name, by=manager)
        assert (whole.numerator, whole.base) == (sum(f.numerator for f in each), sum(f.base for f in each))
        assert whole.objective == figures.figure(staffed, scope, name).objective
    assert one(staffed, scope, "mentees_completed", by=manager).absent == WHOLE_PROGRAMME


@pytest.mark.parametrize("into", ["group", "agency"])
def test_labels_are_the_public_list_of_the_time_whoever_is_matched(staffed: Session, staff, years, into: str) -> None:
    names = (
        select(OccupationalGroup.name, OccupationalGroup.since)
        if into == "group"
        else select(Agency.name, Agency.partner_since)
    )
    kinds = staffed.execute(names).all()
    for cohort in years.values():
        known = {name for name, since in kinds if since is None or since <= cohort.ends_on}
        days = publication_days(cohort.starts_on, LAST_OF_2016)
        for day in days[-1:]:
            seen = shown.split(staffed, of(staffed, cohort, day), "started_matches", into, by=staff[Role.MANAGER])
            labels = list(seen.rows["label"])
            assert labels == [] or sorted(labels) == sorted({*known, shown._OTHER[into]})


def published_by_hand(session: Session, cohort: Cohort, into: str, day: dt.date):
    """The publication that the decision describes, from the exact splits of each quarter's end."""
    quarters = publication_days(cohort.starts_on, day)
    if not quarters:
        return None
    labels = [*shown._labels(session, into, cohort.ends_on), shown._OTHER[into]]
    history = []
    for end in quarters:
        exact = figures.split(session, of(session, cohort, end), "started_matches", into)
        counts = dict.fromkeys(labels, 0)
        for label, many in zip(exact["label"], exact["value"], strict=True):
            counts[label if label in counts else labels[-1]] += int(many)
        history.append(Snapshot(end, sum(counts.values()), counts))
    return table(history)


def test_what_a_manager_sees_of_a_split_on_any_day_is_one_publication_of_its_quarter(staffed, staff, years) -> None:
    chance = random.Random(2006)
    seen = defaultdict(set)
    last = (make.DEMO_DAY - dt.date(2004, 1, 1)).days
    days = [dt.date(2004, 1, 1) + dt.timedelta(days=chance.randrange(last)) for _ in range(60)]
    for place, day in enumerate(days):
        # every cohort is asked on many days, each day of a few cohorts
        for cohort in list(years.values())[place % 10 :: 10]:
            into = ("group", "agency")[place // 10 % 2]
            split = shown.split(staffed, of(staffed, cohort, day), "started_matches", into, by=staff[Role.MANAGER])
            rows = tuple(sorted(zip(split.rows["label"], split.rows["text"], strict=True)))
            if split.absent:
                assert rows == ()
                continue
            assert split.day <= day
            assert split.day in publication_days(cohort.starts_on, day)
            seen[cohort.name, into, split.day].add((rows, split.total_text))
    assert len(seen) > 20
    assert {key: len(rows) for key, rows in seen.items() if len(rows) > 1} == {}


@pytest.mark.parametrize("year", [2004, 2006, 2013, 2019])
@pytest.mark.parametrize("into", ["group", "agency"])
def test_a_split_is_the_publication_made_of_the_quarters_so_far(staffed: Session, staff, years, year, into) -> None:
    cohort = years[year]
    for day in (cohort.starts_on, cohort.starts_on + dt.timedelta(days=200), cohort.ends_on + dt.timedelta(days=90)):
        split = shown.split(staffed, of(staffed, cohort, day), "started_matches", into, by=staff[Role.MANAGER])
        expected = published_by_hand(staffed, cohort, into, day)
        if expected is None:
            assert split.absent in (TOO_FEW, "Shown from the end of the cohort’s first quarter on.")
        else:
            assert (split.day, split.total_text) == (expected.day, expected.total_text)
            assert dict(zip(split.rows["label"], split.rows["text"], strict=True)) == dict(
                zip(expected.rows["label"], expected.rows["text"], strict=True)
            )


def test_a_programme_without_anything_shows_sentences(session: Session) -> None:
    programme = make.programme(session, kind=ProgrammeKind.MENTORING)
    manager = make.actor(session, Role.MANAGER)
    for name in figures.names():
        figure = one(session, Scope(programme.id, make.DEMO_DAY), name, by=manager)
        assert figure.value in (0, None)
        assert (figure.value is None) == bool(figure.absent)
