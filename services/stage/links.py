"""The links that open the stage without an account: one for a screen, and one for the phone that turns its scenes."""

import datetime as dt
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Account, DisplayToken, Event, Programme
from db.settings import settings
from services import audit, clock, programmes
from services.access import Actor, Permission, authorise
from services.errors import Invalid, NotFound
from services.sign_in import digest
from services.stage import findings, occasions
from services.wording import day

LONGEST_HOURS = 14 * 24
_LONGEST_LABEL = 80


@dataclass(frozen=True)
class Link:
    """A link that opens the stage; what it opens with is not kept. Moments are on the clocks of its programme."""

    ref: str
    label: str
    made_by: str | None
    created_at: dt.datetime
    expires_at: dt.datetime
    #: The event whose consented names its screen may show, and its day; empty: it shows no name.
    names_of: str


def links(session: Session, *, by: Actor) -> list[Link]:
    """The links that open the stage now, the newest first. Raises `NotAllowed`."""
    authorise(session, by, Permission.OPEN_STAGE_LINKS)
    rows = session.execute(
        select(DisplayToken, Account.name, Programme.timezone, Event)
        .join(Programme, Programme.id == DisplayToken.programme_id)
        .outerjoin(Account, Account.id == DisplayToken.created_by_id)
        .outerjoin(Event, Event.id == DisplayToken.event_id)
        .where(DisplayToken.revoked_at.is_(None), DisplayToken.expires_at > clock.now())
        .order_by(DisplayToken.created_at.desc(), DisplayToken.id.desc())
    )
    return [_link(*row) for row in rows]


def make_link(
    session: Session, *, by: Actor, label: str, hours: int = 12, event_ref: str | None = None
) -> tuple[Link, str, str]:
    """A new link, the token of its screen and that of the presenter's phone; neither is kept, nor shown again.

    `event_ref`: a recognition event to come, whose consented names the screen may show. The outcomes scene gets what
    the public sheet says today. Raises `NotAllowed`, `Invalid`, `NotFound`.
    """
    actor = authorise(session, by, Permission.OPEN_STAGE_LINKS)
    label = " ".join(label.split())
    if not 0 < len(label) <= _LONGEST_LABEL:
        raise Invalid(f"Name the screen this link is for, in 1 to {_LONGEST_LABEL} letters.")
    if not 1 <= hours <= LONGEST_HOURS:
        raise Invalid(f"A link can be open for 1 to {LONGEST_HOURS} hours. Choose a number between them.")
    programme = programmes.main(session)
    event = occasions.find(session, event_ref, by=by) if event_ref else None
    screen, remote = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    row = DisplayToken(
        token_hash=digest(screen),
        remote_hash=digest(remote),
        programme_id=programme.id,
        event_id=event.id if event else None,
        label=label,
        created_by_id=actor.account_id,
        created_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(hours=hours),
    )
    session.add(row)
    session.flush()  # the trail names the row's number
    audit.record(session, actor, "open stage link", "display_token", row.id, hours=hours, event=row.event_id)
    findings.publish(session, by=by)
    return _link(row, actor.name, programme.timezone, event), screen, remote


def address(token: str) -> str:
    """What to open on the venue's machine."""
    return f"{settings().stage_url.rstrip('/')}/?{urlencode({'token': token})}"


def remote_address(token: str) -> str:
    """What the presenter opens on a phone."""
    return f"{settings().stage_url.rstrip('/')}/remote?{urlencode({'token': token})}"


def revoke_link(session: Session, ref: str, *, by: Actor) -> None:
    """End a link at once, screen and phone; one that has ended stays ended. Raises `NotAllowed`, `NotFound`."""
    actor = authorise(session, by, Permission.OPEN_STAGE_LINKS)
    row = session.scalar(select(DisplayToken).where(DisplayToken.ref == ref))
    if row is None:
        raise NotFound("There is no such link. Look at the list again.")
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        audit.record(session, actor, "revoke stage link", "display_token", row.id)


def _link(row: DisplayToken, made_by: str | None, timezone: str, event: Event | None) -> Link:
    created, expires = (clock.local(moment, timezone) for moment in (row.created_at, row.expires_at))
    names_of = f"{event.name}, {day(clock.local(event.starts_at, timezone).date())}" if event else ""
    return Link(row.ref, row.label, made_by, created, expires, names_of)
