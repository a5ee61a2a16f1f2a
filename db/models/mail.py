"""Mails that the desk sends of itself."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class Mailing(Base):
    """One mail of a kind to one account on one day.

    Claimed before it is sent and confirmed after, so that of two runs one sends it; a mail that was sent stays sent.
    """

    __tablename__ = "mailing"
    __table_args__ = (
        UniqueConstraint("account_id", "kind", "on_day"),
        CheckConstraint("sent_at IS NULL OR failed_at IS NULL", name="sent_or_failed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    #: What it is: "digest".
    kind: Mapped[str]
    on_day: Mapped[dt.date]
    claimed_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    #: Set when the server certainly did not take it; the next run then may.
    failed_at: Mapped[dt.datetime | None]
