"""What the demo's mentors and mentees answered when their matches had ended."""

import datetime as dt
import random
from dataclasses import dataclass

from services.demo.courses import working_day
from services.demo.lives import Life, Year
from services.demo.people import Row, draws

#: Days around the end of a match on which people answer.
_ANSWERS = (-4, 24)
_SKIPPED = 0.03


@dataclass(frozen=True)
class _Question:
    """One question: of whom, from which year on, and the per cents that agree from year to year."""

    code: str
    wording: str
    of: str
    since: int
    agree: tuple[int, int]


_QUESTIONS = (
    _Question("positive", "My experience in the programme was positive.", "mentee", 2004, (90, 96)),
    _Question(
        "better_prepared", "My mentor helped me become better prepared for employment.", "mentee", 2016, (85, 91)
    ),
    _Question("more_confidence", "I have more confidence when I talk about my skills.", "mentee", 2016, (90, 95)),
    _Question("mentor_again", "I would participate in the programme again.", "mentor", 2004, (88, 95)),
)
#: Per cents in the record.
_AGREE = {
    (2004, "positive"): 91,
    (2004, "mentor_again"): 90,
    (2016, "better_prepared"): 88,
    (2016, "more_confidence"): 94,
}
_SURVEYS = {"mentee": "Mentees, at the end", "mentor": "Mentors, at the end"}
_ANSWERED = {"mentee": (0.62, 0.75), "mentor": (0.6, 0.72)}
_PILOT = 2004
#: In the pilot 22 of 29 mentees answered, and 20 of 29 mentors.
_ANSWERED_PILOT = {"mentee": 22 / 29, "mentor": 20 / 29}


@dataclass(frozen=True)
class Asked:
    """A cohort's surveys, their questions and the responses."""

    surveys: list[Row]
    questions: list[Row]
    responses: list[Row]


def of(cohort: Year, today: dt.date, surveys: int, questions: int) -> Asked:
    """What a cohort was asked and answered, to today; ids count on from those given."""
    asked = Asked([], [], [])
    for side, name in _SURVEYS.items():
        survey = surveys + len(asked.surveys) + 1
        asked.surveys.append({"id": survey, "cohort_id": cohort.id, "name": name, "side": side})
        answering = _answering(draws("survey", side, cohort.year), cohort, side, today)
        for question in _QUESTIONS:
            if question.of != side or question.since > cohort.year:
                continue
            number = questions + len(asked.questions) + 1
            row = {"id": number, "survey_id": survey, "code": question.code, "wording": question.wording}
            asked.questions.append(row)
            asked.responses.extend(_responses(cohort.year, question, number, answering))
    return asked


def _answering(chance: random.Random, cohort: Year, side: str, today: dt.date) -> list[tuple[int, dt.date]]:
    """Who answers, each with the day; nobody before their last match is about to end."""
    last: dict[int, Life] = {}
    for life in cohort.lives:
        person = getattr(life, side)["id"]
        if person not in last or _end(last[person]) < _end(life):
            last[person] = life
    settled = [(who, life) for who, life in last.items() if life.course.ended_on and _stayed(life)]
    share = _ANSWERED_PILOT[side] if cohort.year == _PILOT else chance.uniform(*_ANSWERED[side])
    many = min(round(share * sum(1 for life in last.values() if life.course.ended_on)), len(settled))
    days = [(who, _day(chance, life)) for who, life in chance.sample(settled, many)]
    return [(who, day) for who, day in days if day <= today]


def _end(life: Life) -> dt.date:
    return life.course.ended_on or dt.date.max


def _stayed(life: Life) -> bool:
    return life.course.ending is None or life.course.ending.startswith("hired")


def _day(chance: random.Random, life: Life) -> dt.date:
    return max(working_day(_end(life) + dt.timedelta(days=chance.randint(*_ANSWERS))), life.course.started_on)


def _responses(year: int, question: _Question, number: int, answering: list[tuple[int, dt.date]]) -> list[Row]:
    chance = draws("answers", question.code, year)
    skipping = [year != _PILOT and chance.random() < _SKIPPED for _ in answering]
    answered = len(answering) - sum(skipping)
    agree = round(answered * _AGREE.get((year, question.code), chance.randint(*question.agree)) / 100)
    answers = [k < agree for k in range(answered)]
    chance.shuffle(answers)
    return [
        {
            "question_id": number,
            "mentor_id": who if question.of == "mentor" else None,
            "mentee_id": who if question.of == "mentee" else None,
            "on_day": day,
            "agrees": None if skips else answers.pop(),
        }
        for (who, day), skips in zip(answering, skipping, strict=True)
    ]
