"""Why these two, and why not another: what speaks for one pair, and what any other choice would cost the plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Cohort, Match, Mentee, Mentor
from services import match_steps, pool, problems, programmes, weights
from services.access import Actor, Permission, authorise
from services.counting.figure import out_of_100
from services.engine import fit
from services.engine.problem import NOBODY, Integers
from services.engine.standing import Effect, Move, Standing, moves
from services.errors import Conflict, NotFound
from services.match_steps import PENDING
from services.problems import PINNED, Group

_OTHERS = ["mentor_ref", "mentor", "fit", "cost", "free"]


@dataclass(frozen=True)
class Cost:
    """What the plan pays for a choice."""

    #: The worst of it, in a few words.
    sentence: str
    #: Everyone else whose proposal would change, in words, the worst first.
    moves: tuple[str, ...]
    #: Mentees matched in all, more or fewer.
    matched_change: int


@dataclass(frozen=True, eq=False)
class Question:
    """A pending match as a question to its group: all its proposals are open, and stay unless their place is needed."""

    match: Match
    group: Group
    standing: Standing

    @cached_property
    def keep(self) -> Integers:
        """The mentor each mentee of the group is proposed to now, -1 for none."""
        return self.group.keep()

    @property
    def i(self) -> int:
        """The mentee's row."""
        return int(pd.Index(self.group.mentees["id"]).get_loc(self.match.mentee_id))

    @property
    def j(self) -> int:
        """The proposed mentor's column, -1 when they are of another group or have withdrawn."""
        return self.column(self.match.mentor_id)

    def column(self, mentor_id: int) -> int:
        """A mentor's column, -1 when they are not of this group or have withdrawn."""
        return int(pd.Index(self.group.mentors["id"]).get_indexer([mentor_id])[0])

    def displaced(self, j: int) -> list[Move] | None:
        """The proposals that move when the mentee gets this mentor; None when the mentor has no place for them at all.

        Nobody moves for a place that is free. Raises `Conflict` when the plan would move a proposal for another reason.
        """
        if self.free(j):
            return []
        now, then = self.standing.around(self.i, [self.j, j])
        if then is None:
            return None
        before = self.standing.match if now is None else now
        moved = [move for move in moves(before, then) if move.mentee != self.i and self.keep[move.mentee] != NOBODY]
        if any(self.keep[move.mentee] != move.before for move in moved):
            raise Conflict(f"The proposals of {self.group.name} are out of date. Propose matches, and choose again.")
        return moved

    def free(self, j: int) -> bool:
        """Whether a place is free now, with every proposal staying where it is."""
        return bool(self.group.problem.places[j] > np.count_nonzero(self.keep == j))


def fit_parts(session: Session, match_ref: str, *, by: Actor) -> list[fit.Part]:
    """Why these two fit, as of now: the rows of the review card. Raises `NotFound`."""
    authorise(session, by, Permission.REVIEW_MATCHES)
    match = match_steps.find(session, match_ref)
    settings = programmes.clocks(session, match.programme_id)
    mentors = pool.mentors(session, Mentor.id == match.mentor_id, Match.id == match.id)
    mentees = pool.mentees(session, Mentee.id == match.mentee_id)
    in_use = weights.current(session, match.programme_id)
    return fit.fit(mentors, mentees, in_use, settings.working_languages).explain(0, 0)


def other_mentors(session: Session, match_ref: str, *, by: Actor, limit: int = 5) -> pd.DataFrame:
    """The best fitting other mentors for a proposal's mentee.

    Columns mentor_ref, mentor, fit (0 to 100), cost (what the whole plan would lose, a sentence) and free (whether
    a place is free now, or another proposal must move first). Empty unless the match is pending. Raises `NotFound`.
    """
    authorise(session, by, Permission.REVIEW_MATCHES)
    if match_steps.find(session, match_ref).state not in PENDING:
        return pd.DataFrame(columns=_OTHERS)
    asked = question(session, match_ref, by=by)
    rows = [
        {
            "mentor_ref": asked.group.mentors["ref"].iloc[effect.mentor],
            "mentor": asked.group.mentors["name"].iloc[effect.mentor],
            "fit": out_of_100(effect.score),
            "cost": _cost(asked, effect).sentence,
            "free": asked.free(effect.mentor),
        }
        for effect in asked.standing.alternatives(asked.i, limit=limit, instead_of=asked.j)
    ]
    return pd.DataFrame(rows, columns=_OTHERS)


