"""Giving running matches other coaches: a balanced plan first, then one step for all of it, and one undo."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from db.models import Coach, Match, MatchCoach, MatchState, Mentee, Mentor
from services import audit, clock, hand_over_plan, programmes
from services.access import Actor, Permission, authorise
from services.errors import Conflict, Invalid, NotFound
from services.hand_over_plan import HandOver
from services.wording import counted, joined

_UNDO_WITHIN = dt.timedelta(hours=24)
_STALE = "Someone else gave {pair} another coach a moment ago. Nothing was moved; look at the plan again."


@dataclass(frozen=True)
class Done:
    """What was moved, for the line that tells it."""

    matches: int
    sentence: str


def suggest(
    session: Session,
    *,
    by: Actor,
    programme_id: int,
    coach_ids: Collection[int | None],
    may_stay: bool,
    across: bool = False,
    refs: Collection[str] | None = None,
) -> HandOver:
    """The fairest plan for the running matches of some coaches (None: without a coach), or for some of these.

    `may_stay`: only as many leave as are too many; otherwise all do. `across`: other agencies may take them where
    their own has no place. Raises `NotAllowed`.
    """
    authorise(session, by, Permission.HAND_OVER)
    rows = hand_over_plan.running(session, programme_id, coach_ids)
    if refs is not None:
        rows = rows[rows["ref"].isin(list(refs))].reset_index(drop=True)
    known = hand_over_plan.options(session, programmes.today(session, programme_id))
    takers = [one for one in known if may_stay or one.coach_id not in coach_ids]
    rows = hand_over_plan.assigned(rows, takers, may_stay=may_stay, across=across)
    if may_stay:
        over = {one.coach_id for one in known if one.free < 0}
        stays = (rows["to_id"] == rows["from_id"]).fillna(value=False)
        nowhere = rows["to_id"].isna() & ~rows["from_id"].isin(list(over))
        rows = rows[~stays & ~nowhere].reset_index(drop=True)
    return HandOver(rows, tuple(known), _sentence(rows, across=across, may_stay=may_stay))


def apply(session: Session, moves: Mapping[str, tuple[int, int]], *, by: Actor, programme_id: int) -> Done:
    """Give each match (by ref: the `seq` that was seen, and the coach) its new coach, all or none.

    The database refuses a coach more than their capacity. Raises `Invalid` for nothing to move, `NotFound`, `Conflict`.
    """
    by = authorise(session, by, Permission.HAND_OVER)
    if not moves:
        raise Invalid("Choose at least one match and who takes it.")
    matches = _held_still(session, moves, programme_id)
    at, today = clock.now(), programmes.today(session, programme_id)
    _lock(session, {coach for _, coach in moves.values()})
    latest = _latest(session, [match.id for match in matches])
    for match in matches:
        seen, coach_id = moves[match.ref]
        turn = latest.get(match.id)
        if (turn.seq if turn else 0) != seen or match.state is not MatchState.ACTIVE:
            raise Conflict(_STALE.format(pair=_pair(session, match)))
        if turn and turn.coach_id == coach_id:
            raise Invalid(f"{_pair(session, match)} is with that coach already. Choose another one.")
        row = MatchCoach(
            match_id=match.id,
            seq=seen + 1,
            coach_id=coach_id,
            on_day=max(today, turn.on_day) if turn else today,
            at=at,
            by_id=by.account_id,
            by_name=None if by.account_id else by.name,
        )
        _write(session, by, match, row, before=turn.coach_id if turn else None)
    names = joined(sorted(set(session.scalars(select(Coach.name).where(Coach.id.in_({c for _, c in moves.values()}))))))
    return Done(len(matches), f"{counted(len(matches), 'match', 'matches').capitalize()} handed to {names}.")


def undoable(session: Session, *, by: Actor) -> int:
    """How many matches this actor's last hand-over moved that can be taken back; 0 when there is none."""
    by = authorise(session, by, Permission.HAND_OVER)
    return len(_last(session, by))


def undo(session: Session, *, by: Actor) -> Done:
    """Take back this actor's last hand-over, all of it. Raises `Conflict` when there is none, or it was built upon."""
    by = authorise(session, by, Permission.HAND_OVER)
    turns = _last(session, by)
    if not turns:
        raise Conflict("There is no hand-over of yours from the last day to take back.")
    _lock(session, {turn.coach_id for turn in turns if turn.coach_id})
    matches = {m.id: m for m in session.scalars(select(Match).where(Match.id.in_([t.match_id for t in turns])))}
    before = _before(session, turns)
    latest = _latest(session, list(matches))
    at = clock.now()
    for turn in turns:
        match = matches[turn.match_id]
        if latest[match.id].seq != turn.seq:
            raise Conflict(
                f"{_pair(session, match)} was handed over again since. Hand it over anew instead of undoing."
            )
        row = MatchCoach(
            match_id=match.id,
            seq=turn.seq + 1,
            coach_id=before.get(match.id),
            on_day=turn.on_day,  # as if it had never been
            at=at,
            by_id=by.account_id,
            by_name=None if by.account_id else by.name,
            undoes_seq=turn.seq,
        )
        _write(session, by, match, row, before=turn.coach_id)
    return Done(len(turns), f"Taken back: {counted(len(turns), 'match is', 'matches are')} with the coach before.")


