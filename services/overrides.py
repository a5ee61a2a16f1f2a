"""Choosing another mentor than the one proposed: who there is, what stands against it, and doing it."""

import dataclasses

import pandas as pd
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from db.models import OPEN, Cohort, Match, MatchState, MatchTransition, Mentee, Mentor
from services import alternatives, audit, match_steps, pool, programmes, proposals, repairs, weights
from services.access import Actor, Permission, authorise
from services.counting.figure import out_of_100
from services.engine import fit, rules
from services.engine.problem import NOBODY
from services.engine.standing import Move
from services.errors import Conflict, Invalid, NotFound
from services.match_steps import CHOSE, Decision, Step
from services.wording import joined

_CANDIDATES = ["mentor_ref", "mentor", "group", "fit", "free"]
#: A reason of fewer words says nothing to whoever reads it later.
_WORDS = 3


def candidates(session: Session, match_ref: str, *, by: Actor, other_groups: bool = False) -> pd.DataFrame:
    """Every other mentor of the mentee's group, or of all other groups; the best fit first.

    Columns mentor_ref, mentor, group, fit (0 to 100), free (places that nobody holds). Raises `NotFound`.
    """
    authorise(session, by, Permission.REVIEW_MATCHES)
    match = match_steps.find(session, match_ref)
    today = programmes.today(session, match.programme_id)
    mentees = pool.mentees(session, Mentee.id == match.mentee_id)
    group_id = int(mentees["group_id"].iloc[0])
    mentors = pool.mentors(
        session,
        (Mentor.id != match.mentor_id)
        & or_(Mentor.withdrawn_on.is_(None), Mentor.withdrawn_on > today)
        & ((Mentor.group_id != group_id) if other_groups else (Mentor.group_id == group_id)),
        None,
    )
    score = _table(session, match, mentors, mentees).score[0]
    found = mentors.assign(mentor_ref=mentors["ref"], mentor=mentors["name"], fit=[out_of_100(one) for one in score])
    return found.sort_values(["fit", "ref"], ascending=[False, True], ignore_index=True)[_CANDIDATES]


def objections(session: Session, match_ref: str, mentor_ref: str, *, by: Actor) -> list[tuple[str, str, bool]]:
    """Every rule that stands against a mentor for a proposal's mentee, the gravest first.

    Code, sentence, and whether a coordinator may set it aside with a reason. Raises `NotFound`.
    """
    authorise(session, by, Permission.REVIEW_MATCHES)
    match, mentor = match_steps.find(session, match_ref), _mentor(session, mentor_ref)
    return _objections(session, match, mentor, by)


def choose(session: Session, match_ref: str, version: int, mentor_ref: str, *, by: Actor, reason: str = "") -> Decision:
    """Give the mentee of a pending match another mentor: the match is declined, and the new pair is pending.

    The pair that was proposed may be proposed again. `reason` is kept with the new pair when it breaks a rule.
    Raises `NotFound`; `Conflict` when another was faster, or a rule is broken that nobody may set aside; `Invalid`
    when a rule is broken and no reason of a few words is given.
    """
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    match = match_steps.pending(session, match_ref, version)
    mentor = _mentor(session, mentor_ref)
    if mentor.id == match.mentor_id:
        raise Invalid(f"{_name(mentor)} is the mentor proposed already. Approve this match, or choose another mentor.")
    against = _objections(session, match, mentor, by)
    for _, sentence, may in against:
        if not may:
            raise Conflict(f"{sentence} Choose another mentor.")
    reason = " ".join(reason.split())
    if against and len(reason.split()) < _WORDS:
        told = " ".join(sentence for _, sentence, _ in against)
        raise Invalid(f"{told} Say in a few words why this pair is right all the same.")
    step = match_steps.now(session, match)
    asked = alternatives.question(session, match_ref, by=by)
    rows = repairs.make_room(session, asked, _displaced(asked, mentor) or [], step, by=by)
    if match.state is MatchState.ON_HOLD:
        match_steps.take(session, match, MatchState.PROPOSED, by, step)
    match_steps.take(session, match, MatchState.DECLINED, by, dataclasses.replace(step, reason=CHOSE))
    new = _propose(session, match, mentor, step, by, reason if against else None)
    repairs.put(session, rows, by=by)
    codes = [code for code, _, _ in against]
    audit.record(session, by, "mentor chosen", "match", new.id, instead_of=match.id, overridden=codes)
    mentee = match.mentee
    told = f"Chose {_name(mentor)} for {_name(mentee)} instead of {_name(match.mentor)}."
    return Decision(new.ref, new.state, told)


