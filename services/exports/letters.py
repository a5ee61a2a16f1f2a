"""Text that a file can hold: the letters of every script, without what controls a reader or breaks XML."""

import unicodedata
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import TypeVar, cast

_T = TypeVar("_T")
#: Marks that turn the direction of what follows, and the mark of byte order.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff")
_UNSEEN = ("Cc", "Cs", "Co", "Cn")


def plain(value: _T) -> _T:
    """The same text, or the same dataclass with every text in it, as one line of visible letters each."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        line = " ".join(unicodedata.normalize("NFC", value).split())
        kept = (c for c in line if c not in _TURNING and unicodedata.category(c) not in _UNSEEN)
        return cast("_T", "".join(kept))
    if isinstance(value, tuple):
        return cast("_T", tuple(plain(part) for part in value))
    if is_dataclass(value) and not isinstance(value, type):
        made = {field.name: plain(getattr(value, field.name)) for field in fields(value) if field.init}
        return cast("_T", type(value)(**made))
    return value
