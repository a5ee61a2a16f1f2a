"""Whose match it is, and who looks after it while its coach is away."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Ref
from db.models.work import Mode


class MatchCoach(Base):
    """The coach of a match from a day on. Append-only: the latest row holds, and the rows before it are its history.

    A trigger writes the first row when the match starts: the coach of its mentee. No coach: nobody looks after it.
    """

    __tablename__ = "match_coach"
    __table_args__ = (
        UniqueConstraint("match_id", "seq"),  # of two who hand over one match, one wins
        CheckConstraint("seq > 0", name="seq_counts_from_one"),
        Index("ix_match_coach_coach_id", "coach_id"),
        Index("ix_match_coach_by_id_at", "by_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"))
    seq: Mapped[int]
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("coach.id"))
    on_day: Mapped[dt.date]
    #: All matches of one hand-over share their moment.
    at: Mapped[dt.datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    by_name: Mapped[str | None]
    undoes_seq: Mapped[int | None]


class Absence(Base):
    """A coach is away from a day to a day; it ends by itself."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="days_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[Ref]
    coach_id: Mapped[int] = mapped_column(ForeignKey("coach.id"), index=True)
    first_day: Mapped[dt.date]
    #: The last day away; both days belong to it.
    last_day: Mapped[dt.date]
    made_at: Mapped[dt.datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: Set when it was entered in error; it then counts nowhere.
    called_off_at: Mapped[dt.datetime | None]


class Cover(Base):
    """Who looks after a match during an absence of its coach."""

    __tablename__ = "cover"

    absence_id: Mapped[int] = mapped_column(ForeignKey("absence.id"), primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"), primary_key=True, index=True)
    coach_id: Mapped[int] = mapped_column(ForeignKey("coach.id"), index=True)


class Attempt(Base):
    """A coach tried to reach somebody and did not. It is no contact, and counts as none."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_match_id_on_day", "match_id", "on_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"))
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("coach.id"))
    on_day: Mapped[dt.date]
    mode: Mapped[Mode]
    note: Mapped[str | None]
