"""Placements entered by hand and from files: checked, trailed, counted as they stand, and shown to those who may."""

import datetime as dt
import io
import re
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from db.models import Cohort, Division, Mentee, Placement, Programme, ProgrammeKind, Role, TrailEntry
from services import audit, imports, placements, placing, reading, record, transaction
from services.access import OPERATOR
from services.counting import figures
from services.counting.figure import Scope
from services.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError
from services.exports.pdf import pdf
from services.factsheet.build import sheet
from services.factsheet.model import Mode
from services.placing import Entry, Person
from tests import files, make
from tests.pages import opened, words

__all__ = ["opened"]
COHORTS = "pages/desk/cohorts.py"
BEGINS = make.today() - dt.timedelta(days=200)
OLD = dt.date(2005, 12, 31)
HIRED = BEGINS + dt.timedelta(days=10)
HEAD = ("Name", "Email", "Profession", "Programme", "Cohort", "Host division", "Hired on", "Permanent on")


def intake(session: Session, name: str = "2005", programme: str = "Career Bridge", **given: object) -> Cohort:
    known = session.scalar(select(Programme).where(Programme.name == programme))
    of = known or make.programme(session, name=programme, kind=ProgrammeKind.PLACEMENT)
    return make.cohort(session, of, name=name, starts_on=BEGINS, **given)


def somebody(n: int = 1, group: str | None = "Law") -> Person:
    return Person(f"intern{n}@mail.example", "Ana", f"Silva{n}", group)


@pytest.fixture
def cohort(session: Session) -> Cohort:
    make.programme(session)
    make.group(session, "Law")
    session.add(Division(name="Toronto Water"))
    return intake(session, target=10)


def the_only(session: Session) -> Placement:
    return session.scalars(select(Placement)).one()


def test_a_participant_is_entered_changed_and_taken_away_with_a_trail(session: Session, cohort: Cohort) -> None:
    cora = make.actor(session)
    said = placing.add(session, cohort.id, somebody(), Entry(HIRED, "toronto water"), by=cora)
    assert said.startswith("Placed: Ana Silva1, from ")
    one = the_only(session)
    seen = Entry(HIRED, "Toronto Water")
    later = Entry(HIRED, "Parks", HIRED + dt.timedelta(days=90))
    assert (
        placing.change(session, one.id, seen, seen=seen, by=cora)
        == "Nothing of the placement of Ana Silva1 was changed."
    )
    assert placing.change(session, one.id, later, seen=seen, by=cora) == "Saved the placement of Ana Silva1."
    found = placing.participants(session, cohort.id, by=cora)
    assert found.rows.drop(columns=["id", "ref"]).to_dict("records") == [
        {
            "mentee": "Ana Silva1",
            "group": "Law",
            "division": "Parks",
            "hired_on": HIRED,
            "permanent_on": later.permanent_on,
        }
    ]
    with pytest.raises(Conflict, match="meanwhile"):
        placing.change(session, one.id, seen, seen=seen, by=cora)
    assert "stay among the people" in placing.remove(session, one.id, seen=later, by=cora)
    assert session.scalars(select(Placement)).all() == []
    assert session.scalars(select(Mentee.last_name)).all() == ["Silva1"]
    audit.close(session)
    acts = session.scalars(select(TrailEntry.action).where(TrailEntry.entity == "placement").order_by(TrailEntry.seq))
    assert list(acts) == ["placement added", "placement changed", "placement removed"]
    details = str(session.scalars(select(TrailEntry.detail)).all())
    assert not re.search(r"Silva|mail\.example", details)


def test_someone_the_desk_knows_is_placed_by_address_alone_and_once_a_cohort(session: Session, cohort: Cohort) -> None:
    cora = make.actor(session)
    placing.add(session, cohort.id, somebody(), Entry(HIRED), by=cora)
    with pytest.raises(Conflict, match="already"):
        placing.add(session, cohort.id, Person("INTERN1@mail.example"), Entry(HIRED), by=cora)
    with pytest.raises(Invalid, match="has this address"):
        placing.add(session, cohort.id, Person("intern1@mail.example", "Bo", "Li"), Entry(HIRED), by=cora)
    placing.add(session, intake(session, "2006").id, Person("intern1@mail.example"), Entry(HIRED), by=cora)
    assert len(session.scalars(select(Mentee)).all()) == 1