def cost(session: Session, match_ref: str, mentor_ref: str, *, by: Actor) -> Cost | None:
    """What the plan would lose if a pending match's mentee got this mentor, whatever rules stand against it.

    None when every place of the mentor is held by what is decided or on hold. Raises `NotFound`.
    """
    authorise(session, by, Permission.REVIEW_MATCHES)
    mentor = session.scalar(select(Mentor).where(Mentor.ref == mentor_ref))
    if mentor is None or match_steps.find(session, match_ref).state not in PENDING:
        message = "There is no such choice any more. Choose another mentor or another match."
        raise NotFound(message)
    asked = question(session, match_ref, by=by)
    j = asked.column(mentor.id)
    if j != NOBODY:
        effects = asked.standing.effects(asked.i, [j], instead_of=asked.j)
        return _cost(asked, effects[0]) if effects else None
    return _across(session, asked, mentor)


def _cost(asked: Question, effect: Effect) -> Cost:
    matched_elsewhere = int(asked.j == NOBODY)
    return _said([_told(asked.group, move) for move in effect.moved], effect.matched_change - matched_elsewhere)


def question(session: Session, match_ref: str, *, by: Actor) -> Question:
    """What the engine is asked about a match. Raises `NotFound`."""
    authorise(session, by, Permission.REVIEW_MATCHES)
    match = match_steps.find(session, match_ref)
    now = session.scalars(select(Mentee.group_id).where(Mentee.id == match.mentee_id)).one()
    group = next(_groups(session, match, now))
    return Question(match, group, Standing(group.problem, keep=group.keep(), stay=PINNED))


def _groups(session: Session, match: Match, group_id: int) -> Iterator[Group]:
    """The one group, if it has anybody to ask for."""
    settings = programmes.clocks(session, match.programme_id)
    in_use = weights.current(session, match.programme_id)
    cohort = session.get_one(Cohort, match.cohort_id)
    gathered = pool.gather(session, cohort, group_id=group_id, proposed_too=True, asked=match.id)
    return problems.groups(gathered, settings, in_use)


def _across(session: Session, asked: Question, mentor: Mentor) -> Cost | None:
    """The cost of a mentor of another group: the own group gains a place, and theirs loses one."""
    aside, now = asked.standing.around(asked.i, [NOBODY, asked.j])
    before, after = asked.standing.match if now is None else now, asked.standing.match if aside is None else aside
    told = [_told(asked.group, move) for move in moves(before, after) if move.mentee != asked.i]
    matched = int((after >= 0).sum() - (before >= 0).sum()) + int(asked.j != NOBODY)
    theirs = next(_groups(session, asked.match, mentor.group_id), None)
    if theirs is None:
        free = int(pool.mentors(session, Mentor.id == mentor.id, Match.id == asked.match.id)["free"].iloc[0])
        return _said(told, matched) if free > 0 else None
    plan = Standing(theirs.problem, keep=theirs.keep(), stay=PINNED)
    j = int(pd.Index(theirs.mentors["id"]).get_indexer([mentor.id])[0])
    if j == NOBODY or theirs.problem.places[j] <= 0:
        return None
    before = plan.match
    plan.drop_place(j)
    told += [_told(theirs, move) for move in moves(before, plan.match)]
    return _said(told, matched + int((plan.match >= 0).sum() - (before >= 0).sum()))


_LOST, _WORSE, _BETTER = range(3)
#: How grave, how much, and the words: in this order the worst stands first.
_Told = tuple[int, int, str]


def _said(told: list[_Told], matched_change: int) -> Cost:
    """What happens to the others: "Nobody else affected", "X falls 84 to 71", "Y unmatched, and 2 more"."""
    told = sorted(told)
    worse = [words for grade, _, words in told if grade < _BETTER]
    more = f", and {len(worse) - 1} more" if len(worse) > 1 else ""
    first = worse[0] + more if worse else "Nobody else affected"
    return Cost(first, tuple(words for _, _, words in told), matched_change)


def _told(group: Group, move: Move) -> _Told:
    name, score = group.mentees["name"].iloc[move.mentee], group.problem.score[move.mentee]
    before, after = (out_of_100(score[j]) if j >= 0 else None for j in (move.before, move.after))
    if after is None:
        return _LOST, 0, f"{name} unmatched"
    if before is None:
        return _BETTER, -after, f"{name} matched, fit {after}"
    if after < before:
        return _WORSE, after - before, f"{name} falls {before} to {after}"
    return _BETTER, before - after, f"{name} rises {before} to {after}"
