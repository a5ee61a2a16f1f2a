"""Each mail once a day: claimed before it is sent, confirmed after (decision 0014)."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import Mailing
from services import audit, clock
from services.access import Actor, Permission, addressee, authorise
from services.counting.running import many
from services.digest.letters import KIND, Letter

#: No mail takes so long: whoever claimed it is no longer at it.
_AT_WORK = dt.timedelta(minutes=10)


def unsent(session: Session, letters: Sequence[Letter], *, by: Actor) -> list[Letter]:
    """Those that no run has claimed yet, or that certainly were not sent."""
    authorise(session, by, Permission.SEND_MAIL)
    taken = {
        (row.account_id, row.on_day)
        for row in session.execute(
            select(Mailing.account_id, Mailing.on_day).where(
                Mailing.kind == KIND,
                Mailing.on_day.in_({letter.on_day for letter in letters}),
                Mailing.failed_at.is_(None),
            )
        )
    }
    return [letter for letter in letters if (letter.account_id, letter.on_day) not in taken]


def claim(session: Session, letter: Letter, *, by: Actor) -> int | None:
    """The right to send a mail, for one run alone.

    None when it was sent or claimed, or the account was closed or may no longer read what was written.
    """
    authorise(session, by, Permission.SEND_MAIL)
    reader = addressee(session, letter.account_id)
    if reader is None or (reader.role, reader.agency_id) != (letter.role, letter.agency_id):
        return None
    about = {"account_id": letter.account_id, "kind": KIND, "on_day": letter.on_day}
    known = session.scalar(select(Mailing).filter_by(**about).with_for_update())
    if known is None:
        made = Mailing(**about, claimed_at=clock.now())
        try:
            with session.begin_nested():
                session.add(made)
        except IntegrityError:  # another run was faster
            return None
        return made.id
    if known.failed_at is None:
        return None
    known.claimed_at, known.failed_at = clock.now(), None
    return known.id


def confirm(session: Session, number: int, *, by: Actor) -> None:
    """Note that a mail was sent."""
    by = authorise(session, by, Permission.SEND_MAIL)
    mailing = session.get_one(Mailing, number)
    mailing.sent_at = clock.now()
    audit.record(session, by, "mail sent", "account", mailing.account_id, kind=KIND, day=mailing.on_day.isoformat())


def give_back(session: Session, number: int, *, by: Actor) -> None:
    """Note that a mail was certainly not sent, so that the next run sends it."""
    authorise(session, by, Permission.SEND_MAIL)
    session.get_one(Mailing, number).failed_at = clock.now()


def unsure(session: Session, on_day: dt.date, *, by: Actor) -> int:
    """Mails of a day that a run claimed and never confirmed: whether they arrived is not known."""
    authorise(session, by, Permission.SEND_MAIL)
    left = select(Mailing.id).where(
        Mailing.kind == KIND,
        Mailing.on_day == on_day,
        Mailing.sent_at.is_(None),
        Mailing.failed_at.is_(None),
        Mailing.claimed_at < clock.now() - _AT_WORK,
    )
    return many(session, left)
