"""The waitlist: who waits in each occupation, for how long, and what mentors have free."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from sqlalchemy.orm import Session

from services import programmes
from services.access import Actor, Permission, authorise
from services.counting import waitlist as counting
from services.wording import counted, first_upper


@dataclass(frozen=True, eq=False)
class Waitlist:
    """`rows` as `services.counting.waitlist.by_group` has them; `lead` says what they say."""

    rows: pd.DataFrame
    lead: str
    day: dt.date


def waitlist(session: Session, *, by: Actor) -> Waitlist:
    """Supply against demand by occupation, today; where most places are lacking comes first. Raises `NotAllowed`."""
    authorise(session, by, Permission.SEE_PEOPLE)
    programme_id = programmes.main(session).id
    today = programmes.today(session, programme_id)
    rows = counting.by_group(session, programme_id, today)
    return Waitlist(rows, _lead(rows), today)


def _lead(rows: pd.DataFrame) -> str:
    waiting = int(rows["waiting"].sum())
    if not waiting:
        return "Nobody waits for a mentor."
    short = rows[rows["waiting"] > rows["places"]]
    lacking = int((short["waiting"] - short["places"]).sum())
    wait = f"{first_upper(counted(waiting, 'mentee waits', 'mentees wait'))} for a mentor"
    if not lacking:
        return f"{wait}, and every occupation has a place for each of them."
    where = counted(len(short), "occupation has", "occupations have")
    return f"{wait}; {where} fewer places than mentees, {lacking:,} in all. The worst is {short['group'].iloc[0]}."
