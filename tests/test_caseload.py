"""What coaches carry, against loops over any history; and the page, for those who may open it."""

import pytest
from hypothesis import Phase, given, settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from streamlit.testing.v1 import AppTest

from db.models import Role
from db.settings import ROOT
from services import caseload as caseloads
from services import hand_over, programmes, reading, transaction
from services.access import OPERATOR
from services.caseload_access import NO_SUCH
from services.counting import caseload, figures
from services.counting.figure import Scope
from tests import coached, make, reference_caseload
from tests.pages import Open, opened, words
from tests.reference_rows import Asked, Rows
from tests.worlds import ASKED, World, build, worlds

__all__ = ["opened"]
SCRIPT = "pages/desk/caseload.py"


@settings(max_examples=10, deadline=None, derandomize=True, phases=[Phase.generate])
@given(world=worlds())
def test_what_each_coach_carries_is_what_loops_over_the_rows_say(one_engine: Engine, world: World) -> None:
    with Session(one_engine) as session:
        build(session, world)
        rows = Rows.of(session)
        for day in world.days:
            scope = Scope(ASKED, day)
            found = caseload.loads(session, scope, scope).set_index("coach_id")
            expected = reference_caseload.loads(Asked(rows, ASKED, day))
            for coach, load in expected.items():
                assert tuple(found.loc[coach]) == load if coach in found.index else load[0] == 0
            standing = caseload.standing(session, scope)
            uncovered = figures.figure(session, scope, "uncovered")
            assert int(standing["by_id"].isna().sum()) == uncovered.count
            assert len(standing) == (uncovered.base or 0)


def test_agencies_add_up_to_the_programmes_own_figures(demo: Session) -> None:
    programme = programmes.main(demo)
    scope = Scope(programme.id, make.DEMO_DAY)
    found = caseloads.caseload_of(demo, scope, by=OPERATOR)
    for rows in (found.agencies, found.coaches):
        sums = {"active": "active", "due": "contacts_due", "overdue": "contacts_overdue", "quiet": "quiet"}
        for column, name in {**sums, "uncovered": "uncovered"}.items():
            assert int(rows[column].sum()) == found.figures[name].count
    assert found.without == 0
    assert found.figures["uncovered"].count == 2
    listed = caseloads.uncovered(demo, by=OPERATOR, programme_id=programme.id)
    assert len(listed) == 2
    assert listed["why"].str.endswith("is away").all()
    assert (found.coaches["free"] < 0).any()


def test_matches_of_a_coach_who_left_stand_uncovered_until_they_are_handed_over(any_desk: str) -> None:
    with transaction() as session:
        programme, cohort = coached.programme_and_cohort(session)
        gone, cora = coached.coach(session, make.agency(session)), make.actor(session)
        coached.running(session, cohort, gone, 2)
        (nobodys,) = coached.running(session, cohort, None)
        hand_over.leave(session, gone.id, by=cora, programme_id=programme.id)
        scope = Scope(programme.id, make.today())
        found = caseloads.caseload_of(session, scope, by=cora)
        assert found.coaches.iloc[0][["name", "active", "places", "uncovered"]].tolist() == [
            *(f"{gone.name} (left)", 2, 0, 2)
        ]
        assert found.without == 1
        listed = caseloads.uncovered(session, by=cora, programme_id=programme.id).set_index("ref")
        assert listed.loc[nobodys.ref, "why"] == "No coach was set"
        plan = hand_over.suggest(session, by=cora, programme_id=programme.id, coach_ids=[None], may_stay=False)
        assert list(plan.rows["ref"]) == [nobodys.ref]


def test_the_page_shows_a_coordinator_everybody_and_a_balanced_plan(opened: Open) -> None:
    page = opened(SCRIPT)
    said = words(page)
    assert "60** active of" in said
    assert "2** without a coach" in said
    assert "A balanced plan" in said
    assert "After: " in said
    (move,) = [button for button in page.button if button.label.startswith("Move ")]
    move.click().run()
    assert not page.exception
    assert "handed to" in words(page)
    (undo,) = [button for button in page.button if button.label.startswith("Undo hand-over of")]
    undo.click().run()
    assert "Taken back" in words(page)


def test_a_coordinator_sees_the_day_that_was_asked_for_and_plans_only_today(opened: Open) -> None:
    page = opened(SCRIPT, as_of=f"{make.DEMO_DAY.year - 1}-12-01")
    assert "Choose today to make a plan" in words(page)
    assert not [button for button in page.button if button.label in ("Cover an absence", "Log a check-in")]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.PRESENTER, Role.ADMINISTRATOR])
def test_nobody_else_opens_it(opened: Open, role: Role) -> None:
    assert [title.value for title in opened(SCRIPT, role).title] == ["Nothing here for your account"]


class CoachDesk:
    """A coach with an overdue match and one that is not due, and a foreign match."""

    def __init__(self) -> None:
        with transaction() as session:
            programme, cohort = coached.programme_and_cohort(session)
            whose, other = (coached.coach(session, make.agency(session)) for _ in range(2))
            self.refs = [m.ref for days in (20, 3) for m in coached.running(session, cohort, whose, days=days)]
            self.foreign = coached.running(session, cohort, other)[0].ref
            self.me, self.programme_id = coached.signed_in(session, whose), programme.id

    def page(self, **asked: str) -> AppTest:
        page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=40)
        page.user = {"sub": self.me.login_ref}
        for name, value in asked.items():
            page.query_params[name] = value
        page.switch_page(SCRIPT).run()
        assert not page.exception
        return page


def press(page: AppTest, label: str) -> AppTest:
    (button,) = [button for button in page.button if button.label == label]
    button.click().run()
    assert not page.exception
    return page


def test_the_coachs_page_opens_with_what_is_latest_and_one_tap_logs_it(desk: str) -> None:
    world = CoachDesk()
    page = world.page()
    assert ":red[● **1** overdue]" in words(page)
    assert "6 days late" in words(page)
    press(page, "Save check-in")
    assert "**0** overdue, " in words(page)  # nothing late is not red
    assert ":red" not in words(page)
    assert "Check-in: Adaeze" in words(page)
    assert "Nothing is owed this week" in words(page)
    press(page, "Undo")
    assert "**1** overdue" in words(page)
    assert "Taken back: check-in" in words(page)


def test_a_meeting_is_logged_with_its_hours(desk: str) -> None:
    world = CoachDesk()
    page = world.page(match=world.refs[1])
    page.button_group(key=f"what_{world.refs[1]}").set_value("They met").run()
    page.number_input(key=f"hours_{world.refs[1]}").set_value(2.5)
    press(page, "Save meeting")
    with reading() as session:
        rows = caseload.standing(session, Scope(world.programme_id, make.today()))
    assert sorted(rows["minutes"]) == [0, 0, 150]


def test_the_address_of_a_foreign_match_says_what_the_address_of_none_says(desk: str) -> None:
    world = CoachDesk()
    said = [words(world.page(match=ref)) for ref in (world.foreign, "0" * 16)]
    assert said[0] == said[1]
    assert NO_SUCH in said[0]
    assert NO_SUCH not in words(world.page(match=world.refs[0]))
