"""The organisation's placement programmes on a sheet: hired, against what was committed, and who stayed."""

from services import shown
from services.counting.figure import Scope
from services.factsheet.model import Item, Mode, Section
from services.factsheet.question import Question
from services.scopes import ProgrammeChoice
from services.wording import day, joined

_NAME = "Sister programmes"


def sisters(asked: Question, others: tuple[ProgrammeChoice, ...]) -> tuple[Section, ...]:
    """Their cohorts of the sheet's time, which reaches back to the cohort before its own; none: no section."""
    items: list[Item] = []
    said: list[str] = []
    for programme in others:
        found, hired = _items(asked, programme)
        items += found
        if hired:
            said.append(f"{programme.name}{' hired' if not said else ''} {hired:,}")
    if not items:
        return ()
    note = f"People hired, as of {day(asked.as_of)}."
    return (Section(joined(said), tuple(items), note=note, name=_NAME),)


def _items(asked: Question, programme: ProgrammeChoice) -> tuple[list[Item], int]:
    """What is said of one programme, and how many it hired in these cohorts."""
    scope, public = Scope(programme.id, asked.as_of), asked.mode is Mode.PUBLIC
    placed, committed, stayed = (
        shown.by_cohort(asked.session, scope, name, by=asked.by, public=public)
        for name in ("placed", "placed_of_committed", "permanent")
    )
    since = (asked.before or asked.cohort).starts_on
    items: list[Item] = []
    hired = 0
    for cohort in programme.cohorts:
        count = placed[cohort.id]
        if cohort.starts_on > asked.as_of or cohort.ends_on < since or not count.count:
            continue
        hired += count.count
        name = f"{programme.name} {cohort.name}"
        aim = committed[cohort.id].base
        against = f"; {aim:,} committed" if aim is not None else ""
        items.append(Item(f"hired, {name}{against}", count))
        if stayed[cohort.id].numerator:  # otherwise nobody kept a record of it
            items.append(Item("of them permanent", stayed[cohort.id]))
    return items, hired