@pytest.mark.parametrize(
    ("who", "entry", "said"),
    [
        (somebody(), Entry(None), "Hired on: the day is missing"),
        (somebody(), Entry(make.today() + dt.timedelta(days=1)), "Hired on: the day lies in the future"),
        (somebody(), Entry(BEGINS - dt.timedelta(days=1)), "Hired on: the 2005 cohort begins"),
        (somebody(), Entry(HIRED, None, HIRED - dt.timedelta(days=1)), "nobody is permanent before"),
        (somebody(), Entry(HIRED, None, make.today() + dt.timedelta(days=1)), "Permanent on: the day lies"),
        (Person("nobody"), Entry(HIRED), "no e-mail address"),
        (Person("a@mail.example", "Ana", "", "Law"), Entry(HIRED), "Write first and last name"),
        (somebody(group=None), Entry(HIRED), "Choose the occupation"),
        (somebody(group="Alchemy"), Entry(HIRED), "Choose the occupation"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    session: Session, cohort: Cohort, who: Person, entry: Entry, said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        placing.add(session, cohort.id, who, entry, by=OPERATOR)
    assert session.scalars(select(Placement)).all() == []


def test_a_commitment_is_set_and_taken_back_and_other_cohorts_have_none(session: Session, cohort: Cohort) -> None:
    cora = make.actor(session)
    scope = Scope(cohort.programme_id, make.today(), cohort.id)
    placing.add(session, cohort.id, somebody(), Entry(HIRED), by=cora)
    assert placing.commit_to(session, cohort.id, 12, by=cora) == "Committed in 2005: 12."
    assert figures.figure(session, scope, "placed_of_committed").base == 12
    placing.commit_to(session, cohort.id, None, by=cora)
    assert figures.figure(session, scope, "placed_of_committed").base is None
    with pytest.raises(Invalid, match="0 to 10,000"):
        placing.commit_to(session, cohort.id, -1, by=cora)
    for number in (make.cohort(session).id, 10**6):
        with pytest.raises(NotFound):
            placing.commit_to(session, number, 1, by=cora)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_nobody_else_reads_or_writes_placements(session: Session, cohort: Cohort, role: Role) -> None:
    by = make.actor(session, role)
    for ask in (
        lambda: placing.participants(session, cohort.id, by=by),
        lambda: placing.add(session, cohort.id, somebody(), Entry(HIRED), by=by),
        lambda: placing.change(session, 1, Entry(HIRED), seen=Entry(HIRED), by=by),
        lambda: placing.remove(session, 1, seen=Entry(HIRED), by=by),
        *([] if role is Role.ADMINISTRATOR else [lambda: placing.commit_to(session, cohort.id, 3, by=by)]),
    ):
        with pytest.raises(NotAllowed):
            ask()


def test_two_who_place_one_person_at_once_place_them_once(any_desk: str) -> None:
    with transaction() as session:
        make.programme(session)
        make.group(session, "Law")
        number = intake(session).id
        placing.add(session, intake(session, "2006").id, somebody(), Entry(HIRED), by=OPERATOR)
    said: list[object] = []
    both = threading.Barrier(2)

    def place() -> None:
        both.wait()
        try:
            with transaction() as session:
                said.append(placing.add(session, number, Person("intern1@mail.example"), Entry(HIRED), by=OPERATOR))
        except ServiceError as refused:
            said.append(refused)

    threads = [threading.Thread(target=place) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in said) == ["Conflict", "str"]
    with reading() as session:
        assert session.scalar(select(func.count()).where(Placement.cohort_id == number)) == 1


ENTRIES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 199), st.none() | st.integers(0, 199), st.sampled_from(["", "A", "B"])),
    max_size=8,
)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(entries=ENTRIES, ask=st.integers(0, 200))
def test_whatever_is_entered_the_figures_count_what_stands(drafting_engine: Engine, entries: list, ask: int) -> None:
    """Each entry places, changes or, entered a third time, removes one of four people; loops count what is left."""
    as_of = BEGINS + dt.timedelta(days=ask)
    with Session(drafting_engine) as session:
        make.group(session, "Law")
        cohort = intake(session, programme=f"Bridge {make.next_number()}", target=3)
        stands: dict[int, tuple[int, Entry]] = {}
        times: dict[int, int] = {}
        for n, hired, permanent, division in entries:
            days = [BEGINS + dt.timedelta(days=k) for k in (hired, max(hired, permanent or 0))]
            entry = Entry(days[0], division or None, None if permanent is None else days[1])
            times[n] = times.get(n, 0) + 1
            if n not in stands:
                placing.add(session, cohort.id, somebody(n), entry, by=OPERATOR)
                number = session.scalars(select(func.max(Placement.id))).one()
                stands[n] = number, entry
            elif times[n] % 3:
                number, seen = stands[n]
                placing.change(session, number, entry, seen=seen, by=OPERATOR)
                stands[n] = number, entry
            else:
                number, seen = stands.pop(n)
                placing.remove(session, number, seen=seen, by=OPERATOR)
        left = [entry for _, entry in stands.values() if entry.hired_on <= as_of]
        scope = Scope(cohort.programme_id, as_of, cohort.id)
        assert figures.figure(session, scope, "placed").count == len(left)
        stayed = figures.figure(session, scope, "permanent")
        for_good = [entry for entry in left if entry.permanent_on and entry.permanent_on <= as_of]
        assert (stayed.numerator or 0, stayed.base or 0) == (len(for_good), len(left))
        homes = figures.split(session, scope, "placed", "division")
        expected = {name: sum((e.division or "Not known") == name for e in left) for name in ("A", "B", "Not known")}
        assert dict(zip(homes["label"], homes["value"], strict=True)) == {k: v for k, v in expected.items() if v}
        found = placements.placed(session, scope, by=OPERATOR)
        assert list(found.hosts.rows["hired"]) == list(homes["value"])
        assert found.cohorts.rows["committed"].tolist() == [3]


