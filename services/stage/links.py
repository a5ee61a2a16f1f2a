"""What a room may see: totals that are safe with anybody, and the links that show them without an account."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from db.models import Account, CountingRule, DisplayToken, Match, MatchState, MatchTransition, Programme
from db.settings import settings
from services import audit, clock, milestones, programmes
from services.access import Actor, Permission, authorise
from services.counting import matches
from services.errors import Invalid, NotFound

LONGEST_HOURS = 14 * 24
_LONGEST_LABEL = 80


@dataclass(frozen=True)
class Display:
    """A screen that was opened by a link. It names no person and may see the board only."""

    ref: str


@dataclass(frozen=True)
class Link:
    """A link that opens the stage; what it opens with is not kept. Moments are on the clocks of its programme."""

    ref: str
    label: str
    made_by: str | None
    created_at: dt.datetime
    expires_at: dt.datetime


@dataclass(frozen=True)
class Ring:
    """One cohort's part of the count."""

    cohort: str
    matches: int


@dataclass(frozen=True)
class Mark:
    """A milestone and the cohort of the match that reached it."""

    number: int
    cohort: str


@dataclass(frozen=True)
class Board:
    """Everything that leaves the desk for the stage: totals of programme and cohorts, and moments on its clocks.

    Never a split, never a name: a split of one would be a person.
    """

    programme: str
    organisation: str
    #: How the count is spoken of: "Matches", "match", "matches".
    title: str
    one: str
    unit: str
    total: int
    since: int | None
    goal: int
    to_go: int
    #: The milestone that this very count is, or that was reached today.
    celebrated: int | None
    cohorts: tuple[Ring, ...]
    latest_on: dt.date | None
    #: When the latest of today's came in; None when there was none today.
    latest_at: dt.datetime | None
    as_of: dt.datetime


def open_display(session: Session, token: str) -> Display:
    """The screen that a link's token opens. Raises `NotFound` when it opens nothing, or no longer."""
    found = session.scalar(_open_links().where(DisplayToken.token_hash == _digest(token)))
    return Display(_or_ended(found).ref)


def links(session: Session, *, by: Actor) -> list[Link]:
    """The links that open the stage now, the newest first. Raises `NotAllowed`."""
    authorise(session, by, Permission.OPEN_STAGE_LINKS)
    rows = session.execute(
        select(DisplayToken, Account.name, Programme.timezone)
        .join(Programme, Programme.id == DisplayToken.programme_id)
        .outerjoin(Account, Account.id == DisplayToken.created_by_id)
        .where(DisplayToken.revoked_at.is_(None), DisplayToken.expires_at > clock.now())
        .order_by(DisplayToken.created_at.desc(), DisplayToken.id.desc())
    )
    return [_link(*row) for row in rows]


def make_link(session: Session, *, by: Actor, label: str, hours: int = 12) -> tuple[Link, str]:
    """A new link and its token, which is not kept and cannot be shown again. Raises `NotAllowed`, `Invalid`."""
    actor = authorise(session, by, Permission.OPEN_STAGE_LINKS)
    label = " ".join(label.split())
    if not 0 < len(label) <= _LONGEST_LABEL:
        message = f"Name the screen this link is for, in 1 to {_LONGEST_LABEL} letters."
        raise Invalid(message)
    if not 1 <= hours <= LONGEST_HOURS:
        message = f"A link can be open for 1 to {LONGEST_HOURS} hours. Choose a number between them."
        raise Invalid(message)
    programme = programmes.main(session)
    token = secrets.token_urlsafe(32)
    row = DisplayToken(
        token_hash=_digest(token),
        programme_id=programme.id,
        label=label,
        created_by_id=actor.account_id,
        created_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(hours=hours),
    )
    session.add(row)
    session.flush()  # the trail names the row's number
    audit.record(session, actor, "open stage link", "display_token", row.id, hours=hours)
    return _link(row, actor.name, programme.timezone), token


def address(token: str) -> str:
    """What to open on the venue's machine."""
    return f"{settings().public_url.rstrip('/')}/stage?{urlencode({'token': token})}"


