"""People's own words beside the lists: what is asked, what is offered, and that only an answer counts."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, true
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db.models import (
    About,
    MatchState,
    Mentor,
    OccupationalGroup,
    OwnWords,
    Place,
    Programme,
    Role,
    Speciality,
    TrailEntry,
)
from services import audit, confirming, places, pool, reading, specialities, suggest, transaction
from services.access import OPERATOR, Actor
from services.confirming import Question
from services.errors import Conflict, Invalid, NotAllowed
from tests import make

LIST = ("Roads and transportation", "Structures and bridges", "Water and wastewater")


def listed(session: Session, *names: str) -> tuple[Programme, OccupationalGroup]:
    programme, group = make.programme(session), make.group(session)
    for name in names or LIST:
        specialities.add(session, name, by=OPERATOR, group_id=group.id)
    return programme, group


def keep(session: Session, row: object) -> None:
    session.add(row)
    session.flush()
    audit.record(session, OPERATOR, "made for a test", "own words")


def asked(session: Session, programme: Programme, group: OccupationalGroup, page: int = 0) -> list[Question]:
    found = confirming.questions(session, by=OPERATOR, programme_id=programme.id, group_id=group.id, page=page)
    return list(found.rows)


def answer(session: Session, question: Question, entry: str | None, programme: Programme) -> confirming.Answer:
    return confirming.answer(session, question, entry, by=OPERATOR, programme_id=programme.id)


def told(session: Session) -> list[list[str]]:
    """Specialities of all mentors and mentees, as the engine gets them."""
    return [*pool.mentors(session, true(), None)["specialities"], *pool.mentees(session, true())["specialities"]]


def test_nothing_counts_before_somebody_says_so(any_desk: str) -> None:
    with transaction() as session:
        programme, group = listed(session)
        make.mentee(session, group, title="Bridge structures engineer")
        (question,) = asked(session, programme, group)
        assert question.offers[0] == "Structures and bridges"
        assert told(session) == [[]]
        answer(session, question, "Structures and bridges", programme)
        assert told(session) == [["Structures and bridges"]]
        assert asked(session, programme, group) == []
    with reading() as session:
        last = session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc()).limit(1)).one()
        assert (last.action, last.entity) == ("confirmed", "mentee")
        assert last.detail == {"about": "speciality", "words": None}
        assert audit.verify(session) == []


def test_none_of_these_is_an_answer_too_and_every_answer_can_be_taken_back(session: Session) -> None:
    programme, group = listed(session)
    make.mentor(session, group, title="Head of bridges")
    (question,) = asked(session, programme, group)
    audit.close(session)
    before = audit.head(session).seq
    for entry, then in ((None, [[]]), (LIST[1], [[LIST[1]]])):
        given = answer(session, question, entry, programme)
        assert (told(session), asked(session, programme, group)) == (then, [])
        confirming.take_back(session, given, by=OPERATOR)
        assert (told(session), asked(session, programme, group)) == ([[]], [question])
    audit.close(session)
    rows = session.scalars(select(TrailEntry).where(TrailEntry.seq > before)).all()
    assert {(row.entity, row.entity_id) for row in rows} == {(question.kind, question.person_id)}
    assert len(rows) == 2 * len(["answered", "taken back"])


def test_words_of_a_file_are_asked_first_and_stay_settled(session: Session) -> None:
    programme, group = listed(session)
    make.mentee(session, group, title="Engineer", ready_on=make.today() - dt.timedelta(days=300))
    mentor = make.mentor(session, group, title="Senior engineer", helps_with=["Licensing"])
    keep(session, OwnWords(mentor_id=mentor.id, about=About.SPECIALITY, words="puentes"))
    keep(session, OwnWords(mentor_id=mentor.id, about=About.GOAL, words="knowing people, networks"))
    first, second, third = asked(session, programme, group)
    assert [first.words, second.words, third.words] == ["puentes", "knowing people, networks", "Engineer"]
    answer(session, second, "Networking", programme)
    assert session.scalars(select(Mentor.helps_with)).one() == ["Licensing", "Networking"]
    answer(session, first, None, programme)
    # of the mentor there is the title still
    assert [question.words for question in asked(session, programme, group)] == ["Engineer", "Senior engineer"]


def test_taking_back_what_a_person_had_before_takes_nothing_away(session: Session) -> None:
    programme, group = listed(session)
    mentee = make.mentee(session, group, title="Bridges")
    answer(session, asked(session, programme, group)[0], LIST[1], programme)
    keep(session, OwnWords(mentee_id=mentee.id, about=About.SPECIALITY, words="puentes"))
    (question,) = asked(session, programme, group)
    confirming.take_back(session, answer(session, question, LIST[1], programme), by=OPERATOR)
    assert told(session) == [[LIST[1]]]


def test_only_people_who_may_be_matched_or_are_stand_there(session: Session) -> None:
    programme, group = listed(session)
    cohort = make.cohort(session, programme)
    yesterday = make.today() - dt.timedelta(days=1)
    make.mentor(session, group, title="Gone", withdrawn_on=yesterday)
    make.mentee(session, group, title="Gone too", withdrawn_on=yesterday)
    make.mentee(session, group, title=" ", goal=None)
    served = make.mentee(session, group, title="Served")
    match = make.match(session, cohort, make.mentor(session, group), served, days=100)
    for state in (MatchState.APPROVED, MatchState.ACTIVE):
        make.step(session, match, state)
    assert [question.words for question in asked(session, programme, group)] == ["Served"]
    make.step(session, match, MatchState.COMPLETED)
    assert asked(session, programme, group) == []


def test_of_two_who_answer_one_question_the_second_is_told(session: Session) -> None:
    programme, group = listed(session)
    make.mentee(session, group, title="Roads")
    (question,) = asked(session, programme, group)
    answer(session, question, LIST[0], programme)
    with pytest.raises(Conflict, match="settled this a moment ago"):
        answer(session, question, LIST[0], programme)


def test_an_answer_that_is_not_on_the_list_is_refused(session: Session) -> None:
    programme, group = listed(session)
    make.mentee(session, group, title="Roads")
    (question,) = asked(session, programme, group)
    with pytest.raises(Invalid, match="not on the list"):
        answer(session, question, "Falconry", programme)


def test_a_thousand_people_are_shown_twenty_at_a_time(session: Session) -> None:
    programme, group = listed(session)
    for n in range(45):
        make.mentee(session, group, title=f"Engineer {n}")
    pages = [asked(session, programme, group, page) for page in range(4)]
    assert [len(page) for page in pages] == [20, 20, 5, 0]
    assert len({question.person_id for page in pages for question in page}) == 45
    known = confirming.groups(session, by=OPERATOR, programme_id=programme.id)
    assert known[group.name] == (group.id, 45)


def test_a_name_on_the_list_is_changed_for_everyone_who_has_it(session: Session) -> None:
    programme, group = listed(session)
    make.mentee(session, group, title="Roads")
    answer(session, asked(session, programme, group)[0], LIST[0], programme)
    specialities.rename(session, LIST[0], "Roads", by=OPERATOR, group_id=group.id)
    assert told(session) == [["Roads"]]
    assert specialities.entries(session, by=OPERATOR, group_id=group.id) == ["Roads", *LIST[1:]]


@pytest.mark.parametrize(("name", "error"), [(" ", Invalid), ("x" * 81, Invalid), ("WATER & wastewater", Conflict)])
def test_a_list_has_each_name_once(session: Session, name: str, error: type[Exception]) -> None:
    _, group = listed(session)
    with pytest.raises(error):
        specialities.add(session, name, by=OPERATOR, group_id=group.id)
    with pytest.raises(error):
        specialities.rename(session, LIST[0], name, by=OPERATOR, group_id=group.id)


def test_places_are_added_changed_and_never_off_the_earth(any_desk: str) -> None:
    with transaction() as session:
        places.save(session, "Metro Hall", 43.65, -79.39, by=OPERATOR)
        places.save(session, "Metro Hall", 43.646, -79.389, by=OPERATOR, old="Metro Hall")
        make.mentor(session, make.group(session), office="metro  hall")
        make.mentor(session, make.group(session), office="The Annex")
        with pytest.raises(Conflict):
            places.save(session, "METRO HALL", 0, 0, by=OPERATOR)
        for wrong in (("", 0, 0), ("Pole", 91, 0), ("Sea", 0, 181)):
            with pytest.raises(Invalid):
                places.save(session, *wrong, by=OPERATOR)
    with reading() as session:
        assert places.places(session, by=OPERATOR).to_numpy().tolist() == [["Metro Hall", 43.646, -79.389]]
        assert places.unknown(session, by=OPERATOR) == ["The Annex"]
        assert session.scalar(select(func.count()).select_from(Place)) == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_nobody_else_sees_or_changes_any_of_it(session: Session, role: Role) -> None:
    programme, group = listed(session)
    make.mentee(session, group, title="Roads")
    (question,) = asked(session, programme, group)
    by: Actor = make.actor(session, role)
    for act in (
        lambda: confirming.groups(session, by=by, programme_id=programme.id),
        lambda: confirming.questions(session, by=by, programme_id=programme.id, group_id=group.id),
        lambda: confirming.goals(session, by=by, programme_id=programme.id),
        lambda: confirming.answer(session, question, LIST[0], by=by, programme_id=programme.id),
        lambda: confirming.take_back(session, confirming.Answer(question, None), by=by),
        lambda: specialities.entries(session, by=by, group_id=group.id),
        lambda: specialities.add(session, "Bees", by=by, group_id=group.id),
        lambda: specialities.rename(session, LIST[0], "Bees", by=by, group_id=group.id),
        lambda: places.places(session, by=by),
        lambda: places.unknown(session, by=by),
        lambda: places.save(session, "Here", 0, 0, by=by),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert told(session) == [[]]


@pytest.mark.parametrize(
    "wrong",
    [
        *({"wish_years_from": -1}, {"wish_years_from": 5, "wish_years_to": 4}, {"wish_years_to": 100}),
        *({"limit_years_from": 9, "limit_years_to": 3}, {"limit_km": 0}, {"limit_km": 1001}),
    ],
)
def test_the_database_refuses_wishes_and_limits_that_cannot_be(draft: Session, wrong: dict[str, int]) -> None:
    group = make.group(draft)
    with pytest.raises(DBAPIError), draft.begin_nested():
        make.mentor(draft, group, **wrong)


@pytest.mark.parametrize("at", [(91, 0), (-91, 0), (0, 181), (0, -181)])
def test_the_database_refuses_places_that_are_not_on_earth(draft: Session, at: tuple[float, float]) -> None:
    with pytest.raises(DBAPIError), draft.begin_nested():
        draft.execute(insert(Place).values(name="Nowhere", latitude=at[0], longitude=at[1]))


def test_the_database_keeps_each_name_of_a_list_once(draft: Session) -> None:
    group = make.group(draft)
    with pytest.raises(DBAPIError), draft.begin_nested():
        draft.execute(insert(Speciality), [{"group_id": group.id, "name": "Roads"} for _ in range(2)])


@settings(max_examples=25, deadline=None, derandomize=True)
@given(words=st.lists(st.text(max_size=30), max_size=4), entries=st.lists(st.text(min_size=1), unique=True, max_size=6))
def test_whatever_people_wrote_at_most_three_entries_of_the_list_are_offered(
    words: list[str], entries: list[str]
) -> None:
    offers = suggest.nearest(words, entries)
    assert len(offers) == len(words)
    assert all(len(offer) <= 3 and set(offer) <= set(entries) for offer in offers)


def test_the_very_words_of_an_entry_offer_it_first() -> None:
    assert [offer[0] for offer in suggest.nearest(LIST, LIST)] == list(LIST)


@pytest.mark.skipif(not suggest.by_meaning(), reason="the sentence encoder is not installed")
@pytest.mark.parametrize("words", ["drinking water pipes and pumps", "tuberías de agua potable", "eau potable"])
def test_words_of_other_languages_are_understood(words: str) -> None:
    assert suggest.nearest([words], LIST)[0][0] == "Water and wastewater"


def test_words_that_are_close_to_nothing_offer_nothing() -> None:
    assert suggest.nearest(["xqzt"], ["Water"]) in ([[]], [["Water"]] if suggest.by_meaning() else [[]])