def rows(many: int = 3, **given: str) -> list[list[str]]:
    said = {"programme": "Career Bridge", "cohort": "2005", "division": "Toronto Water", "permanent": "", **given}
    return [
        [
            *(f"Ana Silva{n}", f"intern{n}@mail.example", "Law", said["programme"], said["cohort"]),
            *(said["division"], str(HIRED + dt.timedelta(days=n)), said["permanent"]),
        ]
        for n in range(1, many + 1)
    ]


def test_a_file_of_placements_is_told_by_its_header_and_the_same_file_twice_changes_nothing(
    session: Session, cohort: Cohort
) -> None:
    data = files.csv(HEAD, *rows(division="Fleet Services"))
    seen = imports.preview(session, data, "list.csv", by=OPERATOR)
    assert (seen.kind, len(seen.new), seen.new_divisions) == (imports.Kind.PLACEMENTS, 3, ("Fleet Services",))
    assert seen.summary() == "3 placements: 3 new, 0 changed, 0 unchanged; 0 refused, 0 repeats"
    done = imports.apply(session, data, "list.csv", by=OPERATOR)
    assert (done.added, done.changed) == (3, 0)
    assert figures.figure(session, Scope(cohort.programme_id, make.today()), "placed").count == 3
    assert set(session.scalars(select(Mentee.ready_on))) == {None}  # they wait for no mentor
    audit.close(session)
    before = audit.head(session)
    again = imports.apply(session, data, "list.csv", by=OPERATOR)
    assert (again.added, again.changed, len(again.preview.unchanged)) == (0, 0, 3)
    audit.close(session)
    assert audit.head(session) == before


def test_a_later_file_changes_what_it_says_and_leaves_what_it_does_not(session: Session, cohort: Cohort) -> None:
    imports.apply(session, files.csv(HEAD, *rows(1)), "list.csv", by=OPERATOR)
    later = str(HIRED + dt.timedelta(days=60))
    data = files.csv(HEAD, *rows(1, division="", permanent=later))
    assert [(c.field, c.before) for c in imports.preview(session, data, "b.csv", by=OPERATOR).changed["2"]] == [
        ("permanent_on", None)
    ]
    assert imports.apply(session, data, "b.csv", by=OPERATOR).changed == 1
    (row,) = placing.participants(session, cohort.id, by=OPERATOR).rows.to_dict("records")
    assert (row["division"], str(row["permanent_on"])) == ("Toronto Water", later)


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        (1, "nobody", "bad email"),
        (0, "", "missing name"),
        (2, "Alchemy", "unknown group"),
        (3, "Career Brdge", "unknown programme"),
        (4, "1999", "unknown cohort"),
        (6, "", "bad date"),
        (6, str(BEGINS - dt.timedelta(days=2)), "before the cohort"),
        (6, str(make.today() + dt.timedelta(days=2)), "future date"),
        (7, str(BEGINS), "permanent before hired"),
        (5, "=1+1", "formula"),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_the_others_stand(
    session: Session, cohort: Cohort, place: int, value: str, code: str
) -> None:
    lines = rows(3)
    lines[1][place] = value
    seen = imports.preview(session, files.csv(HEAD, *lines), "placements.csv", by=OPERATOR)
    assert [said[0] for said in seen.refused.values()] == [code]
    assert len(seen.new) == 2
    assert cohort.id


