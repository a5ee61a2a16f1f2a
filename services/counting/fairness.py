"""Whether matching treats alike: who of a cohort is matched, and how soon, by what is no criterion of the fit.

Made of three figures and their rows: mentees ready, mentees started, time to match.
"""

import enum
from dataclasses import dataclass
from decimal import Decimal
from statistics import NormalDist, median

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Agency, Mentee
from services.counting import figures
from services.counting.definition import ask
from services.counting.figure import Scope, per_cent
from services.counting.splits import NOT_KNOWN

#: How seldom chance alone may make a difference that is told, over all parts that are compared.
_CHANCE = 0.05


class By(enum.StrEnum):
    """What mentees are divided by."""

    AGENCY = "agency"
    COUNTRY = "country of education"
    LANGUAGE = "language"


@dataclass(frozen=True)
class Part:
    """Some of the mentees: those of one agency, one country or one language."""

    label: str
    #: Mentees ready, and those of them whose match started.
    ready: int
    matched: int
    #: Days from ready to approval of each of their matches that started.
    waits: tuple[int, ...]

    @property
    def share(self) -> Decimal | None:
        """The exact per cent matched; None without anybody."""
        return per_cent(self.matched, self.ready) if self.ready else None

    @property
    def wait(self) -> Decimal | None:
        """The median of the waits; None without any."""
        return Decimal(str(median(self.waits))) if self.waits else None


@dataclass(frozen=True)
class Divided:
    """All mentees ready in a cohort, and the parts of them by name."""

    whole: Part
    parts: tuple[Part, ...]
    #: Of mentees ready; parts that are smaller are too few to tell.
    least: int

    def furthest(self) -> Part | None:
        """The part large enough to tell whose share is least likely by chance; None where none is large enough."""
        told = [(self._unlikely(part), part) for part in self.parts if self._is_told(part)]
        return max(told, key=lambda found: (found[0], found[1].ready))[1] if told else None

    def rest(self, part: Part) -> Part:
        """Everybody but a part."""
        return Part("", self.whole.ready - part.ready, self.whole.matched - part.matched, ())

    def is_more_than_chance(self, part: Part) -> bool:
        """Whether a part's share differs from the others' more than chance makes any of the parts differ."""
        compared = sum(map(self._is_told, self.parts))
        return self._unlikely(part) > NormalDist().inv_cdf(1 - _CHANCE / (2 * max(compared, 1)))

    def _is_told(self, part: Part) -> bool:
        return part.ready >= self.least and self.rest(part).ready >= self.least and part.label != NOT_KNOWN

    def _unlikely(self, part: Part) -> float:
        """How many standard errors lie between the share of a part and that of the others."""
        rest, overall = self.rest(part), self.whole.matched / self.whole.ready
        error = (overall * (1 - overall) * (1 / part.ready + 1 / rest.ready)) ** 0.5
        apart = abs(part.matched / part.ready - rest.matched / rest.ready)
        return apart / error if error else 0.0


def divided(session: Session, scope: Scope) -> dict[By, Divided]:
    """A cohort's mentees by each of the three. Raises `NotFound`; the scope names a cohort.

    A mentee counts once for each language beyond the working ones; who has none of those, or names no agency or
    country, is "Not known".
    """
    clocks = ask(session, scope).clocks
    found = {name: figures.rows(session, scope, name) for name in ("mentees_ready", "mentees_started", "time_to_match")}
    ready, started = (set(found[name]["mentee_id"]) for name in ("mentees_ready", "mentees_started"))
    waits = found["time_to_match"].groupby("mentee_id")["measure"].agg(list).to_dict()
    common = {name.casefold() for name in clocks.working_languages}
    labels: dict[By, dict[str, set[int]]] = {by: {} for by in By}
    wanted = select(Mentee.id, Agency.name, Mentee.country_of_education, Mentee.languages)
    for mentee, agency, country, languages in session.execute(wanted.outerjoin(Agency, Agency.id == Mentee.agency_id)):
        if mentee not in ready:
            continue
        spoken = [language for language in languages if language.casefold() not in common]
        for by, names in ((By.AGENCY, [agency]), (By.COUNTRY, [country]), (By.LANGUAGE, spoken or [NOT_KNOWN])):
            for label in {name or NOT_KNOWN for name in names}:
                labels[by].setdefault(label, set()).add(mentee)

    def part(label: str, people: set[int]) -> Part:
        days = [int(day) for mentee in sorted(people) for day in waits.get(mentee, ())]
        return Part(label, len(people), len(people & started), tuple(sorted(days)))

    whole = part("", ready)
    return {
        by: Divided(whole, tuple(part(label, names[label]) for label in sorted(names)), clocks.percent_base)
        for by, names in labels.items()
    }


def frame(of: Divided) -> pd.DataFrame:
    """label, ready, matched, share (exact per cent), waits (how many), wait (median days): the parts by name."""
    lines = [(p.label, p.ready, p.matched, p.share, len(p.waits), p.wait) for p in of.parts]
    return pd.DataFrame(lines, columns=["label", "ready", "matched", "share", "waits", "wait"], dtype=object)
