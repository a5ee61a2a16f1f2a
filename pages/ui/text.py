"""Other people's text, safe to stand in Markdown: it is shown letter by letter and does nothing."""

import re
import unicodedata

_MARKS = re.compile(r"([!-/:-@\[-`{-~])")
#: Streamlit makes links of bare addresses too; a zero-width blank inside them stops it.
_ADDRESS = re.compile(r"(?i)(https?|ftp|mailto|xmpp|www)(?=[:.])")
_DIRECTION = dict.fromkeys(
    [0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x200E, 0x200F, 0xFEFF]
)


def plain(text: object, limit: int = 160) -> str:
    """One line of visible letters, at most `limit`."""
    line = unicodedata.normalize("NFC", str(text)).translate(_DIRECTION)
    line = re.sub(r"[\r\n\t\x0b\x0c\u2028\u2029]", " ", line)
    return "".join(c for c in line if unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn"))[:limit]


def md(text: object, limit: int = 160) -> str:
    """The same, with every mark of Markdown and every address made harmless."""
    broken = _ADDRESS.sub(lambda found: found[0][0] + "\u200b" + found[0][1:], plain(text, limit))
    return _MARKS.sub(r"\\\1", broken.replace("@", "\u200b@"))


def said(text: object, limit: int = 500) -> str:
    """A sentence of ours, which may hold other people's names: no line ends between a number and its per cent."""
    return md(str(text).replace(" %", "\u00a0%"), limit)
