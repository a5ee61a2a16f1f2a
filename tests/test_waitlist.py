"""The waitlist: supply against demand is what counting row by row says, and each line's list has as many."""

import datetime as dt
from fractions import Fraction

import pytest
from sqlalchemy.orm import Session

from db.models import Role
from services import people_list, programmes, transaction, waitlist
from services.access import OPERATOR
from services.counting.people import Standing
from services.errors import NotAllowed
from services.kinds import Kind
from services.people_list import Wanted
from tests import make, reference_waitlist
from tests.reference_rows import Asked, Rows


def exact(value: object) -> Fraction | None:
    return None if value is None or value != value else Fraction(str(value)).limit_denominator(1000)  # noqa: PLR0124


def counted(session: Session) -> dict[str, tuple[object, ...]]:
    rows = waitlist.waitlist(session, by=OPERATOR).rows
    return {line[0]: tuple(exact(value) for value in line[1:]) for line in rows.itertuples(index=False)}


def by_hand(session: Session) -> dict[str, tuple[object, ...]]:
    programme_id = programmes.main(session).id
    asked = Asked(Rows.of(session), programme_id, programmes.today(session, programme_id))
    found = reference_waitlist.by_group(asked)
    return {group: tuple(exact(value and Fraction(value)) for value in line) for group, line in found.items()}


def test_the_demos_waitlist_is_what_counting_by_hand_says(demo: Session) -> None:
    assert counted(demo) == by_hand(demo)
    assert len(counted(demo)) > 5


def test_each_line_opens_as_many_as_it_says(demo: Session) -> None:
    for line in waitlist.waitlist(demo, by=OPERATOR).rows.itertuples():
        waiting = Wanted(kind=Kind.MENTEE, standing=Standing.WAITING, group=line.group)
        free = Wanted(kind=Kind.MENTOR, standing=Standing.FREE, group=line.group)
        assert people_list.people(demo, waiting, by=OPERATOR).total == line.waiting
        assert people_list.people(demo, free, by=OPERATOR).total == line.mentors


def test_a_place_is_free_only_while_its_mentor_can_take_somebody(any_desk: str) -> None:
    day = dt.timedelta(days=1)
    with transaction() as session:
        cohort = make.cohort(session)
        law, art = make.group(session, "Law"), make.group(session, "Art")
        for days in (10, 20, 40, 41):
            make.mentee(session, law, ready_on=make.today() - days * day)
        make.mentee(session, law, ready_on=make.today() + day)
        half = make.mentor(session, law, capacity=3)
        make.match(session, cohort, half, make.mentee(session, law))
        make.match(session, cohort, make.mentor(session, law, capacity=1), make.mentee(session, law))
        for given in (
            {"withdrawn_on": make.today()},
            {"available_from": make.today() + day},
            {"available_until": make.today() - day},
        ):
            make.mentor(session, law, **given)
        make.mentor(session, art, capacity=4)
        found = waitlist.waitlist(session, by=OPERATOR)
        assert counted(session) == by_hand(session) == {
            "Law": (4, 30, 41, 1, 2, Fraction(1, 2)),
            "Art": (0, None, None, 1, 4, None),
        }  # fmt: skip
    assert list(found.rows["group"]) == ["Law", "Art"]
    assert found.lead == (
        "Four mentees wait for a mentor; one occupation has fewer places than mentees, 2 in all. The worst is Law."
    )


def test_where_nobody_waits_a_sentence_says_so(session: Session) -> None:
    make.cohort(session)
    found = waitlist.waitlist(session, by=OPERATOR)
    assert (found.lead, len(found.rows), list(found.rows)[:2]) == (
        "Nobody waits for a mentor.",
        0,
        ["group", "waiting"],
    )


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_nobody_but_a_coordinator_sees_the_waitlist(session: Session, role: Role) -> None:
    make.cohort(session)
    with pytest.raises(NotAllowed):
        waitlist.waitlist(session, by=make.actor(session, role))
