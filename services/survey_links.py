"""Personal links to a survey: who has none, making them, and ending one before it is used."""

import datetime as dt
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Cohort, Mentee, Mentor, Programme, Side, Survey, SurveyLink, SurveyQuestion
from db.settings import settings
from services import audit, clock, programmes
from services.access import Actor, Permission, authorise
from services.counting import surveys as counting
from services.errors import Conflict, Invalid, NotFound
from services.sign_in import digest
from services.surveys import GONE
from services.wording import counted, first_upper

LASTS_DAYS, LONGEST_DAYS = 30, 120
NONE, OPEN, ANSWERED, EXPIRED, ENDED, WITHDREW = "none", "open", "answered", "expired", "ended", "withdrew"
#: Where somebody stands, as people say it; those who need a link first, those who get none last.
STATES = {
    NONE: "No link yet",
    EXPIRED: "Ran out",
    ENDED: "Ended",
    OPEN: "Link is out",
    ANSWERED: "Answered",
    WITHDREW: "Withdrew, gets none",
}
#: People that one statement can ask for.
_PIECE = 900
COLUMNS = ["ref", "name", "email", "state", "until", "has_left"]


@dataclass(frozen=True)
class Made:
    """A link to hand to one person. Its address is told this once; what it opens with is not kept."""

    name: str
    email: str
    address: str = field(repr=False)


@dataclass(frozen=True)
class _One:
    """A person whom a survey is for, and how far it is with them."""

    who: Mentor | Mentee
    link: SurveyLink | None
    has_answered: bool
    has_left: bool

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.who.first_name} {self.who.last_name}"


def people(session: Session, survey_id: int, *, by: Actor) -> pd.DataFrame:
    """Whom a survey is for, as its response rate counts them, and whoever else has a link.

    Columns: ref, name, email, state (of `STATES`), until (day on which an open link runs out, or empty), has_left
    (has withdrawn: no link is made for them, but one that is out stays open until it is ended). Raises `NotFound`.
    """
    authorise(session, by, Permission.KEEP_SURVEYS)
    survey, programme = _survey(session, survey_id)
    rows = [
        (one.who.ref, one.name, one.who.email, *_state(one, programme), one.has_left)
        for one in _whom(session, survey, programme)
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    order = frame["state"].map(list(STATES).index)
    return frame.assign(order=order).sort_values(["order", "name"], kind="stable", ignore_index=True)[COLUMNS]


def make(
    session: Session, survey_id: int, *, by: Actor, refs: Collection[str] | None = None, days: int = LASTS_DAYS
) -> tuple[Made, ...]:
    """A link for everyone who has none yet, or for these people, whose earlier links then open nothing.

    Who has answered or withdrawn gets none.
    Raises `NotFound`, `Invalid` for days out of reach, `Conflict` when nobody is left.
    """
    by = authorise(session, by, Permission.KEEP_SURVEYS)
    survey, programme = _survey(session, survey_id)
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(f"A link can be open for 1 to {LONGEST_DAYS} days. Choose a number between them.")
    if not _has_questions(session, survey_id):
        raise Conflict("This survey asks nothing yet. Write its questions first.")
    made = []
    for one in _whom(session, survey, programme):
        state, _ = _state(one, programme)
        is_wanted = state == NONE if refs is None else one.who.ref in refs
        if state == ANSWERED or one.has_left or not is_wanted:
            continue
        token = secrets.token_urlsafe(32)
        row = one.link or SurveyLink(survey_id=survey_id, **{f"{survey.side.value}_id": one.who.id})
        row.token_hash, row.created_at, row.created_by_id = digest(token), clock.now(), by.account_id
        row.expires_at, row.revoked_at = clock.now() + dt.timedelta(days=days), None
        session.add(row)
        made.append(Made(one.name, one.who.email, address(token)))
    if not made:
        raise Conflict("Nobody is left who needs a link: each has one, has answered, or has withdrawn.")
    session.flush()
    audit.record(session, by, "survey links made", "survey", survey_id, links=len(made), days=days)
    return tuple(sorted(made, key=lambda one: one.name))


def address(token: str) -> str:
    """What a person opens."""
    return f"{settings().public_url.rstrip('/')}/answer?{urlencode({'token': token})}"


def end(session: Session, survey_id: int, *, by: Actor, refs: Collection[str] | None = None) -> str:
    """End the links that are out, of everybody or of these people; gives the sentence that tells it.

    Raises `NotFound`, `Conflict` when none of them is out.
    """
    by = authorise(session, by, Permission.KEEP_SURVEYS)
    survey, programme = _survey(session, survey_id)
    ended = []
    for one in _whom(session, survey, programme):
        state, _ = _state(one, programme)
        if one.link is not None and state == OPEN and (refs is None or one.who.ref in refs):
            one.link.revoked_at = clock.now()
            ended.append(one.link.id)
    if not ended:
        raise Conflict("None of these links is out any more.")
    session.flush()
    audit.record(session, by, "survey links ended", "survey", survey_id, links=ended)
    return f"{first_upper(counted(len(ended), 'link was', 'links were'))} ended."


def _has_questions(session: Session, survey_id: int) -> bool:
    """Whether a survey asks anything."""
    return bool(session.scalar(select(SurveyQuestion.id).where(SurveyQuestion.survey_id == survey_id).limit(1)))


def _survey(session: Session, survey_id: int) -> tuple[Survey, Programme]:
    survey = session.get(Survey, survey_id)
    if survey is None:
        raise NotFound(GONE)
    return survey, session.get_one(Programme, session.get_one(Cohort, survey.cohort_id).programme_id)


def _whom(session: Session, survey: Survey, programme: Programme) -> list[_One]:
    person: Any = Mentor if survey.side is Side.MENTOR else Mentee
    today = programmes.today(session, programme.id)
    asked = counting.asked(session, survey.id, today)
    links = {
        link.mentor_id or link.mentee_id: link
        for link in session.scalars(select(SurveyLink).where(SurveyLink.survey_id == survey.id))
    }
    wanted = sorted({*asked.everyone, *(number for number in links if number is not None)})
    found: list[_One] = []
    for start in range(0, len(wanted), _PIECE):
        piece = session.scalars(select(person).where(person.id.in_(wanted[start : start + _PIECE])))
        found += [_One(who, links.get(who.id), who.id in asked.answered, who.withdrawn_on is not None) for who in piece]
    return found


def _state(one: _One, of: Programme) -> tuple[str, dt.date | None]:
    link = one.link
    if one.has_answered or (link is not None and link.used_at is not None):
        return ANSWERED, None
    if one.has_left:  # a link that is still out opens nothing
        return WITHDREW, None
    if link is not None and link.revoked_at is None and link.expires_at > clock.now():
        return OPEN, clock.local(link.expires_at, of.timezone).date()
    if link is None:
        return NONE, None
    return (ENDED if link.revoked_at is not None else EXPIRED), None
