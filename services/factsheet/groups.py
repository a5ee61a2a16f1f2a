"""The occupational groups of a sheet: exact, with those that are new, or as they may leave the desk."""

from dataclasses import replace

from services.counting.figure import Figure
from services.factsheet import wording
from services.factsheet.model import Item, Mode, Section
from services.factsheet.question import Question
from services.wording import day, joined

_NAME = "Occupational groups"
_PUBLIC = "Matches by occupational group"
#: More leaders than these are no leaders.
_LEADERS = 3


def groups(asked: Question) -> Section:
    """The cohort's groups, the largest first."""
    return _exact(asked) if asked.mode is Mode.AS_PUBLISHED else _public(asked)


def _exact(asked: Question) -> Section:
    mentors, now = asked.total("mentors", asked.cohort), asked.groups("mentors", asked.cohort)
    if now.rows.empty:
        nothing = f"No match of this cohort had started by {day(asked.as_of)}."
        return Section(f"No occupational groups by {day(asked.as_of)}", (), absent=nothing, name=_NAME)
    before = asked.before
    earlier = set(asked.groups("mentors", before).rows["label"]) if before else set()
    items = tuple(
        _item(mentors, row.label, int(row.value), is_new=bool(earlier) and row.label not in earlier)
        for row in now.rows.itertuples()
    )
    new = sum(item.is_subject for item in items) if earlier else None
    note = f"{mentors.count:,} {'mentor' if mentors.count == 1 else 'mentors'}, by group."
    key = f"not in {wording.cohort_named(asked.named(before))}" if before and new else ""
    return Section(wording.groups(len(items), new), items, note=note, key=key, name=_NAME)


def _item(mentors: Figure, label: str, value: int, *, is_new: bool) -> Item:
    figure = replace(mentors, value=value, label=label)
    return Item(label, figure, is_subject=is_new, mark="new" if is_new else "")


def _public(asked: Question) -> Section:
    """Matches and not mentors, whose groups add up to a public total; which groups are new would tell of one person."""
    started, now = asked.total("started_matches", asked.cohort), asked.groups("started_matches", asked.cohort)
    if now.absent:
        return Section(_PUBLIC, (), absent=now.absent, name=_NAME)
    known = now.rows["value"].dropna()
    top = int(known.max()) if len(known) else None
    period = replace(started.period, last=now.day)
    items = [
        Item(
            row.label,
            replace(started, value=int(row.value), label=row.label, as_of=now.day, period=period, protected=True),
            is_subject=int(row.value) == top,
        )
        for row in now.rows.dropna(subset=["value"]).itertuples()
    ]
    small = now.rows[now.rows["value"].isna()]  # in words: all print alike, and most groups are small
    few = f" {joined([str(label) for label in small['label']])}: {small['text'].iloc[0]} each." if len(small) else ""
    leaders = [item.label for item in items if item.is_subject]
    return Section(
        _leading(leaders),
        tuple(items),
        note=f"{now.total_text} matches, by group, published as of {day(now.day)} and rounded.{few}",
        key="the largest" if leaders else "",
        name=_NAME,
    )


def _leading(leaders: list[str]) -> str:
    if not leaders or len(leaders) > _LEADERS:
        return _PUBLIC
    return f"{joined(leaders)} {'is the largest group' if len(leaders) == 1 else 'are the largest groups'}"
