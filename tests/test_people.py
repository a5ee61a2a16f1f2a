"""Who may know of whom."""

import pytest

from db.models import Role
from services import people, reading, transaction
from services.errors import NotAllowed
from tests import make


def test_a_coach_sees_the_own_agencys_people_and_nobody_elses(any_desk: str) -> None:
    with transaction() as session:
        cohort = make.cohort(session)
        group = make.group(session, "Engineering")
        own, other = make.agency(session), make.agency(session)
        coach = make.actor(session, Role.COACH, agency_id=own.id)
        matched = make.mentee(session, group, first_name="Adaeze", last_name="Okafor", agency_id=own.id)
        make.mentee(session, group, first_name="Liwei", last_name="Zhang", agency_id=own.id)
        make.mentee(session, group, first_name="Elif", last_name="Demir", agency_id=other.id)
        make.match(session, cohort, make.mentor(session, group), matched)
        programme_id = cohort.programme_id
    with reading() as session:
        seen = people.own_agency(session, by=coach, programme_id=programme_id)
    assert list(zip(seen["mentee"], seen["standing"], strict=True)) == [
        ("Adaeze Okafor", "Proposed, being reviewed"),
        ("Liwei Zhang", "Waiting for a mentor"),
    ]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COACH])
def test_nobody_but_a_coach_has_an_own_agency(desk: str, role: Role) -> None:
    with transaction() as session:
        programme_id = make.programme(session).id
        actor = make.actor(session, role)
    with pytest.raises(NotAllowed), reading() as session:
        people.own_agency(session, by=actor, programme_id=programme_id)
