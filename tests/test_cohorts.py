"""Cohorts: one in full, all side by side, placements, and the rows behind each figure."""

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Cohort, MatchState, Mentee, Mentor, MentoringSession, Programme, Role
from services import behind, cohorts, placements, programmes, shown
from services.access import OPERATOR, Actor
from services.behind import Behind
from services.cohorts import BAND, CARE, COLUMNS, OneCohort
from services.counting import figures
from services.counting.definition import Intake
from services.counting.figure import NOTHING, Figure, Scope
from services.errors import NotAllowed, NotFound, SignedOut
from tests import make
from tests.story import FIRST, told

SPRING_2006, FALL_2006, LAST_OF_2016 = dt.date(2006, 4, 30), dt.date(2006, 9, 21), dt.date(2016, 12, 31)
DAYS = (dt.date(2003, 1, 1), SPRING_2006, LAST_OF_2016, make.DEMO_DAY)
ROLES = (Role.COORDINATOR, Role.MANAGER)
PANELS = ("sizes", "groups", "outcomes", "funnel", "attendance", "endings", "answers")
WRONG = re.compile(r"\bnan\b|\bNone\b|NaT|<NA>|−0\b")


def of(session: Session, day: dt.date, cohort: int | str | None = None, programme: str | None = None) -> Scope:
    main = programmes.main(session)
    if programme:
        main = session.scalars(select(Programme).where(Programme.name == programme)).one()
    wanted = select(Cohort.id).where(Cohort.programme_id == main.id, Cohort.name == str(cohort))
    return Scope(main.id, day, session.scalars(wanted).one() if cohort else None)


def texts(found: OneCohort) -> list[str]:
    """Every word that it says."""
    said = [found.lead, *found.beside.values(), *(figure.text for figure in found.band.values())]
    for panel in (getattr(found, name) for name in PANELS):
        said += [panel.finding, panel.note, panel.absent]
        said += [text for column in panel.rows if panel.rows[column].dtype in ("object", "str") for text in
                 panel.rows[column] if isinstance(text, str)]  # fmt: skip
    return said


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("day", DAYS)
def test_on_any_day_everything_is_words_and_numbers(staffed: Session, staff, role: Role, day: dt.date) -> None:
    for year in (2005, 2016):
        found = cohorts.one(staffed, of(staffed, day, year), by=staff[role])
        assert found.cohort == str(year)
        assert [text for text in texts(found) if WRONG.search(text)] == []
        assert found.lead.endswith(".")
        for name in PANELS:
            panel = getattr(found, name)
            assert panel.finding
            assert not panel.finding.endswith(".")
            assert len(panel.rows) or panel.absent.endswith("."), name
        for name, figure in found.band.items():
            assert figure.value is not None or found.beside[name] == figure.absent or name == "mentors"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("year", "day"), [(2005, SPRING_2006), (2006, FALL_2006), (2012, LAST_OF_2016)])
def test_the_figures_of_a_cohort_are_those_of_counting(staffed: Session, staff, role: Role, year, day) -> None:
    scope = of(staffed, day, year)
    found = cohorts.one(staffed, scope, by=staff[role])
    assert list(found.band) == list(BAND)
    for name, figure in found.band.items():
        assert figure == (
            figures.figure(staffed, scope, name)
            if role is Role.COORDINATOR
            else shown.several(staffed, scope, [name], by=staff[role])[name]
        )
    sizes = dict(zip(found.sizes.rows["cohort"], found.sizes.rows["matches"], strict=True))
    assert sizes[str(year)] == found.band["started_matches"].value
    assert sum(sizes.values()) == figures.figure(staffed, scope.of(None), "started_matches").value
    assert found.opens is (role is Role.COORDINATOR)


def test_the_lead_of_2005_is_the_published_sentence(staffed: Session, staff) -> None:
    found = cohorts.one(staffed, of(staffed, SPRING_2006, 2005), by=staff[Role.COORDINATOR])
    assert found.lead == (
        "40 matches, 38 % more than 2004, in six occupational groups. "
        "Of the 38 mentees reached by 30 April 2006, 66 % had found work; the objective was 60 %."
    )
    assert found.beside["employed"] == "25 of 38 mentees reached"
    assert found.beside["started_matches"] == "+38 % on 2004 (29 matches)"
    assert found.outcomes.finding == "66 % found employment, six points above the objective"


