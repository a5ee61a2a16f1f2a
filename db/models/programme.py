"""Programmes, their cohorts and settings, and the organisations around them."""

import datetime as dt
import enum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Names


class ProgrammeKind(enum.StrEnum):
    """What a programme brings about."""

    MENTORING = "mentoring"
    PLACEMENT = "placement"


class CountingRule(enum.StrEnum):
    """What a milestone counts; the rule stands beside the number wherever it is shown."""

    STARTED_MATCHES = "started_matches"
    DISTINCT_MENTEES = "distinct_mentees"
    COMPLETED_MATCHES = "completed_matches"


class Programme(Base):
    """A programme of the organisation: mentoring (matches) or placement (internships, co-op)."""

    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    organisation: Mapped[str]
    kind: Mapped[ProgrammeKind]
    counting_rule: Mapped[CountingRule] = mapped_column(default=CountingRule.STARTED_MATCHES)
    #: IANA name; "today" of a programme is the day there.
    timezone: Mapped[str] = mapped_column(default="America/Toronto")
    #: True: people are synthetic and the demo's accounts may be shown on the sign-in page.
    is_demo: Mapped[bool] = mapped_column(default=False)


class ProgrammeSetting(Base):
    """A setting that differs from its default (`services.programmes.Clocks` names them all)."""

    __tablename__ = "programme_setting"
    __table_args__ = (UniqueConstraint("programme_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    name: Mapped[str]
    value: Mapped[dict[str, Any]]


class Cohort(Base):
    """One intake of a programme."""

    __tablename__ = "cohort"
    __table_args__ = (
        UniqueConstraint("programme_id", "name"),
        UniqueConstraint("id", "programme_id"),  # so that a match cannot name a cohort of another programme
        CheckConstraint("ends_on >= starts_on", name="days_in_order"),
        CheckConstraint("target >= 0", name="target_not_negative"),
        CheckConstraint("months BETWEEN 1 AND 60", name="months_sensible"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    name: Mapped[str]
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    #: Matches wanted, or placements the organisation committed to.
    target: Mapped[int | None]
    #: Per cent of mentees followed up who should have found employment.
    objective_employed: Mapped[int | None]
    #: Length of a match in months.
    months: Mapped[int] = mapped_column(default=4)


class FitWeights(Base):
    """What each criterion of the fit counted for, from a moment on. Never changed: a new policy is a new version."""

    __tablename__ = "fit_weights"
    __table_args__ = (
        UniqueConstraint("programme_id", "version"),  # of two who save at once, one wins
        CheckConstraint("version > 0", name="version_counts_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    #: A proposal names the version it was made with.
    version: Mapped[int]
    #: 0 to 1000 by the key of the criterion.
    weights: Mapped[dict[str, Any]]
    saved_at: Mapped[dt.datetime]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: Why, in the words of whoever saved it.
    note: Mapped[str]


class OccupationalGroup(Base):
    """The profession that mentor and mentee of a match share."""

    __tablename__ = "occupational_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    since: Mapped[dt.date | None]


class GroupAlias(Base):
    """Another way a sender writes a group's name, folded (`services.imports.words.fold`)."""

    __tablename__ = "group_alias"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("occupational_group.id"), index=True)
    folded: Mapped[str] = mapped_column(unique=True)


class Division(Base):
    """The part of the organisation that a mentor works in."""

    __tablename__ = "division"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class Agency(Base):
    """A partner agency: refers mentees and employs coaches."""

    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    #: Day the agency signed the data agreement; without it none of its coaches may sign in.
    agreement_on: Mapped[dt.date | None]
    partner_since: Mapped[dt.date | None]
    partner_until: Mapped[dt.date | None]
    #: How far from a mentor's office the agency sends anybody.
    limit_km: Mapped[int | None] = mapped_column(
        CheckConstraint("limit_km BETWEEN 1 AND 1000", name="limit_km_positive")
    )
    #: Divisions to which the agency sends nobody.
    not_divisions: Mapped[Names]
