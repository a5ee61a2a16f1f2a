"""Programmes, cohorts and the settings that a programme can change."""

import datetime as dt
from collections.abc import Sequence
from zoneinfo import available_timezones

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Cohort, Programme, ProgrammeKind, ProgrammeSetting
from services import audit, clock
from services.access import Actor, Permission, authorise
from services.errors import Invalid, NotFound
from services.once_a_reading import once_a_reading
from services.setup import settings

#: Where a programme runs unless it says otherwise.
TIMEZONE = "America/Toronto"
#: What a programme brings about, by its kind.
KINDS: dict[str, str] = {
    ProgrammeKind.MENTORING: "Matches of mentors and mentees",
    ProgrammeKind.PLACEMENT: "Placements: people are hired",
}
#: One for each number key of the card.
MOST_REASONS = 9
_LONGEST_REASON = 60


class Clocks(BaseModel, frozen=True):
    """Days, goals and ways of a programme.

    Defaults are the partnership's norms: two to four weeks to match, first contact within two weeks, two in the
    first month, then monthly.
    """

    pending_due_days: int = Field(14, ge=1)
    pending_overdue_days: int = Field(28, ge=1)
    check_in_days: tuple[int, ...] = (14, 30, 60, 90)
    closing_day: int = Field(120, ge=1)
    quiet_watch_days: int = Field(14, ge=1)
    quiet_act_days: int = Field(30, ge=1)
    support_goal_percent: int = Field(90, ge=0, le=100)
    hours_goal: int = Field(24, ge=0)
    follow_up_months: tuple[int, ...] = (6, 12)
    #: A follow-up can be made from so many days before its day on, and so many days after it is asked for no more.
    follow_up_early_days: int = Field(28, ge=0)
    follow_up_late_days: int = Field(90, ge=0)
    #: Who was not reached is asked again after so many days.
    follow_up_again_days: int = Field(14, ge=1)
    #: Mentors were asked when they volunteered, so an approval starts the match; False: it awaits the mentor.
    approval_starts_match: bool = True
    decline_reasons: tuple[str, ...] = (
        "Specialities too far apart",
        "Too little between their years of experience",
        "Mentor has no time now",
        "Mentee not ready yet",
        "Mentee found work",
        "They know each other",
    )
    withdrawal_reasons: tuple[str, ...] = (
        "Found work",
        "No time now",
        "Moved away",
        "Health or family",
        "Cannot be reached",
        "Other",
    )
    #: What mentees want help with and mentors offer; whoever changes the list changes what both are asked.
    goals: tuple[str, ...] = (
        "Licensing",
        "Résumé and interviews",
        "Networking",
        "Sector knowledge",
        "Workplace culture",
        "First Canadian job",
    )
    #: A pair declined that may be proposed again is not proposed for so many days.
    decline_rest_days: int = Field(30, ge=0)
    #: Everyone in the programme works in these; a further language in common raises the fit.
    working_languages: tuple[str, ...] = ("English",)
    #: Days of one waiting band: the older band is matched first.
    waiting_band_days: int = Field(90, ge=1)
    #: Proposals below this fit (0 to 1000) are not made.
    fit_floor: int = Field(300, ge=0, le=1000)
    #: Smallest count that managers, the public sheet and the stage may see of a split.
    smallest_cell: int = Field(11, ge=1)
    percent_base: int = Field(20, ge=1)
    #: A person's data is erased by itself so many years after its last use; 0: only by somebody.
    keep_years: int = Field(0, ge=0)


def main(session: Session) -> Programme:
    """The mentoring programme that the desk opens with: the first one made.

    Raises `NotFound` when there is none yet.
    """
    programme = session.scalar(
        select(Programme).where(Programme.kind == ProgrammeKind.MENTORING).order_by(Programme.id).limit(1)
    )
    if programme is None:
        message = (
            "There is no mentoring programme yet. "
            "An administrator names it on the page Programme, or with: matchdesk programme create"
        )
        raise NotFound(message)
    return programme


@once_a_reading
def clocks(session: Session, programme_id: int) -> Clocks:
    """The settings of a programme: the defaults, and what it changed."""
    rows = session.execute(
        select(ProgrammeSetting.name, ProgrammeSetting.value).where(ProgrammeSetting.programme_id == programme_id)
    )
    return Clocks.model_validate({name: value["value"] for name, value in rows})