def test_a_manager_reads_of_rounded_numbers_that_they_are_about(staffed: Session, staff) -> None:
    found = cohorts.one(staffed, of(staffed, SPRING_2006, 2005), by=staff[Role.MANAGER])
    assert found.lead == (
        "40 matches, 38 % more than 2004. "
        "Of about 40 mentees reached by 31 March 2006, about 63 % had found work; the objective was 60 %."
    )
    assert found.beside["employed"] == "25 of 40 mentees reached, Mar 2006, rounded"


def test_a_cohort_not_begun_has_no_match(staffed: Session, staff) -> None:
    for role in ROLES:
        found = cohorts.one(staffed, of(staffed, LAST_OF_2016, 2020), by=staff[role])
        assert found.lead.startswith("No match of 2020 had started by 31 December 2016. ")
        assert found.sizes.finding == "No match of the 2020 cohort has started yet"
        early = cohorts.one(staffed, of(staffed, dt.date(2005, 1, 17), 2005), by=staff[role])
        assert early.lead.startswith("No match of 2005 had started by 17 January 2005. ")
        assert found.care == ()


def test_without_a_name_it_is_the_latest_cohort_that_had_begun(staffed: Session, staff) -> None:
    manager = staff[Role.MANAGER]
    assert cohorts.one(staffed, of(staffed, FALL_2006), by=manager).cohort == "2006"
    assert cohorts.one(staffed, of(staffed, dt.date(2003, 1, 1)), by=manager).cohort == "2004"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("day", DAYS)
def test_side_by_side_each_cell_is_the_cohort_s_figure(staffed: Session, staff, role: Role, day: dt.date) -> None:
    scope = of(staffed, day)
    frame = cohorts.side_by_side(staffed, scope, by=staff[role])
    begun = [
        cohort
        for cohort in staffed.scalars(
            select(Cohort).where(Cohort.programme_id == scope.programme_id).order_by(Cohort.starts_on.desc())
        )
        if cohort.starts_on <= day
    ]
    assert list(frame["Cohort"]) == [cohort.name for cohort in begun]
    for name, label in COLUMNS.items():
        each = shown.by_cohort(staffed, scope, name, by=staff[role])
        if role is Role.COORDINATOR:
            assert each == figures.by_cohort(staffed, scope, name)
        expected = [each[cohort.id].text for cohort in begun]
        assert list(frame.get(label, ["–"] * len(begun))) == expected
    assert not any(WRONG.search(str(cell)) for cell in frame.to_numpy().ravel())


@pytest.mark.parametrize(("year", "day"), [(2005, SPRING_2006), (2006, FALL_2006)])
def test_a_figure_by_cohort_is_that_of_the_cohort(staffed: Session, year: int, day: dt.date) -> None:
    scope = of(staffed, day, year)
    for name in figures.names():
        assert figures.by_cohort(staffed, scope, name)[scope.cohort_id].value == (
            figures.figure(staffed, scope, name).value
        ), name


def test_an_occupation_that_the_cohort_before_had_is_not_forgotten(session: Session) -> None:
    """Nine in IT and two in law, then twelve in IT: one match more, not three."""
    programme = make.programme(session)
    it, law = make.group(session, "IT"), make.group(session, "Law")
    for year, counts in [(2020, {it: 9, law: 2}), (2021, {it: 12})]:
        starts_on = dt.date(year, 1, 6)
        cohort = make.cohort(
            session, programme, name=str(year), starts_on=starts_on, ends_on=starts_on + dt.timedelta(days=300)
        )
        for group, many in counts.items():
            for _ in range(many):
                begin(session, cohort, make.mentor(session, group), make.mentee(session, group), starts_on)
    found = cohorts.one(session, Scope(programme.id, dt.date(2021, 12, 31), cohort.id), by=OPERATOR)
    rows = found.groups.rows.set_index("group")
    assert (rows["now"].sum(), rows["before"].sum()) == (12, 11)
    assert (rows.loc["Law", "now"], rows.loc["Law", "now_text"], rows.loc["Law", "before_text"]) == (0, "0", "2")
    assert found.groups.finding == "IT grew most, by three matches"


