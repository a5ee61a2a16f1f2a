"""Follow-ups: who is to be asked, one click for what was found, and whose people they are."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Finding, Mentee, OccupationalGroup, Outcome, Role, TrailEntry
from services import audit, follow_up, programmes, transaction
from services.access import OPERATOR
from services.counting import figures
from services.counting.figure import Scope
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.follow_up import NO_SUCH
from tests import asked, coached, make


def refs(session: Session, *matches) -> list[str]:
    return [session.get_one(Mentee, match.mentee_id).ref for match in matches]


def due(session: Session, by, programme) -> list[str]:
    return list(follow_up.due(session, by=by, programme_id=programme.id).rows["ref"])


def test_the_longest_overdue_comes_first_and_a_record_takes_it_off_the_list(session: Session) -> None:
    programme, cohort = coached.programme_and_cohort(session)
    cora = make.actor(session)
    (late,), (later,), (soon,) = (asked.ended(session, cohort, ago=ago) for ago in (200, 230, 170))
    asked.ended(session, cohort, ago=30)
    first, second, third = refs(session, later, late, soon)
    found = follow_up.due(session, by=cora, programme_id=programme.id)
    assert list(found.rows["ref"]) == [first, second, third]
    assert found.overdue == 2
    said = follow_up.record(session, first, "looking", by=cora, programme_id=programme.id)
    assert "looking" in said
    assert due(session, cora, programme) == [second, third]
    with pytest.raises(Conflict, match="a moment ago"):
        follow_up.record(session, first, "employed_in_field", by=cora, programme_id=programme.id)
    figure = figures.figure(session, Scope(programme.id, make.today()), "employed")
    assert (figure.numerator, figure.base) == (0, 1)


def test_whoever_was_not_reached_is_asked_again_after_two_weeks_and_counts_in_no_rate(
    session: Session,
) -> None:
    programme, cohort = coached.programme_and_cohort(session)
    cora = make.actor(session)
    (match,) = asked.ended(session, cohort)
    (ref,) = refs(session, match)
    tried = make.today() - dt.timedelta(days=14)
    follow_up.record(session, ref, "unknown", by=cora, programme_id=programme.id, on_day=tried)
    assert due(session, cora, programme) == [ref]
    follow_up.record(session, ref, "unknown", by=cora, programme_id=programme.id)
    assert due(session, cora, programme) == []
    assert figures.figure(session, Scope(programme.id, make.today()), "employed").base is None


def test_a_record_is_taken_back_once(session: Session) -> None:
    programme, cohort = coached.programme_and_cohort(session)
    cora, other = make.actor(session), make.actor(session)
    (ref,) = refs(session, *asked.ended(session, cohort))
    said = follow_up.record(session, ref, "employed_in_field", by=cora, programme_id=programme.id)
    audit.close(session)
    assert follow_up.last(session, by=cora) == said
    assert follow_up.last(session, by=other) is None
    assert follow_up.take_back(session, by=cora) == f"Taken back: {said}"
    audit.close(session)
    assert due(session, cora, programme) == [ref]
    with pytest.raises(Conflict, match="no follow-up of yours"):
        follow_up.take_back(session, by=cora)
    acts = session.scalars(select(TrailEntry.action).where(TrailEntry.entity == "outcome").order_by(TrailEntry.seq))
    assert list(acts)[-2:] == ["follow-up recorded", "follow-up taken back"]


def test_a_coach_asks_the_own_agencys_only_and_a_foreign_mentee_reads_like_none(session: Session) -> None:
    programme, cohort = coached.programme_and_cohort(session)
    ours, theirs = (coached.coach(session, make.agency(session)) for _ in range(2))
    mine, foreign = refs(session, *asked.ended(session, cohort, ours), *asked.ended(session, cohort, theirs))
    farah = coached.signed_in(session, ours)
    assert due(session, farah, programme) == [mine]
    said = []
    for ref in (foreign, "0" * 16):
        with pytest.raises(NotFound) as refused:
            follow_up.record(session, ref, "looking", by=farah, programme_id=programme.id)
        said.append(str(refused.value))
    assert said == [NO_SUCH, NO_SUCH]
    follow_up.record(session, mine, "looking", by=farah, programme_id=programme.id)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR, Role.PRESENTER])
def test_no_other_role_follows_up(session: Session, role: Role) -> None:
    programme, _ = coached.programme_and_cohort(session)
    with pytest.raises(NotAllowed):
        follow_up.due(session, by=make.actor(session, role), programme_id=programme.id)


def test_who_withdrew_or_is_matched_again_or_was_found_in_their_field_twice_is_not_asked(session: Session) -> None:
    programme, cohort = coached.programme_and_cohort(session)
    cora = make.actor(session)
    gone, again, settled, once = asked.ended(session, cohort, many=4)
    session.get_one(Mentee, gone.mentee_id).withdrawn_on = make.today()
    mentee = session.get_one(Mentee, again.mentee_id)
    match = make.match(
        session, cohort, make.mentor(session, session.get_one(OccupationalGroup, mentee.group_id)), mentee
    )
    for state in ("approved", "active"):
        make.step(session, match, state)
    for one, ages in ((settled, (185, 100)), (once, (185,))):
        for age in ages:
            on_day = make.today() - dt.timedelta(days=age)
            row = {"mentee_id": one.mentee_id, "cohort_id": cohort.id, "on_day": on_day}
            session.add(Outcome(**row, finding=Finding.EMPLOYED_IN_FIELD))
    session.flush()
    audit.record(session, OPERATOR, "changed for a test", "outcome")
    assert due(session, cora, programme) == refs(session, once)


def test_days_that_cannot_be_are_refused_in_a_sentence(session: Session) -> None:
    programme, cohort = coached.programme_and_cohort(session)
    cora = make.actor(session)
    (ref,) = refs(session, *asked.ended(session, cohort))
    for days, says in ((-1, "future"), (400, "The match ended on")):
        with pytest.raises(Invalid, match=says):
            follow_up.record(
                session, ref, "looking", by=cora, programme_id=programme.id,
                on_day=make.today() - dt.timedelta(days=days),
            )  # fmt: skip
    with pytest.raises(Invalid, match="from the list"):
        follow_up.record(session, ref, "rich", by=cora, programme_id=programme.id)


def test_both_engines_record_and_take_back(any_desk: str) -> None:
    with transaction() as session:
        programme, cohort = coached.programme_and_cohort(session)
        cora = make.actor(session)
        (ref,) = refs(session, *asked.ended(session, cohort))
    with transaction() as session:
        follow_up.record(session, ref, "studying", by=cora, programme_id=programme.id)
    with transaction() as session:
        assert due(session, cora, programme) == []
        follow_up.take_back(session, by=cora)
        assert due(session, cora, programme) == [ref]


def test_nobody_of_the_demo_is_asked_for_ever(staffed: Session, staff) -> None:
    found = follow_up.due(staffed, by=staff[Role.COORDINATOR], programme_id=programmes.main(staffed).id)
    assert len(found.rows) <= 150
    assert (found.rows["days"] <= 90).all()
