"""What the stage is told beside the counts: findings that were published for it, and names with consent."""

import datetime as dt

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Ref


class StageFinding(Base):
    """A sentence of the outcomes scene as it was published, protected like the public sheet."""

    __tablename__ = "stage_finding"
    __table_args__ = (UniqueConstraint("programme_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    #: Its place in the scene, from 0 on.
    place: Mapped[int]
    #: As it is printed: "75 %".
    value: Mapped[str]
    #: What it is of, and below it base and day, divided by a line end.
    words: Mapped[str]


class StageName(Base):
    """A mentor who agreed to be thanked by name at one event; gone when the event is over.

    The name is kept as it was agreed to, and points at nobody: whoever reads the stage's view cannot go on from it.
    """

    __tablename__ = "stage_name"
    __table_args__ = (UniqueConstraint("event_id", "name", "occupation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[Ref]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    name: Mapped[str]
    occupation: Mapped[str]
    #: How and when they said so.
    consent: Mapped[str]
    consented_on: Mapped[dt.date]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[dt.datetime]