def begin(session: Session, cohort: Cohort, mentor: Mentor, mentee: Mentee, day: dt.date):
    match = make.match(session, cohort, mentor, mentee, proposed_on=day)
    for state in (MatchState.APPROVED, MatchState.ACTIVE):
        make.step(session, match, state, on_day=day)
    return match


def test_a_cohort_without_outcomes_is_told_in_sentences(session: Session) -> None:
    programme_id = told(session)
    found = cohorts.one(session, Scope(programme_id, FIRST + dt.timedelta(days=60)), by=OPERATOR)
    assert found.lead == ("3 matches, in one occupational group. Nobody has been reached at a follow-up by this day.")
    assert found.outcomes.absent == "Nobody has been reached at a follow-up by this day."
    assert found.before is None
    assert [text for text in texts(found) if WRONG.search(text)] == []
    assert found.endings.finding == "One match ended early, none for work"
    assert found.attendance.absent.endswith(".")


def test_what_a_step_lacks_is_said_as_briefly_as_a_label_holds(staffed: Session, staff) -> None:
    found = cohorts.one(staffed, of(staffed, SPRING_2006, 2006), by=staff[Role.MANAGER])
    completed = found.funnel.rows.set_index("step")["text"]["Completed"]
    assert re.fullmatch(r"Shown from \d{1,2} \w+ \d{4} on", completed)


def test_an_end_whose_reason_has_no_code_is_shown_by_its_word(session: Session) -> None:
    cohort = make.cohort(session, starts_on=FIRST, ends_on=FIRST + dt.timedelta(days=99))
    group = make.group(session)
    match = begin(session, cohort, make.mentor(session, group), make.mentee(session, group), FIRST)
    make.step(session, match, MatchState.ENDED_EARLY, on_day=FIRST + dt.timedelta(days=9), reason="moved_house")
    found = cohorts.one(session, Scope(cohort.programme_id, FIRST + dt.timedelta(days=60)), by=OPERATOR)
    assert list(found.endings.rows["reason"]) == ["Moved house"]


def test_a_programme_without_a_cohort_is_told_in_a_sentence(session: Session) -> None:
    programme = make.programme(session)
    scope = Scope(programme.id, make.DEMO_DAY)
    with pytest.raises(NotFound, match=r"^There is no cohort yet\. .*\.$"):
        cohorts.one(session, scope, by=OPERATOR)
    beside = cohorts.side_by_side(session, scope, by=OPERATOR)
    assert (list(beside.columns), len(beside)) == (["Cohort"], 0)
    assert placements.placed(session, scope, by=OPERATOR).cohorts.absent == "Nobody had been hired by this day."


def test_less_than_half_a_per_cent_is_no_change_in_words_but_not_the_same(session: Session) -> None:
    scope = Scope(make.programme(session).id, FIRST)
    started = figures.figure(session, scope, "started_matches")
    employed = figures.figure(session, scope, "employed")
    before = Intake(1, "2005", FIRST, FIRST, None, None)
    said = {
        change: cohorts._lead(
            FIRST,
            replace(before, name="2006"),
            before,
            {
                "started_matches": replace(started, value=300),
                "growth": replace(employed, value=Decimal(change), absent=""),
                "groups": started,
                "employed": employed,
            },
        )
        for change in ("0", "0.4", "-0.4", "1", "-7.5")
    }
    assert {change: lead.partition(". ")[0] for change, lead in said.items()} == {
        "0": "300 matches, as many as 2005",
        "0.4": "300 matches, about as many as 2005",
        "-0.4": "300 matches, about as many as 2005",
        "1": "300 matches, 1 % more than 2005",
        "-7.5": "300 matches, 8 % fewer than 2005",
    }


