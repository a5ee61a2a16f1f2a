"""What a file would change, for a coordinator to read before anything is changed."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from services import access
from services.access import Actor, Permission
from services.imports import plan as planning
from services.imports.answers import Answer
from services.imports.columns import Column, Field, Kind, fields
from services.imports.matches import Historic
from services.imports.people import Change, Person
from services.imports.placements import Placed
from services.imports.plan import Plan
from services.imports.rows import Problem
from services.imports.sheets import Cell


@dataclass(frozen=True)
class Guess:
    """Another spelling taken for an occupational group, and how many rows write it so."""

    written: str
    taken_for: str
    rows: int


@dataclass(frozen=True)
class Rejected:
    """A refused row as the sender wrote it."""

    row: str
    sheet: str
    cells: tuple[Cell, ...] = field(repr=False)


@dataclass(frozen=True)
class Preview:
    """What a file holds and would change.

    Rows are named as a person counts them, `sheet!row` when several sheets hold rows.
    """

    kind: Kind
    sha256: str
    columns: tuple[Column, ...]
    #: Labels of needed fields that no column holds; nothing can be applied until they are mapped.
    missing: tuple[str, ...]
    new: tuple[str, ...]
    changed: Mapping[str, tuple[Change, ...]] = field(repr=False)
    unchanged: tuple[str, ...]
    problems: tuple[Problem, ...]
    #: Row -> the earlier row that it repeats.
    repeats: Mapping[str, str]
    #: Rows that are nobody: titles, sums, notes, repeated headers.
    passed_over: tuple[str, ...]
    guesses: tuple[Guess, ...]
    new_agencies: tuple[str, ...]
    new_divisions: tuple[str, ...]
    new_cohorts: tuple[str, ...]
    by_cohort: Mapping[str, int]
    by_group: Mapping[str, Mapping[str, int]]
    warnings: tuple[str, ...]
    applied_before: dt.datetime | None
    #: Historic matches need a programme to belong to, and there is none yet.
    lacks_programme: bool
    #: What the columns can be taken for, by key.
    fields: Mapping[str, Field] = field(repr=False)
    #: Of answers: the surveys there are by number, and the one that they are taken for.
    surveys: Mapping[int, str] = field(repr=False)
    survey: int | None
    rejected: tuple[Rejected, ...] = field(repr=False)

    @property
    def good(self) -> int:
        """Rows that are accepted."""
        return len(self.new) + len(self.changed) + len(self.unchanged)

    @property
    def refused(self) -> dict[str, tuple[str, str, str]]:
        """Row -> code, sentence and column of its first problem."""
        first: dict[str, tuple[str, str, str]] = {}
        for problem in self.problems:
            first.setdefault(problem.row, (problem.code, problem.sentence, problem.column))
        return first

    @property
    def can_apply(self) -> bool:
        """Whether there is something to store and nothing in the way."""
        return bool(self.new or self.changed) and not self.missing and not self.lacks_programme

    def summary(self) -> str:
        """The counts as one sentence: "107 mentors: 100 new, 3 changed, 4 unchanged; 9 refused, 4 repeats"."""
        counts = f"{len(self.new)} new, {len(self.changed)} changed, {len(self.unchanged)} unchanged"
        return f"{self.good} {self.kind}: {counts}; {len(self.refused)} refused, {len(self.repeats)} repeats"

    def as_json(self) -> dict[str, Any]:
        """For programs: kind, good, refused, repeats, and for historic matches the counts by cohort and group."""
        said: dict[str, Any] = {
            "kind": self.kind.value,
            "good": self.good,
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": len(self.unchanged),
            "refused": {row: [code, sentence] for row, (code, sentence, _) in self.refused.items()},
            "repeats": [int(row) if row.isdigit() else row for row in self.repeats],
            "guesses": {guess.written: guess.taken_for for guess in self.guesses},
            "new_agencies": list(self.new_agencies),
            "new_divisions": list(self.new_divisions),
            "warnings": list(self.warnings),
        }
        if self.kind is Kind.MATCHES:
            said |= {"by_cohort": dict(self.by_cohort), "by_group": {k: dict(v) for k, v in self.by_group.items()}}
        return said


def preview(
    session: Session,
    data: bytes,
    filename: str,
    *,
    by: Actor,
    kind: Kind | None = None,
    mapping: Mapping[str, str] | None = None,
    today: dt.date | None = None,
    survey: int | None = None,
) -> Preview:
    """What a file would change; writes nothing.

    `mapping`: header -> field, "" to leave a column out.
    `survey`: which one answers belong to; else the latest that asks most of their columns.

    Raises `Invalid` with one sentence when the file cannot be read or holds no table.
    """
    access.authorise(session, by, Permission.IMPORT_FILES)
    return shown(planning.make(session, data, filename, kind=kind, mapping=mapping, today=today, survey=survey))


def shown(plan: Plan) -> Preview:
    """A plan without what only the transaction may hold."""
    people, matches, answers, placements = plan.people, plan.matches, plan.answers, plan.placements
    homes = tuple(plan.new_homes.values())
    return Preview(
        kind=plan.kind,
        sha256=plan.sha256,
        columns=tuple(column for table in plan.tables for column in table.columns),
        missing=tuple(plan.missing),
        new=_rows(people.new, matches.new, answers.new, placements.new),
        changed={row.row: changes for row, _, changes in people.changed}
        | {row.row: row.changes for row in answers.changed}
        | {row.row: changes for row, _, changes in placements.changed},
        unchanged=_rows(people.unchanged, matches.unchanged, answers.unchanged, placements.unchanged),
        problems=tuple(plan.problems),
        repeats=plan.repeats,
        passed_over=tuple(plan.passed_over),
        guesses=tuple(Guess(*words, count) for words, count in plan.guesses.most_common()),
        new_agencies=homes if plan.kind is Kind.MENTEES else (),
        new_divisions=homes if plan.kind in (Kind.MENTORS, Kind.PLACEMENTS) else (),
        new_cohorts=tuple(matches.new_cohorts),
        by_cohort=matches.cohorts(),
        by_group=matches.groups(),
        warnings=tuple(plan.warnings),
        applied_before=plan.applied_before,
        lacks_programme=plan.kind is Kind.MATCHES and plan.programme is None,
        fields=fields(plan.kind) | (plan.asked.fields if plan.asked else {}),
        surveys=plan.asked.surveys if plan.asked else {},
        survey=plan.asked.survey_id if plan.asked else None,
        rejected=tuple(Rejected(label, table.sheet, row.cells) for label, table, row in plan.refused_rows),
    )


def _rows(*lists: Iterable[Person | Historic | Answer | Placed]) -> tuple[str, ...]:
    return tuple(row.row for rows in lists for row in rows)
