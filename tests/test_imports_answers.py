"""Answers to a survey out of a file: previewed, refused cell by cell, stored once."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ImportRun, Mentee, Role, SurveyResponse
from services import answering, survey_links, surveys
from services.counting import figures
from services.counting.figure import Scope
from services.errors import Invalid, NotAllowed
from services.imports import Kind, apply, preview
from services.surveys import Question
from tests import asked, coached, make


def prepared(session: Session, many: int = 3):
    _, cohort = coached.programme_and_cohort(session)
    cora = make.actor(session)
    matches = asked.ended(session, cohort, many=many, ago=20)
    survey = asked.survey(session, cora, cohort)
    more = [*survey.questions, Question("what_helped", "What helped most?", "words")]
    survey = surveys.edit(session, survey.id, survey.name, more, by=cora)
    return cora, cohort, survey, [session.get_one(Mentee, match.mentee_id).email for match in matches]


def written(*rows: tuple[str, ...], header: str = "E-mail,Day,positive,What helped most?") -> bytes:
    return "\n".join([header, *(",".join(row) for row in rows)]).encode()


def test_a_file_of_answers_is_told_by_its_columns_and_stored_once(session: Session) -> None:
    cora, cohort, _, (one, two, three) = prepared(session)
    day = make.today().isoformat()
    data = written((one.upper(), day, "Yes", "The talks"), (two, day, "no", ""), (three, day, "agree", "-"))
    seen = preview(session, data, "answers.csv", by=cora)
    assert (seen.kind, seen.new, seen.problems, seen.missing) == (Kind.ANSWERS, ("2", "3", "4"), (), ())
    assert [column.field for column in seen.columns] == ["email", "answered_on", "asks positive", "asks what_helped"]
    assert any("Mentees, at the end" in warning for warning in seen.warnings)
    done = apply(session, data, "answers.csv", by=cora)
    assert (done.added, done.changed) == (3, 0)
    figure = figures.figure(session, Scope(cohort.programme_id, make.today(), cohort.id), "survey:positive")
    assert (figure.numerator, figure.base) == (2, 3)
    runs = session.scalars(select(ImportRun.kind)).all()
    again = apply(session, data, "answers.csv", by=cora)
    assert (again.added, again.changed, again.preview.unchanged) == (0, 0, ("2", "3", "4"))
    assert session.scalars(select(ImportRun.kind)).all() == runs == ["answers"]


def test_another_answer_is_a_change_that_the_preview_tells(session: Session) -> None:
    cora, _, _, (one, *_) = prepared(session)
    day = make.today().isoformat()
    apply(session, written((one, day, "yes", "")), "a.csv", by=cora)
    seen = preview(session, written((one, day, "no", "Talks")), "b.csv", by=cora)
    told = [(change.field, change.before, change.after) for change in seen.changed["2"]]
    assert told == [("asks positive", "agrees", "does not agree"), ("asks what_helped", "", "Talks")]
    apply(session, written((one, day, "no", "Talks")), "b.csv", by=cora)
    rows = session.scalars(select(SurveyResponse).order_by(SurveyResponse.id))
    assert [(row.agrees, row.words) for row in rows] == [(False, None), (None, "Talks")]


def test_every_bad_cell_is_told_with_its_column_and_its_row_stays_out(session: Session) -> None:
    cora, _, _, (one, two, three) = prepared(session)
    day = make.today().isoformat()
    data = written(
        (one, day, "perhaps", ""),
        (two, "", "yes", ""),
        ("nobody@mail.example", day, "yes", ""),
        (three, "2999-01-01", "yes", "=1+1"),
        (three, day, "yes", ""),
        (three, day, "no", ""),
    )
    seen = preview(session, data, "answers.csv", by=cora)
    assert {(problem.row, problem.code, problem.column) for problem in seen.problems} == {
        ("2", "neither yes nor no", "positive"),
        ("3", "missing day", "Day"),
        ("4", "unknown person", "E-mail"),
        ("5", "future date", "Day"),
        ("5", "formula", "What helped most?"),
    }
    assert (seen.new, seen.repeats) == (("6",), {"7": "6"})
    assert apply(session, data, "answers.csv", by=cora).added == 1


def test_what_somebody_answered_by_their_own_link_stays(session: Session) -> None:
    cora, _, survey, (one, *_) = prepared(session)
    made = survey_links.make(session, survey.id, by=cora)
    token = next(link.address for link in made if link.email == one).partition("token=")[2]
    assert answering.answer(session, token, {"positive": True}, address=None)
    day = make.today().isoformat()
    assert preview(session, written((one, day, "yes", "")), "a.csv", by=cora).unchanged == ("2",)
    (problem,) = preview(session, written((one, day, "no", "")), "a.csv", by=cora).problems
    assert (problem.code, problem.column) == ("answered by link", "positive")


def test_whoever_answered_by_file_has_no_link_any_more(session: Session) -> None:
    cora, _, survey, (one, *_) = prepared(session)
    made = survey_links.make(session, survey.id, by=cora)
    token = next(link.address for link in made if link.email == one).partition("token=")[2]
    apply(session, written((one, make.today().isoformat(), "no", "")), "a.csv", by=cora)
    assert answering.look(session, token, address=None) is None


def test_the_survey_can_be_chosen_and_a_column_mapped_by_hand(session: Session) -> None:
    cora, cohort, survey, (one, *_) = prepared(session)
    later = make.cohort(session, session.get_one(make.Programme, cohort.programme_id))
    newer = asked.survey(session, cora, later)
    data = written((one, make.today().isoformat(), "yes"), header="E-mail,Day,Q1")
    seen = preview(session, data, "a.csv", by=cora, kind=Kind.ANSWERS, survey=survey.id)
    assert (seen.missing, set(seen.surveys)) == (("a question",), {survey.id, newer.id})
    seen = preview(
        session, data, "a.csv", by=cora, kind=Kind.ANSWERS, survey=survey.id, mapping={"Q1": "asks positive"}
    )
    assert (seen.missing, seen.new) == ((), ("2",))


def test_without_a_survey_there_is_nothing_to_answer(session: Session) -> None:
    cora = make.actor(session)
    make.cohort(session)
    with pytest.raises(Invalid, match="no survey"):
        preview(session, written(("a@b.example", "2026-01-01", "yes", "")), "a.csv", by=cora, kind=Kind.ANSWERS)


@pytest.mark.parametrize("role", [Role.COACH, Role.MANAGER, Role.PRESENTER])
def test_only_who_imports_imports_answers(session: Session, role: Role) -> None:
    by = make.actor(session, role)
    with pytest.raises(NotAllowed):
        apply(session, b"x", "a.csv", by=by, kind=Kind.ANSWERS)
