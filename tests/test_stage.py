"""The stage: links that open and end, a board that names nobody, and the screen that follows the count."""

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from db.models import (
    CountingRule,
    MatchState,
    Milestone,
    MilestoneKind,
    Programme,
    ProgrammeKind,
    Role,
)
from services import clock, reading, stage, transaction
from services.access import OPERATOR
from services.errors import NotAllowed, NotFound, SignedOut, Unreachable
from tests import make

ROOT = Path(__file__).parent.parent
CANARY = "Canary"
MAY_OPEN = {Role.COORDINATOR, Role.PRESENTER, Role.ADMINISTRATOR}
MAY_SHOW = MAY_OPEN | {Role.MANAGER}


def started(session, cohort, day: dt.date | None = None, group=None):
    """One more match, between people whose every word is a canary."""
    group = group or make.group(session, f"{CANARY} group {next(make._numbers)}")
    mentor = make.mentor(session, group, first_name=CANARY, last_name=CANARY, title=CANARY, office=CANARY)
    mentee = make.mentee(session, group, first_name=CANARY, last_name=CANARY, goal=CANARY, title=CANARY)
    day = day or clock.today("America/Toronto")
    match = make.match(session, cohort, mentor, mentee, proposed_on=day)
    make.step(session, match, MatchState.APPROVED, on_day=day, note=CANARY)
    return make.step(session, match, MatchState.ACTIVE, on_day=day)


@pytest.fixture
def cohort(any_desk: str):
    """A cohort of the main programme, with three matches of long ago."""
    with transaction() as session:
        programme = make.programme(session, name="Profession to Profession", kind=ProgrammeKind.MENTORING)
        cohort = make.cohort(session, programme, name="This year", starts_on=dt.date(2020, 1, 1))
        for day in (1, 2, 3):
            started(session, cohort, dt.date(2020, 1, day))
        make.account(session, Role.COORDINATOR, name=CANARY)
    return cohort


def board():
    with reading() as session:
        return stage.board(session, by=OPERATOR)


def link(hours: int = 12) -> tuple[stage.Link, str]:
    with transaction() as session:
        return stage.make_link(session, by=OPERATOR, label="Council chamber", hours=hours)


@pytest.mark.parametrize(
    "token", ["", "wrong", "x" * 100_000, "\udcff".encode("utf-8", "replace").decode(), "' OR 1=1 --"]
)
def test_a_token_that_was_never_given_opens_nothing(cohort, token: str) -> None:
    link()
    with reading() as session, pytest.raises(NotFound, match="This link has ended"):
        stage.open_display(session, token)


@pytest.mark.parametrize("role", Role)
def test_who_may_open_links_and_who_may_show_the_stage(desk: str, role: Role) -> None:
    with transaction() as session:
        make.cohort(session)
        who = make.actor(session, role)
    deeds = {
        lambda s: stage.board(s, by=who): MAY_SHOW,
        lambda s: stage.marks(s, by=who): MAY_SHOW,
        lambda s: stage.links(s, by=who): MAY_OPEN,
        lambda s: stage.make_link(s, by=who, label="Hall"): MAY_OPEN,
        lambda s: stage.revoke_link(s, "0", by=who): MAY_OPEN,
    }
    for deed, allowed in deeds.items():
        try:
            with transaction() as session:
                deed(session)
            refused = False
        except NotAllowed:
            refused = True
        except NotFound:
            refused = False
        assert refused is (role not in allowed)


def test_a_display_is_no_actor_and_an_ended_sign_in_shows_no_stage(desk: str) -> None:
    with transaction() as session:
        make.cohort(session)
        who = make.actor(session)
        session.execute(text("UPDATE login_session SET revoked_at = created_at"))
        with pytest.raises(SignedOut):
            stage.board(session, by=who)
        with pytest.raises(NotFound):
            stage.board(session, by=stage.Display("0"))


def test_nothing_of_a_person_or_a_single_match_is_on_the_board(cohort) -> None:
    with transaction() as session:
        started(session, cohort)
    with reading() as session:
        shown = repr((stage.board(session, by=OPERATOR), stage.marks(session, by=OPERATOR)))
    assert CANARY.casefold() not in shown.casefold()
    assert "example" not in shown
    assert "This year" in shown


def test_the_board_counts_under_the_programmes_rule_and_adds_up(cohort) -> None:
    with transaction() as session:
        session.get(Programme, cohort.programme_id).counting_rule = CountingRule.COMPLETED_MATCHES
        make.step(session, session.query(make.Match).first(), MatchState.COMPLETED)
    now = board()
    assert (now.total, now.title, [ring.matches for ring in now.cohorts]) == (1, "Matches completed", [1])
    assert now.latest_at is not None


