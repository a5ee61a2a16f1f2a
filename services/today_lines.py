"""The lines of what needs a coordinator on a day: who, why, since when, and whose move it is."""

import datetime as dt
from collections.abc import Iterator, Sequence

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Agency, Match, MatchState, Mentee, Mentor
from services import pool
from services.counting import pending as counting
from services.follow_up import Due
from services.programmes import Clocks

#: What needs someone, the worst first.
KINDS = ("decision", "hold_over", "awaiting", "uncovered", "check_in", "quiet", "to_close", "follow_up", "no_mentor")
YOU = "You"
_COLUMNS = ["kind", "days", "who", "why", "move", "ref"]
#: kind, days, who, why, move, ref.
Line = tuple[str, int, str, str, str, str]


def in_order(lines: Sequence[Line]) -> pd.DataFrame:
    """The lines as a frame, the worst first: kind, days, who, why, move, ref."""
    frame = pd.DataFrame(lines, columns=_COLUMNS)
    frame["rank"] = frame["kind"].map(KINDS.index)
    frame = frame.sort_values(["rank", "days"], ascending=[True, False], kind="stable", ignore_index=True)
    return frame.drop(columns=["rank"])


def pending(
    session: Session, waiting: pd.DataFrame, wanted: set[str], clocks: Clocks, today: dt.date
) -> Iterator[Line]:
    """Decisions overdue, holds that are over, mentors who have not answered."""
    asked = waiting[waiting["age"] != "held"]
    approved = _approved(session, asked.loc[asked["state"] == MatchState.APPROVED.value, "ref"])
    full = _last_places(session, asked["ref"])
    for row in asked.itertuples():
        answer = approved.get(row.ref)
        late = row.age == counting.Age.OVERDUE.value
        silent = (today - answer).days if answer else 0
        hold_over = row.state == MatchState.ON_HOLD.value
        if not (late or hold_over or counting.awaits_too_long(answer, clocks, today)):
            continue
        why = f"Pending {counted_days(row.days)}"
        if answer and not late:
            why = f"Asked {counted_days(silent)} ago"
        elif answer:
            why += f", asked {silent} ago"
        elif hold_over:
            why += f", hold over since {row.until.day} {row.until:%B}"
        if row.group in wanted and full.get(row.ref):
            why += "; others wait for it"
        kind = "decision" if late else "hold_over" if hold_over else "awaiting"
        age = row.days if late else silent if answer else (today - row.until).days
        yield kind, age, f"{row.mentee}, {row.mentor}", why, row.move, row.ref


def _approved(session: Session, refs: "pd.Series[str]") -> dict[str, dt.date]:
    rows = session.execute(select(Match.ref, Match.decided_on).where(Match.ref.in_(list(refs))))
    return {row.ref: row.decided_on for row in rows if row.decided_on}


def _last_places(session: Session, refs: "pd.Series[str]") -> dict[str, bool]:
    """Whether a match holds the last place of its mentor."""
    pairs = session.execute(select(Match.ref, Match.mentor_id).where(Match.ref.in_(list(refs)))).all()
    these = pool.mentors(session, Mentor.id.in_({mentor for _, mentor in pairs}), None)
    free = dict(zip(these["id"], these["free"], strict=True))
    return {ref: int(free.get(mentor, 1)) <= 0 for ref, mentor in pairs}


def running(session: Session, rows: pd.DataFrame, clocks: Clocks, today: dt.date) -> Iterator[Line]:
    """Matches that nobody looks after, check-ins overdue, matches gone quiet or to close; each match once."""
    rows = rows[(rows["alone"] != "") | rows["overdue"] | rows["quiet"] | rows["to_close"]]
    known = _pairs(session, rows["match_id"])
    for row in rows.itertuples():
        ref, who, agency = known[int(row.match_id)]
        day = (today - row.started_on).days
        late = (today - row.owed_on).days if row.overdue else 0
        if row.alone:
            owed = f"; check-in {late} d late" if row.overdue else ""
            yield "uncovered", int(row.silent), who, f"{row.alone}{owed}", YOU, ref
        elif row.overdue:
            planned = (row.owed_on - row.started_on).days
            why = (
                f"Check-in {late} d late, silent {int(row.silent)} d"
                if row.quiet
                else f"Day {planned} check-in {late} d late"
            )
            yield "check_in", late, who, why, agency, ref
        elif row.quiet:
            yield "quiet", int(row.silent), who, f"No contact for {counted_days(row.silent)}", agency, ref
        else:
            yield "to_close", day - clocks.closing_day, who, f"Day {day} of {clocks.closing_day}", YOU, ref


def _pairs(session: Session, match_ids: "pd.Series[int]") -> dict[int, tuple[str, str, str]]:
    rows = session.execute(
        select(
            Match.id, Match.ref, Mentee.first_name, Mentee.last_name, Mentor.first_name, Mentor.last_name, Agency.name
        )
        .join(Mentee, Mentee.id == Match.mentee_id)
        .join(Mentor, Mentor.id == Match.mentor_id)
        .outerjoin(Agency, Agency.id == Mentee.agency_id)
        .where(Match.id.in_([int(one) for one in match_ids]))
    )
    return {
        number: (ref, f"{first} {last}, {mentor_first[:1]}. {mentor_last}", agency or YOU)
        for number, ref, first, last, mentor_first, mentor_last, agency in rows
    }


def follow_ups(due: Due) -> Iterator[Line]:
    """Follow-ups past their day; `ref` is the mentee's."""
    for row in due.rows[due.rows["days"] > 0].itertuples():
        why = f"{row.months}-month follow-up {row.days} d late"
        yield "follow_up", int(row.days), row.mentee, why, row.agency or YOU, row.ref


def without_mentor(row: "pd.core.frame._PandasNamedTuple") -> Line:
    """A mentee whom no mentor could take."""
    why = str(row.reason).replace(f"No mentor of {row.group} can be proposed:", f"{row.group}:").removesuffix(".")
    return "no_mentor", int(row.waiting_days), str(row.mentee), why, YOU, ""


def counted_days(days: int) -> str:
    """1 day, 41 days."""
    return f"{int(days)} day{'' if days == 1 else 's'}"