def take_back(session: Session, match: Match, first: MatchTransition, back: Step, *, by: Actor) -> None:
    """Void the pair that was chosen instead of a match, so that the match can be pending again.

    Nothing happens when the match ended otherwise. Raises `Conflict` when the new pair was decided since.
    """
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    if match.state is not MatchState.DECLINED or match.reason != CHOSE:
        return
    repairs.take_back(session, first, back, by=by)


def _propose(session: Session, instead_of: Match, mentor: Mentor, step: Step, by: Actor, reason: str | None) -> Match:
    mentors = pool.mentors(session, Mentor.id == mentor.id, None)
    mentees = pool.mentees(session, Mentee.id == instead_of.mentee_id)
    table = _table(session, instead_of, mentors, mentees)
    new = Match(
        programme_id=instead_of.programme_id,
        cohort_id=instead_of.cohort_id,
        mentor_id=mentor.id,
        mentee_id=instead_of.mentee_id,
        group_id=int(mentees["group_id"].iloc[0]),
        proposed_on=step.on_day,
        proposed_at=step.at,
        proposed_by_id=by.account_id,
        override_reason=reason,
        fit=int(table.score[0, 0]),
        fit_detail=proposals.detail(table.explain(0, 0)),
        weights_version=weights.current(session, instead_of.programme_id).version,
    )
    session.add(new)
    session.flush()
    return new


def _table(session: Session, match: Match, mentors: pd.DataFrame, mentees: pd.DataFrame) -> fit.FitTable:
    working = programmes.clocks(session, match.programme_id).working_languages
    return fit.fit(mentors, mentees, weights.current(session, match.programme_id), working)


def _objections(session: Session, match: Match, mentor: Mentor, by: Actor) -> list[tuple[str, str, bool]]:
    this = Mentee.id == match.mentee_id
    today = programmes.today(session, match.programme_id)
    terms = pool.terms(session, session.get_one(Cohort, match.cohort_id), this, today)
    ruling = rules.check(pool.mentors(session, Mentor.id == mentor.id, None), pool.mentees(session, this), terms)
    against = ruling.all(0, 0)
    if any(code == "no_free_place" for code, _ in against):
        asked = alternatives.question(session, match.ref, by=by)
        if _displaced(asked, mentor) is not None:
            against = [(code, sentence) for code, sentence in against if code != "no_free_place"]
    return [
        (code, _holders(session, mentor) if code == "no_free_place" else sentence, code in rules.OVERRIDABLE)
        for code, sentence in against
    ]


def _displaced(asked: alternatives.Question, mentor: Mentor) -> list[Move] | None:
    """Whose proposals would make room at a mentor of the group; None when that makes none."""
    column = asked.column(mentor.id)
    return None if column == NOBODY else asked.displaced(column)


def _holders(session: Session, mentor: Mentor) -> str:
    held = session.scalars(
        select(Match)
        .where(Match.mentor_id == mentor.id, Match.state.in_(OPEN))
        .options(joinedload(Match.mentee))
        .order_by(Match.proposed_on, Match.id)
    )
    names = [f"{_name(match.mentee)} ({match.state.value.replace('_', ' ')})" for match in held]
    places = "place is" if len(names) == 1 else f"{len(names)} places are"
    return f"{_name(mentor)} has no free place: the {places} held by {joined(names)}."


def _mentor(session: Session, mentor_ref: str) -> Mentor:
    mentor = session.scalar(select(Mentor).where(Mentor.ref == mentor_ref))
    if mentor is None:
        message = "There is no such mentor any more. Choose another."
        raise NotFound(message)
    return mentor


def _name(person: Mentor | Mentee) -> str:
    return f"{person.first_name} {person.last_name}"
