"""Whose speciality or goal is not told yet, what the lists offer, and a coordinator's answer. Only answers count."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, null, or_, select
from sqlalchemy.orm import Session

from db.models import (
    OPEN,
    About,
    Match,
    Mentee,
    MenteeSpeciality,
    Mentor,
    MentorSpeciality,
    OccupationalGroup,
    OwnWords,
    Speciality,
)
from services import audit, programmes, suggest
from services.access import Actor, Permission, authorise
from services.counting.waiting import is_waiting
from services.errors import Conflict, Invalid, NotFound

PAGE = 20
_PEOPLE: dict[str, tuple[type[Mentor] | type[Mentee], type[MentorSpeciality] | type[MenteeSpeciality]]] = {
    "mentor": (Mentor, MentorSpeciality),
    "mentee": (Mentee, MenteeSpeciality),
}
_SETTLED = "Someone else settled this a moment ago. Nothing was changed."


@dataclass(frozen=True)
class Question:
    """One person and the words that no entry of a list stands for yet."""

    #: "mentor" or "mentee".
    kind: str
    person_id: int
    #: Of the words that a file brought; None: the title or goal is asked about.
    words_id: int | None
    group_id: int
    #: "speciality" or "goal": the list that is asked.
    about: str
    words: str
    name: str
    title: str | None
    goal: str | None
    #: Waiting since.
    since: dt.date | None
    #: Up to three entries, the closest first.
    offers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Questions:
    """One page of questions of a group, and how many there are in all."""

    rows: tuple[Question, ...]
    total: int


@dataclass(frozen=True)
class Answer:
    """What was answered; None: none of the entries."""

    question: Question
    entry: str | None
    #: Whether the person had it not before, so that taking the answer back takes it away.
    is_new: bool = False


def groups(session: Session, *, by: Actor, programme_id: int) -> dict[str, tuple[int, int]]:
    """Every group's number and how many questions it has, by name. Raises `NotAllowed`."""
    authorise(session, by, Permission.KEEP_SPECIALITIES)
    waiting = Counter(question.group_id for question in _asked(session, programme_id))
    rows = session.execute(select(OccupationalGroup.name, OccupationalGroup.id).order_by(OccupationalGroup.name))
    return {name: (number, waiting[number]) for name, number in rows}


def questions(session: Session, *, by: Actor, programme_id: int, group_id: int, page: int = 0) -> Questions:
    """A page of a group's questions with what the lists offer: words out of files first, then the longest wait.

    Raises `NotAllowed`.
    """
    authorise(session, by, Permission.KEEP_SPECIALITIES)
    asked = _asked(session, programme_id, group_id)
    shown = asked[page * PAGE : (page + 1) * PAGE]
    offers: dict[Question, tuple[str, ...]] = {}
    for about in About:
        mine = [question for question in shown if question.about == about]
        near = suggest.nearest([question.words for question in mine], _entries(session, about, group_id, programme_id))
        offers |= dict(zip(mine, map(tuple, near), strict=True))
    return Questions(tuple(replace(question, offers=offers[question]) for question in shown), len(asked))


def goals(session: Session, *, by: Actor, programme_id: int) -> list[str]:
    """The goals a programme lists. Raises `NotAllowed`."""
    authorise(session, by, Permission.KEEP_SPECIALITIES)
    return list(programmes.clocks(session, programme_id).goals)


def answer(session: Session, question: Question, entry: str | None, *, by: Actor, programme_id: int) -> Answer:
    """Store a coordinator's answer: an entry of the list, or that none is right.

    Raises `NotAllowed`, `Invalid` for what is not on the list, and `Conflict` when it was answered meanwhile.
    """
    by = authorise(session, by, Permission.KEEP_SPECIALITIES)
    person, words = _found(session, question)
    if (words.settled_on if words else person.no_speciality_on) or person.group_id != question.group_id:
        raise Conflict(_SETTLED)
    about = About(question.about)
    if entry is not None and entry not in _entries(session, about, person.group_id, programme_id):
        message = f"«{entry}» is not on the list any more. Load the page again."
        raise Invalid(message)
    today = programmes.today(session, programme_id)
    if words:
        words.settled_on = today
    elif entry is None:
        person.no_speciality_on = today
    is_new = entry is not None and _give(session, question, entry, person)
    if not (words or entry is None or is_new):
        raise Conflict(_SETTLED)
    session.flush()
    _note(session, by, "confirmed" if entry is not None else "none of the list", question)
    return Answer(question, entry, is_new)


def take_back(session: Session, given: Answer, *, by: Actor) -> None:
    """Ask a question again; an entry that the answer gave is taken away. Raises `NotAllowed` and `NotFound`."""
    by = authorise(session, by, Permission.KEEP_SPECIALITIES)
    person, words = _found(session, given.question)
    if words:
        words.settled_on = None
    else:
        person.no_speciality_on = None
    if given.is_new and given.question.about == About.GOAL:
        _set_goals(person, [goal for goal in _goals(person) if goal != given.entry])
    elif given.is_new and (stored := _link(session, given.question, given.entry)):
        session.delete(stored)
    session.flush()
    _note(session, by, "asked again", given.question)


