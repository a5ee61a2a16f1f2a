"""Surveys: their questions, personal links that work once, and what both leave behind."""

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Mentee, Role, SurveyLink, SurveyResponse, TrailEntry
from services import answering, audit, clock, cookies, survey_links, surveys, transaction
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.exports import links as files
from services.sign_in import digest
from services.survey_links import Made
from services.surveys import Question
from tests import asked, coached, make

ALL = {"positive": True, "better_prepared": True, "more_confidence": False}
HOME = "203.0.113.7"


def token_of(made: Made) -> str:
    return made.address.partition("token=")[2]


def prepared(session: Session, many: int = 1):
    """A cohort of people whose match ended, a coordinator, and a survey of the mentees."""
    _, cohort = coached.programme_and_cohort(session)
    cora = make.actor(session)
    asked.ended(session, cohort, many=many, ago=20)
    return cora, cohort, asked.survey(session, cora, cohort)


def stands(session: Session, survey, by) -> list[str]:
    return list(survey_links.people(session, survey.id, by=by)["state"])


def test_a_survey_begins_with_the_published_questions_and_is_edited_until_somebody_answers(session: Session) -> None:
    cora, _, survey = prepared(session)
    assert [question.code for question in survey.questions] == list(ALL)
    wanted = [Question("positive", "It was good for me."), Question("what_helped", "What helped most?", "words")]
    survey = surveys.edit(session, survey.id, "At the end", wanted, by=cora)
    assert (survey.name, list(survey.questions)) == ("At the end", wanted)
    (made,) = survey_links.make(session, survey.id, by=cora)
    assert answering.answer(session, token_of(made), {"positive": True, "what_helped": " Talks "}, address=HOME)
    with pytest.raises(Conflict, match="Somebody has answered"):
        surveys.edit(session, survey.id, "At the end", wanted[:1], by=cora)
    surveys.edit(session, survey.id, "At the very end", wanted, by=cora)
    found = surveys.results(session, survey.id, make.today(), by=cora)
    assert (found.response.numerator, found.response.base, found.response.text) == (1, 1, "100 %")
    assert [(question.code, figure.numerator, figure.base) for question, figure in found.rates] == [("positive", 1, 1)]
    assert [list(words["words"]) for _, words in found.words] == [["Talks"]]


@pytest.mark.parametrize(
    ("questions", "says"),
    [
        ([], "1 to 20"),
        ([Question("Two words", "Well?")], "is no code"),
        ([Question("a", " ")], "Word the question"),
        ([Question("a", "Well?"), Question("a", "Ill?")], "stands twice"),
        ([Question("a", "Well?", "numbers")], "in words"),
        ([Question("mentor_again", "Again?")], "asked in «Mentors, at the end» already"),
    ],
)
def test_questions_that_cannot_be_asked_are_refused(session: Session, questions, says: str) -> None:
    cora, cohort, survey = prepared(session)
    asked.survey(session, cora, cohort, "mentor")
    with pytest.raises(Invalid, match=says):
        surveys.edit(session, survey.id, survey.name, questions, by=cora)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_only_coordinators_keep_surveys_and_hand_out_links(session: Session, role: Role) -> None:
    _, cohort, survey = prepared(session)
    by = make.actor(session, role)
    for forbidden in (
        lambda: surveys.of_cohort(session, cohort.id, by=by),
        lambda: surveys.results(session, survey.id, make.today(), by=by),
        lambda: survey_links.people(session, survey.id, by=by),
        lambda: survey_links.make(session, survey.id, by=by),
        lambda: survey_links.end(session, survey.id, by=by),
    ):
        with pytest.raises(NotAllowed):
            forbidden()


def test_a_link_is_made_for_whoever_has_none_and_only_its_hash_is_kept(session: Session) -> None:
    cora, cohort, survey = prepared(session, many=3)
    made = survey_links.make(session, survey.id, by=cora)
    assert len({one.address for one in made}) == 3
    assert set(session.scalars(select(SurveyLink.token_hash))) == {digest(token_of(one)) for one in made}
    assert token_of(made[0]) not in repr(made)
    asked.ended(session, cohort, ago=5)
    coached.running(session, cohort, None)
    assert sorted(stands(session, survey, cora)) == ["none", "open", "open", "open"]
    assert len(survey_links.make(session, survey.id, by=cora)) == 1
    with pytest.raises(Conflict, match="Nobody is left"):
        survey_links.make(session, survey.id, by=cora)
    audit.close(session)
    said = str([row.detail for row in session.scalars(select(TrailEntry))])
    assert not any(token_of(one) in said or one.email in said for one in made)


