"""What the outcomes scene says is what the public sheet says on the same day, and nothing of it is exact."""

import datetime as dt
import re

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.models import Role, StageFinding, TrailEntry
from services import audit, clock, programmes, shown, transaction
from services.access import OPERATOR
from services.counting.figure import Scope
from services.factsheet import build
from services.factsheet.model import Mode
from services.stage import findings, links
from tests import asked, coached, make
from tests.test_attack_on_screens import numbers


@pytest.fixture
def demo_copy(demo_desk):
    """The demo programme, to change."""
    with transaction() as session:
        yield session


def published(session: Session) -> list[tuple[str, str]]:
    session.flush()
    rows = session.execute(select(StageFinding.value, StageFinding.words).order_by(StageFinding.place))
    return [tuple(row) for row in rows]


def at_noon(monkeypatch: pytest.MonkeyPatch, day: dt.date) -> None:
    moment = clock.start_of(day, "America/Toronto") + dt.timedelta(hours=12)
    monkeypatch.setattr(clock, "now", lambda: moment)


DAYS = [make.DEMO_DAY, *(make.DEMO_DAY - dt.timedelta(days=days) for days in (60, 200, 2_900, 7_000))]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_they_say_what_the_public_sheet_says_of_the_same_day(demo_copy: Session, monkeypatch, day: dt.date) -> None:
    at_noon(monkeypatch, day)
    findings.publish(demo_copy, by=OPERATOR)
    sheet = build.sheet(demo_copy, by=OPERATOR, as_of=day, mode=Mode.PUBLIC)
    said = published(demo_copy)
    outcomes = [item.text for item in sheet.outcomes.items]
    assert [value for value, _ in said][: len(outcomes)] == outcomes
    assert all(words.splitlines()[1] == sheet.outcomes.note for _, words in said[: len(outcomes)])
    for value, words in said[len(outcomes) :]:
        cohort = re.search(r"of the (.+) cohort", words)[1].split()[0]
        of_cohort = build.sheet(demo_copy, by=OPERATOR, cohort=cohort, as_of=day, mode=Mode.PUBLIC)
        assert (value, words.splitlines()[0]) in [(i.text, i.label) for part in of_cohort.panels for i in part.items]


def test_the_demos_three_are_rounded_as_of_the_last_quarters_end(demo_copy: Session) -> None:
    assert findings.publish(demo_copy, by=OPERATOR) == 3
    programme = programmes.main(demo_copy)
    cohort = programmes.cohort(demo_copy, programme.id, str(make.DEMO_DAY.year - 1))
    scope = Scope(programme.id, make.DEMO_DAY, cohort.id)
    public = shown.several(demo_copy, scope, ["employed", "employed_in_field"], by=OPERATOR, public=True)
    exact = shown.several(demo_copy, scope, ["employed"], by=OPERATOR)
    (employed, said), (in_field, _), _ = published(demo_copy)
    assert (employed, in_field) == (public["employed"].text, public["employed_in_field"].text)
    assert said.splitlines()[0] == "of mentees reached found work"
    assert f"{public['employed'].base:,}" in said
    assert exact["employed"].base != public["employed"].base
    for value, words in published(demo_copy):
        base = int(re.match(r"About ([\d,]+) ", words.splitlines()[1])[1].replace(",", ""))
        assert (base % 5, value[-2:]) == (0, " %")


def test_twice_is_once_and_only_a_change_leaves_a_trail(demo_copy: Session) -> None:
    findings.publish(demo_copy, by=OPERATOR)
    before = [(row.id, row.value) for row in demo_copy.scalars(select(StageFinding))]
    assert findings.publish(demo_copy, by=OPERATOR) == len(before)
    assert [(row.id, row.value) for row in demo_copy.scalars(select(StageFinding))] == before
    audit.close(demo_copy)
    rows = demo_copy.scalars(select(TrailEntry).where(TrailEntry.action == "stage findings published")).all()
    assert [row.detail for row in rows] == [{"findings": 3}]
    demo_copy.execute(delete(StageFinding).where(StageFinding.place == 1))
    assert findings.publish(demo_copy, by=OPERATOR) == 3
    assert len(published(demo_copy)) == 3


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PRESENTER, Role.ADMINISTRATOR])
def test_whoever_opens_the_stage_publishes_the_same(demo_copy: Session, role: Role) -> None:
    findings.publish(demo_copy, by=OPERATOR)
    expected = published(demo_copy)
    demo_copy.execute(delete(StageFinding))
    links.make_link(demo_copy, by=make.actor(demo_copy, role), label="Hall")
    assert published(demo_copy) == expected


def test_too_few_are_no_finding_and_what_was_published_goes(drafted: Session) -> None:
    programme, cohort = coached.programme_and_cohort(drafted)
    asked.ended(drafted, cohort, many=3)
    row = StageFinding(programme_id=programme.id, place=0, value="67 %", words="of last year\nAbout 30")
    make._keep(drafted, row)
    assert findings.publish(drafted, by=OPERATOR) == 0
    assert published(drafted) == []


def test_a_programme_without_a_cohort_has_none(drafted: Session) -> None:
    make.programme(drafted)
    assert findings.publish(drafted, by=OPERATOR) == 0


def test_no_number_of_them_is_missing_on_the_public_sheet(demo_copy: Session) -> None:
    findings.publish(demo_copy, by=OPERATOR)
    outcomes = [(value, words) for value, words in published(demo_copy) if "reached" in words]
    sheet = build.sheet(demo_copy, by=OPERATOR, mode=Mode.PUBLIC)
    on_it = {
        number for part in (sheet.outcomes.note, *(i.text for i in sheet.outcomes.items)) for number in numbers(part)
    }
    assert {number for pair in outcomes for part in pair for number in numbers(part)} <= on_it
