"""A file into the database: all of its good rows or, when anything goes wrong, none."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, insert, select, update
from sqlalchemy.orm import Session

from db.models import ImportRun, new_ref
from services import access, audit, clock, programmes
from services.access import Actor, Permission
from services.errors import Invalid
from services.imports import answers, facts, people, placements, replay
from services.imports import plan as planning
from services.imports.columns import Kind
from services.imports.groups import ensure_groups
from services.imports.plan import Plan
from services.imports.preview import Preview, shown
from services.imports.words import fold
from services.stage import consents

Progress = Callable[[float, str], None]
#: Changes of a person that stand in no column of theirs.
_BESIDE = ("specialities", "words to confirm")


@dataclass(frozen=True)
class Applied:
    """What was stored, and the preview as it stood in the same transaction."""

    kind: Kind
    added: int
    changed: int
    preview: Preview


def apply(  # noqa: PLR0913 - a file, and how its columns are taken
    session: Session,
    data: bytes,
    filename: str,
    *,
    by: Actor,
    kind: Kind | None = None,
    mapping: Mapping[str, str] | None = None,
    today: dt.date | None = None,
    progress: Progress | None = None,
    survey: int | None = None,
) -> Applied:
    """Store the good rows of a file; the file is read and checked again in this transaction.

    A file that says nothing new changes nothing, not even the trail. Raises `Invalid` when the file cannot be read,
    lacks a needed column, or holds historic matches while there is no programme.
    """
    actor = access.authorise(session, by, Permission.IMPORT_FILES)
    tell = progress or _silently
    tell(0.0, "Reading and checking the file")
    placements.hold(session)
    plan = planning.make(session, data, filename, kind=kind, mapping=mapping, today=today, survey=survey)
    if plan.missing:
        message = f"No column for {', '.join(plan.missing)} was found. Say which column holds it."
        raise Invalid(message)
    added = sum(len(part.new) for part in (plan.people, plan.matches, plan.answers, plan.placements))
    changed = sum(len(part.changed) for part in (plan.people, plan.answers, plan.placements))
    if added or changed:
        tell(0.1, f"Storing {added + changed} {plan.kind}")
        if plan.kind is Kind.ANSWERS:
            answers.store(session, plan.answers)
        elif plan.kind is Kind.MATCHES:
            replay.store(session, plan.matches, programmes.main(session), ensure_groups(session, actor), actor, tell)
        elif plan.kind is Kind.PLACEMENTS:
            placements.store(session, plan.placements, ensure_groups(session, actor), plan.new_homes)
        else:
            _store_people(session, plan, ensure_groups(session, actor), tell)
            if plan.kind is Kind.MENTORS:
                _rename_on_the_stage(session, plan, actor)
        _record(session, plan, actor, added, changed)
    tell(1.0, "Done")
    return Applied(plan.kind, added, changed, shown(plan))


def _silently(_share: float, _doing: str) -> None:
    """Progress that nobody watches."""


def _store_people(session: Session, plan: Plan, groups: Mapping[str, int], tell: Progress) -> None:
    kind = plan.kind
    table = people.TABLES[kind]
    home, home_table, home_id = people.HOMES[kind]
    if plan.new_homes:
        session.execute(insert(home_table), [{"name": name} for name in plan.new_homes.values()])
    homes = {fold(name): key for name, key in session.execute(select(home_table.name, home_table.id))}

    def stored(said: Mapping[str, Any]) -> dict[str, Any]:
        row = {key: value for key, value in said.items() if key not in {"group", home, *_BESIDE}}
        if "group" in said:
            row["group_id"] = groups[said["group"]]
        if home in said:
            row[home_id] = homes[fold(said[home])]
        return row

    total = len(plan.people.new) + len(plan.people.changed)
    empty: dict[str, Any] = {name: [] if many else None for name, many in _columns(kind)}
    if kind is Kind.MENTORS:
        empty["capacity"] = 1
    else:
        empty["ready_on"] = plan.today  # an agency sends who is ready; without a day they would never be proposed
    fresh = [
        {**empty, **stored(person.values), "email_key": person.key, "ref": new_ref()} for person in plan.people.new
    ]
    for done, rows in _pieces(fresh):
        session.execute(insert(table), rows)
        tell(0.1 + 0.85 * done / total, f"{done} of {total} {kind} stored")
    other = [
        {"id": known.id, **stored({change.field: change.after for change in changes})}
        for _, known, changes in plan.people.changed
    ]
    for done, rows in _pieces(sorted((row for row in other if len(row) > 1), key=sorted)):
        session.execute(update(table), rows)
        tell(0.1 + 0.85 * (len(fresh) + done) / total, f"{len(fresh) + done} of {total} {kind} stored")
    news = facts.News()
    for person in plan.people.new:
        news.add(person.key, person.values["group"], person.said)
    for person, known, _ in plan.people.changed:
        group = person.values["group"]
        news.add(person.key, group, facts.unsaid(person.said, group, known.kept))
    facts.store(session, kind, news, groups, people.chunks(list(news.by_key)))


def _rename_on_the_stage(session: Session, plan: Plan, actor: Actor) -> None:
    """Who agreed to be thanked by name is thanked by the name they have now."""
    for _, known, changes in plan.people.changed:
        now = {**known.values, **{change.field: change.after for change in changes}}
        if consents.called(known.values) != consents.called(now):
            consents.follow_roster(session, consents.called(known.values), consents.called(now), by=actor)


def _columns(kind: Kind) -> Iterator[tuple[str, bool]]:
    """Columns that an import fills, and whether each holds a list."""
    given = {"id", "ref", "email_key", "withdrawn_on", "coach_id", "no_speciality_on"}
    columns = people.TABLES[kind].__table__.columns
    return ((column.key, isinstance(column.type, JSON)) for column in columns if column.key not in given)


def _pieces(rows: list[dict[str, Any]]) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Rows in pieces, each with the number of rows stored once it is."""
    done = 0
    for piece in people.chunks(rows):
        done += len(piece)
        yield done, list(piece)


def _record(session: Session, plan: Plan, by: Actor, added: int, changed: int) -> None:
    refused = len({problem.row for problem in plan.problems})
    run = ImportRun(
        sha256=plan.sha256,
        kind=plan.kind.value,
        applied_at=clock.now(),
        applied_by_id=by.account_id,
        added=added,
        changed=changed,
        refused=refused,
    )
    session.add(run)
    session.flush()
    for _, known, changes in plan.people.changed:
        of_whom = people.TABLES[plan.kind].__tablename__
        audit.record(session, by, "person changed", of_whom, known.id, fields=sorted(one.field for one in changes))
    others = (*plan.people.changed, *plan.placements.changed)
    fields = sorted({change.field for _, _, changes in others for change in changes})
    audit.record(
        session,
        by,
        "applied",
        "import",
        run.id,
        kind=plan.kind.value,
        sha256=plan.sha256,
        added=added,
        changed=changed,
        refused=refused,
        repeats=len(plan.repeats),
        fields=fields,
    )
