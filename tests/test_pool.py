"""The frames of the engine: what is kept of people, as they are matched by it."""

from sqlalchemy import event, true
from sqlalchemy.orm import Session

from db.models import MenteeSpeciality, MentorSpeciality, Place, Speciality
from services import audit, pool
from services.access import OPERATOR
from services.engine.rules import check
from tests import make

#: As the engine names them; what is missing is None, lists are lists.
BOTH = "id ref name email_key group group_id title years languages withdrawn_on specialities latitude longitude"
MENTORS = f"""{BOTH} capacity free completed available_from available_until helps_with licence office division
    wish_years_from wish_years_to wish_agencies limit_years_from limit_years_to not_agencies limit_km"""
MENTEES = f"""{BOTH} ready_on proposed_mentor_id goal goals licence_sought area agency agency_limit_km
    agency_not_divisions"""
#: Of nobody's business when people are matched.
NEVER = ("country", "gender", "sex", "age", "birth", "religion", "phone")


def keep(session: Session, *rows: object) -> None:
    session.add_all(rows)
    session.flush()
    audit.record(session, OPERATOR, "made for a test", "speciality")


def test_the_frames_have_their_columns_with_and_without_people(session: Session) -> None:
    for _ in range(2):
        assert set(pool.mentors(session, true(), None)) == set(MENTORS.split())
        assert set(pool.mentees(session, true())) == set(MENTEES.split())
        group = make.group(session)
        make.mentor(session, group)
        make.mentee(session, group)


def test_no_trait_that_is_nobodys_business_is_in_a_frame() -> None:
    named = set(f"{MENTORS} {MENTEES}".split())
    assert not [name for name in named for trait in NEVER if trait in name.split("_")]


def test_what_is_kept_of_two_people_stands_in_their_rows(session: Session) -> None:
    group = make.group(session)
    agency = make.agency(session, "Harbour Skills")
    agency.limit_km, agency.not_divisions = 12, ["Legal Services"]
    water = Speciality(group_id=group.id, name="Water and wastewater")
    bridges = Speciality(group_id=group.id, name="Bridges")
    keep(session, water, bridges, Place(name="Metro Hall", latitude=43.646, longitude=-79.389))
    wishes = {"wish_years_from": 3, "wish_years_to": 9, "wish_agencies": ["Harbour Skills"]}
    limits = {"limit_years_from": 2, "limit_km": 20, "not_agencies": ["Lakeshore Bridge"]}
    mentor = make.mentor(session, group, office="metro hall", helps_with=["Networking"], **wishes, **limits)
    wants = {"goals": ["Licensing", "Networking"], "licence_sought": "P.Eng."}
    mentee = make.mentee(session, group, agency_id=agency.id, area="Scarborough", **wants)
    keep(session, *(MentorSpeciality(person_id=mentor.id, speciality_id=one.id) for one in (water, bridges)))
    keep(session, MenteeSpeciality(person_id=mentee.id, speciality_id=water.id))
    one = pool.mentors(session, true(), None).iloc[0].to_dict()
    assert one | wishes | limits == one
    assert (one["specialities"], one["helps_with"]) == (["Bridges", "Water and wastewater"], ["Networking"])
    assert (one["office"], one["latitude"], one["longitude"]) == ("metro hall", 43.646, -79.389)
    assert (one["division"], one["licence"], one["limit_years_to"]) == (None, None, None)
    other = pool.mentees(session, true()).iloc[0].to_dict()
    assert other | wants == other
    assert (other["specialities"], other["agency"]) == (["Water and wastewater"], "Harbour Skills")
    assert (other["agency_limit_km"], other["agency_not_divisions"]) == (12, ["Legal Services"])
    assert (other["area"], other["latitude"]) == ("Scarborough", None)


def test_specialities_of_a_group_that_somebody_left_do_not_count(session: Session) -> None:
    left, now = make.group(session), make.group(session)
    old = Speciality(group_id=left.id, name="Audit")
    keep(session, old)
    mentee = make.mentee(session, now)
    keep(session, MenteeSpeciality(person_id=mentee.id, speciality_id=old.id))
    assert list(pool.mentees(session, true())["specialities"]) == [[]]


def test_no_question_is_asked_of_the_database_for_each_person(session: Session) -> None:
    cohort, group = make.cohort(session), make.group(session)
    asked: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *said: asked.append(said[2]))
    counts = []
    for _ in range(2):
        for _ in range(4):
            make.mentor(session, group)
            make.mentee(session, group)
        asked.clear()
        gathered = pool.gather(session, cohort)
        counts.append(len(asked))
        assert check(gathered.mentors, gathered.mentees, gathered.terms).ok.all()
    assert counts[0] == counts[1]
