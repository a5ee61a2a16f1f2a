"""A match and the append-only rows that carry it from state to state."""

import datetime as dt
import enum
from typing import Any

from sqlalchemy import CheckConstraint, Enum, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models.base import YES_OR_NO, Base, Ref
from db.models.people import Mentee, Mentor
from db.models.programme import OccupationalGroup


class MatchState(enum.StrEnum):
    """Where a match stands; `MOVES` below is its life."""

    PROPOSED = "proposed"
    ON_HOLD = "on_hold"
    APPROVED = "approved"
    ACTIVE = "active"
    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"
    DECLINED = "declined"
    DECLINED_BY_MENTOR = "declined_by_mentor"
    VOID = "void"


OPEN = (MatchState.PROPOSED, MatchState.ON_HOLD, MatchState.APPROVED, MatchState.ACTIVE)

#: Every step the database lets a match take. A step back (undo, reopen) is a step, and leaves its row.
MOVES: dict[MatchState, tuple[MatchState, ...]] = {
    MatchState.PROPOSED: (MatchState.ON_HOLD, MatchState.APPROVED, MatchState.DECLINED, MatchState.VOID),
    MatchState.ON_HOLD: (MatchState.PROPOSED, MatchState.VOID),
    MatchState.APPROVED: (
        MatchState.ACTIVE,
        MatchState.DECLINED_BY_MENTOR,
        MatchState.PROPOSED,
        MatchState.VOID,
    ),
    MatchState.ACTIVE: (
        MatchState.COMPLETED,
        MatchState.ENDED_EARLY,
        MatchState.APPROVED,
        MatchState.PROPOSED,
        MatchState.ACTIVE,
        MatchState.VOID,
    ),
    MatchState.COMPLETED: (MatchState.ACTIVE, MatchState.COMPLETED, MatchState.VOID),
    MatchState.ENDED_EARLY: (MatchState.ACTIVE, MatchState.ENDED_EARLY, MatchState.VOID),
    MatchState.DECLINED: (MatchState.PROPOSED, MatchState.VOID),
    MatchState.DECLINED_BY_MENTOR: (MatchState.APPROVED, MatchState.VOID),
}


def _values(states: tuple[MatchState, ...]) -> str:
    return ", ".join(f"'{state.value}'" for state in states)


IS_OPEN = f"state IN ({_values(OPEN)})"
_ALLOWED = " OR ".join(f"(from_state = '{a.value}' AND to_state IN ({_values(b)}))" for a, b in MOVES.items())


