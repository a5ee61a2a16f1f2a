"""A sheet as a PDF on letter paper, readable by a screen reader (PDF/UA-1)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from services.exports.letters import plain
from services.exports.palette import COLOURS
from services.factsheet.model import Section, Sheet, told
from services.wording import day

_HERE = Path(__file__).parent
_FONTS = _HERE / "fonts"


def pdf(sheet: Sheet) -> bytes:
    """The sheet, with the published lines on pages of their own. The same sheet gives the same bytes."""
    said = json.dumps(_data(plain(sheet)))
    for number, given in enumerate(_ways()):
        try:
            made: bytes = typst.compile(
                str(_HERE / "sheet.typ"),
                root=str(_HERE),
                sys_inputs={"data": said},
                timestamp=int(datetime(*sheet.counted_on.timetuple()[:3], tzinfo=UTC).timestamp()),
                **given,
            )
        except typst.TypstError:
            if number == len(_ANYTHING):
                raise
        else:
            return made
    raise AssertionError  # the last way returns or raises


#: What is tried after the sheet's own typeface: a letter that it lacks may be in a font of the system; a letter that no
#: font has cannot stand in a PDF/UA at all, and a sheet that a reader cannot read aloud is better than none.
_ANYTHING: tuple[dict[str, Any], ...] = ({"pdf_standards": "ua-1"}, {})


def _ways() -> Iterator[dict[str, Any]]:
    yield {"font_paths": _fonts(system=False), "pdf_standards": "ua-1"}
    for given in _ANYTHING:
        yield {"font_paths": _fonts(system=True), **given}


@cache
def _fonts(*, system: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=system, font_paths=[str(_FONTS)])


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
