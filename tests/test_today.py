"""Today for coordinators: what needs someone, the worst first, counted as the figures count; and running matches."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from db.models import CheckIn, Contact, Health, Match, MatchState, Mode, Role
from pages.ui.needs.whole import needed
from services import (
    caseload,
    events,
    follow_up,
    match_view,
    matches,
    programmes,
    queue,
    reading,
    today,
    transaction,
)
from services.access import Actor
from services.counting import figures, pending, running
from services.counting.figure import Scope
from services.errors import NotAllowed, NotFound
from services.matches import Wanted
from services.today_lines import KINDS, YOU
from tests import asked, make
from tests.pages import opened, signed_in, words

__all__ = ["opened"]

TODAY, MATCHES = "pages/desk/today.py", "pages/desk/matches.py"
EVENTS, OUTCOMES = "pages/desk/events.py", "pages/desk/follow_up.py"
CARDS = {"uncovered": "uncovered", "check_in": "contacts_overdue", "quiet": "quiet", "to_close": "to_close"}


@pytest.fixture
def main(staffed: Session) -> int:
    return programmes.main(staffed).id


def needs(session: Session, staff: dict[Role, Actor], programme_id: int) -> today.Needs:
    return today.needs(session, by=staff[Role.COORDINATOR], programme_id=programme_id)


def test_the_counts_are_those_of_the_figures_and_of_the_queue(staffed: Session, staff, main: int) -> None:
    found = needs(staffed, staff, main)
    scope = Scope(main, programmes.today(staffed, main))
    for kind, name in CARDS.items():
        assert found.counts[kind][0] == figures.figure(staffed, scope, name).value
    ages = queue.ages(staffed, by=staff[Role.COORDINATOR], programme_id=main, as_of=scope.as_of)
    assert found.counts["decision"] == ages[pending.Age.OVERDUE.value]
    assert found.total >= found.counts["decision"][0] + found.counts["check_in"][0] + found.counts["no_mentor"][0]


def test_the_worst_stands_first_and_no_match_twice(staffed: Session, staff, main: int) -> None:
    found = needs(staffed, staff, main)
    order = [KINDS.index(kind) for kind in found.lines["kind"]]
    assert order == sorted(order)
    for _, lines in found.lines.groupby("kind"):
        assert lines["days"].is_monotonic_decreasing
    refs = [ref for ref in found.lines["ref"] if ref]
    assert len(refs) == len(set(refs))
    assert found.lines["why"].str.len().min() > 0
    assert found.yours == int((found.lines["move"] == YOU).sum())


def test_a_match_that_nobody_looks_after_stands_before_overdue_check_ins(staffed: Session, staff, main: int) -> None:
    found = needs(staffed, staff, main)
    lines = found.lines[found.lines["kind"] == "uncovered"]
    listed = caseload.uncovered(staffed, by=staff[Role.COORDINATOR], programme_id=main)
    assert set(lines["ref"]) == set(listed["ref"])
    assert len(lines) == found.counts["uncovered"][0] == 2
    assert lines["why"].str.contains("is away").all()
    assert set(lines["move"]) == {YOU}
    kinds_there = list(found.lines["kind"])
    assert kinds_there.index("uncovered") < kinds_there.index("check_in")
    late = today.late(staffed, by=staff[Role.COORDINATOR], programme_id=main)
    assert {kind: many for kind, many in found.counts.items() if kind != "no_mentor"} == {
        kind: many for kind, many in late.counts.items() if kind != "no_mentor"
    }


def test_follow_ups_past_their_day_are_lines_and_those_to_come_only_counted(staffed: Session, staff, main: int) -> None:
    found = needs(staffed, staff, main)
    lines = found.lines[found.lines["kind"] == "follow_up"]
    due = follow_up.due(staffed, by=staff[Role.COORDINATOR], programme_id=main)
    late = due.rows[due.rows["days"] > 0]
    assert list(lines["ref"]) == list(late["ref"])
    assert found.counts["follow_up"] == (due.overdue, int(late["days"].max()))
    assert found.follow_ups == (len(due.rows), due.overdue)
    assert lines["why"].str.contains("-month follow-up").all()


def test_whom_no_mentor_can_take_is_told_with_the_reason_of_the_plan(staffed: Session, staff, main: int) -> None:
    found = needs(staffed, staff, main)
    assert found.unmatched["mentees"].sum() == len(found.people) == found.counts["no_mentor"][0]
    assert not found.people["reason"].str.contains("places go").any()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_nobody_else_reads_what_needs_a_coordinator(staffed: Session, staff, main: int, role: Role) -> None:
    for ask in (
        lambda: today.needs(staffed, by=staff[role], programme_id=main),
        lambda: matches.matches(staffed, Wanted(), by=staff[role], programme_id=main),
        lambda: match_view.view(staffed, "any", by=staff[role]),
    ):
        with pytest.raises(NotAllowed):
            ask()


def waiting(session: Session, **given: object) -> Match:
    cohort, group = make.cohort(session), make.group(session)
    return make.match(session, cohort, make.mentor(session, group), make.mentee(session, group), **given)


def kinds(session: Session, programme_id: int, by: Actor) -> list[tuple[str, str, str]]:
    lines = today.needs(session, by=by, programme_id=programme_id).lines
    return [(line.kind, line.why, line.move) for line in lines.itertuples() if line.kind != "no_mentor"]


def test_a_hold_that_is_over_and_a_mentor_who_does_not_answer_need_someone(session: Session) -> None:
    cora = make.actor(session)
    held = waiting(session, days=20)
    make.step(session, held, MatchState.ON_HOLD, hold_until=make.today() - dt.timedelta(days=2))
    over = make.today() - dt.timedelta(days=2)
    why = f"Pending 20 days, hold over since {over.day} {over:%B}"
    assert kinds(session, held.programme_id, cora) == [("hold_over", why, "You")]
    asked = waiting(session, days=22)
    make.step(session, asked, MatchState.APPROVED, on_day=make.today() - dt.timedelta(days=15))
    assert kinds(session, asked.programme_id, cora) == [("awaiting", "Asked 15 days ago", "Mentor")]
    fresh = waiting(session, days=22)
    make.step(session, fresh, MatchState.APPROVED, on_day=make.today() - dt.timedelta(days=14))
    assert kinds(session, fresh.programme_id, cora) == []


@settings(max_examples=60, deadline=None, derandomize=True)
@given(days=st.lists(st.integers(0, 90)), due=st.integers(1, 40), more=st.integers(1, 40))
def test_bands_of_days_leave_nobody_out_and_know_their_age(days: list[int], due: int, more: int) -> None:
    clocks = programmes.Clocks(pending_due_days=due, pending_overdue_days=due + more)
    found = pending.bands(days, clocks)
    assert sum(many for _, _, many in found) == len(days)
    for age in (pending.Age.FRESH, pending.Age.DUE, pending.Age.OVERDUE):
        want = [d for d in days if pending.age(d, clocks, held_until=None, as_of=dt.date.max) is age]
        assert sum(many for _, its, many in found if its is age) == len(want)


def test_running_matches_are_listed_as_they_are_counted_and_every_one_once(staffed: Session, staff, main: int) -> None:
    by = staff[Role.COORDINATOR]
    whole = matches.matches(staffed, Wanted(), by=by, programme_id=main)
    assert whole.total == whole.counts[matches.ALL]
    seen = [
        ref
        for page in range(1, whole.pages + 1)
        for ref in matches.matches(staffed, Wanted(page=page), by=by, programme_id=main).rows["ref"]
    ]
    assert len(seen) == len(set(seen)) == whole.total
    scope = Scope(main, programmes.today(staffed, main))
    for word, name in {
        "overdue": "contacts_overdue",
        "quiet": "quiet",
        "to_close": "to_close",
        "due": "contacts_due",
    }.items():
        one = matches.matches(staffed, Wanted(care=word), by=by, programme_id=main)
        assert one.total == whole.counts[word] == figures.figure(staffed, scope, name).value
    by_step = [matches.matches(staffed, Wanted(step=step), by=by, programme_id=main).total for step in matches.STEPS]
    by_health = [
        matches.matches(staffed, Wanted(health=word), by=by, programme_id=main).total for word in matches.HEALTH
    ]
    assert sum(by_step) == sum(by_health) == whole.total


def test_ended_matches_are_paged_the_latest_first(staffed: Session, staff, main: int) -> None:
    by = staff[Role.COORDINATOR]
    first = matches.matches(staffed, Wanted(care="ended"), by=by, programme_id=main)
    beyond = matches.matches(staffed, Wanted(care="ended", page=9999), by=by, programme_id=main)
    assert len(first.rows) == matches.PAGE
    assert beyond.page == first.pages == -(-first.total // matches.PAGE)
    law = matches.matches(staffed, Wanted(care="ended", groups=("Law",)), by=by, programme_id=main)
    assert 0 < law.total < first.total
    assert set(law.rows["group"]) == {"Law"}


@pytest.mark.usefixtures("demo_desk")
def test_a_match_is_shown_with_what_the_list_says_of_it() -> None:
    with transaction() as session:
        by, main = make.actor(session), programmes.main(session).id
        for care in ("overdue", "to_close", "ended", "awaiting"):
            row = matches.matches(session, Wanted(care=care), by=by, programme_id=main).rows.iloc[0]
            shown = match_view.view(session, row["ref"], by=by)
            assert (shown.mentee, shown.care) == (row["mentee"], row["care"])
            assert shown.next_step == (row["step"] or ("start" if care == "awaiting" else ""))
        with pytest.raises(NotFound):
            match_view.view(session, "nothing", by=by)


def test_planned_contacts_of_a_match_are_those_that_the_figure_counts(session: Session) -> None:
    match = waiting(session, days=50)
    since = make.today() - dt.timedelta(days=40)
    make.step(session, match, MatchState.APPROVED, on_day=since)
    make.step(session, match, MatchState.ACTIVE, on_day=since)
    day = since + dt.timedelta(days=10)
    made = CheckIn(match_id=match.id, on_day=day, contact=Contact.BOTH, mode=Mode.PHONE, health=Health.GOOD)
    session.add(made)
    shown = match_view.view(session, match.ref, by=make.actor(session))
    assert list(shown.contacts["state"]) == ["kept", "missed", "planned", "planned", "planned"]
    kept = running.contacts(session, Scope(match.programme_id, make.today()), match.id)
    assert [hit for _, hit in kept] == [True, False]


def test_of_the_matches_to_close_the_longest_running_come_first() -> None:
    ago = [dt.timedelta(days=days) for days in (123, 131, 128)]
    frame = pd.DataFrame(dict.fromkeys(matches.CARE[:-1], [False] * 3)).assign(
        to_close=True, started_on=[make.today() - days for days in ago], silent=[9, 1, 3], owed_on=None
    )
    assert list(matches.ranked(frame, make.today()).index) == [1, 2, 0]


@pytest.mark.usefixtures("desk")
def test_an_empty_day_says_so_and_what_comes_next() -> None:
    with transaction() as session:
        asked.ended(session, make.cohort(session), ago=700)  # too long ago for any follow-up
    said = words(signed_in(Role.COORDINATOR, TODAY))
    assert "Nothing needs you now" in said
    assert "What comes due stands here on its day" in said
    assert "No match runs yet" in words(signed_in(Role.COORDINATOR, MATCHES))


@pytest.mark.usefixtures("desk")
def test_with_nothing_to_count_a_page_has_a_sentence() -> None:
    assert "There is no mentoring programme yet" in words(signed_in(Role.COORDINATOR, MATCHES))


@pytest.mark.parametrize(
    ("total", "yours", "sentence"),
    [
        (1, 1, "1 thing needs you today."),
        (1, 0, "1 thing needs someone today, none of them you."),
        (3, 3, "3 things need you today."),
        (1_200, 9, "1,200 things need someone today, nine of them you."),
    ],
)
def test_how_many_things_need_whom_is_a_sentence(total: int, yours: int, sentence: str) -> None:
    assert needed(total, yours) == sentence


def test_today_names_counts_lists_and_reasons(opened) -> None:
    page = opened(TODAY)
    said = words(page)
    assert "things need someone today" in said
    assert next(header.value for header in page.header) == "Worst first"
    assert len(page.metric) == 6
    assert list(page.dataframe[0].value.columns) == ["State", "Who", "Why", "Next step"]
    steps = [step.removeprefix(":material/arrow_forward: ") for step in page.dataframe[0].value["Next step"]]
    assert {"Decide", "Remind the mentor", "Close"} < set(steps)
    assert any(step.startswith("Ask ") for step in steps)


def test_a_line_of_a_match_without_a_coach_leads_to_those_of_the_caseload(opened) -> None:
    page = opened(TODAY)
    kind = next(metric for metric in page.metric if "No coach" in metric.label)
    assert kind.value == "2"
    listed = opened("pages/desk/caseload.py", show="uncovered")
    assert len(listed.dataframe[0].value) == 1
    assert len(opened("pages/desk/caseload.py", show="nothing").dataframe[0].value) > 1  # all of them


def test_an_earlier_day_is_told_in_figures(opened) -> None:
    said = words(opened(TODAY, as_of="2013-10-07"))
    assert "Decisions that waited on 7 October 2013" in said
    assert "Worst first" not in said


def test_matches_opens_at_the_match_of_the_address_and_takes_its_step(opened) -> None:
    with reading() as session:
        by = Actor("test", is_operator=True)
        found = matches.matches(session, Wanted(care="to_close"), by=by, programme_id=programmes.main(session).id)
    row = found.rows.iloc[0]
    page = opened(MATCHES, care="to_close", match=row["ref"])
    assert f"{row['mentee']} with" in words(page)
    page.button(key="do_Completed").click().run()
    assert not page.exception
    assert "completed on" in words(page)
    page.button(key="undo_step").click().run()
    assert "Undone:" in words(page)
    page.button(key="end_early").click().run()
    page.button(key="ending_no_contact").click().run()
    assert "ended early: no contact" in words(page)
    assert not page.exception


def test_a_match_that_is_not_there_is_a_sentence(opened) -> None:
    assert "There is no such match" in words(opened(MATCHES, match="0123456789abcdef"))


def test_no_page_sends_more_than_eighty_messages(opened) -> None:
    with reading() as session:
        coming = events.gatherings(session, programmes.main(session).id, by=Actor("test", is_operator=True))
    event = max(coming, key=lambda one: one.invited).ref
    asked: list[tuple[str, dict[str, str]]] = [(TODAY, {}), (MATCHES, {}), (EVENTS, {}), (EVENTS, {"event": event})]
    asked += [(EVENTS, {"event": event, "door": "1"}), (OUTCOMES, {}), (OUTCOMES, {"outcomes_view": "Surveys"})]
    for script, address in asked:
        page = opened(script, **address)
        assert len(list(page.main)) + len(list(page.sidebar)) <= 80
