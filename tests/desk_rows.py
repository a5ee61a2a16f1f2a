"""What stands in the desk's database, read with plain SQL, and the rules counted from the rows themselves."""

# ruff: noqa: S608 (plain SQL, put together from our own words, is the subject here)

from typing import Any

from sqlalchemy import Connection, text

#: Tables that an act can touch.
TABLES = (
    "match", "match_transition", "match_mark", "mentor", "mentee", "person_merge", "erasure", "occupational_group",
    "agency", "division", "cohort", "import_run", "programme_setting", "fit_weights", "trail",
)  # fmt: skip
_HELD = "state IN ('proposed', 'on_hold', 'approved', 'active')"
_TOLD = "nullif(trim(coalesce(override_reason, '')), '') IS NULL"
#: Each finds what breaks a rule; the first words name it.
BROKEN = {
    "rule 1: one open match": f"SELECT mentee_id FROM match WHERE {_HELD} GROUP BY mentee_id, programme_id"
    " HAVING count(*) > 1",
    "rule 2: places": f"SELECT id FROM mentor p WHERE capacity <"
    f" (SELECT count(*) FROM match WHERE mentor_id = p.id AND {_HELD})",
    "rule 3: one group": f"SELECT m.id FROM match m JOIN mentor a ON a.id = m.mentor_id JOIN mentee b"
    f" ON b.id = m.mentee_id WHERE {_HELD} AND {_TOLD} AND (a.group_id <> m.group_id OR b.group_id <> m.group_id)",
    "rule 4: never again": f"SELECT m.id FROM match m JOIN match n ON n.mentor_id = m.mentor_id AND"
    f" n.mentee_id = m.mentee_id WHERE n.never_again AND m.{_HELD}",
    "rule 5: days in order": "SELECT id FROM match WHERE proposed_on > decided_on OR decided_on > started_on"
    " OR started_on > ended_on",
    "rule 5: steps in order": "SELECT id FROM match_marked WHERE met_on < started_on OR agreed_on < met_on"
    " OR agreed_on < started_on OR oriented_on > ended_on OR met_on > ended_on OR agreed_on > ended_on",
    "rule 5: days of a state": "SELECT id FROM match WHERE (state IN ('active', 'completed', 'ended_early') AND"
    " started_on IS NULL) OR (state IN ('completed', 'ended_early') AND ended_on IS NULL)"
    f" OR ({_HELD} AND ended_on IS NOT NULL) OR (state IN ('proposed', 'on_hold') AND decided_on IS NOT NULL)",
    "rule 6: the state is the latest step": "SELECT m.id FROM match m LEFT JOIN match_transition t"
    " ON t.match_id = m.id AND t.seq = m.version WHERE t.to_state IS NULL OR t.to_state <> m.state"
    " OR m.version <> (SELECT count(*) FROM match_transition WHERE match_id = m.id)",
    "rule 6: a step starts where the last ended": "SELECT t.id FROM match_transition t LEFT JOIN match_transition b"
    " ON b.match_id = t.match_id AND b.seq = t.seq - 1"
    " WHERE t.seq > 1 AND (b.id IS NULL OR b.to_state <> t.from_state)",
    "nobody withdrawn is matched": f"SELECT m.id FROM match m JOIN mentor a ON a.id = m.mentor_id JOIN mentee b"
    f" ON b.id = m.mentee_id WHERE {_HELD} AND (a.withdrawn_on IS NOT NULL OR b.withdrawn_on IS NOT NULL)",
    "nobody is doubled": "SELECT email_key FROM (SELECT email_key FROM mentor UNION ALL SELECT email_key FROM mentee) a"
    " GROUP BY email_key HAVING count(*) > 1",
    "nobody erased is there": "SELECT p.id FROM mentor p JOIN erasure e ON e.ref = p.ref WHERE p.first_name <> 'Erased'"
    " OR p.withdrawn_on IS NULL OR p.title IS NOT NULL UNION ALL SELECT p.id FROM mentee p JOIN erasure e"
    " ON e.ref = p.ref WHERE p.first_name <> 'Erased' OR p.withdrawn_on IS NULL OR p.title IS NOT NULL",
    "nobody erased is told of": "SELECT t.id FROM match_transition t JOIN match m ON m.id = t.match_id JOIN mentor a"
    " ON a.id = m.mentor_id JOIN mentee b ON b.id = m.mentee_id JOIN erasure e ON e.ref IN (a.ref, b.ref)"
    " WHERE t.note IS NOT NULL",
    "nobody is lost": "SELECT m.id FROM match m LEFT JOIN mentor a ON a.id = m.mentor_id LEFT JOIN mentee b"
    " ON b.id = m.mentee_id WHERE a.id IS NULL OR b.id IS NULL",
}

_EVERY = text(" UNION ALL ".join(f"SELECT '{rule}' WHERE EXISTS ({asked})" for rule, asked in BROKEN.items()))
_READ = {table: text(f"SELECT * FROM {table} ORDER BY 1") for table in TABLES}

Rows = dict[str, list[dict[str, Any]]]


def read(connection: Connection) -> Rows:
    """Every row that an act can touch."""
    return {
        table: [{name: _plain(value) for name, value in row.items()} for row in connection.execute(asked).mappings()]
        for table, asked in _READ.items()
    }


def _plain(value: Any) -> Any:
    """A value as both engines say it."""
    return value if value is None or isinstance(value, int | dict | list) else str(value)


def broken(connection: Connection) -> list[str]:
    """Every rule that does not hold."""
    return list(connection.execute(_EVERY).scalars())


def stands(rows: Rows) -> dict[int, tuple[Any, ...]]:
    """By match: everything that the model knows of it."""
    groups = {row["id"]: row["name"] for row in rows["occupational_group"]}
    marks: dict[tuple[int, str], str | None] = {}
    for row in sorted(rows["match_mark"], key=lambda row: row["seq"]):
        marks[row["match_id"], row["step"]] = row["on_day"]
    return {
        row["id"]: (
            row["mentor_id"],
            row["mentee_id"],
            groups[row["group_id"]],
            bool(row["override_reason"]),
            row["state"],
            *(row[f"{word}_on"] for word in ("proposed", "decided", "started", "ended")),
            row["hold_until"],
            bool(row["never_again"]),
            *(marks.get((row["id"], step)) for step in ("orientation", "first_meeting", "agreement")),
        )
        for row in rows["match"]
    }


def people(rows: Rows, kind: str) -> dict[int, tuple[Any, ...]]:
    """By person: everything that the model knows of them."""
    groups = {row["id"]: row["name"] for row in rows["occupational_group"]}
    return {
        row["id"]: (
            row["ref"],
            groups[row["group_id"]],
            row.get("capacity", 0),
            row.get("ready_on"),
            row["withdrawn_on"],
        )
        for row in rows[kind]
    }