@pytest.mark.parametrize("role", ROLES)
def test_co_op_engineering_found_permanent_work_for_35_of_50(staffed: Session, staff, role: Role) -> None:
    scope = of(staffed, dt.date(2005, 12, 31), "2005", "Co-Op Engineering")
    found = placements.placed(staffed, scope, by=staff[role])
    (hired, aim), (permanent, note) = found.band
    assert (hired.value, aim) == (50, "The organisation committed to no number.")
    assert (permanent.numerator, permanent.base, permanent.text) == (35, 50, "70 %")
    assert note.startswith("35 of 50 hired")
    assert found.cohorts.finding == "50 hired; 35 found permanent employment"
    assert found.lead == "Co-Op Engineering, 2005: 50 hired; 35 found permanent employment, as of 31 December 2005."
    assert found.cohorts.rows.to_dict("records") == [
        {"cohort": "2005", "committed": None, "hired": 50, "permanent": 35}
    ]


@pytest.mark.parametrize("role", ROLES)
def test_career_bridge_hired_11_of_10_committed_to(staffed: Session, staff, role: Role) -> None:
    scope = of(staffed, dt.date(2005, 12, 31), "2005", "Career Bridge")
    found = placements.placed(staffed, scope, by=staff[role])
    assert [(figure.value, of_what) for figure, of_what in found.band] == [(11, "against a commitment of 10")]
    assert found.lead == "Career Bridge, 2005: 11 hired against a commitment of 10, as of 31 December 2005."
    assert list(found.cohorts.rows["hired"]) == [2, 11]
    assert list(found.cohorts.rows["cohort"]) == ["2004", "2005"]


def test_before_anybody_was_hired_there_is_a_sentence(staffed: Session, staff) -> None:
    scope = of(staffed, dt.date(2003, 1, 1), "2004", "Career Bridge")
    found = placements.placed(staffed, scope, by=staff[Role.MANAGER])
    assert found.cohorts.absent == "Nobody had been hired by this day."
    assert found.lead == "Career Bridge, 2004: nobody has been hired yet, as of 1 January 2003."


def test_of_a_whole_programme_no_cohort_is_named(staffed: Session, staff) -> None:
    scope = of(staffed, dt.date(2005, 12, 31), None, "Co-Op Engineering")
    found = placements.placed(staffed, scope, by=staff[Role.COORDINATOR])
    assert found.lead.startswith("Co-Op Engineering: 50 hired")


@pytest.mark.parametrize("name", [*BAND, *CARE])
def test_a_figure_opens_to_as_many_rows_as_it_says(staffed: Session, staff, name: str) -> None:
    day = make.DEMO_DAY
    for year in (2012, day.year, None):
        opens_to_its_rows(staffed, staff, of(staffed, day, year), name)
    assert figures.figure(staffed, of(staffed, day, day.year), name).value is not None


def rows_of(figure: Figure) -> int:
    """A count opens to those it counts, a share and a median to all that they are of."""
    return figure.base if figure.unit in ("%", "days", "hours") and figure.base is not None else figure.count


def opens_to_its_rows(staffed: Session, staff, scope: Scope, name: str) -> None:
    opened = behind.behind(staffed, scope, name, by=staff[Role.COORDINATOR])
    assert opened.is_people
    figure = opened.figure
    assert len(opened.rows) == rows_of(figure)
    if figure.unit == "%" and figure.value is not None:
        assert (opened.rows["Counts"] == "Yes").sum() == figure.numerator
        assert set(opened.rows["Counts"]) <= {"Yes", "No"}
    assert "Day" in opened.rows
    assert opened.rows["Day"].is_monotonic_increasing
    assert not any(column.endswith("_id") for column in opened.rows)


def test_every_figure_opens_for_a_coordinator(staffed: Session, staff) -> None:
    for name in figures.names():
        opened = behind.behind(staffed, of(staffed, FALL_2006, 2006), name, by=staff[Role.COORDINATOR])
        figure = opened.figure
        if name == "growth":  # both cohorts lie behind it
            assert len(opened.rows) == 77 + 40
        elif name != "placed_of_committed":
            assert len(opened.rows) == rows_of(figure), name


def seen(staffed: Session, staff, name: str, role: Role = Role.MANAGER) -> Behind:
    return behind.behind(staffed, of(staffed, make.DEMO_DAY, 2012), name, by=staff[role])


