"""A mentor and a mentee of whom every column is filled, all of it over a year old; each text says where it stands."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.models import (
    Absence,
    Agency,
    Attempt,
    Attendance,
    Base,
    CheckIn,
    Contact,
    Cover,
    Division,
    Event,
    EventKind,
    Health,
    Mark,
    Match,
    MatchMark,
    MatchState,
    Mentee,
    MenteeSpeciality,
    Mentor,
    MentoringSession,
    MentorSpeciality,
    Mode,
    Outcome,
    OwnWords,
    PersonMerge,
    Placement,
    ProgrammeKind,
    Speciality,
    StageName,
    Survey,
    SurveyLink,
    SurveyQuestion,
    SurveyResponse,
    TwoPeople,
)
from db.models import (
    OccupationalGroup as Group,
)
from services import clock
from services.access import Actor
from services.privacy import erasing
from tests import coached, make

#: Stands in every text that an erasure takes away, with the column's name after it.
CANARY = "Qanari"
#: When the last of it happened, in days.
AGO = 400


@dataclass(frozen=True)
class Filled:
    """Who is kept, and who may act."""

    mentor: Mentor
    mentee: Mentee
    match: Match
    group: Group
    programme_id: int
    cohort_id: int
    cora: Actor


def filled(session: Session, *, withdrawn: bool = True, only: type[Mentor] | type[Mentee] | None = None) -> Filled:
    """`only`: the canary stands in what is of this one, and of the match; the other has another word."""
    day = make.today() - dt.timedelta(days=AGO)
    cora = make.actor(session)
    programme, cohort = coached.programme_and_cohort(session)
    cohort.starts_on, cohort.ends_on = day - dt.timedelta(days=300), day
    group = make.group(session, "Engineering")
    whose = coached.coach(session, make.agency(session))
    division = make._keep(session, Division(name="Transport"))
    left = day if withdrawn else None
    words = {table: CANARY if only in (None, table) else "Linnet" for table in (Mentor, Mentee)}
    hers, his = words[Mentor], words[Mentee]
    mentor = make.mentor(session, group, division_id=division.id, **_of("mentor", hers, left), **_mentor(day, hers))
    mentee = make.mentee(
        session,
        group,
        agency_id=whose.agency_id,
        coach_id=whose.id,
        **_of("mentee", his, left),
        **_mentee(day, his),
    )
    match = _lived(session, cohort, mentor, mentee, whose.id, day)
    _beside(session, cohort, mentor, mentee, day, words)
    session.flush()
    return Filled(mentor, mentee, match, group, programme.id, cohort.id, cora)


def _of(kind: str, word: str, left: dt.date | None) -> dict[str, Any]:
    withdrawn = {
        "withdrawn_on": left,
        "withdrawn_reason": f"{word} withdrawn_reason",
        "withdrawn_note": f"{word} withdrawn_note",
    }
    return {
        **(withdrawn if left else {}),
        "first_name": f"{word}firstname",
        "last_name": f"{word}lastname",
        "email": f"{word}.email@{kind}.example",
        "phone": f"{word} phone 4165550199",
        "title": f"{word} title",
        "years_experience": 77,
        "languages": [f"{word} languages"],
        "no_speciality_on": dt.date(2001, 1, 1),
    }


def _mentor(day: dt.date, word: str) -> dict[str, Any]:
    texts = {name: f"{word} {name}" for name in ("office", "licence")}
    lists = {name: [f"{word} {name}"] for name in ("helps_with", "wish_agencies", "not_agencies")}
    numbers = {"wish_years_from": 1, "wish_years_to": 9, "limit_years_from": 1, "limit_years_to": 9, "limit_km": 30}
    days = dict.fromkeys(("volunteer_since", "available_from", "available_until"), day)
    return {**texts, **lists, **numbers, **days}


def _mentee(day: dt.date, word: str) -> dict[str, Any]:
    texts = {name: f"{word} {name}" for name in ("goal", "licence_sought", "area")}
    return {
        **texts,
        "goals": [f"{word} goals"],
        "country_of_education": "Iceland",
        "ready_on": day - dt.timedelta(days=200),
    }


def _lived(session: Session, cohort: Any, mentor: Mentor, mentee: Mentee, coach_id: int, day: dt.date) -> Match:
    """A match with all that can be written of it, completed some weeks before that day."""
    days = [day - dt.timedelta(days=before) for before in (160, 150, 140, 30)]
    at = clock.now() - dt.timedelta(days=AGO + 1)
    match = make.match(
        session,
        cohort,
        mentor,
        mentee,
        days=(make.today() - days[0]).days,
        override_reason=f"{CANARY} override_reason",
        fit_detail={"why": f"{CANARY} fit_detail"},
    )
    states = (MatchState.APPROVED, MatchState.ACTIVE, MatchState.COMPLETED)
    for state, on_day in zip(states, days[1:], strict=True):
        make.step(session, match, state, on_day=on_day, at=at, note=f"{CANARY} step note")
    match_id, on_day = match.id, days[2] + dt.timedelta(days=5)
    kept: list[Any] = [
        MatchMark(match_id=match_id, step=Mark.FIRST_MEETING, seq=1, on_day=on_day, at=at, note=f"{CANARY} mark note"),
        CheckIn(
            match_id=match_id,
            coach_id=coach_id,
            on_day=on_day,
            contact=Contact.BOTH,
            mode=Mode.PHONE,
            health=Health.CONCERN,
            note=f"{CANARY} check-in note",
        ),
        Attempt(match_id=match_id, coach_id=coach_id, on_day=on_day, mode=Mode.EMAIL, note=f"{CANARY} attempt note"),
        MentoringSession(match_id=match_id, on_day=on_day, minutes=90),
    ]
    for row in kept:
        make._keep(session, row)
    away = {"coach_id": coach_id, "first_day": on_day, "last_day": on_day, "made_at": at}
    absence = make._keep(session, Absence(**away))
    other = coached.coach(session, session.get_one(Agency, mentee.agency_id))
    make._keep(session, Cover(absence_id=absence.id, match_id=match_id, coach_id=other.id))
    return match


def _beside(session: Session, cohort: Any, mentor: Mentor, mentee: Mentee, day: dt.date, words: Any) -> None:
    at = clock.now() - dt.timedelta(days=AGO + 1)
    placing = make.cohort(session, make.programme(session, kind=ProgrammeKind.PLACEMENT))
    make._keep(session, Placement(cohort_id=placing.id, mentee_id=mentee.id, hired_on=day))
    make._keep(session, Outcome(mentee_id=mentee.id, cohort_id=cohort.id, on_day=day, finding="looking"))
    gathering = {"cohort_id": cohort.id, "starts_at": at, "ends_at": at + dt.timedelta(hours=1)}
    event = make._keep(session, Event(kind=EventKind.ORIENTATION, name="Orientation", **gathering))
    special = make._keep(session, Speciality(group_id=mentor.group_id, name="Bridges"))
    make._keep(session, MentorSpeciality(person_id=mentor.id, speciality_id=special.id))
    make._keep(session, MenteeSpeciality(person_id=mentee.id, speciality_id=special.id))
    make._keep(
        session,
        StageName(
            event_id=event.id,
            name=f"{mentor.first_name} {mentor.last_name}",
            occupation="Engineering",
            consent="in writing",
            consented_on=day,
            recorded_at=at,
        ),
    )
    for kind, who in (("mentor", mentor), ("mentee", mentee)):
        whose = {f"{kind}_id": who.id}
        survey = make._keep(session, Survey(cohort_id=cohort.id, name=f"For {kind}s", side=kind))
        question = {"survey_id": survey.id, "wording": "Well?"}
        yes = make._keep(session, SurveyQuestion(code="positive", kind="agrees", **question))
        why = make._keep(session, SurveyQuestion(code="why", kind="words", **question))
        token = {"token_hash": f"{kind:*<64}", "survey_id": survey.id, "created_at": at, "expires_at": at}
        gone = (make.mentor if kind == "mentor" else make.mentee)(session, session.get_one(Group, who.group_id))
        rows: list[Any] = [
            Attendance(event_id=event.id, attended=True, **whose),
            SurveyResponse(question_id=yes.id, on_day=day, agrees=True, **whose),
            SurveyResponse(question_id=why.id, on_day=day, words=f"{words[type(who)]} answer words", **whose),
            SurveyLink(**token, **whose),
            OwnWords(about="speciality", words=f"{words[type(who)]} own words", **whose),
            PersonMerge(ref=gone.ref, merged_at=at, **whose),
        ]
        session.expunge(gone)
        alike = (make.mentor if kind == "mentor" else make.mentee)(session, session.get_one(Group, who.group_id))
        rows.append(TwoPeople(**whose, **{f"other_{kind}_id": alike.id}, marked_at=at))
        for row in rows:
            make._keep(session, row)
    session.expire_all()


def everything(session: Session) -> str:
    """All rows of all tables, as the driver gives them."""
    found = []
    for name in Base.metadata.tables:
        rows = session.execute(text(f'SELECT * FROM "{name}"'))  # noqa: S608 - our own names
        found += [str(tuple(row)) for row in rows]
    return "\n".join(found)


def erased(session: Session, kept: Filled, who: Mentor | Mentee, agreed_on: dt.date | None = None) -> None:
    """Erase one of them, as cora does who has looked at what goes."""
    seen = erasing.preview(session, who.ref, by=kept.cora).seen
    erasing.erase(session, who.ref, by=kept.cora, seen=seen, agreed_on=agreed_on)
