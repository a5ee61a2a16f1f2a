"""The only clock of the desk, so that tests can set it."""

import datetime as dt
from zoneinfo import ZoneInfo


def now() -> dt.datetime:
    """This moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def local(moment: dt.datetime, timezone: str) -> dt.datetime:
    """A moment as the clocks of a programme show it."""
    return moment.astimezone(ZoneInfo(timezone))


def today(timezone: str) -> dt.date:
    """The day it is where a programme runs."""
    return local(now(), timezone).date()


def start_of(day: dt.date, timezone: str) -> dt.datetime:
    """The moment at which a day begins where a programme runs, in UTC."""
    return dt.datetime.combine(day, dt.time(), ZoneInfo(timezone)).astimezone(dt.UTC)
