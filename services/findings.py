"""The titles of charts: what the figures say, computed from them, true for any cohort and day."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from services.counting.figure import Figure, per_cent, rounded
from services.wording import counted, first_upper, fraction, joined, part_of, points, spelled

#: Within so many per cent two intakes are of one size.
_ALIKE = 3
_NEARLY_DOUBLE, _DOUBLE = 85, 100


@dataclass(frozen=True)
class Size:
    """A cohort and its count."""

    cohort: str
    matches: int


def intake(sizes: Sequence[Size], chosen: str, *, is_running: bool = False) -> str:
    """How the chosen intake stands to the one before it, and which was the largest. `sizes`: oldest first.

    That it falls short is said of a running one as of something that may change.
    """
    place = next((k for k, size in enumerate(sizes) if size.cohort == chosen), None)
    if place is None or not sizes[place].matches:
        return f"No match of the {chosen} cohort has started yet"
    now = sizes[place]
    most = max(sizes, key=lambda size: size.matches)
    largest = f"the largest came in {most.cohort}"
    if most.matches == now.matches:
        alone = sum(size.matches == now.matches for size in sizes) == 1
        largest = "it is the largest so far" if alone else "none was larger"
    if place == 0 or not sizes[place - 1].matches:
        one = counted(now.matches, "match", "matches")
        return f"The {chosen} intake is {one}" + (f"; {largest}" if len(sizes) > 1 else "")
    return f"The {chosen} intake {_growth(now.matches, sizes[place - 1].matches, is_running=is_running)}; {largest}"


def groups(rows: pd.DataFrame, now: str, *, exact: bool) -> str:
    """Which occupation brought most. `rows`: group, now, before (0 when new, NA without a cohort before)."""
    if rows.empty or not rows["now"].notna().any():
        return "Every occupational group is too small to show"
    top = rows.sort_values("now", ascending=False, na_position="last").iloc[0]
    if not exact:
        leaders = list(rows.loc[rows["now"] == top["now"], "group"])
        if len(leaders) > 3:  # noqa: PLR2004 - more leaders than three are no leaders
            return f"Matches of the {now} cohort by occupational group"
        return f"{joined(leaders)} brought most, about {top['now']:,} matches" + (" each" if len(leaders) > 1 else "")
    gained = (rows["now"] - rows["before"]).fillna(0)
    best, more = rows.loc[gained.idxmax()], int(gained.max())
    total = int(rows["now"].sum() - rows["before"].fillna(0).sum())
    if rows["before"].isna().all() or more <= 0:
        return f"{top['group']} brought most, {counted(int(top['now']), 'match', 'matches')}"
    new = f", new in {now}," if best["before"] == 0 else ""
    if total > 0 and more <= total:
        brought = "the one match more" if total == 1 else f"{part_of(more, total)} more matches"
        return f"{best['group']}{new} brought {brought}"
    return f"{best['group']}{new} grew most, by {counted(more, 'match', 'matches')}"


def outcome(figure: Figure, cohort: str) -> str:
    """How many found employment, and how that stands to the objective."""
    if figure.is_nearly_all:
        return f"Nearly all of the {cohort} mentees reached had found work"
    if figure.value is None:
        return f"Too little is known yet of how the {cohort} mentees fared"
    said = f"{'About ' if figure.protected else ''}{figure.text} found employment"
    return said if figure.objective is None else f"{said}, {points(figure, figure.objective)}"


def funnel(steps: dict[str, int]) -> str:
    """How many proposals became matches. `steps`: mentees proposed and started."""
    proposed, started = steps["mentees_proposed"], steps["mentees_started"]
    if not proposed:
        return "Nobody has been proposed yet"
    return f"{first_upper(fraction(per_cent(started, proposed)))} of those proposed got a match"


def attendance(rows: pd.DataFrame, *, about: bool = False) -> str:
    """Which gathering was missed by most. `rows`: event, side, share (exact per cent, NA)."""
    known = rows.dropna(subset=["share"])
    if known.empty:
        return "No attendance has been taken yet"
    worst = known.loc[known["share"].astype(float).idxmin()]
    missed = 100 - Decimal(worst["share"])
    if not missed:
        return "Nearly everybody came to what can be shown" if about else "Everybody came to everything"
    share = f"about {rounded(missed)} %" if about else fraction(missed)
    return f"{first_upper(share)} of the {worst['side']} missed the {worst['event'].lower()}"


def endings(rows: pd.DataFrame, total: str) -> str:
    """How many of the early endings were for work; without a total, the commonest reason.

    `rows`: reason, matches (NA when small), is_success.
    """
    if rows.empty:
        return "No match ended early"
    hired = rows.loc[rows["is_success"], "matches"]
    if not total:
        most = rows["matches"].max()
        reasons = [str(reason).lower() for reason in rows.loc[rows["matches"] == most, "reason"].dropna()]
        each = " each" if len(reasons) > 1 else ""
        return f"{first_upper(joined(reasons))}: about {most:,}{each} of the matches that ended early"
    work = int(hired.sum())
    everyone = int(rows["matches"].sum())
    if not work:
        return f"{first_upper(counted(everyone, 'match', 'matches'))} ended early, none for work"
    if everyone == 1:
        return "The one match that ended early did so for work"
    return f"{first_upper(part_of(work, everyone))} that ended early {'was' if work == 1 else 'were'} hired"


def answers(known: Sequence[Figure]) -> str:
    """The answer that most gave."""
    if not known:
        return "What mentors and mentees said"
    best = max(known, key=lambda figure: figure.value or 0)
    who, _, what = best.label.partition(": ")
    share = fraction(best.value or 0)
    if best.protected:  # all of a rounded number are not all
        share = "nearly all" if share == "all" else f"about {best.text}"
    return f"{first_upper(share)} of the {who.lower()} {what.replace('would', 'said they would')}"


def placements(hired: int, committed: int | None, permanent: int) -> str:
    """Hired against commitment, and how many stayed."""
    if not hired:
        return "Nobody has been hired yet"
    aim = "" if committed is None else f" against a commitment of {committed:,}"
    stayed = f"; {permanent:,} found permanent employment" if permanent else ""
    return f"{hired:,} hired{aim}{stayed}"


def placements_by_cohort(hired: Sequence[Size], chosen: str | None) -> str:
    """How many were hired in all cohorts, and in the chosen one if any. `hired`: at least one, in each cohort."""
    total, of_it = sum(size.matches for size in hired), sum(s.matches for s in hired if s.cohort == chosen)
    if chosen is None:
        return f"{total:,} hired in {spelled(len(hired))} cohorts"
    if of_it == total:
        return f"{total:,} hired in {spelled(len(hired))} cohorts, all of them in {chosen}"
    return f"{total:,} hired in {spelled(len(hired))} cohorts, {f'{of_it:,}' if of_it else 'none'} of them in {chosen}"


def hosts(hired: Sequence[Size]) -> str:
    """Which host divisions hired most; "cohort" is the division. `hired`: the most first; empty says nothing."""
    if not hired:
        return ""
    if len(hired) == 1:
        return f"{hired[0].cohort} hired all whose host division is known"
    most = [size.cohort for size in hired if size.matches == hired[0].matches]
    if len(most) == len(hired):
        return f"{first_upper(spelled(len(hired)))} host divisions hired {hired[0].matches:,} each"
    return f"{joined(most)} hired most, {hired[0].matches:,}{' each' if len(most) > 1 else ''}"


def _growth(now: int, before: int, *, is_running: bool) -> str:
    change = per_cent(now - before, before)
    was = "is so far" if is_running else "was"
    if abs(change) <= _ALIKE:
        return f"{was} about as large as the one before"
    if change >= _DOUBLE:
        return "more than doubled the one before" if change > _DOUBLE else "doubled the one before"
    if change >= _NEARLY_DOUBLE:
        return "nearly doubled the one before"
    return f"{was} {rounded(abs(change))} % {'larger' if change > 0 else 'smaller'} than the one before"
