"""What each criterion of the fit counts for: the policy in use, its versions, and saving another."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.models import Account, FitWeights, Programme
from services import audit, clock
from services.access import Actor, Permission, authorise
from services.counting.figure import per_cent
from services.engine.criteria import CRITERIA
from services.engine.fit import Weights
from services.errors import Conflict, Invalid
from services.wording import first_upper, joined

#: The criteria that have a weight, in the order of the card.
KEYS = tuple(field.name for field in dataclasses.fields(Weights) if field.name != "version")
MOST = 1000
_NAMES = {criterion.key: criterion.name for criterion in CRITERIA}
#: What a criterion asks, in a coordinator's words.
MEANINGS = {
    "occupation": "They share an occupational group, best with the same title.",
    "speciality": "The mentor has the mentee’s specialities.",
    "experience": "The mentor is some years ahead: best 3 to 15, least with fewer years than the mentee.",
    "goals": "The mentor helps with what the mentee wants to reach.",
    "licensing": "The mentor holds the licence that the mentee seeks.",
    "languages": "They share languages beyond the working one.",
    "reach": "The mentor’s office is near the mentee’s area.",
    "wishes": "The mentee has the years and the agency that the mentor wishes for.",
    "record": "The mentor has completed matches before.",
    "load": "The mentor has places free, so that nobody carries all.",
}
_BY_COMMAND = "command line"


@dataclass(frozen=True)
class Saved:
    """A version of the weights; the first is the one that every programme begins with."""

    weights: Weights
    #: On the clocks of the programme; None for the first version.
    at: dt.datetime | None
    who: str
    note: str
    #: What it changed on the version before, in words.
    changes: str


def name(key: str) -> str:
    """A criterion as the review card calls it."""
    return _NAMES.get(key, first_upper(key))


def shares(weights: Weights) -> dict[str, Decimal]:
    """The exact per cent that each criterion counts for, when no fact is missing."""
    total = sum(getattr(weights, key) for key in KEYS)
    return {key: per_cent(getattr(weights, key), total) if total else Decimal(0) for key in KEYS}


def current(session: Session, programme_id: int) -> Weights:
    """The weights in use: those saved last, or the ones that a programme begins with, which are version 1."""
    row = session.scalar(_saved(programme_id).order_by(FitWeights.version.desc()).limit(1))
    return Weights() if row is None else _weights(row)


def changed(weights: Weights, given: Mapping[str, int]) -> Weights:
    """The same with other values by criterion. Raises `Invalid` for an unknown one, and as `save` does."""
    unknown = [key for key in given if key not in KEYS]
    if unknown:
        raise Invalid(f"There is no criterion «{unknown[0]}». Criteria are: {', '.join(KEYS)}.")
    new = dataclasses.replace(weights, **given)
    _check(new)
    return new


def save(session: Session, weights: Weights, *, by: Actor, programme_id: int, note: str) -> Weights:
    """Use these weights from now on; `weights.version` is the version that they were made from.

    Raises `Conflict` when another version was saved meanwhile; `Invalid` when a weight is no whole number from 0 to
    1000, all are 0, nothing is changed, or the note is blank.
    """
    by = authorise(session, by, Permission.SET_WEIGHTS)
    _check(weights)
    before = current(session, programme_id)
    if before.version != weights.version:
        raise Conflict(
            f"Version {before.version} was saved meanwhile, and you started from version {weights.version}. "
            "Look at it before you save yours."
        )
    if before == weights:
        raise Invalid("These are the weights in use. Change one before you save.")
    note = note.strip()
    if not note:
        raise Invalid("Say in a few words why the weights change, so that it can be read later.")
    row = FitWeights(
        programme_id=programme_id,
        version=before.version + 1,
        weights={key: getattr(weights, key) for key in KEYS},
        saved_at=clock.now(),
        saved_by_id=by.account_id,
        note=note,
    )
    session.add(row)
    session.flush()
    audit.record(session, by, "weights saved", "fit_weights", row.id, version=row.version, weights=row.weights)
    return _weights(row)


def history(session: Session, *, by: Actor, programme_id: int) -> tuple[Saved, ...]:
    """Every version, the latest first."""
    authorise(session, by, Permission.SET_WEIGHTS)
    timezone = session.get_one(Programme, programme_id).timezone
    rows = session.execute(
        _saved(programme_id)
        .add_columns(Account.name)
        .outerjoin(Account, Account.id == FitWeights.saved_by_id)
        .order_by(FitWeights.version)
    )
    versions = [Saved(Weights(), None, "Match Desk", "What every programme begins with", "")]
    for row, who in rows:
        weights = _weights(row)
        told = in_words(versions[-1].weights, weights)
        versions.append(Saved(weights, clock.local(row.saved_at, timezone), who or _BY_COMMAND, row.note, told))
    return tuple(reversed(versions))


def in_words(before: Weights, after: Weights) -> str:
    """What changed: "Experience 300 to 400, Language 150 to 100"; empty when nothing did."""
    pairs = {key: (getattr(before, key), getattr(after, key)) for key in KEYS}
    return joined([f"{name(key)} {old} to {new}" for key, (old, new) in pairs.items() if old != new])


def _saved(programme_id: int) -> Select[FitWeights]:
    return select(FitWeights).where(FitWeights.programme_id == programme_id)


def _weights(row: FitWeights) -> Weights:
    # A criterion that came after this version was saved counts for nothing in it: a version never changes its meaning.
    return Weights(version=row.version, **{key: int(row.weights.get(key, 0)) for key in KEYS})


def _check(weights: Weights) -> None:
    for key in KEYS:
        value = getattr(weights, key)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
            raise Invalid(f"{name(key)} would count {value}. A weight is a whole number from 0 to {MOST}.")
    if not any(getattr(weights, key) for key in KEYS):
        raise Invalid("All weights are 0, so nothing would speak for any pair. Give at least one criterion a weight.")
