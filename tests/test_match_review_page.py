"""The match review page: a card, its decisions, and what a refused one leaves on the screen."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from db.models import Match, MatchState, MatchTransition, Mentor, OccupationalGroup, Role
from services import programmes, reading, review, transaction
from services.access import Actor
from tests import make

ROOT = Path(__file__).parent.parent
REASON = "Mentor has no time now"


class Desk:
    """Three proposals, 40, 20 and 3 days old, and two coordinators."""

    def __init__(self) -> None:
        with transaction() as session:
            cohort = make.cohort(session)
            self.programme = cohort.programme_id
            group = make.group(session, "Engineering")
            self.cora = make.actor(session, name="Cora Lindqvist")
            self.omar = make.actor(session, name="Omar Haddad")
            people = (("Adaeze", 40), ("Liwei", 20), ("Elif", 3))
            self.refs = [
                make.match(
                    session, cohort, make.mentor(session, group), make.mentee(session, group, first_name=n), days=d
                ).ref
                for n, d in people
            ]

    def page(self, who: Actor | None = None, **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.user = {"sub": (who or self.cora).login_ref}
        app.run()
        app.switch_page("pages/desk/match_review.py")
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    def states(self) -> list[str]:
        with reading() as session:
            return [session.scalar(select(Match.state).where(Match.ref == ref)).value for ref in self.refs]


@pytest.fixture
def three(desk: str) -> Desk:
    return Desk()


def click(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception
    return page


def card(page: AppTest) -> str:
    return page.header[0].value


def said(page: AppTest) -> str:
    return "\n".join(part.value for part in (*page.markdown, *page.warning))


def test_the_longest_wait_stands_first_with_its_fit_and_history(three: Desk) -> None:
    page = three.page()
    assert card(page).startswith("Adaeze")
    assert "**0** decided today" in said(page)
    assert "**3** left" in said(page)
    criteria = list(page.table[0].value["Criterion"])
    assert "**Experience**" in criteria
    assert [what.replace("\\", "") for what in page.table[-1].value["What happened"]] == [
        "Proposed, fit 70",
        "Adaeze ready to match",
    ]


def test_an_approval_stores_and_shows_the_next_card(three: Desk) -> None:
    page = click(three.page(), "approve")
    assert three.states() == ["active", "proposed", "proposed"]
    assert card(page).startswith("Liwei")
    assert "**1** decided today" in said(page)
    assert "Approved Adaeze" in said(page)


def test_a_hold_asks_until_when_and_an_undo_takes_it_back(three: Desk) -> None:
    page = click(click(three.page(), "hold"), "hold_7")
    assert three.states()[0] == "on_hold"
    page = click(page, "undo")
    assert three.states()[0] == "proposed"
    assert card(page).startswith("Adaeze")


def test_a_decline_asks_why(three: Desk) -> None:
    page = click(three.page(match=three.refs[1]), "decline")
    assert card(page).startswith("Liwei")
    click(page, "reason_2")
    with reading() as session:
        match = session.scalars(select(Match).where(Match.ref == three.refs[1])).one()
        reasons = programmes.clocks(session, three.programme).decline_reasons
    assert (match.state, match.reason, match.never_again) == (MatchState.DECLINED, reasons[1], False)


def test_whoever_comes_second_reads_who_was_first_and_nothing_is_lost(three: Desk) -> None:
    page = three.page()
    with transaction() as session:
        review.approve(session, three.refs[0], 1, by=three.omar)
    page = click(page, "approve")
    assert "Omar Haddad approved this match" in said(page)
    assert "Nothing of yours was saved" in said(page)
    assert three.states()[0] == "active"


def test_a_card_that_another_decides_says_so_and_asks_nothing_more(three: Desk) -> None:
    page = click(three.page(), "decline")
    with transaction() as session:
        review.hold(session, three.refs[0], 1, by=three.omar, until=make.today() + dt.timedelta(days=9))
    page.run()
    assert "Omar Haddad put on hold this match at" in said(page)
    assert "**2** left" in said(page)
    with transaction() as session:
        review.decline(session, three.refs[0], 2, by=three.omar, reason=REASON, never_again=False)
    page.run()
    assert "Omar Haddad declined this match at" in said(page)
    assert not {"approve", "reason_1"} & {button.key for button in page.button}
    assert card(click(page, "next")).startswith("Liwei")


def test_an_own_decision_is_no_news(three: Desk) -> None:
    page = click(click(click(three.page(), "hold"), "hold_7"), "undo")
    assert card(page).startswith("Adaeze")
    assert not page.warning


def test_a_match_is_held_until_a_chosen_day_and_found_under_its_heading(three: Desk) -> None:
    page = click(three.page(), "hold")
    day = make.today() + dt.timedelta(days=20)
    page.date_input(key=f"hold_until_{three.refs[0]}").set_value(day).run()
    click(page, "hold_day")
    with reading() as session:
        assert session.scalar(select(Match.hold_until).where(Match.ref == three.refs[0])) == day
    assert card(three.page(age="held")).startswith("Adaeze")


def test_a_decline_can_be_for_good_with_a_note_that_no_page_shows(three: Desk) -> None:
    page, ref = click(three.page(), "decline"), three.refs[0]
    page.segmented_control(key=f"again_{ref}").set_value("Never again").run()
    page.text_input(key=f"note_{ref}").input("She asked for Grace").run()
    page = click(page, "reason_1")
    with reading() as session:
        step = session.scalars(select(MatchTransition).where(MatchTransition.note.is_not(None))).one()
    assert (step.note, step.never_again) == ("She asked for Grace", True)
    page.query_params["match"] = ref
    page.run()
    assert "She asked" not in said(page)
    assert not [line for table in page.table for line in table.value.to_numpy().ravel() if "She asked" in str(line)]


def test_a_decision_is_undone_after_the_page_was_loaded_again(three: Desk) -> None:
    click(three.page(), "approve")
    page = click(three.page(), "undo")
    assert three.states()[0] == "proposed"
    assert card(page).startswith("Adaeze")


def test_after_a_decline_the_plan_offers_what_it_made_possible_and_proposes_it(three: Desk) -> None:
    with transaction() as session:
        group = session.scalars(select(OccupationalGroup)).one()
        for match in session.scalars(select(Match)):
            session.get_one(Mentor, match.mentor_id).capacity = 1
        make.audit.record(session, make.OPERATOR, "made for a test", "mentor")
        make.mentee(session, group, first_name="Ngozi")
    page = click(click(three.page(), "decline"), "reason_1")
    assert "**1** more can be proposed in Engineering." in said(page)
    page = click(page, "propose_offer")
    assert "1 proposal is put at the end of the queue" in said(page)
    assert "**3** left" in said(page)
    page = click(click(page, "hold"), "hold_7")  # frees nothing
    assert "can be proposed" not in said(page)


def test_several_are_ticked_previewed_decided_and_undone_at_once(three: Desk) -> None:
    page = click(three.page(), "several")
    assert page.button(key="several_do").disabled
    page.segmented_control(key="several_which").set_value("All with a fit of at least").run()
    page.number_input(key="several_fit").set_value(70).run()
    assert list(page.dataframe[1].value["What"]) == ["Approved, starts today"] * 3
    with transaction() as session:
        review.decline(session, three.refs[1], 1, by=three.omar, reason=REASON, never_again=False)
    page = click(page, "several_do")
    assert three.states() == ["active", "declined", "active"]
    assert "Two matches approved. Left out Liwei" in said(page).replace("\\", "")
    assert "Omar Haddad declined this match at" in said(page).replace("\\", "")
    assert "All caught up" in card(page)
    click(page, "undo")
    assert three.states() == ["proposed", "declined", "proposed"]


def test_filters_stand_in_the_address_and_name_nobody(three: Desk) -> None:
    page = three.page(occupation="Law")
    assert "Nothing under this filter" in card(page)
    assert "**3** wait under other filters" in said(page)
    page = click(page, "show_all")
    assert "occupation" not in page.query_params
    page.number_input(key="fit").set_value(80).run()
    assert page.query_params["fit"] == "80"
    assert "Nothing under this filter" in card(page)
    assert set(page.query_params) <= {"fit", "match"}


def test_a_run_of_the_page_sends_few_messages(three: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = []
    run = LocalScriptRunner.run

    def counting(self: LocalScriptRunner, *args: object, **given: object) -> object:
        tree = run(self, *args, **given)
        counted.append(len(self.forward_msgs()))
        return tree

    monkeypatch.setattr(LocalScriptRunner, "run", counting)
    page = click(click(click(three.page(), "decline"), "reason_1"), "other")
    click(click(page, "back"), "several").segmented_control(key="several_kind").set_value("decline").run()
    assert len(counted) == 8
    assert max(counted) <= 80


def test_a_filter_in_the_address_shows_only_its_matches(three: Desk) -> None:
    page = three.page(age="due")
    assert card(page).startswith("Liwei")
    assert len(page.dataframe[0].value) == 1


def test_a_match_that_is_not_there_leads_to_the_head_of_the_queue(three: Desk) -> None:
    assert card(three.page(match="0000000000000000")).startswith("Adaeze")


def test_names_are_shown_letter_by_letter(desk: str) -> None:
    with transaction() as session:
        cohort = make.cohort(session)
        group = make.group(session)
        cora = make.actor(session)
        evil = make.mentee(session, group, first_name="![x](http://evil.example/x.png)", last_name="<b>:red[A]</b>")
        make.match(session, cohort, make.mentor(session, group), evil)
    page = Desk.page(type("D", (), {"cora": cora})())
    assert r"\!\[x\]\(h" in card(page)
    assert r"\:red\[A\]" in card(page)
    assert "http:" not in card(page)


def test_an_empty_queue_says_so(desk: str) -> None:
    with transaction() as session:
        make.cohort(session)
        group = make.group(session)
        make.mentor(session, group)
        make.mentee(session, group)
        cora = make.actor(session)
    page = Desk.page(type("D", (), {"cora": cora})())
    assert "All caught up" in card(page)


def test_a_coach_meets_nothing_here(three: Desk) -> None:
    with transaction() as session:
        coach = make.actor(session, Role.COACH)
    page = three.page(coach, match=three.refs[0])
    assert [title.value for title in page.title] == ["Nothing here for your account"]
    assert not page.table


def test_proposals_fill_the_queue_only_after_the_second_click(desk: str) -> None:
    with transaction() as session:
        make.cohort(session)
        group = make.group(session)
        cora = make.actor(session)
        make.mentor(session, group, capacity=3)
        for _ in range(2):
            make.mentee(session, group)
    page = click(Desk.page(type("D", (), {"cora": cora})()), "propose")
    parts = page.segmented_control(key="plan_part").options
    assert parts == ["Matched **2**", "Without a mentor **0**", "Mentors left **1**"]
    assert page.button(key="apply_plan").label == "Put 2 proposals in the queue"
    with reading() as session:
        assert session.query(Match).count() == 0
    page = click(page, "apply_plan")
    with reading() as session:
        assert session.query(Match).count() == 2
    assert "2 proposals put in the queue of cohort" in said(page)


def test_a_match_that_awaits_its_mentor_is_asked_no_other(three: Desk) -> None:
    with transaction() as session:
        review.approve(session, three.refs[0], 1, by=three.cora, ask_mentor=True)
    page = three.page(match=three.refs[0])
    assert "Other mentors" not in said(page)
    assert "History of this pair" in said(page)
    click(page, "mentor_agreed")
    assert three.states()[0] == "active"


def test_another_mentor_is_chosen_with_one_click_and_the_new_pair_is_on_the_screen(three: Desk) -> None:
    with transaction() as session:
        group = session.scalars(select(Match.group_id).limit(1)).one()
        other = make.mentor(session, session.get_one(OccupationalGroup, group), first_name="Ida", last_name="Holm").ref
    page = click(three.page(), f"choose_{other}")
    assert three.states()[0] == "declined"
    assert card(page).startswith("Adaeze")
    assert card(page).endswith(" with Ida Holm")
    assert "Chose Ida Holm for Adaeze" in said(page)
    page = click(page, "undo")
    assert three.states()[0] == "proposed"
    assert card(page).startswith("Adaeze")


def test_a_rule_against_a_mentor_is_told_and_set_aside_with_a_reason_alone(three: Desk) -> None:
    with transaction() as session:
        lawyer = make.mentor(session, make.group(session, "Law"), first_name="Ida", last_name="Holm").ref
    ref = three.refs[0]
    page = click(three.page(), "other")
    page.checkbox(key=f"elsewhere_{ref}").check().run()
    page.selectbox(key=f"other_mentor_{ref}_True").select_index(0).run()
    assert "Ida Holm is in Law, Adaeze" in said(page).replace("\\", "")
    assert "Cost to the plan: Nobody else affected" in said(page)
    page = click(page, "choose")
    assert "Say in a few words why this pair is right" in said(page)
    assert three.states()[0] == "proposed"
    page.text_input(key=f"override_reason_{lawyer}").input("They trained together in Lagos").run()
    page = click(page, "choose")
    assert three.states()[0] == "declined"
    assert "They trained together in Lagos" in said(page)


def test_a_full_mentor_is_refused_by_name_before_anything_can_be_pressed(three: Desk) -> None:
    with transaction() as session:
        first = session.scalars(select(Match).where(Match.ref == three.refs[1])).one()
        session.get_one(Mentor, first.mentor_id).capacity = 1
        make.audit.record(session, make.OPERATOR, "made for a test", "mentor")
        make.step(session, first, MatchState.APPROVED)
        full = session.get_one(Mentor, first.mentor_id).ref
    ref = three.refs[0]
    page = click(three.page(), "other")
    page.selectbox(key=f"other_mentor_{ref}_False").set_value(full).run()
    assert "has no free place: the place is held by Liwei" in said(page).replace("\\", "")
    assert "choose" not in [button.key for button in page.button]