def test_whoever_withdrew_stands_last_adds_up_with_the_rate_and_gets_no_link(session: Session) -> None:
    cora, _, survey = prepared(session, many=4)
    people = survey_links.people(session, survey.id, by=cora)
    first, second, third, _ = people["ref"]
    (out,) = survey_links.make(session, survey.id, by=cora, refs=[first])
    survey_links.make(session, survey.id, by=cora, refs=[second])
    survey_links.end(session, survey.id, by=cora, refs=[second])
    for mentee in session.scalars(select(Mentee).where(Mentee.ref.in_([first, second, third]))):
        mentee.withdrawn_on = make.today()
    audit.record(session, cora, "changed for a test", "mentee")
    people = survey_links.people(session, survey.id, by=cora)
    assert list(people["state"]) == ["none", "withdrew", "withdrew", "withdrew"]
    assert set(people.loc[people["has_left"], "ref"]) == {first, second, third}
    assert len(people) == surveys.results(session, survey.id, make.today(), by=cora).response.base
    with pytest.raises(Conflict, match="has withdrawn"):
        survey_links.make(session, survey.id, by=cora, refs=[first, second, third])
    assert len(survey_links.make(session, survey.id, by=cora)) == 1
    assert answering.look(session, token_of(out), address=HOME) is None
    assert stands(session, survey, cora) == ["open", "withdrew", "withdrew", "withdrew"]


def test_what_a_link_shows_names_nobody(session: Session) -> None:
    cora, _, survey = prepared(session)
    (made,) = survey_links.make(session, survey.id, by=cora)
    form = answering.look(session, token_of(made), address=HOME)
    assert form.questions == survey.questions
    assert not any(part in str(form) for part in (*made.name.split(), made.email, "agency"))


def used(session: Session, by, survey, made: Made, monkeypatch) -> str:
    assert answering.answer(session, token_of(made), ALL, address=HOME)
    return token_of(made)


def ended(session: Session, by, survey, made: Made, monkeypatch) -> str:
    assert survey_links.end(session, survey.id, by=by) == "One link was ended."
    return token_of(made)


def expired(session: Session, by, survey, made: Made, monkeypatch) -> str:
    later = clock.now() + dt.timedelta(days=survey_links.LASTS_DAYS)
    monkeypatch.setattr(clock, "now", lambda: later)
    return token_of(made)


def replaced(session: Session, by, survey, made: Made, monkeypatch) -> str:
    (ref,) = survey_links.people(session, survey.id, by=by)["ref"]
    (new,) = survey_links.make(session, survey.id, by=by, refs=[ref])
    assert answering.look(session, token_of(new), address=HOME)
    return token_of(made)


def withdrawn(session: Session, by, survey, made: Made, monkeypatch) -> str:
    (who,) = session.scalars(select(Mentee).where(Mentee.email == made.email))
    who.withdrawn_on, who.withdrawn_reason = make.today(), "Moved away"
    session.flush()
    assert stands(session, survey, by) == ["withdrew"]
    with pytest.raises(Conflict, match="Nobody is left"):
        survey_links.make(session, survey.id, by=by, refs=[who.ref])
    return token_of(made)


def wrong(session: Session, by, survey, made: Made, monkeypatch) -> str:
    return token_of(made)[:-1]


def none_at_all(session: Session, by, survey, made: Made, monkeypatch) -> str | None:
    return None


@pytest.mark.parametrize("spoil", [used, ended, expired, replaced, withdrawn, wrong, none_at_all])
def test_a_link_that_is_not_open_answers_like_one_that_never_was(
    session: Session, monkeypatch: pytest.MonkeyPatch, spoil: Callable[..., str | None]
) -> None:
    cora, _, survey = prepared(session)
    (made,) = survey_links.make(session, survey.id, by=cora)
    token = spoil(session, cora, survey, made, monkeypatch)
    before = len(session.scalars(select(SurveyResponse)).all())
    assert answering.look(session, token, address=HOME) is None
    assert answering.answer(session, token, ALL, address=HOME) is False
    assert len(session.scalars(select(SurveyResponse)).all()) == before