def zones() -> list[str]:
    """The names of time zones, in the order of the alphabet."""
    return sorted(available_timezones())


def set_decline_reasons(session: Session, programme_id: int, reasons: Sequence[str], *, by: Actor) -> tuple[str, ...]:
    """The reasons that a decline can give from now on, in their order; those given before stay as they were given.

    Raises `Invalid` unless there are 1 to 9, each different and of a few words.
    """
    by = authorise(session, by, Permission.SET_PROGRAMME)
    kept = tuple(line for line in (" ".join(reason.split()) for reason in reasons) if line)
    if not 1 <= len(kept) <= MOST_REASONS:
        raise Invalid(f"A decline chooses among 1 to {MOST_REASONS} reasons, one for each number key. Mend the list.")
    if len({reason.casefold() for reason in kept}) < len(kept):
        raise Invalid("A reason stands twice in the list. Take one away.")
    if longest := next((reason for reason in kept if len(reason) > _LONGEST_REASON), None):
        raise Invalid(f"«{longest[:30]} …» is too long for a key. Say it in {_LONGEST_REASON} letters or fewer.")
    settings.put(session, programme_id, "decline_reasons", list(kept))
    audit.record(session, by, "decline reasons changed", "programme", programme_id, reasons=len(kept))
    return kept


def today(session: Session, programme_id: int) -> dt.date:
    """The day it is where a programme runs."""
    return clock.today(session.get_one(Programme, programme_id).timezone)


def cohort(session: Session, programme_id: int, name: str | None = None) -> Cohort:
    """The cohort of that name, or the one that started last.

    Raises `NotFound` with the names there are.
    """
    wanted = select(Cohort).where(Cohort.programme_id == programme_id)
    found = session.scalar(
        (
            wanted.where(Cohort.name == name) if name else wanted.order_by(Cohort.starts_on.desc(), Cohort.id.desc())
        ).limit(1)
    )
    if found is None:
        names = ", ".join(
            session.scalars(select(Cohort.name).where(Cohort.programme_id == programme_id).order_by(Cohort.starts_on))
        )
        none_yet = "There is no cohort yet. Make one on the page Programme, or with: matchdesk cohort create"
        raise NotFound(f"There is no cohort «{name}». Cohorts are: {names}." if name and names else none_yet)
    return found


def create(
    session: Session,
    *,
    by: Actor,
    name: str,
    organisation: str,
    kind: ProgrammeKind | str = ProgrammeKind.MENTORING,
    timezone: str = TIMEZONE,
) -> int:
    """Make a programme; returns its id. Raises `Invalid` for a blank or taken name and for an unknown time zone."""
    by = authorise(session, by, Permission.MANAGE_ACCOUNTS)
    programme = Programme(kind=ProgrammeKind(kind))
    _name(session, programme, name, organisation, timezone)
    audit.record(session, by, "created", "programme", programme.id, kind=programme.kind.value)
    return programme.id


def rename(session: Session, programme_id: int, *, by: Actor, name: str, organisation: str, timezone: str) -> None:
    """Another name, organisation or time zone for a programme. Raises `Invalid`, `NotFound`."""
    by = authorise(session, by, Permission.SET_PROGRAMME)
    programme = session.get(Programme, programme_id)
    if programme is None:
        message = "There is no such programme any more. Load the page again."
        raise NotFound(message)
    _name(session, programme, name, organisation, timezone)
    audit.record(session, by, "renamed", "programme", programme_id, timezone=timezone)


def _name(session: Session, programme: Programme, name: str, organisation: str, timezone: str) -> None:
    name, organisation = name.strip(), organisation.strip()
    if not (name and organisation):
        message = "A programme needs a name and an organisation. Write both."
        raise Invalid(message)
    if session.scalar(select(Programme.id).where(Programme.name == name, Programme.id != (programme.id or 0))):
        message = f"There is a programme «{name}» already. Choose another name."
        raise Invalid(message)
    if timezone not in available_timezones():
        message = f"«{timezone}» is no time zone. Write one like {TIMEZONE}."
        raise Invalid(message)
    programme.name, programme.organisation, programme.timezone = name, organisation, timezone
    session.add(programme)
    session.flush()