def leave(session: Session, coach_id: int, *, by: Actor, programme_id: int, on_day: dt.date | None = None) -> Done:
    """Note that a coach has left; matches that are still theirs stand as uncovered. Raises `NotFound`, `Invalid`."""
    by = authorise(session, by, Permission.HAND_OVER)
    coach = session.get(Coach, coach_id)
    if coach is None:
        raise NotFound("There is no such coach. Choose one of the list.")
    today = programmes.today(session, programme_id)
    when = on_day or today
    if when > today:
        raise Invalid("The day lies in the future. Choose today or an earlier day.")
    coach.left_on = when
    session.flush()
    audit.record(session, by, "coach left", "coach", coach.id)
    return Done(0, f"{coach.name} has left.")


def _sentence(rows: pd.DataFrame, *, across: bool, may_stay: bool) -> str:
    placed, left = int(rows["to_id"].notna().sum()), int(rows["to_id"].isna().sum())
    if rows.empty:
        return (
            "Nobody is over capacity: nothing needs to move." if may_stay else "There is no running match to hand over."
        )
    said = ""
    if placed:
        moved = f"{counted(placed, 'match finds', 'matches find')} a coach with a free place".capitalize()
        home = f"{'' if placed == 1 else 'each '}in its own agency{' if it can be' if across else ''}"
        whose = "the match" if placed == 1 else "each match"
        said = f"{moved}, {home}; loads are as even as they get. History stays with {whose}. "
    if left:
        where = "any agency" if across else "its own agency"
        said += f"For {counted(left, 'match', 'matches')} no coach of {where} has room."
    return said.strip()


def _held_still(session: Session, refs: Collection[str], programme_id: int) -> list[Match]:
    matches = list(
        session.scalars(
            select(Match)
            .where(Match.ref.in_(list(refs)), Match.programme_id == programme_id)
            .order_by(Match.id)
            .with_for_update(of=Match)
            .execution_options(populate_existing=True)
        )
    )
    if len(matches) != len(refs):
        raise NotFound("One of these matches is not there any more. Look at the plan again.")
    return matches


def _lock(session: Session, coach_ids: Collection[int]) -> None:
    """In one order, so that two who hand over at once wait for each other and not in a ring."""
    session.execute(
        select(Coach.id).where(Coach.id.in_(list(coach_ids))).order_by(Coach.id).with_for_update(key_share=True)
    )


def _latest(session: Session, match_ids: Collection[int]) -> dict[int, MatchCoach]:
    rows = session.scalars(
        select(MatchCoach).where(MatchCoach.match_id.in_(list(match_ids))).order_by(MatchCoach.match_id, MatchCoach.seq)
    )
    return {row.match_id: row for row in rows}


def _before(session: Session, turns: list[MatchCoach]) -> dict[int, int | None]:
    """By match: the coach before the turn."""
    wanted = {(turn.match_id, turn.seq - 1) for turn in turns}
    rows = session.scalars(select(MatchCoach).where(MatchCoach.match_id.in_([turn.match_id for turn in turns])))
    return {row.match_id: row.coach_id for row in rows if (row.match_id, row.seq) in wanted}


def _last(session: Session, by: Actor) -> list[MatchCoach]:
    """The rows of this actor's newest hand-over that was not taken back; they share their moment."""
    mine = MatchCoach.by_id == by.account_id
    at = session.scalar(
        select(MatchCoach.at)
        .where(
            mine,
            MatchCoach.at > clock.now() - _UNDO_WITHIN,
            MatchCoach.seq > 1,
            MatchCoach.undoes_seq.is_(None),
            ~_is_undone(),
        )
        .order_by(MatchCoach.at.desc())
        .limit(1)
    )
    if at is None:
        return []
    rows = select(MatchCoach).where(mine, MatchCoach.at == at, MatchCoach.seq > 1).order_by(MatchCoach.match_id)
    return list(session.scalars(rows))


def _is_undone() -> ColumnElement[bool]:
    back = aliased(MatchCoach)
    return exists().where(back.match_id == MatchCoach.match_id, back.undoes_seq == MatchCoach.seq)


def _write(session: Session, by: Actor, match: Match, row: MatchCoach, *, before: int | None) -> None:
    session.add(row)
    session.flush()
    action = "hand-over undone" if row.undoes_seq else "handed over"
    audit.record(session, by, action, "match", match.id, before=before, coach=row.coach_id, seq=row.seq)


def _pair(session: Session, match: Match) -> str:
    mentee, mentor = session.get_one(Mentee, match.mentee_id), session.get_one(Mentor, match.mentor_id)
    return f"{mentee.first_name} {mentee.last_name} with {mentor.first_name} {mentor.last_name}"
