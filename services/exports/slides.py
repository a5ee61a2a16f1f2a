"""A sheet as slides: charts and tables that can be edited, the day and the mode on every slide."""

import io
import zipfile
from datetime import datetime

from pptx import Presentation
from pptx.util import Inches, Pt

from services.exports import palette
from services.exports.letters import plain
from services.exports.slide_charts import bars, columns, rates
from services.exports.slide_parts import LEFT, WIDE, Deck, notes, table, text
from services.factsheet.model import Line, Section, Sheet, told

#: Lines of the published sheet on one slide.
_LINES = 14
_TOP = Inches(1.55)
_MANY = 14
#: Letters of a note that two lines of its ordinary size hold; more would run into the foot.
_TWO_LINES = 250
#: Digits of a headline that fit at full size.
_SHORT = 3


def slides(sheet: Sheet) -> bytes:
    """A 16:9 deck of four slides, and more with published lines beside the computed ones."""
    sheet = plain(sheet)
    deck = Deck(Presentation(), sheet)
    _headline(deck, sheet)
    _groups(deck, sheet)
    _outcomes(deck, sheet)
    pages = [sheet.published[at : at + _LINES] for at in range(0, len(sheet.published), _LINES)]
    for number, lines in enumerate(pages, 1):
        _published(deck, sheet, lines, f" ({number} of {len(pages)})" if len(pages) > 1 else "")
    _how(deck, sheet)
    about = deck.presentation.core_properties
    about.title, about.author, about.subject = sheet.title, sheet.organisation, sheet.status
    about.created = about.modified = datetime(*sheet.counted_on.timetuple()[:3])  # noqa: DTZ001 - the format has no zone
    made = io.BytesIO()
    deck.presentation.save(made)
    return _undated(made)


def _headline(deck: Deck, sheet: Sheet) -> None:
    slide = deck.slide(sheet.programme, sheet.subject)
    half = Inches(4.9)
    if sheet.has_headline:
        big = Pt(138 if len(sheet.headline.text) <= _SHORT else 96)
        text(
            slide, sheet.headline.text, LEFT, Inches(1.8), half, Inches(2.1), size=big, colour=palette.CHOSEN, bold=True
        )
    text(
        slide,
        sheet.sentence,
        LEFT,
        Inches(4.05 if sheet.has_headline else 2.2),
        half,
        Inches(2.2),
        size=Pt(22),
        bold=True,
    )
    if len(sheet.cohorts.items) > 1:
        left = LEFT + half + Inches(0.3)
        columns(slide, sheet.cohorts, left, _TOP, LEFT + WIDE - left, Inches(4.7))
        text(
            slide,
            sheet.cohorts.note,
            left,
            Inches(6.25),
            LEFT + WIDE - left,
            Inches(0.4),
            size=Pt(14),
            colour=palette.QUIET,
        )
    notes(slide, sheet.opening, told(sheet.cohorts), sheet.rule, sheet.basis)


def _groups(deck: Deck, sheet: Sheet) -> None:
    section = sheet.groups
    slide = deck.slide(section.finding)
    if section.items:
        many = len(section.items) > _MANY
        bars(slide, section, LEFT, Inches(1.3 if many else 1.5), WIDE, Inches(5.1 if many else 4.75))
        _note(slide, section)
    else:
        text(slide, section.absent, LEFT, _TOP, WIDE, Inches(1), size=Pt(20), colour=palette.QUIET)
    notes(slide, told(section), section.note)


def _outcomes(deck: Deck, sheet: Sheet) -> None:
    slide = deck.slide(sheet.outcomes.finding)
    panels = sheet.panels[:2]
    tall = Inches(2.35) if panels else Inches(4.2)
    if sheet.outcomes.items:
        rates(slide, sheet.outcomes, LEFT, Inches(1.4), WIDE, tall)
        text(
            slide, sheet.outcomes.note, LEFT, Inches(1.4) + tall, WIDE, Inches(0.35), size=Pt(13), colour=palette.QUIET
        )
    else:
        text(slide, sheet.outcomes.absent, LEFT, _TOP, WIDE, Inches(0.8), size=Pt(20), colour=palette.QUIET)
    for at, panel in enumerate(panels):
        wide = (WIDE - Inches(0.4) * (len(panels) - 1)) // len(panels)
        _numbers(slide, panel, LEFT + at * (wide + Inches(0.4)), wide)
    notes(slide, told(sheet.outcomes), *(told(panel) for panel in sheet.panels))


def _numbers(slide: object, panel: Section, left: int, wide: int) -> None:
    text(slide, panel.finding, left, Inches(4.3), wide, Inches(0.6), size=Pt(16), bold=True)
    shown = panel.items[:4]
    each = wide // max(len(shown), 1)
    for place, item in enumerate(shown):
        at = left + place * each
        text(slide, item.text, at, Inches(4.9), each, Inches(0.6), size=Pt(28), bold=True, colour=palette.CHOSEN)
        said = f"{item.label} ({item.part})" if item.part else item.label
        text(slide, said, at, Inches(5.45), each - Inches(0.2), Inches(0.9), size=Pt(12), colour=palette.QUIET)
    note = panel.note if shown else panel.absent
    text(slide, note, left, Inches(6.45), wide, Inches(0.4), size=Pt(12), colour=palette.QUIET)


def _published(deck: Deck, sheet: Sheet, lines: tuple[Line, ...], page: str) -> None:
    slide = deck.slide(f"{sheet.verdict}{page}")
    head = ("", "Line", "Published", "Computed", "Counted from", "Verdict")
    rows = [(line.under, line.what, line.published, line.computed, line.base, line.verdict) for line in lines]
    widths = (2.0, 4.2, 1.25, 1.25, 2.2, 1.1)
    table(
        slide,
        (head, *rows),
        LEFT,
        Inches(1.35),
        WIDE,
        widths,
        "Published lines beside the same lines computed from rows.",
    )
    notes(slide, *(f"{line.what}: published {line.published}, computed {line.computed}." for line in lines))


def _how(deck: Deck, sheet: Sheet) -> None:
    slide = deck.slide("How it works")
    across = 2 if len(sheet.how) > 1 else 1
    wide, tall = WIDE // across, Inches(1.45)
    for place, part in enumerate(sheet.how[:4]):
        left, top = LEFT + place % across * wide, Inches(1.45) + place // across * tall
        text(slide, part.title, left, top, wide - Inches(0.4), Inches(0.4), size=Pt(20), bold=True)
        text(
            slide,
            part.text,
            left,
            top + Inches(0.42),
            wide - Inches(0.4),
            Inches(0.95),
            size=Pt(16),
            colour=palette.QUIET,
        )
    if sheet.partners:
        text(slide, sheet.partners, LEFT, Inches(4.55), WIDE, Inches(1), size=Pt(16))
    counting = f"{sheet.rule} {sheet.basis}."
    text(slide, counting, LEFT, Inches(5.65), WIDE, Inches(0.9), size=Pt(14), colour=palette.QUIET)
    notes(slide, *sheet.background, *(f"{part.title}: {part.text}" for part in sheet.how))


def _note(slide: object, section: Section) -> None:
    key = f" Blue: {section.key}." if section.key else ""
    said = section.note + key
    top, size = (Inches(6.35), Pt(14)) if len(said) < _TWO_LINES else (Inches(6.3), Pt(11))
    text(slide, said, LEFT, top, WIDE, Inches(0.4), size=size, colour=palette.QUIET)


def _undated(made: io.BytesIO) -> bytes:
    """The same parts without the moment at which they were packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(zipfile.ZipInfo(part.filename), old.read(part.filename), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
