"""Specialities of each group, who has which, words that await a coordinator, and places that can be measured."""

import datetime as dt
import enum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class Speciality(Base):
    """One entry of a group's list."""

    __tablename__ = "speciality"
    __table_args__ = (UniqueConstraint("group_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("occupational_group.id"))
    name: Mapped[str]


class MentorSpeciality(Base):
    """A speciality that a person confirmed of a mentor."""

    __tablename__ = "mentor_speciality"

    person_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), primary_key=True)
    speciality_id: Mapped[int] = mapped_column(ForeignKey("speciality.id"), primary_key=True)


class MenteeSpeciality(Base):
    """A speciality that a person confirmed of a mentee."""

    __tablename__ = "mentee_speciality"

    person_id: Mapped[int] = mapped_column(ForeignKey("mentee.id"), primary_key=True)
    speciality_id: Mapped[int] = mapped_column(ForeignKey("speciality.id"), primary_key=True)


class About(enum.StrEnum):
    """The list in which a sender's words are looked for."""

    SPECIALITY = "speciality"
    GOAL = "goal"


class OwnWords(Base):
    """What a file says of someone in words that are on no list. Never scored; a coordinator settles it."""

    __tablename__ = "own_words"
    __table_args__ = (
        UniqueConstraint("mentor_id", "about", "words"),
        UniqueConstraint("mentee_id", "about", "words"),
        CheckConstraint("(mentor_id IS NULL) <> (mentee_id IS NULL)", name="one_person"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("mentor.id"))
    mentee_id: Mapped[int | None] = mapped_column(ForeignKey("mentee.id"))
    about: Mapped[About]
    words: Mapped[str]
    #: The day an entry was chosen for them, or none of the list; a file that repeats them asks nothing anew.
    settled_on: Mapped[dt.date | None]


class Place(Base):
    """An office or an area of the city, as coarse as its name; never anybody's address."""

    __tablename__ = "place"
    __table_args__ = (
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_on_earth"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_on_earth"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
