"""The demo programme: its rows add up to the published record, and today's desk has work of every kind."""

import datetime as dt
import hashlib
import shutil
from collections import Counter

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from db.models import (
    Account,
    Agency,
    Base,
    Cohort,
    Division,
    Match,
    MatchState,
    MatchTransition,
    Mentee,
    Mentor,
    OccupationalGroup,
    Placement,
    Programme,
    Role,
)
from db.session import engine_for
from services import audit, passwords, programmes, proposals, transaction
from services.__main__ import app
from services.access import OPERATOR
from services.counting import pending
from services.counting.waiting import is_waiting
from services.demo import accounts, sizes
from services.demo.build import build
from services.errors import Conflict
from tests import make
from tests.conftest import desk_at

TODAY = make.DEMO_DAY
LAST_OF_2016 = dt.date(2016, 12, 31)


@pytest.fixture
def quick_passwords(monkeypatch):
    monkeypatch.setattr(accounts, "hashed", lambda password: password)


def started_by(day):
    return Match.started_on <= day


def count(session, *which):
    return session.scalar(select(func.count()).select_from(Match).where(*which))


def mentors_by(session, *which):
    """Matches of each mentor."""
    return Counter(session.scalars(select(Match.mentor_id).where(*which)))


@pytest.mark.parametrize(
    ("day", "matches"),
    [
        (dt.date(2004, 6, 15), 29),
        (dt.date(2005, 12, 31), 69),
        (dt.date(2006, 9, 21), 146),
        (dt.date(2010, 12, 31), 544),
        (dt.date(2013, 10, 7), 1137),
        (LAST_OF_2016, 1590),
    ],
)
def test_matches_to_date_are_those_published(demo, day, matches):
    assert count(demo, started_by(day)) == matches


def test_the_thousandth_match_falls_where_the_record_puts_it(demo):
    assert 860 < count(demo, started_by(dt.date(2012, 11, 14))) < 1000


def test_the_count_stands_a_dozen_short_of_a_thousand(demo):
    assert count(demo, started_by(TODAY)) % 1000 == 988


def test_mentors_come_back_as_often_as_published(demo):
    to_2016 = mentors_by(demo, started_by(LAST_OF_2016))
    assert (len(to_2016), sum(n > 1 for n in to_2016.values())) == (635, 283)
    assert 475 <= len(mentors_by(demo, started_by(dt.date(2013, 10, 7)))) <= 525
    assert sum(n > 10 for n in mentors_by(demo, started_by(dt.date(2013, 11, 30))).values()) > 15
    of_2011 = mentors_by(demo, Match.started_on.between(dt.date(2011, 1, 1), dt.date(2011, 12, 31)))
    assert len(of_2011) > 150


def test_more_than_225_had_mentored_at_the_500th_match(demo):
    first = demo.scalars(
        select(Match.mentor_id).where(Match.started_on.is_not(None)).order_by(Match.started_on, Match.id)
    )
    assert len(set(first.all()[:500])) > 225


def test_seven_mentors_of_the_pilot_were_still_mentoring_as_2010_ended(demo):
    pilot = set(mentors_by(demo, started_by(dt.date(2004, 12, 31))))
    day = dt.date(2010, 12, 31)
    assert len(pilot & set(mentors_by(demo, started_by(day), Match.ended_on > day))) == 7
    assert len(pilot & set(mentors_by(demo, Match.started_on.between(dt.date(2010, 1, 1), day)))) == 7


def test_the_2006_cohort_has_the_published_groups(demo):
    rows = demo.execute(
        select(OccupationalGroup.name, func.count(Match.mentor_id.distinct()))
        .join(Match, Match.group_id == OccupationalGroup.id)
        .join(Cohort, Cohort.id == Match.cohort_id)
        .where(Cohort.name == "2006")
        .group_by(OccupationalGroup.name)
    )
    assert {row[0]: row[1] for row in rows} == sizes.FIRST_GROUPS[2006]


@pytest.mark.parametrize(("year", "groups"), [(2004, 3), (2005, 6), (2006, 10), (2010, 16)])
def test_groups_join_as_published(demo, year, groups):
    known = select(func.count(Match.group_id.distinct())).where(started_by(dt.date(year, 12, 31)))
    assert demo.scalar(known) == groups


@pytest.mark.parametrize(("day", "agencies"), [(dt.date(2012, 11, 14), 13), (dt.date(2016, 2, 29), 15)])
def test_agencies_join_as_published(demo, day, agencies):
    assert demo.scalar(select(func.count()).select_from(Agency).where(Agency.partner_since <= day)) == agencies


def test_the_sister_programmes_placed_as_many_as_published(demo):
    rows = demo.execute(
        select(Programme.name, Cohort.name, func.count(Placement.id), func.count(Placement.permanent_on))
        .join(Cohort, Cohort.programme_id == Programme.id)
        .join(Placement, Placement.cohort_id == Cohort.id)
        .group_by(Programme.name, Cohort.name)
        .order_by(Programme.name, Cohort.name)
    )
    assert [tuple(row) for row in rows] == [
        ("Career Bridge", "2004", 2, 0),
        ("Career Bridge", "2005", 11, 0),
        ("Co-Op Engineering", "2005", 50, 35),
    ]


