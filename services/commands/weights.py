"""Commands on the weights of the fit: what they are, what others would change, and saving others."""

from typing import Annotated, Any

import typer

from services import programmes, reading, transaction, trial, weights
from services.access import OPERATOR
from services.commands.say import plainly, say, show
from services.counting.figure import out_of_100, rounded
from services.engine.fit import Weights
from services.errors import Invalid
from services.trial import Attempt


@plainly
def weigh(
    given: Annotated[
        list[str] | None, typer.Option("--try", metavar="CRITERION=WEIGHT", help="Another weight, 0 to 1000.")
    ] = None,
    save: Annotated[str | None, typer.Option(metavar="NOTE", help="Use the weights tried; why.")] = None,
    cohort: Annotated[str | None, typer.Option(help="Name of the cohort; the latest unless given.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What each criterion of the fit counts for; with --try, what other weights would change.

    Without --save nothing is stored. With it, nobody moves either: proposals in the queue stay, new ones are made with
    the new weights.

    The JSON has: version; weights, by criterion, and shares (per cent of the whole). With --try also tried (weights)
    and effect: cohort; proposed and waiting (mentees); apart (proposals in the queue that the plan with the weights in
    use would not make); moved, newly, lost (mentees); long_days, long_waiting (mentees who wait longer); before and
    after, each with matched, long_waiting (of them, matched), total_in_use and total_tried (fit of all pairs in either
    weights); moves, a list of mentee, before, after (references or null), group, fit_before and fit_after (0 to 1000
    in the weights tried). saved is the version stored, or null.
    """
    wanted = dict(_read(one) for one in given or ())
    with transaction() if save is not None else reading() as session:
        programme_id = programmes.main(session).id
        in_use = weights.current(session, programme_id)
        tried = weights.changed(in_use, wanted)
        effect = None
        if wanted:
            effect = trial.attempt(session, tried, by=OPERATOR, programme_id=programme_id, cohort=cohort)
        stored = None
        if save is not None:
            stored = weights.save(session, tried, by=OPERATOR, programme_id=programme_id, note=save)
    if as_json:
        show(_data(in_use, effect, stored))
        return
    _print(in_use, tried)
    if effect is not None:
        _print_effect(effect)
    if stored is not None:
        say(f"Saved as version {stored.version}. Proposals in the queue stay as they are.")


def _read(one: str) -> tuple[str, int]:
    key, is_given, value = one.partition("=")
    if not is_given or not value.strip().isdecimal():
        raise Invalid(f"«{one}» is no weight. Write it like experience=400.")
    return key.strip(), int(value)


def _print(in_use: Weights, tried: Weights) -> None:
    told = in_use == tried
    parts = weights.shares(tried)
    say(f"Version {in_use.version}." if told else f"Version {in_use.version}, and what was tried.")
    for key in weights.KEYS:
        old, new = getattr(in_use, key), getattr(tried, key)
        value = f"{old:5}" if old == new else f"{old:5} to {new}"
        say(f"{key:12} {value:14} {rounded(parts[key]):4} %   {weights.MEANINGS.get(key, '')}".rstrip())


def _print_effect(effect: Attempt) -> None:
    say(f"{effect.sentence} Cohort {effect.cohort}, {effect.proposed} in the queue, {effect.waiting} waiting.")
    if effect.long_waiting:
        say(
            f"Of {effect.long_waiting} mentees who have waited more than {effect.long_days} days, "
            f"{effect.before.long_waiting} would be matched before and {effect.after.long_waiting} after."
        )
    for move in effect.moves.itertuples():
        say(f"  {move.mentee}: {_who(move.before, move.fit_before)} to {_who(move.after, move.fit_after)}")


def _who(mentor: str | None, fit: int | None) -> str:
    return "nobody" if mentor is None or fit is None else f"{mentor} ({out_of_100(fit)})"


def _data(in_use: Weights, effect: Attempt | None, stored: Weights | None) -> dict[str, Any]:
    parts = weights.shares(in_use)
    data: dict[str, Any] = {
        "version": in_use.version,
        "weights": _by_key(in_use),
        "shares": {key: float(rounded(part, 1)) for key, part in parts.items()},
    }
    if effect is not None:
        data |= {"tried": _by_key(effect.weights), "effect": _effect(effect)}
    return {**data, "saved": stored.version if stored else None}


def _by_key(one: Weights) -> dict[str, int]:
    return {key: getattr(one, key) for key in weights.KEYS}


def _effect(effect: Attempt) -> dict[str, Any]:
    names = ("cohort", "proposed", "waiting", "apart", "moved", "newly", "lost", "long_days", "long_waiting")
    moves = [
        {
            "mentee": move.mentee_ref,
            "before": move.before_ref,
            "after": move.after_ref,
            "group": move.group,
            "fit_before": move.fit_before,
            "fit_after": move.fit_after,
        }
        for move in effect.moves.itertuples()
    ]
    return {
        **{name: getattr(effect, name) for name in names},
        "before": vars(effect.before),
        "after": vars(effect.after),
        "moves": moves,
    }
