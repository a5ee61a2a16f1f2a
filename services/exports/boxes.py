"""Words that would stand in a PDF as boxes, because no font of this server has their letters."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import typst

from services.exports.typeset import fonts
from services.wording import joined

#: Letters up to here are in the desk's own typeface.
_OWN = "\u024f"
_NAMED = 3
#: The words, each a line, as data that is never read as markup.
_PAGE = (
    b'#set document(title: "Words")\n#set text(font: "Hanken Grotesk")\n'
    b"#for word in json(bytes(sys.inputs.data)) [#word #linebreak()]"
)
_FAILED = re.compile(r'the text `"(.+?)"` could not be displayed')


def boxed(said: Any) -> str:
    """What to tell whoever is about to print this text, or all the text in these lists and dicts; else nothing."""
    words = {word for text in _texts(said) for word in text.split() if max(word) > _OWN}
    lacking = _lacking(tuple(sorted(words)))
    if not lacking:
        return ""
    more = [f"{len(lacking) - _NAMED} more"] if len(lacking) > _NAMED else []
    return (
        f"In the PDF these stand as boxes, as no font of this server has their letters: "
        f"{joined([*lacking[:_NAMED], *more])}. Whoever looks after the server can add one: "
        "the administrator’s guide says which."
    )


def _texts(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict | list | tuple):
        for part in said.values() if isinstance(said, dict) else said:
            yield from _texts(part)


@cache
def _lacking(words: tuple[str, ...]) -> tuple[str, ...]:
    """A PDF for screen readers refuses a letter that no font has, one at a time."""
    found = _refused(words)
    now = [word for word in words if found and found in word]
    return (*now, *_lacking(tuple(word for word in words if word not in now))) if now else ()


def _refused(words: tuple[str, ...]) -> str:
    try:
        typst.compile(
            _PAGE, sys_inputs={"data": json.dumps(words)}, font_paths=fonts(system=True), pdf_standards="ua-1"
        )
    except typst.TypstError as error:
        found = _FAILED.search(str(error))
        return found[1] if found else ""
    return ""