def test_without_a_cohort_named_it_is_the_one_that_ran_and_without_any_there_is_a_sentence(session: Session) -> None:
    make.programme(session)
    make.group(session, "Law")
    data = files.csv(HEAD, *rows(2, programme="", cohort=""))
    with pytest.raises(Invalid, match="There is no cohort of placements yet"):
        imports.preview(session, data, "list.csv", by=OPERATOR)
    number = intake(session).id
    assert imports.apply(session, data, "list.csv", by=OPERATOR).added == 2
    assert set(session.scalars(select(Placement.cohort_id))) == {number}


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MANAGER])
def test_host_divisions_are_shown_to_those_who_may_see_small_groups(staffed: Session, staff, role: Role) -> None:
    programme = staffed.scalars(select(Programme).where(Programme.name == "Co-Op Engineering")).one()
    found = placements.placed(staffed, Scope(programme.id, make.DEMO_DAY), by=staff[role]).hosts
    if role is Role.MANAGER:
        assert found.rows.empty
        assert found.absent
        return
    assert found.rows["hired"].sum() == 50
    assert found.rows["permanent"].sum() == 35
    assert found.finding == "Engineering & Construction Services and Toronto Water hired most, 17 each"


def test_the_sheet_of_2006_tells_of_the_sister_programmes_as_published(staffed: Session, staff) -> None:
    made = sheet(staffed, by=staff[Role.COORDINATOR], cohort="2006", as_of=dt.date(2006, 9, 21))
    section = made.panels[-1]
    assert section.name == "Sister programmes"
    assert section.finding == "Co-Op Engineering hired 50 and Career Bridge 11"
    assert [(item.text, item.part) for item in section.items] == [("50", ""), ("70 %", "35 of 50"), ("11", "")]
    assert section.items[2].label == "hired, Career Bridge 2005; 10 committed"
    of_2005 = sheet(staffed, by=staff[Role.COORDINATOR], cohort="2005", as_of=dt.date(2005, 12, 31)).panels[-1]
    assert [item.text for item in of_2005.items] == ["50", "70 %", "2", "11"]
    for one, pages in ((made, 2), (sheet(staffed, by=staff[Role.COORDINATOR], cohort="2005", as_of=OLD), 1)):
        assert len(PdfReader(io.BytesIO(pdf(one))).pages) == pages
    now = sheet(staffed, by=staff[Role.COORDINATOR])
    assert "Sister programmes" not in [panel.name for panel in now.panels]


def test_the_public_sheet_prints_sister_programmes_protected(staffed: Session, staff) -> None:
    made = sheet(staffed, by=staff[Role.MANAGER], cohort="2006", as_of=dt.date(2006, 9, 21), mode=Mode.PUBLIC)
    assert all(item.figure.protected for item in made.panels[-1].items if item.figure.unit == "%")
    assert [item.figure.value for item in made.panels[-1].items if item.figure.unit == "people"] == [50, 11]


def test_the_published_facts_still_hold(demo: Session) -> None:
    assert [line.id for line in record.reconcile(demo, by=OPERATOR) if not line.holds] == []


@pytest.fixture
def page(opened) -> Iterator:
    return opened(COHORTS, programme="Career Bridge", cohort="2005")


def test_the_page_enters_a_participant_and_a_commitment(page) -> None:
    assert "11 participants" in words(page)
    assert "13 hired in two cohorts, 11 of them in 2005" in words(page)
    page.button(key="commit").click().run()
    page.number_input[0].set_value(15)
    next(button for button in page.button if button.label == "Save").click().run()
    assert not page.exception
    assert "Committed in 2005: 15." in words(page)
    assert "against a commitment of 15" in words(page)
    page.button(key="place_add").click().run()
    page.text_input(key="place_email").set_value("not an address")
    next(button for button in page.button if button.label == "Add").click().run()
    assert "Hired on: the day is missing" in words(page)
    page.text_input(key="place_email").set_value("ana.silva@mail.example")
    page.text_input(key="place_first").set_value("Ana")
    page.text_input(key="place_last").set_value("Silva")
    page.selectbox(key="place_group").set_value("Engineering")
    page.date_input(key="place_hired_new").set_value(dt.date(2005, 6, 1))
    next(button for button in page.button if button.label == "Add").click().run()
    assert not page.exception
    assert "Placed: Ana Silva, from 1 June 2005." in words(page)
    assert "12 participants" in words(page)
    with reading() as session:
        ref = session.scalars(select(Mentee.ref).where(Mentee.email_key == "ana.silva@mail.example")).one()
    page.query_params["place"] = ref
    page.run()
    assert "Ana Silva, Engineering" in words(page).replace("*", "")
    next(button for button in page.button if "remove" in button.label).click().run()
    assert not page.exception
    assert "11 participants" in words(page)


def test_the_page_of_an_earlier_day_or_of_a_manager_enters_nothing(opened) -> None:
    for asked in ({"as_of": "2005-12-31"}, {"role": Role.MANAGER}):
        found = opened(COHORTS, programme="Career Bridge", cohort="2005", **asked)
        assert "participants" not in words(found)
        assert "Hired" in words(found)
