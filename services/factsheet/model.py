"""A fact sheet as it is printed: everything that a page, a PDF, slides or a workbook shows, and nothing to look up."""

import datetime as dt
import enum
from dataclasses import dataclass

from services.counting.figure import Figure
from services.wording import day


class Mode(enum.StrEnum):
    """Who may read the sheet, and so how exact it is."""

    #: Every cell exact, as the City printed it in 2006.
    AS_PUBLISHED = "as published"
    #: Whatever splits people is rounded so that nobody can be worked out.
    PUBLIC = "public"


@dataclass(frozen=True)
class Item:
    """One number of the sheet beside its label."""

    label: str
    figure: Figure
    #: Printed in place of the figure's own text: "<11".
    shown: str = ""
    #: The subject of its section: this cohort, a new group. Drawn in the accent.
    is_subject: bool = False
    #: A word after the number, so that colour is not all that tells the subject: "new".
    mark: str = ""

    @property
    def text(self) -> str:
        """The number as printed: "77", "66 %", "<11"."""
        return self.shown or self.figure.text

    @property
    def size(self) -> float | None:
        """How long to draw it; None: too small to be told, or absent, so nothing is drawn."""
        return None if self.shown or self.figure.value is None else float(self.figure.value)

    @property
    def part(self) -> str:
        """The share behind a rate: "25 of 38"; empty for a count."""
        figure = self.figure
        return "" if figure.numerator is None or figure.base is None else f"{figure.numerator:,} of {figure.base:,}"


@dataclass(frozen=True)
class Section:
    """A part of the sheet: what was found, the numbers, and what they count."""

    #: The heading: the finding, computed from the figures.
    finding: str
    items: tuple[Item, ...]
    #: Base, day and rule, under the numbers.
    note: str = ""
    #: What the accent means: "not in the 2005 programme".
    key: str = ""
    #: The sentence that stands in place of numbers when there are none.
    absent: str = ""
    #: Of rates: what the programme aims at, in per cent.
    objective: int | None = None
    #: What the section is about, as a short plain name: a tab of the workbook.
    name: str = ""


@dataclass(frozen=True)
class Part:
    """One element of how the programme works."""

    title: str
    text: str


@dataclass(frozen=True)
class Line:
    """A line of the sheet that was published, beside the same line counted from rows."""

    #: The heading it stood under: "2006 program".
    under: str
    #: What it said, in short: "Engineering".
    what: str
    published: str
    computed: str
    #: Numerator and base, or what was counted: "25 of 38", "matches started".
    base: str
    as_of: dt.date
    holds: bool

    @property
    def verdict(self) -> str:
        """Whether the two agree, in a word."""
        return "agrees" if self.holds else "differs"


@dataclass(frozen=True)
class Sheet:
    """A printed sheet."""

    organisation: str
    programme: str
    #: The programme's second name, over the cohort's: "Mentoring Immigrants Program".
    subtitle: str
    cohort: str
    as_of: dt.date
    mode: Mode
    #: The day on which it was counted.
    counted_on: dt.date
    headline: Item
    #: Goes on from the headline figure, or stands alone when there is none.
    sentence: str
    cohorts: Section
    groups: Section
    outcomes: Section
    #: Further numbers, three or so each: the first cohort, the years since.
    panels: tuple[Section, ...]
    background: tuple[str, ...]
    how: tuple[Part, ...]
    published: tuple[Line, ...]
    #: The document that the published lines stood in: "fact sheet of 21 September 2006".
    source: str
    partners: str
    #: The counting rule and how numbers are rounded.
    rule: str
    #: What it was counted from: "Recomputed on 22 November 2026 from 146 matches of the cohorts 2004 to 2006, …".
    basis: str

    @property
    def title(self) -> str:
        """What a file or a tab is called."""
        return f"{self.programme}: fact sheet, {self.cohort} cohort"

    @property
    def subject(self) -> str:
        """The line under the programme's name."""
        return (
            f"{self.subtitle}: fact sheet, {self.cohort} cohort"
            if self.subtitle
            else f"Fact sheet, {self.cohort} cohort"
        )

    @property
    def status(self) -> str:
        """The day and the mode, on every page."""
        mode = "Figures as published." if self.mode is Mode.AS_PUBLISHED else "Public figures, protected."
        return f"As of {day(self.as_of)}. {mode}"

    @property
    def has_headline(self) -> bool:
        """Whether there is a number to print large."""
        return bool(self.headline.figure.value)

    @property
    def opening(self) -> str:
        """The headline as one sentence: "77 City staff matched …"."""
        return f"{self.headline.text} {self.sentence}" if self.has_headline else self.sentence

    @property
    def sections(self) -> tuple[Section, ...]:
        """Every part with numbers, in the order of the sheet."""
        return (self.cohorts, self.groups, self.outcomes, *self.panels)

    @property
    def verdict(self) -> str:
        """How many lines agree with what was published; empty when nothing was."""
        if not self.published:
            return ""
        held = sum(line.holds for line in self.published)
        return f"{held} of {len(self.published)} lines agree with the {self.source}"


def told(section: Section) -> str:
    """A section's numbers as a sentence: the text alternative of its chart."""
    told_items = (
        " ".join(filter(None, (item.label, _aloud(item.text), item.part and f"({item.part})", item.mark)))
        for item in section.items
    )
    aim = f" Objective {section.objective} per cent." if section.objective is not None else ""
    return f"{section.name or section.finding}: {'; '.join(told_items)}.{aim}" if section.items else section.absent


def _aloud(text: str) -> str:
    return text.replace(" %", " per cent")
