"""What a sheet says of a programme that no figure can: from words.toml, by the programme's name."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from services.factsheet.model import Part

_FILE = Path(__file__).with_name("words.toml")
_ANY = "*"


@dataclass(frozen=True)
class Words:
    """A programme's own words."""

    #: The programme's second name.
    subtitle: str
    #: How the first cohort is called, around its name: "{cohort} pilot".
    first: str
    #: Goes on from the number of matches.
    matched: str
    partners: str
    background: tuple[str, ...]
    how: tuple[Part, ...]

    def cohort(self, name: str, *, is_first: bool) -> str:
        """A cohort as the sheet calls it."""
        return self.first.replace("{cohort}", name) if is_first else name


def words(programme: str) -> Words:
    """The words of a programme, or those that fit any."""
    said = _all().get(programme) or _all()[_ANY]
    return Words(
        subtitle=said["subtitle"],
        first=said["first"],
        matched=said["matched"],
        partners=said["partners"],
        background=tuple(said["background"]),
        how=tuple(Part(part["title"], part["text"]) for part in said["how"]),
    )


@cache
def _all() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
