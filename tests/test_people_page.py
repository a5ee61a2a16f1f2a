"""The People page: what it shows, what it keeps out of the address, and what a refused edit leaves on the screen."""

from pathlib import Path

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db.models import Match, MatchState, Mentor, OccupationalGroup, Role
from services import reading, transaction
from tests import make
from tests.pages import Open, opened, signed_in, words

__all__ = ["opened"]
PAGE = "pages/desk/people.py"


@pytest.fixture
def two(desk: str) -> tuple[str, str]:
    """References of a mentor and of the mentee proposed to them."""
    with transaction() as session:
        group = make.group(session, "Engineering")
        mentor = make.mentor(session, group, first_name="Grace", last_name="Fraser")
        mentee = make.mentee(session, group, first_name="Thị Mai", last_name="Nguyễn")
        make.match(session, make.cohort(session), mentor, mentee)
        return mentor.ref, mentee.ref


def names(page: AppTest) -> list[str]:
    return list(page.dataframe[0].value["Name"])


def test_what_is_searched_never_stands_in_the_address(two: tuple[str, str]) -> None:
    page = signed_in(Role.COORDINATOR, PAGE)
    assert names(page) == ["Grace Fraser", "Thị Mai Nguyễn"]
    page.text_input(key="people_search").input("nguyen thi").run()
    assert names(page) == ["Thị Mai Nguyễn"]
    assert "nguyen" not in str(dict(page.query_params)).lower()


def test_the_filters_of_the_address_hold_and_lead_back_to_it(two: tuple[str, str]) -> None:
    page = signed_in(Role.COORDINATOR, PAGE, kind="mentor", standing="free", occupation="Engineering")
    assert names(page) == ["Grace Fraser"]
    page.selectbox(key="people_standing").select("withdrawn").run()
    assert page.query_params["standing"] == "withdrawn"
    assert "Nobody is found" in words(page)


def test_a_profile_shows_facts_and_matches_with_the_way_to_their_card(two: tuple[str, str]) -> None:
    page = signed_in(Role.COORDINATOR, PAGE, person=two[1])
    assert "Thị Mai Nguyễn" in words(page)
    assert "Matches, 1" in words(page)
    assert "Grace Fraser" in page.expander[0].label
    assert "There is no such person" in words(signed_in(Role.COORDINATOR, PAGE, person="0123456789abcdef"))


def test_a_refused_edit_keeps_what_was_typed_and_a_good_one_is_told(two: tuple[str, str]) -> None:
    page = signed_in(Role.COORDINATOR, PAGE, person=two[0])
    page.button(key="person_edit").click().run()
    page.text_input(key=f"edit_title_{two[0]}").input("Chief planner")
    page.text_input(key=f"edit_email_{two[0]}").input("no address")
    save = next(button for button in page.button if button.label == "Save")
    save.click().run()
    assert not page.exception
    assert "E-mail: Write one address" in words(page)
    assert page.text_input(key=f"edit_title_{two[0]}").value == "Chief planner"
    page.text_input(key=f"edit_email_{two[0]}").input("grace.f@toronto.example")
    next(button for button in page.button if button.label == "Save").click().run()
    assert not page.exception
    with reading() as session:
        assert session.scalar(select(Mentor.title)) == "Chief planner"


def test_a_withdrawal_says_first_what_it_closes(two: tuple[str, str]) -> None:
    page = signed_in(Role.COORDINATOR, PAGE, person=two[0])
    page.button(key="person_withdraw").click().run()
    assert "Declined" in words(page)
    page.selectbox(key=f"why_{two[0]}").select("Moved away")
    next(b for b in page.button if b.label == "Withdraw" and b.key != "person_withdraw").click().run()
    assert not page.exception
    with reading() as session:
        assert session.scalar(select(Match.state)) is MatchState.DECLINED
    page = signed_in(Role.COORDINATOR, PAGE, person=two[0])
    assert "Withdrawn" in words(page)
    page.button(key="person_back").click().run()
    with reading() as session:
        assert session.scalar(select(Mentor.withdrawn_on)) is None


def test_two_entries_are_merged_after_they_stood_side_by_side(two: tuple[str, str]) -> None:
    with transaction() as session:
        group_id = session.scalar(select(Mentor.group_id))
        other = Mentor(
            first_name="Grace", last_name="Fraser", email="g@x.example", email_key="g@x.example", group_id=group_id
        )
        session.add(other)
        make.group(session)
        ref = other.ref
    page = signed_in(Role.COORDINATOR, PAGE, view="Duplicates")
    assert list(page.dataframe[0].value["Alike in"]) == ["Name, occupation"]
    page = signed_in(Role.COORDINATOR, PAGE, **{"view": "Duplicates", "person": two[0], "with": ref})
    assert "This cannot be undone" in words(page)
    next(button for button in page.button if button.label == "Merge the two").click().run()
    assert not page.exception
    assert "are one entry now" in "".join(said.value for said in page.success)
    assert page.query_params["person"] == two[0]
    assert "was to an entry that was merged" in words(signed_in(Role.COORDINATOR, PAGE, person=ref))


def test_a_pair_that_is_two_people_leaves_the_list_and_comes_back(two: tuple[str, str]) -> None:
    with transaction() as session:
        group = session.scalars(select(OccupationalGroup)).one()
        other = make.mentor(session, group, first_name="Grace", last_name="Fraser").ref
    page = signed_in(Role.COORDINATOR, PAGE, **{"view": "Duplicates", "person": two[0], "with": other})
    page.button(key="merge_two_people").click().run()
    assert not page.exception
    assert "are marked as two people" in "".join(said.value for said in page.success)
    assert "No two entries look as if they were of one person" in words(page)
    assert "with" not in page.query_params
    address = {"view": "Duplicates", "pairs": "Marked as two", "person": two[0], "with": other}
    page = signed_in(Role.COORDINATOR, PAGE, **address)
    assert len(page.dataframe[0].value) == 1
    assert "marked on" in words(page)
    page.button(key="merge_two_people").click().run()
    assert len(page.dataframe[0].value) == 1
    assert "Alike in" in page.dataframe[0].value


def test_every_view_of_the_demo_stands(opened: Open, demo_file: Path) -> None:
    assert "mentees wait for a mentor" in words(opened(PAGE, view="Waitlist"))
    assert len(opened(PAGE, view="Duplicates").dataframe) == 1
    page = opened(PAGE)
    assert len(page.dataframe[0].value) == 50
    page.button(key="people_Next page").click().run()
    assert page.query_params["page"] == "2"