def _note(session: Session, by: Actor, action: str, question: Question) -> None:
    told = {"about": str(question.about), "words": question.words_id}
    audit.record(session, by, action, question.kind, question.person_id, **told)


def _found(session: Session, question: Question) -> tuple[Mentor | Mentee, OwnWords | None]:
    person: Mentor | Mentee | None = (
        session.get(Mentor, question.person_id)
        if question.kind == "mentor"
        else session.get(Mentee, question.person_id)
    )
    words = session.get(OwnWords, question.words_id) if question.words_id else None
    if person is None or (question.words_id and words is None):
        message = "This person is not there any more. Load the page again."
        raise NotFound(message)
    return person, words


def _give(session: Session, question: Question, entry: str, person: Mentor | Mentee) -> bool:
    """Store an entry of a list with a person; whether they had it not before."""
    if question.about == About.GOAL:
        is_new = entry not in _goals(person)
        _set_goals(person, [*_goals(person), entry] if is_new else _goals(person))
        return is_new
    if _link(session, question, entry):
        return False
    number = session.scalar(_entry(question, entry))
    session.add(_PEOPLE[question.kind][1](person_id=question.person_id, speciality_id=number))
    return True


def _entry(question: Question, name: str | None) -> Select[Any]:
    return select(Speciality.id).where(Speciality.group_id == question.group_id, Speciality.name == name)


def _link(session: Session, question: Question, name: str | None) -> MentorSpeciality | MenteeSpeciality | None:
    number = session.scalar(_entry(question, name))
    if number is None:
        return None
    key = (question.person_id, number)
    return session.get(MentorSpeciality, key) if question.kind == "mentor" else session.get(MenteeSpeciality, key)


def _goals(person: Mentor | Mentee) -> list[str]:
    return person.helps_with if isinstance(person, Mentor) else person.goals


def _set_goals(person: Mentor | Mentee, goals: list[str]) -> None:
    if isinstance(person, Mentor):
        person.helps_with = goals
    else:
        person.goals = goals


def _entries(session: Session, about: About, group_id: int, programme_id: int) -> list[str]:
    if about is About.GOAL:
        return list(programmes.clocks(session, programme_id).goals)
    return list(
        session.scalars(select(Speciality.name).where(Speciality.group_id == group_id).order_by(Speciality.name))
    )


def _asked(session: Session, programme_id: int, group_id: int | None = None) -> list[Question]:
    """Of everyone who may be matched or is: words of files that wait, and titles where no speciality is confirmed."""
    today = programmes.today(session, programme_id)
    matched = select(Match.mentee_id).where(Match.programme_id == programme_id, Match.state.in_(OPEN))
    here: dict[str, ColumnElement[bool]] = {
        "mentee": or_(is_waiting(programme_id, today), Mentee.id.in_(matched)),
        "mentor": or_(Mentor.withdrawn_on.is_(None), Mentor.withdrawn_on > today),
    }
    of_files: list[Question] = []
    of_titles: list[Question] = []
    for kind, which in here.items():
        table = _PEOPLE[kind][0]
        wanted = which if group_id is None else and_(which, table.group_id == group_id)
        of_files += [Question(*row) for row in session.execute(_of_files(kind, wanted))]
        of_titles += [Question(*row) for row in session.execute(_of_titles(kind, wanted))]
    return [*of_files, *(question for question in of_titles if question.words.strip())]


def _columns(kind: str) -> tuple[Any, Any, Any, Any]:
    """Name, title, goal and waiting since."""
    table = _PEOPLE[kind][0]
    mentees = (Mentee.goal, Mentee.ready_on)
    return (table.first_name + " " + table.last_name, table.title, *(mentees if kind == "mentee" else (null(), null())))


def _of_files(kind: str, wanted: ColumnElement[bool]) -> Select[Any]:
    table = _PEOPLE[kind][0]
    whose = OwnWords.mentor_id if kind == "mentor" else OwnWords.mentee_id
    return (
        select(literal(kind), table.id, OwnWords.id, table.group_id, OwnWords.about, OwnWords.words, *_columns(kind))
        .join(OwnWords, whose == table.id)
        .where(OwnWords.settled_on.is_(None), wanted)
        .order_by(OwnWords.id)
    )


def _of_titles(kind: str, wanted: ColumnElement[bool]) -> Select[Any]:
    table, confirmed = _PEOPLE[kind]
    name, title, goal, since = _columns(kind)
    words = func.coalesce(title, goal, "")
    told = exists().where(
        confirmed.person_id == table.id,
        confirmed.speciality_id == Speciality.id,
        Speciality.group_id == table.group_id,
    )
    whose = OwnWords.mentor_id if kind == "mentor" else OwnWords.mentee_id
    asked = exists().where(whose == table.id, OwnWords.settled_on.is_(None), OwnWords.about == About.SPECIALITY)
    return (
        select(literal(kind), table.id, null(), table.group_id, literal("speciality"), words, name, title, goal, since)
        .where(wanted, table.no_speciality_on.is_(None), ~told, ~asked)
        .order_by(*([since] if kind == "mentee" else []), table.id)
    )
