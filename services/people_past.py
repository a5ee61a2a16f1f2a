"""What a profile tells of the past."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Happened:
    """Something that happened on a day."""

    on: dt.date
    what: str
    #: A note that someone wrote about it.
    note: str = ""


@dataclass(frozen=True)
class PastMatch:
    """One match of a person, open or over, with everything that happened in it, the latest first."""

    ref: str
    partner: str
    partner_ref: str
    cohort: str
    #: Where it stands and since when.
    standing: str
    is_open: bool
    #: Meetings and their hours, as printed; empty without any.
    held: str
    happened: tuple[Happened, ...]
