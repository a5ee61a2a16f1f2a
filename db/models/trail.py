"""The audit trail."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class TrailEntry(Base):
    """One write, or one reading of a file: append-only, each row chained to the one before by its hash.

    Details hold ids, counts, states and names of fields; never a name, an address or a note of a person,
    because the trail outlives an erasure.
    """

    __tablename__ = "trail"
    __table_args__ = (
        Index("ix_trail_account_id_seq", "account_id", "seq"),
        Index("ix_trail_entity_entity_id_seq", "entity", "entity_id", "seq"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: Set when nobody was signed in: "command line", "sign-in".
    by_name: Mapped[str | None]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[int | None]
    detail: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class ImportRun(Base):
    """A file that was applied, known by its SHA-256: the same file twice changes nothing."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str]
    applied_at: Mapped[dt.datetime]
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    added: Mapped[int]
    changed: Mapped[int]
    refused: Mapped[int]
