"""Whose data has been erased: all that is left to say of it."""

import datetime as dt
import enum

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base

#: What stands in place of a first name, and of a reason that must not be empty.
ERASED = "Erased"


class Ground(enum.StrEnum):
    """Why data may go: a year has passed since its last use, or the person agreed to it earlier."""

    YEAR = "year"
    CONSENT = "consent"


class Erasure(Base):
    """One person whose data was erased. It names nobody, and is replayed after a copy was restored.

    A trigger refuses the row while the data is there or a match is open, and from then on every hand on the person.
    """

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint("kind IN ('mentor', 'mentee')", name="kind_known"),
        CheckConstraint("(ground = 'consent') = (agreed_on IS NOT NULL)", name="consent_has_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The person's reference, which says nothing.
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    kind: Mapped[str] = mapped_column(String(6))
    on_day: Mapped[dt.date]
    ground: Mapped[Ground]
    #: The day on which they agreed.
    agreed_on: Mapped[dt.date | None]
