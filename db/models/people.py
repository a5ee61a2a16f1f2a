"""Coaches, mentors and mentees, and what each of them is matched by."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import YEARS, Base, Names, Ref


class Coach(Base):
    """Supports both sides of a match for its whole length; works at one agency."""

    __tablename__ = "coach"
    __table_args__ = (CheckConstraint("capacity >= 0", name="capacity_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    #: Matches a coach can carry at once.
    capacity: Mapped[int] = mapped_column(default=20)
    left_on: Mapped[dt.date | None]


class Mentor(Base):
    """A member of staff who volunteers."""

    __tablename__ = "mentor"
    __table_args__ = (
        # The upper bound also refuses words, which SQLite would store and find larger than any number.
        CheckConstraint("capacity BETWEEN 1 AND 1000", name="capacity_positive"),
        CheckConstraint("years_experience >= 0", name="years_not_negative"),
        Index("ix_mentor_group_id_withdrawn_on", "group_id", "withdrawn_on"),
        Index("ix_mentor_last_name_first_name", "last_name", "first_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[Ref]
    first_name: Mapped[str] = mapped_column(index=True)
    last_name: Mapped[str]
    email: Mapped[str]
    #: The address as compared: trimmed, lower case. One person, one address.
    email_key: Mapped[str] = mapped_column(unique=True)
    phone: Mapped[str | None]
    group_id: Mapped[int] = mapped_column(ForeignKey("occupational_group.id"))
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))
    title: Mapped[str | None]
    office: Mapped[str | None]
    years_experience: Mapped[int | None]
    languages: Mapped[list[str]] = mapped_column(default=list)
    #: Open matches a mentor can carry at once; a proposal holds a place.
    capacity: Mapped[int] = mapped_column(default=1)
    volunteer_since: Mapped[dt.date | None]
    available_from: Mapped[dt.date | None]
    available_until: Mapped[dt.date | None]
    withdrawn_on: Mapped[dt.date | None]
    #: One of the programme's reasons, and what a coordinator adds; both empty unless withdrawn.
    withdrawn_reason: Mapped[str | None]
    withdrawn_note: Mapped[str | None]
    #: What the mentor can help with: names of the programme's goals.
    helps_with: Mapped[Names]
    licence: Mapped[str | None]
    #: Whom the mentor would like best; this moves the fit.
    wish_years_from: Mapped[int | None] = mapped_column(CheckConstraint(f"wish_years_from {YEARS}", name="wish_from"))
    wish_years_to: Mapped[int | None] = mapped_column(
        CheckConstraint(f"wish_years_to {YEARS} AND wish_years_from <= wish_years_to", name="wish_in_order")
    )
    wish_agencies: Mapped[Names]
    #: Whom the mentor takes at all; this rules a pair out.
    limit_years_from: Mapped[int | None] = mapped_column(
        CheckConstraint(f"limit_years_from {YEARS}", name="limit_from")
    )
    limit_years_to: Mapped[int | None] = mapped_column(
        CheckConstraint(f"limit_years_to {YEARS} AND limit_years_from <= limit_years_to", name="limit_in_order")
    )
    limit_km: Mapped[int | None] = mapped_column(
        CheckConstraint("limit_km BETWEEN 1 AND 1000", name="limit_km_positive")
    )
    #: Agencies with which the mentor has a conflict of interest.
    not_agencies: Mapped[Names]
    #: Day a coordinator found that no entry of the group's list says what this person does.
    no_speciality_on: Mapped[dt.date | None]


class Mentee(Base):
    """A skilled immigrant whom an agency refers."""

    __tablename__ = "mentee"
    __table_args__ = (
        CheckConstraint("years_experience >= 0", name="years_not_negative"),
        Index("ix_mentee_group_id_withdrawn_on", "group_id", "withdrawn_on"),
        Index("ix_mentee_last_name_first_name", "last_name", "first_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[Ref]
    first_name: Mapped[str] = mapped_column(index=True)
    last_name: Mapped[str]
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True)
    phone: Mapped[str | None]
    group_id: Mapped[int] = mapped_column(ForeignKey("occupational_group.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("coach.id"), index=True)
    title: Mapped[str | None]
    years_experience: Mapped[int | None]
    country_of_education: Mapped[str | None]
    goal: Mapped[str | None]
    languages: Mapped[list[str]] = mapped_column(default=list)
    #: Job-ready and waiting since this day; a rematch keeps it.
    ready_on: Mapped[dt.date | None]
    withdrawn_on: Mapped[dt.date | None]
    #: One of the programme's reasons, and what a coordinator adds; both empty unless withdrawn.
    withdrawn_reason: Mapped[str | None]
    withdrawn_note: Mapped[str | None]
    #: What the mentee wants help with: names of the programme's goals. `goal` is in the mentee's own words.
    goals: Mapped[Names]
    licence_sought: Mapped[str | None]
    #: The part of the city the mentee comes from; never an address.
    area: Mapped[str | None]
    no_speciality_on: Mapped[dt.date | None]


class PersonMerge(Base):
    """Two entries of one person, made one: where the other one's reference leads.

    Storing the row is the merge: a trigger gives the other's matches to who stays, and takes the other away.
    """

    __tablename__ = "person_merge"
    __table_args__ = (CheckConstraint("(mentor_id IS NULL) <> (mentee_id IS NULL)", name="one_person"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The reference of who is no more.
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    #: Who stays.
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("mentor.id"), index=True)
    mentee_id: Mapped[int | None] = mapped_column(ForeignKey("mentee.id"), index=True)
    merged_at: Mapped[dt.datetime]
    #: The number of who is no more, by which the trail knows them.
    was_id: Mapped[int | None] = mapped_column(index=True)


class TwoPeople(Base):
    """Two entries that look as if they were of one person, and are of two: somebody looked."""

    __tablename__ = "two_people"
    __table_args__ = (
        CheckConstraint(
            "(mentor_id IS NULL) = (other_mentor_id IS NULL) AND (mentee_id IS NULL) = (other_mentee_id IS NULL)"
            " AND (mentor_id IS NULL) <> (mentee_id IS NULL)",
            name="of_one_kind",
        ),
        # The lower number first, so that a pair is one row.
        CheckConstraint("mentor_id < other_mentor_id", name="mentors_in_order"),
        CheckConstraint("mentee_id < other_mentee_id", name="mentees_in_order"),
        UniqueConstraint("mentor_id", "other_mentor_id"),
        UniqueConstraint("mentee_id", "other_mentee_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("mentor.id"))
    other_mentor_id: Mapped[int | None] = mapped_column(ForeignKey("mentor.id"), index=True)
    mentee_id: Mapped[int | None] = mapped_column(ForeignKey("mentee.id"))
    other_mentee_id: Mapped[int | None] = mapped_column(ForeignKey("mentee.id"), index=True)
    marked_at: Mapped[dt.datetime]
    #: None from the command line.
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
