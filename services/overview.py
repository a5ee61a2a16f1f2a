"""How the programme stands, for managers: six figures with trend and objective, and one plain sentence."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import pandas as pd
from sqlalchemy.orm import Session

from services import milestones, shown
from services.access import Actor, Permission, authorise
from services.counting import figures, pace
from services.counting.definition import Intake, ask
from services.counting.figure import Figure, Scope, rounded
from services.errors import NotFound
from services.wording import day, first_upper, joined, ordinal, spelled

#: Cohorts in a trend.
_BACK = 12
_MONTHS = 12


@dataclass(frozen=True, eq=False)
class Card:
    """One figure with what it is compared to, what is aimed at, and how it came about."""

    title: str
    figure: Figure
    #: The cohort whose figure it is; empty for the whole programme.
    cohort: str
    #: "11 more than 2025 at this stage", and whether it went up or down; empty when there is nothing to compare.
    change: str
    direction: str
    #: What it is of: "median of 149 matches".
    note: str
    aim: str
    #: None: not judged. `verdict` is the word for it.
    is_met: bool | None
    verdict: str
    #: day, value, text (as printed), in time; the last one is the figure's own.
    trend: pd.DataFrame
    #: The objective to draw; None for none.
    line: int | None = None
    bars: bool = False


@dataclass(frozen=True, eq=False)
class Overview:
    """Everything a manager sees first."""

    cohort: str
    before: str | None
    target: int | None
    sentence: str
    cards: tuple[Card, ...]
    #: cohort, order, month, matches (`pace.by_month`).
    months: pd.DataFrame
    #: Figure, then a column for each of this cohort and the two before it, as printed.
    beside: pd.DataFrame


@dataclass(frozen=True)
class _Measure:
    """A figure of the cohort that is judged against an objective."""

    name: str
    title: str
    of: str
    aim: Callable[[int], str]
    unit: str
    more: str
    less: str
    lower_is_better: bool = False


_MEASURES = (
    _Measure(
        "time_to_match", "Time to match", "median of {base} matches, ready to approved",
        lambda goal: f"Objective {goal} days or less", "day", "slower than", "faster than", lower_is_better=True,
    ),
    _Measure(
        "support_contacts_kept", "Support contacts kept", "{numerator} of {base} contacts due",
        lambda goal: f"Objective {goal} %", "point", "above", "below",
    ),
    _Measure(
        "employed", "Employed", "{numerator} of {base} mentees reached",
        lambda goal: f"Objective {goal} %", "point", "above", "below",
    ),
    _Measure(
        "hours", "Hours a match", "median of {base} completed matches",
        lambda goal: f"Objective {goal} hours in a match", "hour", "above", "below",
    ),
)  # fmt: skip
#: How the sentence names what is judged.
_SPOKEN = {
    "started_matches": "the number of matches",
    "time_to_match": "time to match",
    "support_contacts_kept": "the share of support contacts kept",
    "employed": "employment",
    "hours": "hours a match",
}
_BESIDE = {
    "time_to_match": "Time to match",
    "support_contacts_kept": "Contacts kept",
    "employed": "Employed",
    "employed_in_field": "Employed in field",
    "hours": "Hours a match",
    "ended_early": "Ended early, not hired",
}


def overview(session: Session, scope: Scope, *, by: Actor) -> Overview:
    """How a cohort, and the programme with it, stands as of a day. `scope` names the cohort.

    Figures that divide people are exact for coordinators only. Raises `NotAllowed`, `NotFound`.
    """
    authorise(session, by, Permission.SEE_FIGURES)
    asked = ask(session, scope)
    if not asked.cohorts:
        raise NotFound("There is no cohort yet. Its figures stand here from the day the first one begins.")
    begun = [c for c in asked.cohorts if c.starts_on <= scope.as_of]
    cohort = asked.cohort or (begun or list(asked.cohorts))[-1]
    past = [*(c for c in begun if c.starts_on <= cohort.starts_on and c != cohort), cohort]
    before = asked.before(cohort.id)
    cards = (
        _to_date(session, scope, by),
        _matches(session, scope, cohort, past, before),
        *(_measured(session, scope, measure, past, by) for measure in _MEASURES),
    )
    return Overview(
        cohort=cohort.name,
        before=before.name if before else None,
        target=cohort.target,
        sentence=_sentence(cards),
        cards=cards,
        months=pace.by_month(session, scope.of(cohort.id)),
        beside=_beside(session, scope, past[-3:][::-1], by),
    )


def _to_date(session: Session, scope: Scope, by: Actor) -> Card:
    standing = milestones.standing(session, by=by, as_of=scope.as_of, programme_id=scope.programme_id)
    ends = [_month_start(scope.as_of, back) - dt.timedelta(days=1) for back in range(_MONTHS - 1, -1, -1)]
    counts = [f.count for f in figures.over_time(session, scope.of(None), figures.TO_DATE, [*ends, scope.as_of])]
    gained = [later - earlier for earlier, later in pairwise(counts)]
    trend = pd.DataFrame({"day": [*ends[1:], scope.as_of], "value": gained, "text": [f"{many:,}" for many in gained]})
    since = f" since {standing.figure.period.first:%Y}" if standing.figure.period.first else ""
    return Card(
        title=f"{standing.figure.unit.capitalize()} to date",
        figure=standing.figure,
        cohort="",
        change=f"{gained[-1]:,} in {scope.as_of:%B}",
        direction="up" if gained[-1] else "off",
        note=f"{standing.figure.unit}{since}, whole programme",
        aim=f"{standing.to_go:,} to the {ordinal(standing.next_number)}",
        is_met=None,
        verdict="",
        trend=trend,
        bars=True,
    )


def _matches(session: Session, scope: Scope, cohort: Intake, past: list[Intake], before: Intake | None) -> Card:
    all_of = figures.by_cohort(session, scope, "started_matches")
    figure, due = all_of[cohort.id], pace.due_by_now(session, scope.of(cohort.id))
    change, direction = "", "off"
    if before:
        stage = min(pace.same_stage(cohort, before, scope.as_of), scope.as_of)
        then = figures.figure(session, scope.of(before.id).on(stage), "started_matches").count
        change, direction = _difference(figure.count - then, before.name, "more than", "fewer than")
    is_met = None if due is None else figure.count >= rounded(due)
    aim = f"Target {cohort.target:,} by {day(cohort.ends_on)}" if cohort.target is not None else "No target is set"
    over = cohort.ends_on <= scope.as_of
    short = "" if due is None else f"{rounded(due) - figure.count:,} short" + ("" if over else " of the pace")
    return Card(
        title=f"Matches, {cohort.name} cohort",
        figure=figure,
        cohort=cohort.name,
        change=change,
        direction=direction,
        note=f"matches started from {day(cohort.starts_on)} on"
        + (f", beside {before.name} at the same stage" if before else ""),
        aim=aim,
        is_met=is_met,
        verdict="" if is_met is None else ("Met" if over else "On pace") if is_met else short,
        trend=_trend(past, all_of),
        bars=True,
    )


def _measured(session: Session, scope: Scope, measure: _Measure, past: list[Intake], by: Actor) -> Card:
    """The figure of the chosen cohort, or of the latest one before it that has any."""
    all_of = shown.by_cohort(session, scope, measure.name, by=by)
    known = [c for c in past if all_of[c.id].value is not None]
    cohort = known[-1] if known else past[-1]
    figure = all_of[cohort.id]
    change, direction = "", "off"
    if len(known) > 1 and figure.value is not None:
        other = all_of[known[-2].id]
        places = 1 if figure.unit == "hours" else 0
        apart = rounded(figure.value, places) - rounded(other.value or 0, places)
        change, direction = _difference(apart, known[-2].name, measure.more, measure.less, measure.unit)
    goal = figure.objective
    is_met, verdict = _judged(figure, measure)
    title = measure.title if cohort is past[-1] else f"{measure.title}, {cohort.name} cohort"
    return Card(
        title=title,
        figure=figure,
        cohort=cohort.name,
        change=change,
        direction=direction,
        note=figure.absent or _note(measure, figure),
        aim=measure.aim(goal) if goal is not None else "No objective is set",
        is_met=is_met,
        verdict=verdict,
        trend=_trend(past, all_of),
        line=goal,
    )


def _note(measure: _Measure, figure: Figure) -> str:
    count = {"numerator": f"{figure.numerator or 0:,}", "base": f"{figure.base or 0:,}"}
    words = measure.of.format(**count) if figure.base is not None else measure.of.replace("{base} ", "")
    return f"{words}, as of {day(figure.as_of)}, rounded" if figure.protected else words


def _judged(figure: Figure, measure: _Measure) -> tuple[bool | None, str]:
    if figure.value is None or figure.objective is None:
        return None, ""
    places = 1 if figure.unit == "hours" else 0
    apart = rounded(figure.value, places) - figure.objective
    if (apart <= 0) if measure.lower_is_better else (apart >= 0):
        return True, "Met"
    return False, f"{_amount(abs(apart), measure.unit)} {'over' if measure.lower_is_better else 'below'}"


def _difference(apart: Decimal | int, other: str, more: str, less: str, unit: str = "") -> tuple[str, str]:
    if not apart:
        return f"as in {other}", "off"
    words = f"{_amount(max(apart, -apart), unit)} {more if apart > 0 else less} {other}"
    return words, "up" if apart > 0 else "down"


def _amount(number: Decimal | int, unit: str) -> str:
    return f"{number:,} {unit}{'' if number == 1 else 's'}" if unit else f"{number:,}"


def _trend(past: list[Intake], all_of: dict[int, Figure]) -> pd.DataFrame:
    recent = [(c, all_of[c.id]) for c in past[-_BACK:]]
    return pd.DataFrame(
        {
            "day": [c.starts_on for c, _ in recent],
            "value": [None if figure.value is None else float(figure.value) for _, figure in recent],
            "text": [f"{c.name}: {figure.text}" for c, figure in recent],
        }
    )


def _sentence(cards: tuple[Card, ...]) -> str:
    judged = [card for card in cards if card.is_met is not None]
    met = [card for card in judged if card.is_met]
    watch = [card for card in judged if not card.is_met]
    if not judged:
        return "There is nothing to judge yet: no objective has a figure to hold against it."
    many = spelled(len(met)) if met else "none"
    count = f"{many} of {spelled(len(judged))} objectives {'is' if len(met) == 1 else 'are'} met or on pace"
    if len(judged) == 1:
        does = "meets" if met else "misses"
        return f"Only one objective has a figure yet: {_spoken(judged[0])}, at {judged[0].figure.text}, {does} it."
    if not watch:
        every = "both" if len(judged) == 2 else f"all {spelled(len(judged))}"  # noqa: PLR2004 - both are two
        return f"The programme is on track: {every} objectives are met or on pace."
    told = first_upper(joined([_spoken(card) for card in watch]))
    state = "on track" if len(met) * 2 > len(judged) else "behind"
    what = f"{told}, at {watch[0].figure.text}, is the one to watch" if len(watch) == 1 else f"{told} are to be watched"
    return f"The programme is {state}: {count}. {what}."


def _spoken(card: Card) -> str:
    name = _SPOKEN[card.figure.name]
    return f"{name} in the {card.cohort} cohort" if card.title.endswith(" cohort") and not card.bars else name


def _beside(session: Session, scope: Scope, cohorts: list[Intake], by: Actor) -> pd.DataFrame:
    newest = cohorts[0]
    stages = [scope.of(c.id).on(min(pace.same_stage(newest, c, scope.as_of), scope.as_of)) for c in cohorts]
    lines = [["Matches at this stage", *(figures.figure(session, s, "started_matches").text for s in stages)]]
    lines.append(["Matches", *(figures.figure(session, scope.of(c.id), "started_matches").text for c in cohorts)])
    for name, label in _BESIDE.items():
        all_of = shown.by_cohort(session, scope, name, by=by)
        if any(all_of[c.id].value is not None for c in cohorts):
            lines.append([label, *(_in_a_cell(all_of[c.id]) for c in cohorts)])
    return pd.DataFrame(lines, columns=["Figure", *(c.name for c in cohorts)])


def _in_a_cell(one: Figure) -> str:
    return "nearly all" if one.is_nearly_all else one.text.removesuffix(" hours")


def _month_start(day: dt.date, back: int) -> dt.date:
    month = day.year * 12 + day.month - 1 - back
    return dt.date(month // 12, month % 12 + 1, 1)
