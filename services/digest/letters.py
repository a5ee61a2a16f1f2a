"""What stands in each mail: to a coach what is owed this week, to a coordinator what is late; nothing owed, no mail.

Everything is read as the account that the mail goes to, by the services behind its own pages.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Account, Programme, ProgrammeKind, Role
from db.settings import settings
from services import follow_up, owed, programmes, today, today_lines
from services.access import Actor, Permission, addressee, authorise
from services.errors import Invalid
from services.exports.letters import plain
from services.owed import DUE, OVERDUE, QUIET
from services.wording import day, joined

KIND = "digest"
#: Lines of a heading; the link below it opens all.
MOST = 12
#: Of each heading of a coach: its title, and what the subject says of it.
_OWED = {
    OVERDUE: ("Overdue", "overdue"),
    QUIET: ("Gone quiet", "quiet"),
    DUE: ("Due this week", "due this week"),
}
#: Of the follow-ups of a coach's agency, the same; and the days of this week.
_TO_ASK = {
    OVERDUE: ("Follow-ups overdue", "follow-ups overdue"),
    DUE: ("Follow-ups due this week", "follow-ups due this week"),
}
_WEEK = 7
#: Of each heading of a coordinator: its title, what the subject says, where all of it stands, and where one does
#: ("": only the list is told).
_LATE: dict[str, tuple[str, str, tuple[str, dict[str, str]], str]] = {
    "decision": (
        "Decisions overdue",
        "decisions overdue",
        ("match-review", {"age": "overdue"}),
        "match-review",
    ),
    "uncovered": ("Matches without a coach", "without a coach", ("caseload", {"show": "uncovered"}), "matches"),
    "check_in": ("Check-ins overdue", "check-ins overdue", ("matches", {"care": "overdue"}), "matches"),
    "quiet": ("Matches gone quiet", "quiet", ("matches", {"care": "quiet"}), "matches"),
    "to_close": ("Matches to close", "to close", ("matches", {"care": "to_close"}), "matches"),
    "follow_up": ("Follow-ups overdue", "follow-ups overdue", ("outcomes", {}), ""),
}


@dataclass(frozen=True)
class Line:
    """One match that needs something: who, why, and the address at which it is done."""

    who: str
    why: str
    link: str


@dataclass(frozen=True)
class Part:
    """What is under one heading: how many there are, the first of them, and the address of all."""

    title: str
    #: As the subject says it: "check-ins overdue".
    short: str
    many: int
    lines: tuple[Line, ...]
    link: str
    #: A match stands under its worst heading only: what of this one stands further up, as a sentence.
    note: str = ""


@dataclass(frozen=True)
class Chapter:
    """What is owed in one programme."""

    programme: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Letter:
    """A mail before it is laid out. Only whom it goes to and what stands in it may name people."""

    account_id: int
    username: str
    to: str
    role: Role
    on_day: dt.date
    chapters: tuple[Chapter, ...]
    #: Whose people stand in a coach's.
    agency_id: int | None = None

    @property
    def subject(self) -> str:
        """How many of what, without a name: it is read over shoulders and kept by every server on the way."""
        many: dict[str, int] = {}
        for part in (part for chapter in self.chapters for part in chapter.parts):
            many[part.short] = many.get(part.short, 0) + part.many
        return f"Match Desk: {joined([f'{number:,} {short}' for short, number in many.items()])}"

    @property
    def lead(self) -> str:
        """What the mail is, in a sentence."""
        what = "What you owe this week" if self.role is Role.COACH else "What is late"
        return f"{what}, as of {day(self.on_day)}."


@dataclass(frozen=True)
class Written:
    """The mails of a day, and who gets none."""

    letters: tuple[Letter, ...]
    on_day: dt.date
    #: Accounts of coaches and coordinators for whom nothing is due, and those without an address.
    nothing_due: int
    no_address: int


def write(session: Session, *, by: Actor, on_day: dt.date | None = None) -> Written:
    """Every mail of today, or of a day to come if nothing is done until then.

    Raises `NotAllowed`, `NotFound` while there is no programme, `Invalid` for a day that has passed.
    """
    authorise(session, by, Permission.SEND_MAIL)
    now = programmes.today(session, programmes.main(session).id)
    if on_day and on_day < now:
        raise Invalid(f"{day(on_day)} has passed. Choose today or a later day.")
    of_day = on_day if on_day and on_day > now else None
    running = session.scalars(
        select(Programme).where(Programme.kind == ProgrammeKind.MENTORING).order_by(Programme.id)
    ).all()
    wanted = session.scalars(
        select(Account)
        .where(Account.role.in_((Role.COACH, Role.COORDINATOR)), Account.disabled_at.is_(None))
        .order_by(Account.id)
    ).all()
    letters, nothing_due, no_address = [], 0, 0
    for account in wanted:
        reader = addressee(session, account.id)
        if reader is None:
            continue
        if account.email is None:
            no_address += 1
            continue
        chapters = tuple(_chapters(session, reader, running, of_day))
        if not chapters:
            nothing_due += 1
            continue
        to = (account.id, account.username, account.email, account.role)
        letters.append(Letter(*to, on_day or now, chapters, account.agency_id))
    return Written(tuple(letters), on_day or now, nothing_due, no_address)


def _chapters(session: Session, reader: Actor, running: Any, as_of: dt.date | None) -> Iterator[Chapter]:
    of_coach = reader.role is Role.COACH
    for place, programme in enumerate(running[:1] if of_coach else running):  # a coach's own page has the first
        # The pages open with the first programme; of another one the address has to say so.
        asked = {"programme": programme.name} if place else {}
        if of_coach:
            parts = _of_coach(session, reader, programme.id, as_of)
        else:
            parts = _of_coordinator(session, reader, programme.id, as_of, asked)
        if kept := tuple(part for part in parts if part.many):
            yield Chapter(programme.name, kept)


def _of_coach(session: Session, reader: Actor, programme_id: int, as_of: dt.date | None) -> Iterator[Part]:
    found = owed.owed(session, by=reader, programme_id=programme_id, as_of=as_of)
    rows = found.rows[found.rows["is_mine"]] if found.is_coach else found.rows
    for urgency, (title, short) in _OWED.items():
        lines = [
            Line(_pair(row), _why(row, found.clocks.closing_day), _address("caseload", {"match": row.ref}))
            for row in rows[rows["urgency"] == urgency].head(MOST).itertuples()
        ]
        many = found.many(urgency, mine=found.is_coach)
        yield Part(title, short, many, tuple(lines), _address("caseload", {}))
    yield from _to_ask(session, reader, programme_id, as_of)


def _to_ask(session: Session, reader: Actor, programme_id: int, as_of: dt.date | None) -> Iterator[Part]:
    """The follow-ups of the agency, which any of its coaches makes."""
    rows = follow_up.due(session, by=reader, programme_id=programme_id, as_of=as_of).rows
    these = {OVERDUE: rows["days"] > 0, DUE: rows["days"].between(-_WEEK, 0)}
    for urgency, (title, short) in _TO_ASK.items():
        mine = rows[these[urgency]]
        lines = [
            Line(plain(row.mentee), _asked_of(row), _address("outcomes", {"mentee": row.ref}))
            for row in mine.head(MOST).itertuples()
        ]
        yield Part(title, short, len(mine), tuple(lines), _address("outcomes", {}))


def _asked_of(row: Any) -> str:
    what = f"{row.months} months after the match"
    if row.days > 0:
        return f"{what}, {today_lines.counted_days(row.days)} late"
    return f"{what}, {'today' if not row.days else f'{row.due_on:%A} {day(row.due_on)}'}"


def _pair(row: Any) -> str:
    covers = f" (you cover for {_one_line(row.covers)})" if row.covers else ""
    return f"{_one_line(row.mentee)} with {_one_line(row.mentor)}{covers}"


def _why(row: Any, closing_day: int) -> str:
    days = f"{row.days} day{'' if row.days == 1 else 's'}"
    if row.urgency == QUIET:
        return f"no contact for {days}"
    what = owed.contact(int(row.planned), closing_day).lower()
    if row.urgency == OVERDUE:
        return f"{what}, {days} late"
    return f"{what}, {'today' if not row.days else f'{row.owed_on:%A} {day(row.owed_on)}'}"


def _of_coordinator(
    session: Session, reader: Actor, programme_id: int, as_of: dt.date | None, asked: dict[str, str]
) -> Iterator[Part]:
    found = today.late(session, by=reader, programme_id=programme_id, as_of=as_of)
    for kind, (title, short, (page, filters), one) in _LATE.items():
        mine = found.lines[found.lines["kind"] == kind]
        lines = [
            Line(_one_line(row.who), _one_line(row.why), _address(one, {**asked, "match": row.ref}))
            for row in (mine.head(MOST) if one else mine.head(0)).itertuples()
        ]
        many = found.counts[kind][0]
        above = many - len(mine)
        note = "All of them stand above." if above == many else f"Further up already: {above:,}."
        link = _address(page, {**asked, **filters})
        yield Part(title, short, many, tuple(lines), link, note if above else "")


def _address(page: str, asked: dict[str, str]) -> str:
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{settings().public_url.rstrip('/')}/{page}{query}"


def _one_line(words: str) -> str:
    return plain(words)
