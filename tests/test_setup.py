"""What is set up on the page Programme: agencies and coaches, groups, cohorts, milestones and reminders."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Account, Coach, CountingRule, Division, Mentor, Milestone, MilestoneKind, OccupationalGroup, Role
from services import accounts, passwords, programmes, proposals, sign_in
from services.access import OPERATOR, signed_in
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.imports.groups import ensure_groups, load
from services.setup import agencies, coaches, cohorts, groups, milestones, reminders
from tests import coached, make

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_ROUNDS", 4)


def test_an_agency_is_added_renamed_and_ended(session: Session) -> None:
    assert agencies.save(session, agencies.Terms(" Harbour  Skills "), by=OPERATOR) == "Harbour Skills is added."
    (one,) = agencies.agencies(session, by=OPERATOR).itertuples()
    assert (one.name, one.agreement_on, one.until, one.coaches) == ("Harbour Skills", None, None, 0)
    ended = agencies.Terms("Harbour", make.today(), make.today() - 900 * DAY, make.today())
    agencies.save(session, ended, by=OPERATOR, agency_id=int(one.id))
    (one,) = agencies.agencies(session, by=OPERATOR).itertuples()
    assert agencies.Terms(one.name, one.agreement_on, one.since, one.until) == ended


def test_the_limits_of_an_agency_keep_its_mentees_from_mentors_beyond_them(session: Session) -> None:
    division = Division(name="Court Services")
    home, group = make.agency(session, "Harbour"), make.group(session)
    session.add(division)
    session.flush()
    make.mentor(session, group, division_id=division.id)
    make.mentee(session, group, agency_id=home.id)
    make.cohort(session)
    assert agencies.divisions(session, by=OPERATOR) == ("Court Services",)
    for away, mentors in ((("Court Services",), 0), ((), 1)):
        terms = agencies.Terms("Harbour", home.agreement_on, limit_km=25, not_divisions=away)
        agencies.save(session, terms, by=OPERATOR, agency_id=home.id)
        (row,) = agencies.agencies(session, by=OPERATOR).itertuples()
        assert (row.limit_km, tuple(row.not_divisions)) == (25, away)
        assert len(proposals.propose(session, by=OPERATOR).pairs) == mentors


def test_a_renamed_agency_keeps_its_place_in_what_mentors_wish_and_refuse(session: Session) -> None:
    old, other = make.agency(session, "Harbour"), make.agency(session, "Lakeshore")
    both = make.mentor(session, make.group(session), wish_agencies=["Lakeshore", "Harbour"], not_agencies=["Harbour"])
    agencies.save(session, agencies.Terms("Côte", make.today()), by=OPERATOR, agency_id=old.id)
    session.expire_all()
    found = session.get_one(Mentor, both.id)
    assert (found.wish_agencies, found.not_agencies) == (["Lakeshore", "Côte"], ["Côte"])
    assert other.name == "Lakeshore"


@pytest.mark.parametrize(
    ("terms", "refused"),
    [
        (agencies.Terms(" "), Invalid),
        (agencies.Terms("x" * 200), Invalid),
        (agencies.Terms("HARBOUR"), Conflict),
        (agencies.Terms("New", make.today() + 2 * DAY), Invalid),
        (agencies.Terms("New", None, make.today(), make.today() - DAY), Invalid),
        (agencies.Terms("New", limit_km=0), Invalid),
        (agencies.Terms("New", limit_km=1001), Invalid),
        (agencies.Terms("New", not_divisions=("Nowhere",)), Invalid),
    ],
)
def test_an_agency_that_makes_no_sense_is_refused(
    session: Session, terms: agencies.Terms, refused: type[Exception]
) -> None:
    make.agency(session, "Harbour")
    with pytest.raises(refused):
        agencies.save(session, terms, by=OPERATOR)


def test_the_coaches_of_an_agency_stay_out_from_the_day_it_is_no_partner(session: Session) -> None:
    home = make.agency(session, "Harbour")
    farah = coached.signed_in(session, coached.coach(session, home))
    name = session.get_one(Account, farah.account_id).username
    for until, gets_in in ((make.today() + 5 * DAY, True), (make.today(), False)):
        terms = agencies.Terms("Harbour", home.agreement_on, None, until)
        agencies.save(session, terms, by=OPERATOR, agency_id=home.id)
        assert (signed_in(session, farah.login_ref) is not None) is gets_in
    knock = sign_in.knock(session, name, "192.0.2.1")
    with pytest.raises(NotAllowed, match="no partner of the programme any more"):
        sign_in.admit(session, knock, browser="b" * 43, next_path="/")


def test_a_coach_is_added_and_changed(session: Session) -> None:
    home = make.agency(session, "Harbour")
    coaches.save(session, coaches.Terms("Farah Nazari", home.id, "Farah@harbour.example", 7), by=OPERATOR)
    (one,) = coaches.coaches(session, by=OPERATOR).itertuples()
    assert (one.name, one.agency, one.places, one.signs_in) == ("Farah Nazari", "Harbour", 7, False)
    with pytest.raises(Conflict, match="Farah Nazari has this e-mail address"):
        coaches.save(session, coaches.Terms("Luis", home.id, "FARAH@harbour.example"), by=OPERATOR)
    for wrong in (("", "x@harbour.example", 1), ("Luis", "no address", 1), ("Luis", "x@harbour.example", -1)):
        with pytest.raises(Invalid):
            coaches.save(session, coaches.Terms(wrong[0], home.id, *wrong[1:]), by=OPERATOR)
    with pytest.raises(NotFound):
        coaches.save(session, coaches.Terms("Luis", 999, "luis@harbour.example"), by=OPERATOR)


def test_an_account_of_a_coach_is_a_coach_whom_matches_can_be_given(session: Session) -> None:
    home = make.agency(session, "Harbour")
    known = coached.coach(session, home, name="Farah Nazari")
    given = {"by": OPERATOR, "role": Role.COACH, "agency": "Harbour"}
    line, password = accounts.hand_out(session, username="farah", name="farah nazari", email="f@a.example", **given)
    assert session.get_one(Account, line.id).coach_id == known.id, "the one of that name"
    assert len(password) >= passwords.SHORTEST
    new, _ = accounts.hand_out(session, username="luis", name="Luis", email="luis@a.example", **given)
    made = session.get_one(Coach, session.get_one(Account, new.id).coach_id)
    assert (made.name, made.agency_id, made.email) == ("Luis", home.id, "luis@a.example")
    with pytest.raises(Conflict, match="Another coach has this e-mail"):
        accounts.hand_out(session, username="luis2", name="Lu", email="luis@a.example", **given)
    with pytest.raises(Invalid, match="A coach needs an e-mail address"):
        accounts.hand_out(session, username="nora", name="Nora", email=" ", **given)


def test_a_role_that_changes_takes_a_coachs_place_and_gives_it_back(session: Session) -> None:
    make.agency(session, "Harbour")
    line, _ = accounts.hand_out(
        session, by=OPERATOR, username="farah", name="Farah", role="coach", agency="Harbour", email="f@a.example"
    )
    coach = session.get_one(Account, line.id).coach_id
    accounts.set_role(session, by=OPERATOR, username="farah", role="manager")
    assert session.get_one(Account, line.id).coach_id is None
    accounts.set_role(session, by=OPERATOR, username="farah", role="coach", agency="Harbour")
    assert session.get_one(Account, line.id).coach_id == coach


def test_a_closed_account_is_opened_again_and_a_new_password_ends_its_sign_ins(session: Session) -> None:
    cora = make.actor(session, username="cora")
    first = accounts.renew_password(session, by=OPERATOR, username="cora")
    assert signed_in(session, cora.login_ref) is None
    assert first != accounts.renew_password(session, by=OPERATOR, username="cora")
    accounts.disable(session, by=OPERATOR, username="cora")
    accounts.reopen(session, by=OPERATOR, username="cora")
    assert session.get_one(Account, cora.account_id).disabled_at is None


def test_a_group_is_renamed_and_files_may_write_its_old_name(session: Session) -> None:
    assert groups.usual(session, by=OPERATOR) == "16 groups are added."
    assert groups.usual(session, by=OPERATOR) == "All of them are there."
    known = dict(groups.groups(session, by=OPERATOR)[["name", "id"]].itertuples(index=False))
    groups.save(session, "Génie", by=OPERATOR, group_id=int(known["Engineering"]))
    for written in ("Engineering", "Civil engineer", "Genie"):
        assert load(session).find(written).name == "Génie"
    assert len(ensure_groups(session, OPERATOR)) == len(known), "an import adds it under no other name"
    with pytest.raises(Conflict, match="mean Human resources"):
        groups.save(session, "HR", by=OPERATOR)
    with pytest.raises(Conflict, match="on the list already"):
        groups.save(session, "law", by=OPERATOR)


def test_a_group_goes_only_while_nothing_belongs_to_it(session: Session) -> None:
    groups.save(session, "Beekeeping", by=OPERATOR)
    number = session.scalar(select(OccupationalGroup.id))
    groups.save(session, "Apiculture", by=OPERATOR, group_id=number)
    make.mentor(session, session.get_one(OccupationalGroup, number))
    with pytest.raises(Conflict, match="so it stays"):
        groups.remove(session, number, by=OPERATOR)
    assert list(groups.groups(session, by=OPERATOR)["written"]) == [["beekeeping"]]
    groups.save(session, "Falconry", by=OPERATOR)
    other = session.scalar(select(OccupationalGroup.id).where(OccupationalGroup.name == "Falconry"))
    assert groups.remove(session, other, by=OPERATOR) == "Falconry is taken away."
    assert list(groups.groups(session, by=OPERATOR)["name"]) == ["Apiculture"]


def test_a_cohort_is_made_and_changed(session: Session) -> None:
    programme = make.programme(session).id
    today = make.today()
    terms = cohorts.Terms(" 2026 ", today, today + 180 * DAY, 150, 60, 6)
    assert cohorts.save(session, programme, terms, by=OPERATOR) == "2026"
    (one,) = cohorts.cohorts(session, by=OPERATOR).itertuples()
    assert (one.name, one.target, one.objective, one.months) == ("2026", 150, 60, 6)
    changed = cohorts.Terms("2026", today, today + 90 * DAY)
    cohorts.save(session, programme, changed, by=OPERATOR, cohort_id=int(one.id))
    (one,) = cohorts.cohorts(session, by=OPERATOR).itertuples()
    assert one.ends_on == today + 90 * DAY
    with pytest.raises(Conflict, match="«2026» already"):
        cohorts.save(session, programme, terms, by=OPERATOR)
    with pytest.raises(NotFound):
        cohorts.save(session, make.programme(session).id, changed, by=OPERATOR, cohort_id=int(one.id))


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"name": "x" * 99}, {"target": -1}, {"objective": 101}, {"months": 0}, {"days": -1}],
    ids=str,
)
def test_a_cohort_that_makes_no_sense_is_refused(session: Session, wrong: dict) -> None:
    today = make.today()
    ends = today + wrong.pop("days", 1) * DAY
    terms = cohorts.Terms(**{"name": "2026", "starts_on": today, "ends_on": ends, **wrong})
    with pytest.raises(Invalid):
        cohorts.save(session, make.programme(session).id, terms, by=OPERATOR)


def test_milestones_are_named_counted_and_leave_awards_alone(session: Session) -> None:
    programme = make.programme(session)
    award = Milestone(programme_id=programme.id, kind=MilestoneKind.AWARD, name="An award", on_day=make.today())
    make._keep(session, award)
    assert milestones.save(session, programme.id, "100, 10 1000\n25", "distinct_mentees", by=OPERATOR) == (
        10, 25, 100, 1000,
    )  # fmt: skip
    milestones.save(session, programme.id, "25, 50", "completed_matches", by=OPERATOR)
    assert milestones.milestones(session, programme.id, by=OPERATOR) == ((25, 50), CountingRule.COMPLETED_MATCHES)
    assert session.get(Milestone, award.id) is not None
    for wrong in ("", "ten", "0, 10", "1,000", "10; -5", ", ".join(map(str, range(1, 60)))):
        with pytest.raises(Invalid):
            milestones.save(session, programme.id, wrong, "started_matches", by=OPERATOR)


def test_reminders_are_changed_one_by_one_and_kept_in_order(session: Session) -> None:
    programme = make.programme(session).id
    now = reminders.reminders(session, programme, by=OPERATOR)
    assert reminders.save(session, programme, now, by=OPERATOR) == ()
    changed = reminders.save(session, programme, {**now, "check_in_days": (7, 30), "hours_goal": 12}, by=OPERATOR)
    assert changed == ("check_in_days", "hours_goal")
    clocks = programmes.clocks(session, programme)
    assert (clocks.check_in_days, clocks.hours_goal, clocks.pending_due_days) == ((7, 30), 12, 14)
    for wrong in (
        {"pending_due_days": 28},
        {"quiet_act_days": 2},
        {"check_in_days": (30, 7)},
        {"check_in_days": ()},
        {"follow_up_months": (0,)},
        {"support_goal_percent": 101},
        {"closing_day": 0},
        {"closing_day": None},
    ):
        with pytest.raises(Invalid):
            reminders.save(session, programme, wrong, by=OPERATOR)


def test_a_programme_gets_another_name_and_zone(session: Session) -> None:
    number = make.programme(session, name="P2P").id
    programmes.rename(session, number, by=OPERATOR, name="Mentoring", organisation="Town", timezone="America/Vancouver")
    assert programmes.main(session).name == "Mentoring"
    make.programme(session, name="Taken")
    for wrong in (("Taken", "Town", "UTC"), (" ", "Town", "UTC"), ("M", "Town", "Mars/Base")):
        with pytest.raises(Invalid):
            programmes.rename(session, number, by=OPERATOR, name=wrong[0], organisation=wrong[1], timezone=wrong[2])
