"""People whose match has ended, and the survey that asks them."""

import datetime as dt

from sqlalchemy.orm import Session

from db.models import Coach, Cohort, Match, MatchState
from services import surveys
from services.access import Actor
from services.surveys import Kept
from tests import coached, make


def ended(session: Session, cohort: Cohort, whose: Coach | None = None, many: int = 1, ago: int = 190) -> list[Match]:
    """Matches that were completed so many days ago."""
    found = coached.running(session, cohort, whose, many, days=ago + 120)
    for match in found:
        make.step(session, match, MatchState.COMPLETED, on_day=make.today() - dt.timedelta(days=ago))
    return found


def survey(session: Session, by: Actor, cohort: Cohort, side: str = "mentee") -> Kept:
    return surveys.open_one(session, cohort.id, side, f"{side.capitalize()}s, at the end", by=by)
