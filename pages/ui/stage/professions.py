"""The professions: up to four steps, each as high as the number that had joined by then."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import streamlit as st

from pages.ui import typeface
from pages.ui.stage import fit, head
from services.stage.board import Board, Profession
from services.stage.show import Shown

_STEPS = 4
_GAP = 2.0
#: How large the figure of a step can be, by how many steps follow it.
_LARGEST = (18.0, 13.0, 9.0, 6.3)
#: Names that stand one below the other before a step takes a second column, where there are fewer than four steps.
_LONG = 7


@dataclass(frozen=True)
class Step:
    """The years from which occupations joined, the number there were then, and the names of the new ones."""

    years: str
    number: int
    names: tuple[str, ...]
    columns: int = 1


def draw(shown: Shown, where: str) -> None:
    """Steps beside each other, their lists hanging from one line."""
    title, steps = headline(shown.board), _steps(shown.board.professions)
    head.draw(title, "" if steps else "They will stand here from the first match on.", where=where)
    if not steps:
        return
    steps, shares = _fitting(title, steps)
    sizes, figures = fit.key(lambda frame, size: _height(frame, size, title, steps, shares)), _figures(steps, shares)
    with st.container(key=f"stage_steps_{sizes}_{fit.great_key(max(figures))}_{where}", gap=None):
        for place, (column, step) in enumerate(zip(st.columns(shares, gap=None), steps, strict=True)):
            great, is_last = fit.great_key(figures[place]), place == len(steps) - 1
            with column, st.container(key=f"stage_step{place}_{great}_c{step.columns}_{where}", gap=None):
                st.header(f":yellow[{step.number:,}]" if is_last else f"{step.number:,}", anchor=False)
                st.text(step.years)
                with st.container(key=f"stage_list{place}{where}", gap=None):
                    for name in step.names:
                        st.text(name)


def headline(board: Board) -> str:
    """From 3 professions to 16."""
    steps = _steps(board.professions)
    if not steps:
        return "The first profession is still to come"
    first, last = steps[0].number, steps[-1].number
    noun = "profession" if first == 1 else "professions"
    return f"{first} {noun} since {steps[0].years}" if len(steps) == 1 else f"From {first} {noun} to {last}"


def _steps(professions: Sequence[Profession]) -> list[Step]:
    """One for each year, or for several where there would be more than four: those that brought least join."""
    groups: list[tuple[list[int], list[str]]] = []
    for profession in sorted(professions, key=lambda one: (one.since, one.name.casefold())):
        if not groups or groups[-1][0][-1] != profession.since:
            groups.append(([], []))
        groups[-1][0].append(profession.since)
        groups[-1][1].append(profession.name)
    while len(groups) > _STEPS:
        # The first step is where it all began, and stays by itself.
        at = min(range(1, len(groups) - 1), key=lambda i: len(groups[i][1]) + len(groups[i + 1][1]))
        (years, names), (more_years, more) = groups[at], groups.pop(at + 1)
        groups[at] = (years + more_years, names + more)
    steps, number = [], 0
    for years, names in groups:
        number += len(names)
        told = f"{years[0]}" if years[0] == years[-1] else f"{years[0]} to {years[-1]}"
        steps.append(Step(told, number, tuple(names)))
    return steps


def _fitting(title: str, steps: list[Step]) -> tuple[list[Step], list[float]]:
    """With as many names as have room, and how the breadth is shared."""
    spare = _STEPS - len(steps)
    columns = [1] * len(steps)
    while spare and (tall := max(range(len(steps)), key=lambda i: len(steps[i].names) / columns[i])) is not None:
        if len(steps[tall].names) / columns[tall] <= _LONG:
            break
        columns[tall], spare = columns[tall] + 1, spare - 1
    steps = [Step(s.years, s.number, s.names, c) for s, c in zip(steps, columns, strict=True)]
    most = max(len(step.names) for step in steps)
    while True:
        shorter = [_short(step, most) for step in steps]
        shares = _shares(shorter)
        if most <= 1 or fit.fits(lambda f, s, at=(shorter, shares): _height(f, s, title, *at)):  # type: ignore[misc]
            return shorter, shares
        most -= 1


def _short(step: Step, most: int) -> Step:
    if len(step.names) <= most:
        return step
    names = (*step.names[: most - 1], f"and {len(step.names) - most + 1} more")
    return Step(step.years, step.number, names, step.columns)


def _shares(steps: Sequence[Step]) -> list[float]:
    """Of 90 u, by what the names ask for in an ordinary size; none is squeezed below what its figure needs."""
    room = fit.BROAD - _GAP * (len(steps) - 1)
    asked = [max(typeface.ems(name) for name in step.names) * 2.1 * step.columns + 1 for step in steps]
    least = [max(9.0, min(ask, 17.0 * step.columns)) for ask, step in zip(asked, steps, strict=True)]
    over = sum(asked) - room
    if over > 0:
        give = [max(ask - low, 0) for ask, low in zip(asked, least, strict=True)]
        part = min(over / (sum(give) or 1), 1)
        asked = [ask - part * g for ask, g in zip(asked, give, strict=True)]
    spread = max(room - sum(asked), 0) / len(steps)
    asked = [ask + spread for ask in asked]
    return [round(ask * room / sum(asked), 2) for ask in asked]


def _figures(steps: Sequence[Step], shares: Sequence[float]) -> list[float]:
    """How large the figure of each step is."""
    largest = _LARGEST[len(steps) - 1 :: -1]
    return [
        fit.great(f"{step.number:,}", share, most) for step, share, most in zip(steps, shares, largest, strict=True)
    ]


def _height(frame: fit.Frame, size: float, title: str, steps: Sequence[Step], shares: Sequence[float]) -> float:
    lists = 0.0
    for step, share in zip(steps, shares, strict=True):
        room = share / step.columns - (1 if step.columns > 1 else 0)
        part = ceil(len(step.names) / step.columns)
        parts = [step.names[i : i + part] for i in range(0, len(step.names), part)]
        lists = max(lists, *(fit.column(frame, size, names, room, leading=1.4) for names in parts))
    return head.height(frame, title) + 2.0 + max(_figures(steps, shares)) * 0.74 + 2.6 + size * 1.75 + lists