def test_the_board_follows_an_approval_and_its_being_taken_back(cohort) -> None:
    before = board()
    assert (before.total, before.goal, before.to_go, before.latest_at) == (3, 10, 7, None)
    with transaction() as session:
        match = started(session, cohort)
    after = board()
    assert (after.total, after.to_go, after.latest_on) == (4, 6, after.as_of.date())
    assert abs(after.latest_at - clock.now()) < dt.timedelta(minutes=1)
    with transaction() as session:
        make.step(session, session.get(make.Match, match.id), MatchState.PROPOSED)
    assert dataclasses.replace(board(), as_of=before.as_of) == before


def test_a_milestone_is_celebrated_at_its_number_and_for_its_day(cohort) -> None:
    with transaction() as session:
        for number in (3, 4, 9):
            row = Milestone(programme_id=cohort.programme_id, kind=MilestoneKind.COUNT, name=str(number), number=number)
            make._keep(session, row)
    assert (board().celebrated, board().goal, board().to_go) == (3, 4, 1)
    for total in (4, 5):
        with transaction() as session:
            started(session, cohort)
        now = board()
        assert (now.total, now.celebrated, now.goal, now.to_go) == (total, 4, 9, 9 - total)
    with transaction() as session:
        made = stage.marks(session, by=OPERATOR)
    assert made == (stage.Mark(3, "This year"), stage.Mark(4, "This year"))


def test_a_milestone_passed_on_an_earlier_day_is_celebrated_no_more(cohort) -> None:
    with transaction() as session:
        row = Milestone(programme_id=cohort.programme_id, kind=MilestoneKind.COUNT, name="2", number=2)
        make._keep(session, row)
    assert (board().total, board().celebrated) == (3, None)


def test_a_database_that_does_not_answer_is_a_sentence_and_no_crash(desk: str) -> None:
    with transaction() as session:
        make.cohort(session)
        session.execute(text("ALTER TABLE milestone RENAME TO gone"))
    with pytest.raises(Unreachable, match="look again"):
        board()


def opened(token: str = "", who=None, scene: str = "count") -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
    page.user = {"sub": who.login_ref if who else None}
    page.query_params["scene"] = scene
    if token:
        page.query_params["token"] = token
    page.run()
    page.switch_page("pages/stage/live.py").run()
    assert not page.exception
    return page


def words(page: AppTest) -> list[str]:
    return [element.value for element in (*page.title, *page.header, *page.text)]


def test_the_screen_of_a_link_shows_the_count_and_follows_it(cohort) -> None:
    page = opened(link()[1])
    assert words(page)[:3] == ["3", "of 10: :yellow[seven to go]", "Matches since 2020"]
    with transaction() as session:
        started(session, cohort)
    assert words(page.run())[:2] == ["4", "of 10: :yellow[six to go]"]
    assert CANARY not in repr(words(page))


def test_the_screen_says_that_its_link_has_ended_and_shows_no_figure(cohort) -> None:
    made, token = link()
    with transaction() as session:
        who = make.actor(session, Role.PRESENTER)
    page = opened(token, who)
    with transaction() as session:
        stage.revoke_link(session, made.ref, by=OPERATOR)
    assert words(page.run()) == ["This link has ended. Whoever gave it to you can make another."]


def test_the_screen_keeps_its_last_figures_while_the_database_is_away(
    desk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        make.cohort(session)
        who = make.actor(session, Role.PRESENTER)
    page = opened(who=who)

    def away(*_: object, **__: object) -> None:
        message = "away"
        raise Unreachable(message)

    monkeypatch.setattr(stage, "board", away)
    shown = words(page.run())
    assert shown[0] == "0"
    assert "Last figures from" in shown[-1]
    assert not page.exception


def test_the_years_are_bars_with_their_numbers_in_words(desk: str) -> None:
    with transaction() as session:
        programme = make.programme(session)
        for year in (2020, 2021):
            cohort = make.cohort(session, programme, name=str(year), starts_on=dt.date(year, 1, 1))
            started(session, cohort, dt.date(year, 2, 1))
        who = make.actor(session, Role.MANAGER)
    page = opened(who=who, scene="years")
    assert page.title[0].value == "1 match in 2020, 1 in 2021"
    assert page.get("vega_lite_chart")[0].proto.alt == "Matches by cohort: 2020 1, 2021 1."
