"""The command that writes a fact sheet as a file."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from services import reading, scopes
from services.access import OPERATOR
from services.commands.figures import Day
from services.commands.say import plainly, say
from services.errors import Invalid
from services.exports.pdf import pdf, warning
from services.exports.slides import slides
from services.exports.workbook import workbook
from services.factsheet import build
from services.factsheet.model import Mode, Sheet

_KINDS: dict[str, Callable[[Sheet], bytes]] = {".pdf": pdf, ".pptx": slides, ".xlsx": workbook}


@plainly
def sheet(
    *,
    out: Annotated[Path, typer.Option("--out", help="The file: .pdf, .pptx or .xlsx.")],
    cohort: Annotated[str | None, typer.Option(help="The latest that had begun, unless named.")] = None,
    as_of: Day = None,
    public: Annotated[bool, typer.Option("--public", help="Rounded, so that nobody can be worked out.")] = False,
    programme: Annotated[str | None, typer.Option(help="The main one unless named.")] = None,
) -> None:
    """Write the fact sheet of a cohort as of a day: a PDF, slides or a workbook, by the name of the file."""
    make = _KINDS.get(out.suffix.lower())
    if make is None:
        raise Invalid(f"A fact sheet is no {out.suffix or 'file without an ending'}. Name it .pdf, .pptx or .xlsx.")
    mode = Mode.PUBLIC if public else Mode.AS_PUBLISHED
    with reading() as session:
        chosen = scopes.named(scopes.choices(session, by=OPERATOR), programme)
        made = build.sheet(session, by=OPERATOR, cohort=cohort, as_of=_day(as_of), mode=mode, programme_id=chosen.id)
    try:
        out.write_bytes(make(made))
    except OSError as error:
        raise Invalid(f"The file cannot be written: {error.strerror}. Choose another folder.") from error
    say(f"{made.title}. {made.status}")
    if made.verdict:
        say(f"{made.verdict}.")
    if out.suffix.lower() == ".pdf" and (lacking := warning(made)):
        say(lacking)
    say(f"Written to {out}.")


def _day(moment: dt.datetime | None) -> dt.date | None:
    return moment.date() if moment else None