def test_names_stand_behind_a_figure_for_coordinators_only(staffed: Session, staff) -> None:
    people = set(staffed.scalars(select(Mentee.first_name + " " + Mentee.last_name)))
    people |= set(staffed.scalars(select(Mentor.first_name + " " + Mentor.last_name)))
    for name in (*BAND, *CARE, "growth", "waiting"):
        opened = seen(staffed, staff, name)
        assert not opened.is_people
        assert not people & {str(cell) for cell in opened.rows.to_numpy().ravel()}, name
        assert opened.whose.startswith("Only coordinators see the people behind a figure"), name
    named = seen(staffed, staff, "started_matches", Role.COORDINATOR)
    assert set(named.rows["Mentee"]) | set(named.rows["Mentor"]) <= people
    assert list(named.rows.columns) == ["Mentee", "Mentor", "Occupation", "Agency", "Cohort", "Day"]
    assert not named.whose


def test_a_manager_opens_matches_by_occupation_and_every_other_figure_cohort_by_cohort(staffed: Session, staff) -> None:
    matches = seen(staffed, staff, "started_matches")
    assert list(matches.rows.columns) == ["Occupation", "Matches"]
    assert all(text.startswith("<") or int(text.replace(",", "")) % 5 == 0 for text in matches.rows["Matches"])

    beside = cohorts.side_by_side(staffed, of(staffed, make.DEMO_DAY, None), by=staff[Role.MANAGER]).set_index("Cohort")
    for name in ("mentors", "employed", "employed_in_field", "time_to_match", "hours", "support_contacts_kept"):
        opened = seen(staffed, staff, name)
        label = opened.figure.label
        assert opened.title == ("Cohort by cohort, rounded" if opened.figure.protected else "Cohort by cohort")
        assert list(opened.rows.columns)[:2] == ["Cohort", label]
        told = beside[COLUMNS[name]]
        assert dict(zip(opened.rows["Cohort"], opened.rows[label], strict=True)) == dict(told[told != NOTHING]), name
        assert opened.rows.loc[opened.rows["Cohort"] == "2012", label].item() == opened.figure.text


def test_what_a_manager_may_not_know_opens_to_why(staffed: Session, staff) -> None:
    quiet = seen(staffed, staff, "quiet")
    assert quiet.rows.empty
    assert not quiet.title
    assert quiet.figure.absent


def test_the_hours_of_a_match_are_rounded_half_up(session: Session) -> None:
    cohort = make.cohort(session, starts_on=FIRST, ends_on=FIRST + dt.timedelta(days=99))
    group = make.group(session)
    match = begin(session, cohort, make.mentor(session, group), make.mentee(session, group), FIRST)
    make.step(session, match, MatchState.COMPLETED, on_day=FIRST + dt.timedelta(days=90))
    make._keep(session, MentoringSession(match_id=match.id, on_day=FIRST, minutes=1455))  # 24.25 hours
    scope = Scope(cohort.programme_id, FIRST + dt.timedelta(days=95), cohort.id)
    opened = behind.behind(session, scope, "hours", by=OPERATOR)
    assert opened.figure.text == "24.3 hours"
    assert list(opened.rows["Hours"]) == [24.3]


def test_nothing_behind_a_figure_keeps_its_columns(session: Session) -> None:
    cohort = make.cohort(session, starts_on=FIRST, ends_on=FIRST + dt.timedelta(days=99))
    opened = behind.behind(session, Scope(cohort.programme_id, FIRST, cohort.id), "started_matches", by=OPERATOR)
    assert list(opened.rows.columns) == ["Mentee", "Mentor", "Occupation", "Agency", "Cohort", "Day"]


@pytest.mark.parametrize("role", [Role.PRESENTER, Role.COACH, None])
def test_who_may_not_see_figures_is_refused_at_every_door(staffed: Session, staff, role: Role | None) -> None:
    scope = of(staffed, LAST_OF_2016, 2012)
    who = staff[role] if role else Actor("x", login_ref="0000")
    for ask in (
        lambda: cohorts.one(staffed, scope, by=who),
        lambda: cohorts.side_by_side(staffed, scope, by=who),
        lambda: placements.placed(staffed, scope, by=who),
        lambda: behind.behind(staffed, scope, "mentors", by=who),
    ):
        with pytest.raises(NotAllowed if role else SignedOut):
            ask()
