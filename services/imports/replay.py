"""Historic matches walked through their whole life in the past, by the same steps a new match takes."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from db.models import Cohort, Match, MatchState, MatchTransition, Mentee, Mentor, Programme, new_ref
from services import clock
from services.access import Actor
from services.imports.history import History, Someone
from services.imports.matches import Historic, Side
from services.imports.people import chunks

#: Why a match of the past may join two groups: people's professions are known as of today only.
RECORDED = "Recorded history"
_CLOSED = (MatchState.COMPLETED, MatchState.ENDED_EARLY)


def store(
    session: Session,
    history: History,
    programme: Programme,
    groups: Mapping[str, int],
    by: Actor,
    tell: Callable[[float, str], None],
) -> None:
    """Add the people, cohorts and matches of a file that are new."""
    mentors = _people(session, Mentor, history.mentors, history.new, groups)
    mentees = _people(session, Mentee, history.mentees, history.new, groups)
    cohorts = _cohorts(session, programme, history.new)
    full = [mentor.id for mentor in mentors.values() if mentor.open_matches >= mentor.capacity]
    _add_place(session, full, 1)
    done = 0
    for wave in _waves(history.new):
        for piece in chunks(wave):
            _replay(session, piece, programme, cohorts, mentors, mentees, groups, by)
            done += len(piece)
            tell(0.2 + 0.75 * done / len(history.new), f"{done} of {len(history.new)} matches stored")
    _add_place(session, full, -1)


def _add_place(session: Session, mentors: Sequence[int], places: int) -> None:
    """A match of the past needs a place while it is replayed, also with a mentor who is full today."""
    for piece in chunks(mentors):
        session.execute(
            update(Mentor).where(Mentor.id.in_(piece)).values(capacity=Mentor.capacity + places),
            execution_options={"synchronize_session": False},
        )


def _people(
    session: Session,
    table: type[Mentor] | type[Mentee],
    known: Mapping[str, Someone],
    matches: Sequence[Historic],
    groups: Mapping[str, int],
) -> dict[str, Someone]:
    """Everyone in the file by address: the known ones, and the others added in the group of their latest match."""
    is_mentor = table is Mentor
    latest: dict[str, tuple[Side, str]] = {}
    until: dict[str, dt.date] = {}
    running: Counter[str] = Counter()
    for match in sorted(matches, key=lambda match: match.started_on):
        side = match.mentor if is_mentor else match.mentee
        latest[side.key] = (side, match.group)
        running[side.key] += match.state is MatchState.ACTIVE
        until[side.key] = max(until.get(side.key, match.started_on), match.ended_on or match.started_on)
    names = {side.key: side.names for match in matches for side in (match.mentor, match.mentee) if side.names}
    names |= {row.email_key: (row.first_name, row.last_name) for row in _named(session, latest.keys() - names.keys())}
    rows = [
        {
            "ref": new_ref(),
            "first_name": names[key][0],
            "last_name": names[key][1],
            "email": side.address,
            "email_key": key,
            "group_id": groups[group],
            "languages": [],
            **(_volunteered(running[key], until[key]) if is_mentor else {}),
        }
        for key, (side, group) in latest.items()
        if key not in known
    ]
    everyone = dict(known)
    for piece in chunks(rows):
        session.execute(insert(table), list(piece))
        keys = [row["email_key"] for row in piece]
        for found in session.execute(select(table.__table__).where(table.email_key.in_(keys))).mappings():
            everyone[found["email_key"]] = Someone(found["id"], found["group_id"], found.get("capacity", 1))
    return everyone


def _volunteered(running: int, until: dt.date) -> dict[str, Any]:
    """Who is known from history alone volunteers no longer; a roster of mentors that names them opens them again."""
    return {"capacity": max(1, running), "available_until": until}


def _named(session: Session, keys: set[str]) -> Iterator[Any]:
    """Names of people whom a file leaves unnamed because the desk knows them, on the other side perhaps."""
    for table in (Mentor, Mentee):
        for piece in chunks(sorted(keys)):
            yield from session.execute(
                select(table.email_key, table.first_name, table.last_name).where(table.email_key.in_(piece))
            )


def _cohorts(session: Session, programme: Programme, matches: Sequence[Historic]) -> dict[str, int]:
    """Cohorts by name; new ones last from their first match's start to their last match's end."""
    wanted = select(Cohort.name, Cohort.id).where(Cohort.programme_id == programme.id)
    known = dict(session.execute(wanted).all())
    days: dict[str, list[dt.date]] = defaultdict(list)
    for match in matches:
        if match.cohort not in known:
            days[match.cohort] += [match.started_on, match.ended_on or match.started_on]
    if days:
        rows = [
            {"programme_id": programme.id, "name": name, "starts_on": min(on), "ends_on": max(on)}
            for name, on in days.items()
        ]
        session.execute(insert(Cohort), rows)
    return dict(session.execute(wanted).all())


def _waves(matches: Sequence[Historic]) -> list[list[Historic]]:
    """Matches in turns: nobody is in one turn twice, each turn is closed before the next, active ones come last."""
    waves: dict[int, list[Historic]] = defaultdict(list)
    turn: Counter[str] = Counter()
    happened = sorted(matches, key=lambda match: match.started_on)
    for match in happened:
        if match.state in _CLOSED:
            both = f"mentor {match.mentor.key}", f"mentee {match.mentee.key}"
            at = max(turn[who] for who in both)
            waves[at].append(match)
            turn.update({who: at + 1 - turn[who] for who in both})
    running = [match for match in happened if match.state not in _CLOSED]
    return [*(waves[at] for at in sorted(waves)), *([running] if running else [])]


def _replay(
    session: Session,
    matches: Sequence[Historic],
    programme: Programme,
    cohorts: Mapping[str, int],
    mentors: Mapping[str, Someone],
    mentees: Mapping[str, Someone],
    groups: Mapping[str, int],
    by: Actor,
) -> None:
    rows = []
    for match in matches:
        mentor, mentee, group = mentors[match.mentor.key], mentees[match.mentee.key], groups[match.group]
        rows.append(
            {
                "ref": new_ref(),
                "programme_id": programme.id,
                "cohort_id": cohorts[match.cohort],
                "mentor_id": mentor.id,
                "mentee_id": mentee.id,
                "group_id": group,
                "override_reason": None if group == mentor.group_id == mentee.group_id else RECORDED,
                "proposed_on": match.started_on,
                "proposed_at": clock.now(),
                "proposed_by_id": by.account_id,
            }
        )
    session.execute(insert(Match), rows)
    refs = [str(row["ref"]) for row in rows]
    ids = dict(session.execute(select(Match.ref, Match.id).where(Match.ref.in_(refs))).all())
    placed = [(ids[ref], match) for ref, match in zip(refs, matches, strict=True)]
    _step(session, placed, 2, MatchState.PROPOSED, MatchState.APPROVED, by)
    _step(session, placed, 3, MatchState.APPROVED, MatchState.ACTIVE, by)
    for state in _CLOSED:
        _step(session, [pair for pair in placed if pair[1].state is state], 4, MatchState.ACTIVE, state, by)


def _step(
    session: Session,
    placed: Sequence[tuple[int, Historic]],
    seq: int,
    before: MatchState,
    after: MatchState,
    by: Actor,
) -> None:
    rows = [
        {
            "match_id": match_id,
            "seq": seq,
            "from_state": before,
            "to_state": after,
            "on_day": match.ended_on if after in _CLOSED else match.started_on,
            "at": clock.now(),
            "by_id": by.account_id,
            "by_name": None if by.account_id else by.name,
            "reason": match.reason if after is MatchState.ENDED_EARLY else None,
        }
        for match_id, match in placed
    ]
    if rows:
        session.execute(insert(MatchTransition), rows)
