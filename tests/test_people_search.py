"""Search: what is remembered of a person is enough to find them."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from db.models import Mentee, Mentor, Role
from services import people_list, reading, transaction
from services.access import OPERATOR
from services.counting.people import Standing
from services.errors import NotAllowed
from services.imports.words import fold
from services.kinds import Kind
from services.people_list import Wanted
from services.people_search import near
from tests import make

PEOPLE = (
    ("Jürgen", "Müller"),
    ("Thị Mai", "Nguyễn"),
    ("Łukasz", "Wójcik"),
    ("Adaeze", "Okafor"),
    ("Sinéad", "O’Brien"),
    ("María", "de la Cruz"),
    ("Ann-Marie", "Smith"),
    ("İpek", "Yıldız"),
)


@pytest.fixture
def known(any_desk: str) -> None:
    with transaction() as session:
        make.cohort(session)
        group = make.group(session, "Engineering")
        for number, (first, last) in enumerate(PEOPLE):
            made = make.mentor if number % 2 else make.mentee
            made(session, group, first_name=first, last_name=last, email=f"p{number}.{fold(last)[:4]}@mail.example")


def found(text: str, wanted: Wanted = Wanted()) -> list[str]:  # noqa: B008
    with reading() as session:
        return list(people_list.people(session, wanted, by=OPERATOR, text=text).rows["name"])


REMEMBERED = {
    "Muller": "Jürgen Müller",
    "MÜLLER": "Jürgen Müller",
    "Mueler jurgen": "Jürgen Müller",
    "Nguyen": "Thị Mai Nguyễn",
    "Nguyen Thi Mai": "Thị Mai Nguyễn",
    "mai nguyne": "Thị Mai Nguyễn",
    "Okafor Adaeze": "Adaeze Okafor",
    "Okafro": "Adaeze Okafor",
    "kOafor": "Adaeze Okafor",
    "wojcik": "Łukasz Wójcik",
    "lukasz wojick": "Łukasz Wójcik",
    "obrien": "Sinéad O’Brien",
    "delacruz": "María de la Cruz",
    "cruz de la maria": "María de la Cruz",
    "annmarie": "Ann-Marie Smith",
    "yildiz": "İpek Yıldız",
    "oka": "Adaeze Okafor",
    "kafo": "Adaeze Okafor",
    "p3.okaf": "Adaeze Okafor",
    "okaf@mail": "Adaeze Okafor",
}
HOSTILE = (
    "%",
    "_",
    "'; DROP TABLE mentor; --",
    "a" * 5000,
    "\x00",
    "🙂",
    "\\",
    "((((",
    "1%4%6%5",
    "zzzz",
    "okafor law",
)


def test_a_name_is_found_as_it_is_remembered(known: None) -> None:
    assert {typed: found(typed)[:1] for typed in REMEMBERED} == {typed: [name] for typed, name in REMEMBERED.items()}
    assert len(found("")) == len(PEOPLE)


def test_nothing_that_is_typed_breaks_the_search(known: None) -> None:
    everybody = found("")
    for typed in HOSTILE:
        assert found(typed) in ([], everybody), typed


def test_the_digits_of_a_phone_are_enough_however_it_was_written(any_desk: str) -> None:
    with transaction() as session:
        make.cohort(session)
        make.mentor(session, make.group(session), first_name="Grace", last_name="Fraser", phone="+1 (416) 555-01.79")
    for typed in ("4165550179", "555 0179", "416-555", "(416) 555"):
        assert found(typed) == ["Grace Fraser"], typed
    assert found("4165550178") == []
    assert found("79") == []


def test_the_same_comes_first_then_what_begins_so_then_what_is_near(any_desk: str) -> None:
    with transaction() as session:
        make.cohort(session)
        group = make.group(session)
        for last in ("Joness", "Jonas", "Jones", "Jonesson"):
            make.mentee(session, group, first_name="Ida", last_name=last)
    assert found("jones") == ["Ida Jones", "Ida Joness", "Ida Jonesson", "Ida Jonas"]
    with reading() as session:
        rows = people_list.people(session, Wanted(), by=OPERATOR, text="jones").rows
    assert list(rows["matched"]) == ["Name", "Name", "Name", "Name, nearly"]


def test_a_name_that_hundreds_bear_leaves_room_for_the_same_one(any_desk: str) -> None:
    with transaction() as session:
        make.cohort(session)
        group = make.group(session)
        for number in range(320):
            make.mentee(session, group, first_name=f"A{number}", last_name=f"Liang{number:03}")
        make.mentee(session, group, first_name="Zoe", last_name="Lian")
    assert found("lian")[0] == "Zoe Lian"


def test_filters_hold_for_what_is_searched_too(known: None) -> None:
    assert found("okafor", Wanted(kind=Kind.MENTEE)) == []
    assert found("okafor", Wanted(kind=Kind.MENTOR, standing=Standing.FREE, group="Engineering")) == ["Adaeze Okafor"]
    assert found("okafor", Wanted(group="Law")) == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_nobody_but_a_coordinator_may_search(session: Session, role: Role) -> None:
    make.cohort(session)
    with pytest.raises(NotAllowed):
        people_list.people(session, Wanted(), by=make.actor(session, role), text="okafor")


#: Each folds to one letter.
LETTERS = st.text("abcdefghijklmnoprstuvwyzéüñł", min_size=4, max_size=14)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(name=LETTERS, at=st.integers(0, 12))
def test_any_two_neighbouring_letters_may_be_exchanged(name: str, at: int) -> None:
    at %= len(name) - 1
    swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    assert fold(name) in near(fold(swapped), [fold(name), "somebody", "else"])


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_swapped_letter_finds_its_person_on_both_engines(draft: Session, data: st.DataObject) -> None:
    if draft.in_transaction():
        draft.rollback()
    make.cohort(draft)
    group = make.group(draft)
    name = data.draw(st.text("abcdefghiklmnoprstuz", min_size=4, max_size=12))
    at = data.draw(st.integers(0, len(name) - 2))
    make.mentee(draft, group, first_name="Qwxyv", last_name=name.capitalize())
    swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    rows = people_list.people(draft, Wanted(), by=OPERATOR, text=f"{swapped} qwxyv").rows
    assert f"Qwxyv {name.capitalize()}" in list(rows["name"])
    draft.rollback()


def test_the_list_is_paged_in_the_order_of_last_names(any_desk: str) -> None:
    with transaction() as session:
        make.cohort(session)
        group = make.group(session)
        for number in range(70):
            (make.mentor if number % 2 else make.mentee)(session, group, first_name="A", last_name=f"N{number:03}")
    with reading() as session:
        first, second = (people_list.people(session, Wanted(), by=OPERATOR, page=page) for page in (1, 2))
        beyond = people_list.people(session, Wanted(), by=OPERATOR, page=99)
    assert (first.total, first.pages, len(first.rows), len(second.rows)) == (70, 2, 50, 20)
    assert [*first.rows["name"], *second.rows["name"]] == [f"A N{number:03}" for number in range(70)]
    assert beyond.page == 2


def test_each_standing_lists_those_who_stand_there(any_desk: str) -> None:
    with transaction() as session:
        cohort, group = make.cohort(session), make.group(session)
        full, free = make.mentor(session, group, capacity=1), make.mentor(session, group, capacity=2)
        gone = make.mentor(session, group, withdrawn_on=make.today() - dt.timedelta(days=1))
        waiting, matched, later = (make.mentee(session, group) for _ in range(3))
        make.mentee(session, group, ready_on=None)
        make.match(session, cohort, full, matched)
        make.match(session, cohort, free, later)
        names = {who: f"{who.first_name} {who.last_name}" for who in (full, free, gone, waiting, matched, later)}
    expected = {
        Standing.WAITING: {waiting},
        Standing.PENDING: {full, free, matched, later},
        Standing.MATCHED: set(),
        Standing.COMPLETED: set(),
        Standing.WITHDRAWN: {gone},
        Standing.FREE: {free},
    }
    for standing, people in expected.items():
        assert sorted(found("", Wanted(standing=standing))) == sorted(names[who] for who in people), standing
    with reading() as session:
        rows = people_list.people(session, Wanted(), by=OPERATOR).rows.set_index("name")["standing"]
    said = {Mentor: ["1 of 2 free", "Full, 1", "Withdrawn"], Mentee: ["Pending", "Pending", "Waiting, 40 d"]}
    assert sorted(rows[names[who]] for who in (full, free, gone)) == said[Mentor]
    assert sorted(rows[names[who]] for who in (waiting, matched, later)) == said[Mentee]
