"""Whether matching treats alike, in words: for coordinators, who alone see small groups exactly (decision 0008)."""

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
from sqlalchemy.orm import Session

from services.access import Actor, Permission, authorise
from services.counting import fairness
from services.counting.fairness import By, Divided, Part
from services.counting.figure import Scope, rounded
from services.errors import NotFound
from services.wording import day

TOO_FEW = "too few to tell"
_PLURAL = {By.AGENCY: "agencies", By.COUNTRY: "countries of education", By.LANGUAGE: "languages"}
_NOTES = {
    By.AGENCY: "",
    By.COUNTRY: "Country is shown only to watch over this; it is no criterion, and no proposal looks at it.",
    By.LANGUAGE: "Who speaks several languages counts once in each; working languages, which all speak, are left out.",
}


@dataclass(frozen=True, eq=False)
class View:
    """One way to divide the mentees of a cohort."""

    title: str
    #: What differs most and out of how many, or that nothing can be told.
    finding: str
    #: Label, ready, matched, share, wait: by name, the last two as they are printed.
    rows: pd.DataFrame
    note: str


@dataclass(frozen=True, eq=False)
class Fairness:
    """All of them, and what they are of."""

    #: Unit, base, period and rule as sentences.
    basis: str
    views: tuple[View, ...]


def fairness_of(session: Session, scope: Scope, *, by: Actor) -> Fairness:
    """The mentees of a cohort by agency, country and language. Raises `NotFound` without a cohort.

    Only for those who see exact figures: beside the public totals these shares would tell who still waits.
    """
    authorise(session, by, Permission.SEE_EXACT_FIGURES)
    if scope.cohort_id is None:
        raise NotFound("This is counted cohort by cohort. Choose a cohort.")
    found = fairness.divided(session, scope)
    return Fairness(_basis(scope, found[By.AGENCY]), tuple(_view(kind, of) for kind, of in found.items()))


def _basis(scope: Scope, of: Divided) -> str:
    whole = of.whole
    if whole.share is None:
        return "Nobody is ready in this cohort yet."
    waits = f", a median of {_days(whole.wait)} from ready to approval" if whole.wait is not None else ""
    return (
        f"{whole.matched:,} of {whole.ready:,} mentees ready in this cohort by {day(scope.as_of)} were matched, "
        f"{rounded(whole.share)} %{waits}. Ready: proposed in it; or ready by its last day and not withdrawn before "
        "its first, nor matched elsewhere by then. Matched: their match started, whatever its end."
    )


def _view(kind: By, of: Divided) -> View:
    table = fairness.frame(of)
    rows = pd.DataFrame(
        {
            "label": table["label"],
            "ready": table["ready"],
            "matched": table["matched"],
            "share": [_share(part) if _tells(part.ready, of) else TOO_FEW for part in of.parts],
            "wait": [_wait(part) if _tells(len(part.waits), of) else TOO_FEW for part in of.parts],
        }
    )
    return View(f"By {kind.value}", _finding(kind, of), rows, _NOTES[kind])


def _tells(base: int, of: Divided) -> bool:
    return base >= of.least


def _finding(kind: By, of: Divided) -> str:
    part = of.furthest()
    if part is None:
        return f"Too few to tell: no {_one(kind)} stands for {of.least} mentees or more, with as many others beside it."
    rest = of.rest(part)
    told = f"{_share(part)} of {part.ready:,} against {_share(rest)} of the {rest.ready:,} others"
    if of.is_more_than_chance(part):
        less = (part.share or 0) < (rest.share or 0)
        return f"{part.label} stands apart: {told} were matched, {'fewer' if less else 'more'} than chance explains."
    return f"No difference between {_PLURAL[kind]} goes beyond chance; the widest is {part.label}, {told} matched."


def _one(kind: By) -> str:
    return kind.value.split()[0]


def _share(part: Part) -> str:
    return f"{rounded(part.share or Decimal(0))} %"


def _wait(part: Part) -> str:
    return f"{_days(part.wait)}, {len(part.waits):,} matches"


def _days(wait: Decimal | None) -> str:
    return TOO_FEW if wait is None else f"{rounded(wait)} days"