class Match(Base):
    """One mentor and one mentee in one cohort.

    State, version and days follow the transitions: a trigger sets them, and refuses any other hand.
    """

    __tablename__ = "match"
    __table_args__ = (
        ForeignKeyConstraint(["cohort_id", "programme_id"], ["cohort.id", "cohort.programme_id"]),
        CheckConstraint("proposed_on >= '1970-01-01'", name="proposed_on_sensible"),
        CheckConstraint("decided_on >= proposed_on", name="decided_after_proposed"),
        CheckConstraint("started_on IS NULL OR decided_on IS NOT NULL", name="started_was_decided"),
        CheckConstraint("started_on >= decided_on", name="started_after_decided"),
        CheckConstraint("ended_on IS NULL OR started_on IS NOT NULL", name="ended_was_started"),
        CheckConstraint("ended_on >= started_on", name="ended_after_started"),
        CheckConstraint("state <> 'on_hold' OR hold_until IS NOT NULL", name="held_until_a_day"),
        CheckConstraint("fit BETWEEN 0 AND 1000", name="fit_in_range"),
        CheckConstraint(YES_OR_NO.format("never_again"), name="never_again_yes_or_no"),
        # Rule 1: a mentee has at most one open match in a programme.
        Index(
            "uq_match_one_open_per_mentee",
            "programme_id",
            "mentee_id",
            unique=True,
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
        Index("ix_match_cohort_id_state", "cohort_id", "state"),
        Index("ix_match_programme_id_started_on", "programme_id", "started_on"),
        Index("ix_match_mentor_id_state", "mentor_id", "state"),
        Index("ix_match_mentee_id_mentor_id", "mentee_id", "mentor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[Ref]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    cohort_id: Mapped[int] = mapped_column()
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"))
    mentee_id: Mapped[int] = mapped_column(ForeignKey("mentee.id"))
    #: The group they were matched in, kept although a person may change profession later.
    group_id: Mapped[int] = mapped_column(ForeignKey("occupational_group.id"))
    #: Why a coordinator matched across groups (rule 3), or chose against another rule that allows it.
    override_reason: Mapped[str | None]

    state: Mapped[MatchState] = mapped_column(default=MatchState.PROPOSED)
    #: Number of the latest transition; a decision names the version it was made on.
    version: Mapped[int] = mapped_column(default=1)
    proposed_on: Mapped[dt.date]
    proposed_at: Mapped[dt.datetime]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_on: Mapped[dt.date | None]
    started_on: Mapped[dt.date | None]
    ended_on: Mapped[dt.date | None]
    hold_until: Mapped[dt.date | None]
    #: Code of the reason for the last decline or early end.
    reason: Mapped[str | None]
    #: Rule 4: this pair is not proposed again.
    never_again: Mapped[bool] = mapped_column(default=False)

    #: 0 to 1000 when proposed by the engine, with the facts of each criterion.
    fit: Mapped[int | None]
    fit_detail: Mapped[dict[str, Any] | None]
    weights_version: Mapped[int | None]

    mentor: Mapped[Mentor] = relationship(lazy="raise")
    mentee: Mapped[Mentee] = relationship(lazy="raise")
    group: Mapped[OccupationalGroup] = relationship(lazy="raise")


# `step_allowed` already names every value, and two constraints of one type would share a name.
_unchecked = Enum(
    MatchState,
    native_enum=False,
    create_constraint=False,
    length=24,
    values_callable=lambda kind: [m.value for m in kind],
)


class MatchTransition(Base):
    """One step of one match: who, when, from, to, why. Never changed; only a note can be erased."""

    __tablename__ = "match_transition"
    __table_args__ = (
        UniqueConstraint("match_id", "seq"),  # rule 6: of two who decide one version, one wins
        CheckConstraint(
            f"(seq = 1 AND from_state IS NULL AND to_state = 'proposed') OR (seq > 1 AND ({_ALLOWED}))",
            name="step_allowed",
        ),
        CheckConstraint("to_state <> 'on_hold' OR hold_until IS NOT NULL", name="held_until_a_day"),
        CheckConstraint("to_state NOT IN ('declined', 'ended_early') OR reason IS NOT NULL", name="reason_given"),
        CheckConstraint(YES_OR_NO.format("never_again"), name="never_again_yes_or_no"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"))
    seq: Mapped[int]
    from_state: Mapped[MatchState | None] = mapped_column(_unchecked)
    to_state: Mapped[MatchState]
    #: The day it holds from; may lie in the past when history is entered late.
    on_day: Mapped[dt.date]
    at: Mapped[dt.datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: Who acted when nobody was signed in: "import", "command line".
    by_name: Mapped[str | None]
    reason: Mapped[str | None]
    note: Mapped[str | None]
    hold_until: Mapped[dt.date | None]
    never_again: Mapped[bool] = mapped_column(default=False)
    #: The step that this one takes back.
    undoes_seq: Mapped[int | None]


class Mark(enum.StrEnum):
    """What is recorded of a match that runs, and changes no state of it."""

    ORIENTATION = "orientation"
    FIRST_MEETING = "first_meeting"
    AGREEMENT = "agreement"


class MatchMark(Base):
    """One word on one step of a running match: its day, or that it was taken back. Only a note can be erased."""

    __tablename__ = "match_mark"
    __table_args__ = (
        UniqueConstraint("match_id", "step", "seq"),  # of two who record one step at once, one wins
        CheckConstraint("seq > 1 OR on_day IS NOT NULL", name="begins_with_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"))
    step: Mapped[Mark]
    #: The latest word on a step holds.
    seq: Mapped[int]
    #: Empty when the step was taken back.
    on_day: Mapped[dt.date | None]
    at: Mapped[dt.datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    by_name: Mapped[str | None]
    #: Why a day was changed or taken back.
    note: Mapped[str | None]
    #: The word that this one takes back.
    undoes_seq: Mapped[int | None]