def test_guessing_closes_the_door_for_a_quarter_of_an_hour_at_that_address_only(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    cora, _, survey = prepared(session)
    (made,) = survey_links.make(session, survey.id, by=cora)
    for guess in range(30):
        assert answering.look(session, f"guess {guess}", address=HOME) is None
    assert answering.look(session, token_of(made), address=HOME) is None
    assert answering.answer(session, token_of(made), ALL, address=HOME) is False
    assert answering.look(session, token_of(made), address="198.51.100.2")
    later = clock.now() + dt.timedelta(minutes=15, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert answering.look(session, token_of(made), address=HOME)


def test_two_links_in_one_browser_are_not_mistaken_for_each_other() -> None:
    """A tab whose connection broke finds the link that it was opened by, whatever was opened since."""
    kept = None
    for token in ("first", "second", "no token at all", "second", "third"):
        kept = cookies.answer(token, kept).partition("=")[2].partition(";")[0]
    assert [cookies.answer_of(kept, cookies.link_of(token)) for token in ("first", "second")] == ["first", "second"]
    assert cookies.answer_of(kept, None) == "third"
    assert cookies.answer_of(kept, cookies.link_of("no token at all")) is None
    kept = cookies.answer("fourth", kept).partition("=")[2].partition(";")[0]
    assert cookies.answer_of(kept, cookies.link_of("first")) is None  # it says that it is not open, as any other


def test_tries_from_nowhere_known_shut_nobody_out(session: Session) -> None:
    """Behind a proxy that names no address everybody comes from the same one."""
    cora, _, survey = prepared(session)
    (made,) = survey_links.make(session, survey.id, by=cora)
    for guess in range(40):
        assert answering.look(session, f"guess {guess}", address=None) is None
    assert answering.look(session, token_of(made), address=None)


def test_words_with_letters_that_no_database_stores_are_stored_without_them(any_desk: str) -> None:
    with transaction() as session:
        cora, _, survey = prepared(session)
        surveys.edit(session, survey.id, "Words", [Question("helped", "What helped?", "words")], by=cora)
        (made,) = survey_links.make(session, survey.id, by=cora)
    with transaction() as session:
        assert answering.answer(
            session, token_of(made), {"helped": "\x00Talks\x1b[31m\n\u202eand tea\x00"}, address=HOME
        )
    with transaction() as session:
        assert session.scalars(select(SurveyResponse.words)).all() == ["Talks[31m\nand tea"]


def test_of_two_answers_at_once_one_is_stored_on_both_engines(any_desk: str) -> None:
    with transaction() as session:
        cora, _, survey = prepared(session)
        (made,) = survey_links.make(session, survey.id, by=cora)

    def send(says: bool) -> bool:  # noqa: FBT001 - an answer
        with transaction() as session:
            return answering.answer(session, token_of(made), {"positive": says}, address=HOME)

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(send, [True, False, True, False])) == [False, False, False, True]
    with transaction() as session:
        assert len(session.scalars(select(SurveyResponse)).all()) == 1
        assert stands(session, survey, cora) == ["answered"]


def test_answers_that_cannot_be_stored_leave_the_link_open(session: Session) -> None:
    cora, _, survey = prepared(session)
    (made,) = survey_links.make(session, survey.id, by=cora)
    token = token_of(made)
    for answers, refusal in (({}, Invalid), ({"positive": "well"}, Invalid), ({"salary": True}, Conflict)):
        with pytest.raises(refusal), session.begin_nested():
            answering.answer(session, token, answers, address=HOME)
    assert answering.answer(session, token, {"positive": False}, address=HOME)


def test_the_file_to_send_from_calculates_nothing(session: Session) -> None:
    hostile = (
        "=HYPERLINK(1)",
        "\t=1+1",
        "\ufeff=1",
        "＝1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "Ada;=1+1",
        'Ada",=1+1',
        "Ada\r\n=1",
    )
    made = tuple(Made(name, "=c@d.example", "http://desk/answer?token=x") for name in hostile)
    text = files.as_csv(made).decode("utf-8-sig")
    assert text.splitlines()[0] == '"Name","E-mail","Link"'
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == len(hostile) + 1
    assert not any(unicodedata.normalize("NFKC", cell).lstrip()[:1] in set("=+-@") for row in rows for cell in row)
    # a program that cuts at semicolons finds quoted cells, not the rest of a name
    assert not any(re.search(r'(^|;)"?[=+@-]', line.replace('""', "")) for line in text.splitlines()[:-3])
    book = openpyxl.load_workbook(io.BytesIO(files.as_workbook(made)))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} == {"s"}


def test_a_survey_that_is_not_there_is_told_in_one_sentence(session: Session) -> None:
    cora, _, survey = prepared(session)
    for missing in (surveys.results, survey_links.people):
        extra = (make.today(),) if missing is surveys.results else ()
        with pytest.raises(NotFound, match="no such survey"):
            missing(session, survey.id + 99, *extra, by=cora)
