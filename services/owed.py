"""What a coach owes whom: the running matches of the own agency, what is late first."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Account, Agency, Attempt, CheckIn, Coach, Match, MatchCoach, Mentee, Mentor, MentoringSession
from services import caseload_access, openings, programmes
from services.access import Actor, Permission, authorise
from services.counting import caseload
from services.counting.figure import Scope
from services.programmes import Clocks

#: Read alike for a match that is not there and for one of another agency.
NO_SUCH = caseload_access.NO_SUCH
OVERDUE, QUIET, DUE, FINE = "overdue", "quiet", "due", "fine"
#: The worst first.
URGENCIES = (OVERDUE, QUIET, DUE, FINE)
COLUMNS = [
    *("match_id", "ref", "mentee", "mentor", "agency", "coach", "is_mine", "covers"),
    *("urgency", "days", "planned", "owed_on", "silent", "health", "minutes", "started_on"),
]
_MODES = {"in_person": "in person", "phone": "by phone", "video": "by video", "email": "by e-mail"}


@dataclass(frozen=True, eq=False)
class Owed:
    """The running matches that an actor may log contacts of.

    `rows`: match_id, ref, mentee, mentor, agency, coach (names), is_mine (looked after by this coach on this day),
    covers (whose absence they cover, or ""), urgency (of `URGENCIES`), days (late when overdue, silent when quiet, to
    go when due), planned (the day of the match on which the contact is planned), owed_on, silent, health, minutes,
    started_on.
    """

    rows: pd.DataFrame
    today: dt.date
    clocks: Clocks
    #: Whether the account is one coach's own, so that some matches are theirs.
    is_coach: bool

    def many(self, urgency: str, *, mine: bool) -> int:
        """How many are of an urgency: overdue and quiet ones may be both."""
        rows = self.rows[self.rows["is_mine"]] if mine else self.rows
        return int((rows["urgency"] == urgency).sum())


def owed(session: Session, *, by: Actor, programme_id: int, as_of: dt.date | None = None) -> Owed:
    """All of it, today, or on a day to come if nothing is done until then. Raises `NotAllowed`."""
    by = authorise(session, by, Permission.LOG_CONTACTS)
    clocks = programmes.clocks(session, programme_id)
    today = as_of or programmes.today(session, programme_id)
    me = session.scalar(select(Account.coach_id).where(Account.id == by.account_id))
    names = _names(session, by, programme_id, today)
    standing = caseload.standing(session, Scope(programme_id, today))
    coaches = {coach: name for coach, name in session.execute(select(Coach.id, Coach.name))}  # noqa: C416 - rows are no pairs to mypy
    lines = [
        _line(row, names[int(row.match_id)], coaches, me, today)
        for row in standing.itertuples()
        if int(row.match_id) in names
    ]
    frame = pd.DataFrame(lines, columns=COLUMNS)
    frame["is_mine"] = frame["is_mine"].astype(bool)
    order = frame["urgency"].map(URGENCIES.index)
    # what is to come by its day, what is late or quiet the longest first
    ahead = pd.to_datetime(frame["owed_on"]).where(frame["urgency"].isin([DUE, FINE]))
    frame = frame.assign(order=order, ahead=ahead, late=-frame["days"])
    frame = frame.sort_values(["order", "ahead", "late"], kind="stable", ignore_index=True)
    return Owed(frame[COLUMNS], today, clocks, is_coach=me is not None)


def _names(session: Session, by: Actor, programme_id: int, today: dt.date) -> dict[int, Any]:
    rows = session.execute(
        caseload_access.matches(by, programme_id, today)
        .join(Mentee, Mentee.id == Match.mentee_id)
        .join(Mentor, Mentor.id == Match.mentor_id)
        .outerjoin(Agency, Agency.id == Mentee.agency_id)
        .where(Match.ended_on.is_(None))
        .with_only_columns(
            Match.id,
            Match.ref,
            (Mentee.first_name + " " + Mentee.last_name).label("mentee"),
            (Mentor.first_name + " " + Mentor.last_name).label("mentor"),
            Agency.name.label("agency"),
        )
    )
    return {row.id: row for row in rows}


def _line(row: Any, names: Any, coaches: dict[int, str], me: int | None, today: dt.date) -> tuple[Any, ...]:
    coach = None if pd.isna(row.coach_id) else int(row.coach_id)
    looks_after = None if pd.isna(row.by_id) else int(row.by_id)
    is_mine = me is not None and looks_after == me
    if row.overdue:
        urgency, days = OVERDUE, (today - row.owed_on).days
    elif row.quiet:
        urgency, days = QUIET, int(row.silent)
    elif row.due:
        urgency, days = DUE, (row.owed_on - today).days
    else:
        urgency, days = FINE, int(row.silent)
    return (
        int(row.match_id),
        names.ref,
        names.mentee,
        names.mentor,
        names.agency or "",
        coaches.get(coach, "") if coach else "",
        is_mine,
        coaches.get(coach, "") if is_mine and coach and coach != me else "",
        urgency,
        days,
        None if row.owed_on is None else (row.owed_on - row.started_on).days,
        row.owed_on,
        int(row.silent),
        row.health,
        int(row.minutes),
        row.started_on,
    )


def contact(planned: int, closing_day: int) -> str:
    """What is planned for a day of a match: 30-day check-in; closing."""
    return "Closing" if planned == closing_day else f"{planned}-day check-in"


def log_of(session: Session, ref: str, *, by: Actor, programme_id: int) -> pd.DataFrame:
    """What was logged for a match and who its coaches were, the latest first: day, what, note.

    Raises `NotFound`, in the same words for a match of another agency; `Unnoted`.
    """
    by = authorise(session, by, Permission.LOG_CONTACTS)
    match = caseload_access.one(session, ref, by, programme_id=programme_id)
    openings.of_match(session, match, by=by)
    lines: list[tuple[dt.date, str, str]] = []
    for contact, coach in session.execute(
        select(CheckIn, Coach.name).outerjoin(Coach, Coach.id == CheckIn.coach_id).where(CheckIn.match_id == match.id)
    ):
        who = {"both": "both"}.get(contact.contact.value, f"the {contact.contact.value}")
        said = f"Check-in with {who} {_MODES[contact.mode.value]}" + (f", {coach}" if coach else "")
        lines.append((contact.on_day, said, contact.note or ""))
    lines += [
        (attempt.on_day, f"Tried {_MODES[attempt.mode.value]}, reached nobody", attempt.note or "")
        for attempt in session.scalars(select(Attempt).where(Attempt.match_id == match.id))
    ]
    for met in session.scalars(select(MentoringSession).where(MentoringSession.match_id == match.id)):
        hours, minutes = divmod(met.minutes, 60)
        lines.append((met.on_day, f"They met, {hours} h {minutes:02} min", ""))
    for turn, coach in session.execute(
        select(MatchCoach, Coach.name)
        .outerjoin(Coach, Coach.id == MatchCoach.coach_id)
        .where(MatchCoach.match_id == match.id)
        .order_by(MatchCoach.seq)
    ):
        start = "Started with" if turn.seq == 1 else "Taken back: again with" if turn.undoes_seq else "Handed to"
        lines.append((turn.on_day, f"{start} {coach or 'no coach'}", ""))
    frame = pd.DataFrame(lines, columns=["day", "what", "note"])
    return frame.iloc[::-1].sort_values("day", ascending=False, kind="stable", ignore_index=True)
