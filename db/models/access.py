"""Accounts, sign-ins and the links that open a stage."""

import datetime as dt
import enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Ref


class Role(enum.StrEnum):
    """What an account is for; what each may do stands in `services.access`."""

    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    COACH = "coach"
    MANAGER = "manager"
    PRESENTER = "presenter"


class Account(Base):
    """Someone who may sign in."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("(role = 'coach') = (agency_id IS NOT NULL)", name="coach_has_agency"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Lower case, as typed at sign-in.
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    #: Where the desk writes to; without one it writes nothing.
    email: Mapped[str | None]
    role: Mapped[Role]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("coach.id"))
    #: bcrypt.
    password_hash: Mapped[str]
    disabled_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]


class LoginSession(Base):
    """One sign-in of one browser. Only the token's SHA-256 is kept, so a copy of the table opens nothing."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What reaches the desk as `st.user`; not the secret.
    ref: Mapped[Ref]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]


class LoginTicket(Base):
    """A right password, waiting half a minute for its own browser to fetch the cookie."""

    __tablename__ = "login_ticket"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: SHA-256 of the browser's own cookie, so that a ticket works in no other browser.
    browser_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    #: Path and query to go on to.
    next_path: Mapped[str]
    expires_at: Mapped[dt.datetime]


class LoginAttempt(Base):
    """A wrong password. Names and addresses are kept only as keyed hashes, for an hour."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index("ix_login_attempt_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime]


class DisplayToken(Base):
    """A link that opens the stage without an account. Revocable; only its SHA-256 is kept."""

    __tablename__ = "display_token"
    __table_args__ = (Index("ix_display_token_remote_hash", "remote_hash", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[Ref]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: SHA-256 of the second token, which turns the scenes from a phone; empty for links made before there was one.
    remote_hash: Mapped[str | None] = mapped_column(String(64))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    #: The event whose consented names its screen may show; without one it shows no name.
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    label: Mapped[str]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
