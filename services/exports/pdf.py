"""A sheet as a PDF on letter paper, readable by a screen reader (PDF/UA-1)."""

from typing import Any

from services.exports.boxes import boxed
from services.exports.letters import plain
from services.exports.palette import COLOURS
from services.exports.typeset import typeset
from services.factsheet.model import Section, Sheet, told
from services.wording import day


def pdf(sheet: Sheet) -> bytes:
    """The sheet, with the published lines on pages of their own. The same sheet gives the same bytes."""
    return typeset("sheet.typ", _data(plain(sheet)), sheet.counted_on)


def warning(sheet: Sheet) -> str:
    """Which words of the sheet its PDF cannot print, as a sentence; empty when it can print all."""
    return boxed(_data(plain(sheet)))


def _data(sheet: Sheet) -> dict[str, Any]:
    return {
        "colours": COLOURS,
        "organisation": sheet.organisation,
        "programme": sheet.programme,
        "title": sheet.title,
        "subject": sheet.subject,
        "status": sheet.status,
        "headline": sheet.headline.text if sheet.has_headline else "",
        "sentence": sheet.sentence,
        "cohorts": _section(sheet.cohorts),
        "groups": _section(sheet.groups),
        "outcomes": _section(sheet.outcomes),
        "panels": [_section(panel) for panel in sheet.panels],
        "background": sheet.background,
        "how": [{"title": part.title, "text": part.text} for part in sheet.how],
        "published": [
            {
                "under": line.under,
                "what": line.what,
                "published": line.published,
                "computed": line.computed,
                "base": line.base,
                "as_of": day(line.as_of),
                "holds": line.holds,
                "verdict": line.verdict,
            }
            for line in sheet.published
        ],
        "source": sheet.source,
        "verdict": sheet.verdict,
        "partners": sheet.partners,
        "rule": sheet.rule,
        "basis": sheet.basis,
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "finding": section.finding,
        "name": section.name,
        "note": section.note,
        "key": section.key,
        "absent": section.absent,
        "objective": section.objective,
        "told": told(section),
        "items": [
            {
                "label": item.label,
                "text": item.text,
                "size": item.size,
                "part": item.part,
                "mark": item.mark,
                "subject": item.is_subject,
            }
            for item in section.items
        ],
    }
