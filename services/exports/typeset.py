"""A template and its data as a PDF that a screen reader can read (PDF/UA-1)."""

import datetime as dt
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import typst

_HERE = Path(__file__).parent
_FONTS = _HERE / "fonts"


def typeset(template: str, data: dict[str, Any], on: dt.date) -> bytes:
    """The PDF of a template beside this file; the same data and day give the same bytes."""
    said = json.dumps(data)
    for number, given in enumerate(_ways()):
        try:
            made: bytes = typst.compile(
                str(_HERE / template),
                root=str(_HERE),
                sys_inputs={"data": said},
                timestamp=int(dt.datetime(*on.timetuple()[:3], tzinfo=dt.UTC).timestamp()),
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
    yield {"font_paths": fonts(system=False), "pdf_standards": "ua-1"}
    for given in _ANYTHING:
        yield {"font_paths": fonts(system=True), **given}


@cache
def fonts(*, system: bool) -> typst.Fonts:
    """The desk's own, and with them those of the server; looked for once."""
    return typst.Fonts(include_system_fonts=system, font_paths=[str(_FONTS)])
