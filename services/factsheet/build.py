"""A fact sheet put together from the counting module, for any cohort and any day."""

import datetime as dt

from sqlalchemy.orm import Session

from db.models import ProgrammeKind
from services import programmes, scopes
from services.access import Actor, Permission, authorise
from services.counting.figure import rounded
from services.errors import Invalid, NotFound
from services.factsheet import lines, parts
from services.factsheet.groups import groups
from services.factsheet.model import Item, Mode, Section, Sheet
from services.factsheet.question import Question
from services.factsheet.sisters import sisters
from services.factsheet.words import words
from services.scopes import ProgrammeChoice
from services.wording import counted, day

_ROUNDING = "92.5 is printed as 93."


def sheet(
    session: Session,
    *,
    by: Actor,
    cohort: str | None = None,
    as_of: dt.date | None = None,
    mode: Mode | None = None,
    programme_id: int | None = None,
) -> Sheet:
    """The sheet of a cohort (the latest begun unless named) as of a day (today unless named).

    Without a mode it is as exact as the actor may see it. Raises `NotAllowed`, `NotFound` when there is no such
    programme or cohort, and `Invalid` for a placement programme.
    """
    by = authorise(session, by, Permission.SEE_FACT_SHEET)
    mode = mode or (Mode.AS_PUBLISHED if by.may(Permission.SEE_EXACT_FIGURES) else Mode.PUBLIC)
    if mode is Mode.AS_PUBLISHED:
        authorise(session, by, Permission.SEE_EXACT_FIGURES)
    known = scopes.choices(session, by=by)
    programme = _programme(known, programme_id)
    asked = _question(session, by, programme, cohort, as_of or programme.today, mode)
    own = asked.words
    started = asked.total("started_matches", asked.cohort)
    matches = parts.cohorts(asked)
    published, source = lines.published(asked, programme.name) if mode is Mode.AS_PUBLISHED else ((), "")
    return Sheet(
        organisation=programme.organisation,
        programme=programme.name,
        subtitle=own.subtitle,
        cohort=asked.cohort.name,
        as_of=asked.as_of,
        mode=mode,
        counted_on=programme.today,
        headline=Item(started.label, started, is_subject=True),
        sentence=parts.sentence(asked, started),
        cohorts=matches,
        groups=groups(asked),
        outcomes=parts.outcomes(asked),
        panels=(*parts.panels(asked), *sisters(asked, _sisters(known, programme))),
        background=own.background,
        how=own.how,
        published=published,
        source=source,
        partners=_partners(asked),
        rule=_rule(asked, started.rule),
        basis=_basis(asked, matches, programme.today),
    )


def _programme(options: tuple[ProgrammeChoice, ...], programme_id: int | None) -> ProgrammeChoice:
    found = next((one for one in options if programme_id in (None, one.id)), None)
    if found is None:
        raise NotFound("There is no such programme. Choose one of the list.")
    if found.kind is not ProgrammeKind.MENTORING:
        raise Invalid(f"{found.name} places people and makes no matches, so it has no fact sheet. See Cohorts.")
    return found


def _sisters(options: tuple[ProgrammeChoice, ...], programme: ProgrammeChoice) -> tuple[ProgrammeChoice, ...]:
    """The placement programmes of the same organisation."""
    return tuple(
        one for one in options if one.kind is ProgrammeKind.PLACEMENT and one.organisation == programme.organisation
    )


def _question(
    session: Session, by: Actor, programme: ProgrammeChoice, cohort: str | None, as_of: dt.date, mode: Mode
) -> Question:
    chosen = programme.cohort(cohort, as_of)
    if chosen is None:
        raise NotFound("There is no cohort yet. Its fact sheet is written here from the day it is made.")
    place = programme.cohorts.index(chosen)
    return Question(
        session=session,
        by=by,
        programme_id=programme.id,
        as_of=as_of,
        mode=mode,
        clocks=programmes.clocks(session, programme.id),
        words=words(programme.name),
        cohorts=programme.cohorts[: place + 1],
        taken=lines.taken(programme.name, chosen.name, as_of),
    )


def _basis(asked: Question, matches: Section, today: dt.date) -> str:
    """Which matches the sheet was counted from, so that nobody holds them against those of the whole programme."""
    many = counted(sum(item.figure.count for item in matches.items), "match", "matches")
    named = [item.label for item in matches.items]
    whose = f"the {named[0]} cohort" if len(named) == 1 else f"the cohorts {named[0]} to {named[-1]}"
    return f"Recomputed on {day(today)} from {many} of {whose}, started by {day(asked.as_of)}"


def _partners(asked: Question) -> str:
    agencies = asked.total("partners", None)
    supported = (
        f"Coaches of {counted(agencies.count, 'partner agency', 'partner agencies')} support the matches."
        if agencies.value
        else ""
    )
    return " ".join(said for said in (asked.words.partners, supported) if said)


def _rule(asked: Question, rule: str) -> str:
    said = f"{rule} {_ROUNDING}"
    if asked.mode is Mode.AS_PUBLISHED:
        return said
    smallest, base = asked.clocks.smallest_cell, rounded(asked.clocks.percent_base)
    return (
        f"{said} Counts that divide people are rounded to 5, small ones print <{smallest}; "
        f"shares come from rounded counts of at least {base}."
    )