def revoke_link(session: Session, ref: str, *, by: Actor) -> None:
    """End a link at once; one that has ended already stays ended. Raises `NotAllowed`, `NotFound`."""
    actor = authorise(session, by, Permission.OPEN_STAGE_LINKS)
    row = session.scalar(select(DisplayToken).where(DisplayToken.ref == ref))
    if row is None:
        message = "There is no such link. Look at the list again."
        raise NotFound(message)
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        audit.record(session, actor, "revoke stage link", "display_token", row.id)


def board(session: Session, *, by: Actor | Display) -> Board:
    """The board as it stands this moment.

    Raises `NotAllowed` or `SignedOut` for an actor, `NotFound` for a display whose link has ended.
    """
    programme = _programme_for(session, by)
    now = clock.local(clock.now(), programme.timezone)
    today, rule = now.date(), programme.counting_rule
    parts = matches.by_cohort(session, programme.id, today, rule)
    total, that_day = sum(p.matches for p in parts), sum(p.that_day for p in parts)
    reached, goal = milestones.around(total, milestones.named(session, programme.id))
    first = min((p.first_on for p in parts if p.first_on), default=None)
    latest = reached[-1] if reached else 0
    return Board(
        programme=programme.name,
        organisation=programme.organisation,
        title=matches.WORDING[rule].title,
        one=matches.WORDING[rule].one,
        unit=matches.WORDING[rule].unit,
        total=total,
        since=first.year if first else None,
        goal=goal,
        to_go=goal - total,
        celebrated=latest if reached and (latest == total or latest > total - that_day) else None,
        cohorts=tuple(Ring(p.cohort, p.matches) for p in parts),
        latest_on=max((p.latest_on for p in parts if p.latest_on), default=None),
        latest_at=_latest_of(session, programme, today) if that_day else None,
        as_of=now,
    )


def marks(session: Session, *, by: Actor | Display) -> tuple[Mark, ...]:
    """The milestones reached, lowest first. Dearer than the board: ask again only when the board's total moved."""
    programme = _programme_for(session, by)
    today, rule = programmes.today(session, programme.id), programme.counting_rule
    total = matches.matches_to_date(session, programme.id, today, rule).count
    reached, _ = milestones.around(total, milestones.named(session, programme.id))
    return tuple(Mark(n.number, n.cohort) for n in matches.nth(session, programme.id, reached, today, rule))


def _latest_of(session: Session, programme: Programme, day: dt.date) -> dt.datetime | None:
    """The moment at which the latest of a day's matches was set going (or completed, where that is what counts)."""
    completed = programme.counting_rule is CountingRule.COMPLETED_MATCHES
    moment = session.scalar(
        select(func.max(MatchTransition.at))
        .join(Match, Match.id == MatchTransition.match_id)
        .where(
            Match.programme_id == programme.id,
            (Match.ended_on if completed else Match.started_on) == day,
            Match.state != MatchState.VOID,
            MatchTransition.to_state == (MatchState.COMPLETED if completed else MatchState.ACTIVE),
        )
    )
    return clock.local(moment, programme.timezone) if moment else None


def _programme_for(session: Session, by: Actor | Display) -> Programme:
    if isinstance(by, Display):
        link = _or_ended(session.scalar(_open_links().where(DisplayToken.ref == by.ref)))
        return session.get_one(Programme, link.programme_id)
    authorise(session, by, Permission.SHOW_STAGE)
    return programmes.main(session)


def _open_links() -> Select[DisplayToken]:
    return select(DisplayToken).where(DisplayToken.revoked_at.is_(None), DisplayToken.expires_at > clock.now())


def _or_ended(link: DisplayToken | None) -> DisplayToken:
    if link is None:
        message = "This link has ended. Whoever gave it to you can make another."
        raise NotFound(message)
    return link


def _link(row: DisplayToken, made_by: str | None, timezone: str) -> Link:
    return Link(
        row.ref, row.label, made_by, clock.local(row.created_at, timezone), clock.local(row.expires_at, timezone)
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
