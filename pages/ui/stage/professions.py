"""The professions: up to four steps, each as high as the number that had joined by then."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil

import streamlit as st

from pages.ui import typeface, words
from pages.ui.stage import fit, head
from services.stage.board import Board, Profession
from services.stage.show import Shown
from services.wording import first_upper

_STEPS = 4
#: Between steps, and between the columns of one.
_GAP, _INNER = 2.0, 1.5
#: Breadth that is left over, for other machines draw letters a little broader.
_SAFE = 0.3
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

    def parts(self) -> list[tuple[str, ...]]:
        """The names by column."""
        part = ceil(len(self.names) / self.columns)
        return [self.names[i * part : (i + 1) * part] for i in range(self.columns)]


@dataclass(frozen=True)
class Plan:
    """Steps, how the breadth is shared among them, and how large the last figure can be."""

    steps: tuple[Step, ...]
    shares: tuple[float, ...]
    largest: float

    def figures(self) -> list[float]:
        """How large the figure of each step is."""
        most = [size * self.largest / _LARGEST[0] for size in _LARGEST[len(self.steps) - 1 :: -1]]
        each = zip(self.steps, self.shares, most, strict=True)
        return [fit.great(f"{step.number:,}", share, size) for step, share, size in each]

    def height(self, frame: fit.Frame, size: float, title: str) -> float:
        """With lists in type of this size."""
        lists = 0.0
        for step, share in zip(self.steps, self.shares, strict=True):
            room = (share - _INNER * (step.columns - 1)) / step.columns - _SAFE
            heights = [fit.column(frame, size, part, room, leading=1.4) for part in step.parts()]
            lists = max(lists, *heights)
        return head.height(frame, title) + 3.6 + max(self.figures()) * 0.74 + 2.6 + size * 1.75 + lists


def draw(shown: Shown, where: str) -> None:
    """Steps beside each other, their lists hanging from one line."""
    title, steps = headline(shown.board), _steps(shown.board.professions)
    if not steps:
        head.alone(title, "Each will stand here with the year of its first match.", where=where)
        return
    head.draw(title, where=where)
    plan = _fitting(title, steps)
    figures = plan.figures()
    sizes = fit.key(lambda frame, size: plan.height(frame, size, title))
    with st.container(key=f"stage_steps_{sizes}_{fit.great_key(max(figures))}_{where}", gap=None):
        for place, (column, step) in enumerate(zip(st.columns(plan.shares, gap=None), plan.steps, strict=True)):
            great, is_last = fit.great_key(figures[place]), place == len(steps) - 1
            with column, st.container(key=f"stage_step{place}_{great}_{where}", gap=None):
                st.header(f":yellow[{step.number:,}]" if is_last else f"{step.number:,}", anchor=False)
                st.text(step.years)
                with st.container(key=f"stage_lists{place}{where}", gap=None):
                    for number, (inner, part) in enumerate(
                        zip(st.columns(step.columns, gap=None), step.parts(), strict=True)
                    ):
                        with inner, st.container(key=f"stage_list{place}_{number}{where}", gap=None):
                            for name in part:
                                st.text(name)


def headline(board: Board) -> str:
    """From 3 professions to 16."""
    steps = _steps(board.professions)
    if not steps:
        return "The first profession is still to come"
    first, last = steps[0].number, steps[-1].number
    noun = "profession" if first == 1 else "professions"
    if len(steps) == 1:
        return f"{first_upper(words.spelled(first))} {noun} since {steps[0].years}"
    return f"From {first} {noun} to {last}"


def _steps(professions: Sequence[Profession]) -> tuple[Step, ...]:
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
    steps: list[Step] = []
    number = 0
    for years, names in groups:
        number += len(names)
        told = f"{years[0]}" if years[0] == years[-1] else f"{years[0]} to {years[-1]}"
        steps.append(Step(told, number, tuple(names)))
    return tuple(steps)


@lru_cache(maxsize=16)
def _fitting(title: str, steps: tuple[Step, ...]) -> Plan:
    """All names, beside smaller figures if they must; else as many as have room."""
    columns = [1] * len(steps)
    for _ in range(_STEPS - len(steps)):
        tallest = max(range(len(steps)), key=lambda i: len(steps[i].names) / columns[i])
        columns[tallest] += len(steps[tallest].names) > _LONG * columns[tallest]
    steps = tuple(replace(step, columns=number) for step, number in zip(steps, columns, strict=True))
    whole = max(len(step.names) for step in steps)
    plan = None
    for most in range(whole, 0, -1):
        shorter = tuple(_short(step, most) for step in steps)
        for largest in _LARGEST if most == whole else _LARGEST[1:2]:
            plan = Plan(shorter, _shares(shorter), largest)
            if all(plan.height(frame, frame.sizes[-1], title) <= frame.height for frame in fit.FRAMES):
                return plan
    return plan or Plan(steps, _shares(steps), _LARGEST[-1])


def _short(step: Step, most: int) -> Step:
    if len(step.names) <= most:
        return step
    return replace(step, names=(*step.names[: most - 1], f"and {len(step.names) - most + 1} more"))


def _shares(steps: Sequence[Step]) -> tuple[float, ...]:
    """Of 90 u, by what the names ask for in an ordinary size; none is squeezed below what its figure needs."""
    room = fit.BROAD - _GAP * (len(steps) - 1)
    asked = [max(typeface.ems(name) for name in step.names) * 2.1 * step.columns + 1 for step in steps]
    least = [max(9.0, min(ask, 17.0 * step.columns)) for ask, step in zip(asked, steps, strict=True)]
    if (over := sum(asked) - room) > 0:
        give = [max(ask - low, 0) for ask, low in zip(asked, least, strict=True)]
        part = min(over / (sum(give) or 1), 1)
        asked = [ask - part * more for ask, more in zip(asked, give, strict=True)]
    spread = max(room - sum(asked), 0) / len(steps)
    asked = [ask + spread for ask in asked]
    return tuple(round(ask * room / sum(asked), 2) for ask in asked)
