"""The Outcomes page clicked through: findings and their undo, the questions of a survey; and answers on Import."""

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from db.models import Mentee, Outcome, Role
from db.settings import ROOT
from services import reading, surveys, transaction
from services.surveys import Question
from tests import asked, coached, files, make
from tests.pages import signed_in, words

PAGE, IMPORT = "pages/desk/follow_up.py", "pages/setup/imports.py"


def found() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(Outcome)) or 0


def opened(script: str, **asked_for: str) -> AppTest:
    """A page as a coordinator comes to it from Today."""
    page = signed_in(Role.COORDINATOR, "pages/desk/today.py")
    for name, value in asked_for.items():
        page.query_params[name] = value
    page.switch_page(script).run()
    assert not page.exception
    return page


def name_of(session, match) -> str:
    mentee = session.get_one(Mentee, match.mentee_id)
    return f"{mentee.first_name} {mentee.last_name}"


@pytest.mark.usefixtures("desk")
def test_a_click_records_what_was_found_and_another_takes_it_back() -> None:
    with transaction() as session:
        _, cohort = coached.programme_and_cohort(session)
        late, later = (asked.ended(session, cohort, ago=ago)[0] for ago in (220, 200))
        first, second = name_of(session, late), name_of(session, later)
        ref = session.get_one(Mentee, later.mentee_id).ref
    page = opened(PAGE)
    assert page.header[0].value == first
    assert "2** overdue" in words(page)
    page.button(key="found_employed_in_field").click().run()
    assert f"{first}: in their field" in words(page)
    assert (page.header[0].value, found()) == (second, 1)
    page.button(key="undo_follow_up").click().run()
    assert f"Taken back: {first}" in words(page)
    assert (page.header[0].value, found()) == (first, 0)
    assert "undo_follow_up" not in {button.key for button in page.button}
    assert not page.exception
    assert opened(PAGE, mentee=ref).header[0].value == second


@pytest.mark.usefixtures("desk")
def test_a_coach_sees_and_records_those_of_the_own_agency() -> None:
    with transaction() as session:
        _, cohort = coached.programme_and_cohort(session)
        ours, theirs = (coached.coach(session, make.agency(session)) for _ in range(2))
        (mine,), (foreign,) = (asked.ended(session, cohort, coach) for coach in (ours, theirs))
        who, other = name_of(session, mine), session.get_one(Mentee, foreign.mentee_id)
        farah = coached.signed_in(session, ours)
        ref, theirs_name = other.ref, name_of(session, foreign)
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=40)
    page.user = {"sub": farah.login_ref}
    page.run()
    page.query_params["mentee"] = ref
    page.switch_page(PAGE).run()
    assert page.header[0].value == who
    assert theirs_name not in words(page)
    page.button(key="found_looking").click().run()
    assert "Nobody is to be asked now" in words(page)
    assert found() == 1


@pytest.mark.usefixtures("desk")
def test_questions_are_edited_saved_and_stay_once_somebody_answered() -> None:
    with transaction() as session:
        _, cohort = coached.programme_and_cohort(session)
        asked.ended(session, cohort, many=2, ago=20)
        cora = make.actor(session)
        survey = asked.survey(session, cora, cohort)
    page = opened(PAGE, outcomes_view="Surveys")
    assert "**2** have no link yet." in words(page)
    more = {"Question": "What helped most?", "Code": "what_helped", "Answered": "In words"}
    edits = {"edited_rows": {0: {"Question": "It was good for me."}}, "added_rows": [more], "deleted_rows": [2]}
    page.session_state[f"questions_{survey.id}"] = edits
    page.run()
    page.button(key=f"save_{survey.id}").click().run()
    assert "asks 3 questions now" in words(page)
    with reading() as session:
        (kept,) = surveys.of_cohort(session, cohort.id, by=cora)
        assert [question.code for question in kept.questions] == ["positive", "better_prepared", "what_helped"]
        assert kept.questions[0].wording == "It was good for me."
        assert kept.questions[2] == Question("what_helped", "What helped most?", "words")


@pytest.mark.usefixtures("desk")
def test_on_import_the_survey_of_answers_is_chosen_and_stored() -> None:
    with transaction() as session:
        programme, cohort = coached.programme_and_cohort(session)
        later = make.cohort(session, programme)
        cora = make.actor(session)
        (match,) = asked.ended(session, cohort, ago=20)
        address = session.get_one(Mentee, match.mentee_id).email
        older, newer = (asked.survey(session, cora, one) for one in (cohort, later))
    page = opened(IMPORT)
    data = files.csv(("E-mail", "Day", "positive"), [address, make.today(), "yes"])
    page.file_uploader(key="import_files").set_value([("answers.csv", data, "")]).run()
    box = next(box for box in page.selectbox if box.label == "Answers to")
    assert (box.value, set(box.options)) == (newer.id, {f"{one.name}, {one.cohort}" for one in (older, newer)})
    assert "1 refused" in words(page)
    box.set_value(older.id).run()
    assert "1 answers: 1 new, 0 changed, 0 unchanged; 0 refused" in words(page)
    next(button for button in page.button if button.label.startswith("Apply")).click().run()
    assert not page.exception
    with reading() as session:
        assert surveys.results(session, older.id, make.today(), by=cora).response.numerator == 1
        assert surveys.results(session, newer.id, make.today(), by=cora).response.numerator in (0, None)