def test_the_queue_holds_fresh_due_and_overdue_proposals(demo):
    clocks = programmes.clocks(demo, programmes.main(demo).id)
    days = demo.scalars(select(Match.proposed_on).where(Match.state == MatchState.PROPOSED))
    ages = Counter(pending.age((TODAY - day).days, clocks, held_until=None, as_of=TODAY).value for day in days)
    assert ages == {"overdue": 8, "due": 12, "fresh": 20}
    assert count(demo, Match.state == MatchState.ON_HOLD, Match.hold_until > TODAY) == 3
    assert count(demo, Match.state == MatchState.APPROVED) == 3
    assert count(demo, Match.state == MatchState.ACTIVE) == 60
    assert count(demo, Match.state == MatchState.PROPOSED, Match.fit.is_(None)) == 0


def test_thirty_mentees_wait_and_some_can_be_proposed(demo):
    programme = programmes.main(demo)
    waiting = select(func.count()).select_from(Mentee).where(is_waiting(programme.id, TODAY))
    assert demo.scalar(waiting) == 30
    plan = proposals.propose(demo, by=OPERATOR)
    assert 4 <= len(plan.pairs) < 30
    assert len(plan.pairs) + len(plan.unmatched) == 30


def test_nobody_in_it_is_real(demo):
    emails = [*demo.scalars(select(Mentor.email)), *demo.scalars(select(Mentee.email))]
    assert len(emails) == len(set(emails))
    assert all(email.endswith(".example") for email in emails)
    assert set(demo.scalars(select(Programme.is_demo))) == {True}
    assert demo.scalar(select(func.count()).select_from(Division)) == 42


def test_every_role_has_an_account_with_a_password_that_opens_it(demo):
    kept = {account.username: account for account in demo.scalars(select(Account))}
    assert {role for _, _, role, _ in accounts.DEMO_ACCOUNTS} == set(Role)
    assert set(kept) == {username for username, *_ in accounts.DEMO_ACCOUNTS}
    assert all(len(password) >= passwords.SHORTEST for *_, password in accounts.DEMO_ACCOUNTS)
    coaches = [account for account in kept.values() if account.role is Role.COACH]
    assert len({coach.agency_id for coach in coaches}) == len(coaches) == 2
    import bcrypt

    username, _, _, password = accounts.DEMO_ACCOUNTS[0]
    assert bcrypt.checkpw(passwords.prepared(password).encode(), kept[username].password_hash.encode())


def test_it_leaves_a_trail_that_holds(demo):
    assert audit.verify(demo) == []


def fingerprint(session):
    digest = hashlib.sha256()
    for table in Base.metadata.sorted_tables:
        if table.name in {"account", "trail"}:
            continue
        for row in session.execute(select(table).order_by(*table.primary_key.columns)):
            digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


def test_the_same_day_makes_the_same_rows(demo, demo_file, sqlite_template, tmp_path, monkeypatch, quick_passwords):
    first = fingerprint(demo)
    url = desk_at(shutil.copy(sqlite_template, tmp_path / "again.db"), monkeypatch)
    with transaction() as session:
        build(session, by=OPERATOR, today=TODAY)
        assert fingerprint(session) == first
    engine_for(url).dispose()


def test_it_is_built_on_both_engines_and_numbers_go_on(any_desk, quick_passwords):
    with transaction() as session:
        built = build(session, by=OPERATOR, matches=400, today=TODAY)
        assert built.started == 400
        assert count(session, started_by(TODAY)) == 400
        assert session.scalar(select(func.count()).select_from(MatchTransition)) > 1200
    with transaction() as session:
        group = session.scalars(select(OccupationalGroup).order_by(OccupationalGroup.id)).first()
        make.match(
            session, session.scalars(select(Cohort)).first(), make.mentor(session, group), make.mentee(session, group)
        )


@pytest.mark.parametrize(("days", "matches"), [(30, 1000), (200, 6000), (500, 1000)])
def test_it_can_be_built_on_any_day_and_at_any_size(desk, quick_passwords, days, matches):
    with transaction() as session:
        built = build(session, by=OPERATOR, matches=matches, today=TODAY - dt.timedelta(days=days))
    assert built.started == matches


def test_it_goes_into_an_empty_database_only(session):
    make.programme(session)
    with pytest.raises(Conflict, match="needs an empty one"):
        build(session, by=OPERATOR)


def test_the_command_line_builds_it_once(desk, quick_passwords):
    run = CliRunner().invoke
    assert '"started": 400' in run(app, ["demo", "--matches", "400", "--json"]).stdout
    again = run(app, ["demo"])
    assert again.exit_code == 1
    assert "needs an empty one" in again.stderr


@pytest.mark.parametrize("day", [dt.date(2027, 1, 10), dt.date(2027, 6, 1), dt.date(2031, 12, 30)])
def test_in_later_years_the_count_still_stands_a_dozen_short(day):
    planned = sizes.sizes(day)
    assert sum(planned.values()) % 1000 == 988
    assert [planned[year] for year in sizes.RECORD] == list(sizes.RECORD.values())
    assert max(planned) == sizes.this_cohort(day)
    assert min(planned.values()) > 0
