"""The work around a match: check-ins, sessions, events, surveys, outcomes, placements."""

import datetime as dt
import enum

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, new_ref


class Health(enum.StrEnum):
    """How a match goes, as its coach sees it."""

    GOOD = "good"
    CONCERN = "concern"
    AT_RISK = "at_risk"


class Mode(enum.StrEnum):
    """How two people were in touch."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    VIDEO = "video"
    EMAIL = "email"


class Contact(enum.StrEnum):
    """Whom a check-in was with."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    BOTH = "both"


class CheckIn(Base):
    """A coach's contact about a match."""

    __tablename__ = "check_in"
    __table_args__ = (Index("ix_check_in_match_id_on_day", "match_id", "on_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"))
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("coach.id"))
    on_day: Mapped[dt.date]
    contact: Mapped[Contact]
    mode: Mapped[Mode]
    health: Mapped[Health]
    note: Mapped[str | None]


class MentoringSession(Base):
    """A meeting of mentor and mentee; the goal is 24 hours over four months."""

    __tablename__ = "mentoring_session"
    __table_args__ = (
        Index("ix_mentoring_session_match_id_on_day", "match_id", "on_day"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"))
    on_day: Mapped[dt.date]
    minutes: Mapped[int]


class EventKind(enum.StrEnum):
    """The gatherings of a programme."""

    ORIENTATION = "orientation"
    NETWORKING = "networking"
    WORKSHOP = "workshop"
    PROFESSIONAL_DEVELOPMENT = "professional_development"
    RECOGNITION = "recognition"


class Event(Base):
    """A gathering of a cohort."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_event_ref", "ref", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), default=new_ref, server_default=text("''"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    kind: Mapped[EventKind]
    name: Mapped[str]
    place: Mapped[str | None]
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    #: How often it was changed: calendars take a file with a higher number for the newer one.
    changes: Mapped[int] = mapped_column(default=0, server_default="0")
    changed_at: Mapped[dt.datetime | None]
    #: It does not take place, and nothing of it counts.
    cancelled_at: Mapped[dt.datetime | None]


_ONE_PERSON = "(mentor_id IS NULL) <> (mentee_id IS NULL)"


class Attendance(Base):
    """One person invited to one event, and whether they came."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("event_id", "mentor_id"),
        UniqueConstraint("event_id", "mentee_id"),
        CheckConstraint(_ONE_PERSON, name="one_person"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("mentor.id"), index=True)
    mentee_id: Mapped[int | None] = mapped_column(ForeignKey("mentee.id"), index=True)
    #: Empty until attendance is taken.
    attended: Mapped[bool | None]
    #: Nobody invited them: they came to the door, or were taken for someone who did (then `attended` is no).
    walked_in: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: The moment of the latest tap at the door; an older one that arrives late changes nothing.
    tapped_at: Mapped[dt.datetime | None]


class Side(enum.StrEnum):
    """Which of the two people of a match is asked."""

    MENTOR = "mentor"
    MENTEE = "mentee"


class AnswerKind(enum.StrEnum):
    """How a question is answered."""

    AGREES = "agrees"
    WORDS = "words"


def _words(kind: type[enum.StrEnum]) -> Enum:
    """The type of a column added later, whose constraint stands at the column: SQLite adds none in another way."""
    return Enum(kind, native_enum=False, length=24, values_callable=lambda kind: [member.value for member in kind])


class Survey(Base):
    """A questionnaire of a cohort, for its mentors or its mentees."""

    __tablename__ = "survey"
    __table_args__ = (UniqueConstraint("cohort_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    name: Mapped[str]
    side: Mapped[Side] = mapped_column(
        _words(Side),
        CheckConstraint("side IN ('mentor', 'mentee')", name="side_known"),
        default=Side.MENTEE,
        server_default=Side.MENTEE.value,
    )


class SurveyQuestion(Base):
    """One question of a survey; questions stand in the order of their ids."""

    __tablename__ = "survey_question"
    __table_args__ = (UniqueConstraint("survey_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    code: Mapped[str]
    wording: Mapped[str]
    kind: Mapped[AnswerKind] = mapped_column(
        _words(AnswerKind),
        CheckConstraint("kind IN ('agrees', 'words')", name="kind_known"),
        default=AnswerKind.AGREES,
        server_default=AnswerKind.AGREES.value,
    )


class SurveyResponse(Base):
    """One person's answer to one question."""

    __tablename__ = "survey_response"
    __table_args__ = (
        UniqueConstraint("question_id", "mentor_id"),
        UniqueConstraint("question_id", "mentee_id"),
        CheckConstraint(_ONE_PERSON, name="one_person"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("survey_question.id"))
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("mentor.id"), index=True)
    mentee_id: Mapped[int | None] = mapped_column(ForeignKey("mentee.id"), index=True)
    on_day: Mapped[dt.date]
    agrees: Mapped[bool | None]
    words: Mapped[str | None]


class SurveyLink(Base):
    """A person's own link to a survey, which needs no account and works once. Only its SHA-256 is kept.

    One a person and survey: another token takes the place of the one before, which then opens nothing.
    """

    __tablename__ = "survey_link"
    __table_args__ = (
        UniqueConstraint("survey_id", "mentor_id"),
        UniqueConstraint("survey_id", "mentee_id"),
        CheckConstraint(_ONE_PERSON, name="one_person"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("mentor.id"), index=True)
    mentee_id: Mapped[int | None] = mapped_column(ForeignKey("mentee.id"), index=True)
    created_at: Mapped[dt.datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    expires_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
    used_at: Mapped[dt.datetime | None]


class Finding(enum.StrEnum):
    """What a follow-up found."""

    EMPLOYED_IN_FIELD = "employed_in_field"
    EMPLOYED_ELSEWHERE = "employed_elsewhere"
    STUDYING = "studying"
    LOOKING = "looking"
    UNKNOWN = "unknown"


class Outcome(Base):
    """A follow-up's finding on a mentee."""

    __tablename__ = "outcome"
    __table_args__ = (Index("ix_outcome_mentee_id_on_day", "mentee_id", "on_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mentee_id: Mapped[int] = mapped_column(ForeignKey("mentee.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    on_day: Mapped[dt.date]
    finding: Mapped[Finding]


class Placement(Base):
    """One person placed in the organisation by a placement programme."""

    __tablename__ = "placement"
    __table_args__ = (CheckConstraint("permanent_on >= hired_on", name="days_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    mentee_id: Mapped[int] = mapped_column(ForeignKey("mentee.id"), index=True)
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))
    hired_on: Mapped[dt.date]
    permanent_on: Mapped[dt.date | None]


class MilestoneKind(enum.StrEnum):
    """A round number, or an award with its day."""

    COUNT = "count"
    AWARD = "award"


class Milestone(Base):
    """A round number of a programme under its counting rule (the day is computed from rows), or an award."""

    __tablename__ = "milestone"
    __table_args__ = (
        UniqueConstraint("programme_id", "number"),
        CheckConstraint("(kind = 'count') = (number IS NOT NULL)", name="count_has_number"),
        CheckConstraint("(kind = 'award') = (on_day IS NOT NULL)", name="award_has_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    kind: Mapped[MilestoneKind]
    name: Mapped[str]
    number: Mapped[int | None]
    on_day: Mapped[dt.date | None]
