"""Names on the stage: with recorded consent for one event, off with one click, and deleted after it."""

import datetime as dt
import json
import logging

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from db.models import Event, Mentor, OccupationalGroup, Role, StageName, TrailEntry
from services import (
    audit,
    cancelling,
    clock,
    invitations,
    people_edit,
    people_merge,
    people_withdraw,
    reading,
    transaction,
)
from services.__main__ import app
from services.access import OPERATOR, Actor
from services.errors import Conflict, Invalid, NotFound
from services.imports.apply import apply
from services.imports.columns import Kind
from services.stage import consents, occasions
from services.stage.consents import COHORT, EARLIER, INVITED, WAYS
from tests import coached, make
from tests.pages import Open, opened, words
from tests.test_stage_links import MILESTONES, click, recognition

__all__ = ["opened"]


class Evening:
    """A recognition event of tomorrow with one mentor invited, one of its cohort and one of an earlier one."""

    def __init__(self, session: Session) -> None:
        self.session = session
        programme, self.cohort = coached.programme_and_cohort(session)
        before = make.cohort(session, programme, starts_on=make.today() - dt.timedelta(days=600))
        self.cora = make.actor(session)
        self.ref = recognition(session, self.cohort)
        matches = [
            *coached.running(session, self.cohort, None, 2),
            *coached.running(session, before, None, 1, days=300),
        ]
        self.mentors = [session.get_one(Mentor, match.mentor_id) for match in matches]
        invitations.invite(session, self.ref, [self.mentors[0].ref], by=self.cora)

    @property
    def event(self) -> Event:
        return self.session.scalars(select(Event).where(Event.ref == self.ref)).one()

    def record(self, *mentors: Mentor, consent: str = "in writing", on_day: dt.date | None = None) -> str:
        refs = [one.ref for one in mentors]
        day = on_day or make.today()
        return consents.record(self.session, self.ref, refs, by=self.cora, consent=consent, on_day=day)

    def named(self) -> list[str]:
        return [one.name for one in consents.names(self.session, self.ref, by=self.cora)]

    def occupation(self, mentor: Mentor) -> str:
        return self.session.get_one(OccupationalGroup, mentor.group_id).name

    def free(self) -> list[str]:
        return [one.ref for one in consents.candidates(self.session, self.ref, by=self.cora)]


@pytest.fixture
def evening(drafted: Session) -> Evening:
    return Evening(drafted)


def full(mentor: Mentor) -> str:
    return f"{mentor.first_name} {mentor.last_name}"


def test_those_invited_come_first_then_those_of_the_cohort_then_the_others(evening: Evening) -> None:
    found = consents.candidates(evening.session, evening.ref, by=evening.cora)
    assert [one.ref for one in found] == [one.ref for one in evening.mentors]
    assert [one.standing for one in found] == [INVITED, COHORT, EARLIER]
    assert found[0].occupation == evening.occupation(evening.mentors[0])


def test_a_recorded_name_is_as_it_was_agreed_to_and_points_at_nobody(evening: Evening) -> None:
    first, second, _ = evening.mentors
    day = make.today() - dt.timedelta(days=3)
    assert evening.record(first, second, consent="by e-mail", on_day=day).startswith("Two names can be shown")
    row = evening.session.scalars(select(StageName).order_by(StageName.id)).first()
    assert (row.name, row.occupation) == (full(first), evening.occupation(first))
    assert (row.consent, row.consented_on, row.recorded_by_id) == ("by e-mail", day, evening.cora.account_id)
    points = {column.name for column in StageName.__table__.columns if column.foreign_keys}
    assert points == {"event_id", "recorded_by_id"}
    assert evening.named() == sorted([full(first), full(second)])
    assert evening.free() == [evening.mentors[2].ref]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"consent": "by rumour"}, "how they said so"),
        ({"on_day": make.today() + dt.timedelta(days=1)}, "lies in the future"),
    ],
)
def test_how_and_when_must_be_said(evening: Evening, given, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        evening.record(evening.mentors[0], **given)
    assert evening.named() == []


def test_nobody_chosen_is_a_sentence(evening: Evening) -> None:
    with pytest.raises(Invalid, match="Choose the mentors"):
        evening.record()


def test_a_name_is_recorded_once(evening: Evening) -> None:
    evening.record(evening.mentors[0])
    with pytest.raises(Conflict, match="named already"):
        evening.record(evening.mentors[0])


def test_a_mentee_and_a_mentor_who_withdrew_cannot_be_named(evening: Evening) -> None:
    gone, mentee = evening.mentors[0], make.mentee(evening.session, make.group(evening.session))
    withdrawn(evening, gone)
    for who in (gone, mentee):
        with pytest.raises(Conflict, match="takes no part"):
            evening.record(who)
    with pytest.raises(NotFound):
        consents.record(evening.session, evening.ref, ["0" * 16], by=evening.cora, consent=WAYS[0], on_day=make.today())
    assert gone.ref not in evening.free()


def test_a_name_comes_off_the_stage_with_one_click(evening: Evening) -> None:
    evening.record(*evening.mentors)
    (row, *_) = consents.names(evening.session, evening.ref, by=evening.cora)
    assert consents.revoke(evening.session, row.ref, by=evening.cora) == f"{row.name} is off the stage."
    assert row.name not in evening.named()
    assert len(evening.named()) == 2
    with pytest.raises(NotFound, match="already"):
        consents.revoke(evening.session, row.ref, by=evening.cora)


def at(monkeypatch: pytest.MonkeyPatch, moment: dt.datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_names_are_deleted_six_hours_after_their_event(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    evening.record(*evening.mentors)
    ends = evening.event.ends_at
    at(monkeypatch, ends + dt.timedelta(hours=5, minutes=59))
    assert consents.empty_past(evening.session, by=OPERATOR) == 0
    assert len(consents.names(evening.session, evening.ref, by=OPERATOR)) == 3
    at(monkeypatch, ends + dt.timedelta(hours=6))
    assert occasions.upcoming(evening.session, by=OPERATOR) == ()
    with pytest.raises(NotFound):
        consents.names(evening.session, evening.ref, by=OPERATOR)
    assert consents.empty_past(evening.session, by=OPERATOR) == 3
    assert consents.empty_past(evening.session, by=OPERATOR) == 0
    assert evening.session.scalars(select(StageName)).all() == []


def test_names_of_a_cancelled_event_are_deleted_and_do_not_come_back_with_it(evening: Evening) -> None:
    evening.record(*evening.mentors)
    cancelling.cancel(evening.session, evening.ref, 0, by=evening.cora)
    assert consents.empty_past(evening.session, by=evening.cora) == 3
    cancelling.restore(evening.session, evening.ref, 1, by=evening.cora)
    assert evening.named() == []


def test_recording_for_the_next_event_empties_the_one_before(evening: Evening) -> None:
    evening.record(*evening.mentors)
    cancelling.cancel(evening.session, evening.ref, 0, by=evening.cora)
    evening.ref = recognition(evening.session, evening.cohort)
    evening.record(evening.mentors[0])
    assert len(evening.session.scalars(select(StageName)).all()) == 1


def withdrawn(evening: Evening, mentor: Mentor) -> None:
    session, by = evening.session, evening.cora
    seen = people_withdraw.preview(session, mentor.ref, by=by)
    people_withdraw.withdraw(
        session, mentor.ref, by=by, on=make.today(), reason=seen.reasons[0], end_running=True, seen=seen.seen
    )


def test_who_withdraws_is_off_the_stage_and_stays_off_when_they_come_back(evening: Evening) -> None:
    evening.record(*evening.mentors)
    withdrawn(evening, evening.mentors[0])
    assert full(evening.mentors[0]) not in evening.named()
    assert len(evening.named()) == 2
    people_withdraw.take_back(evening.session, evening.mentors[0].ref, by=evening.cora)
    assert len(evening.named()) == 2


@pytest.mark.parametrize("named", [(0, 1), (1,)], ids=("both", "the one that goes"))
def test_of_two_entries_made_one_the_name_that_stays_is_shown_once(evening: Evening, named: tuple[int, ...]) -> None:
    session, by = evening.session, evening.cora
    keep, other, _ = evening.mentors
    stays = full(keep)
    evening.record(*(evening.mentors[place] for place in named))
    both = people_merge.preview(session, keep.ref, other.ref, by=by)
    people_merge.merge(session, keep.ref, other.ref, by=by, stays={}, capacity=both.capacity, seen=both.seen)
    assert evening.named() == [stays]
    withdrawn(evening, keep)
    assert evening.named() == []


def test_a_name_that_is_put_right_is_right_on_the_stage(evening: Evening) -> None:
    first = evening.mentors[0]
    evening.record(first)
    seen = people_edit.editable(evening.session, first.ref, by=evening.cora).values
    people_edit.edit(evening.session, first.ref, {**seen, "last_name": "Ó Briain"}, seen=seen, by=evening.cora)
    assert evening.named() == [f"{first.first_name} Ó Briain"]
    assert first.ref not in evening.free()


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_a_name_that_a_roster_puts_right_is_right_on_the_stage(evening: Evening, role: Role) -> None:
    first, second, _ = evening.mentors
    evening.record(first, second)
    rows = [
        f"{one.first_name},{last},{one.email},{evening.occupation(one)}"
        for one, last in ((first, "Ó Briain"), (second, second.last_name))
    ]
    roster = "\n".join(["First name,Last name,E-mail,Occupation", *rows]).encode()
    apply(evening.session, roster, "mentors.csv", by=make.actor(evening.session, role), kind=Kind.MENTORS)
    assert evening.named() == sorted([f"{first.first_name} Ó Briain", full(second)])


def test_the_trail_and_the_log_name_nobody(evening: Evening, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    evening.record(*evening.mentors)
    (row, *_) = consents.names(evening.session, evening.ref, by=evening.cora)
    consents.revoke(evening.session, row.ref, by=evening.cora)
    withdrawn(evening, evening.mentors[1])
    cancelling.cancel(evening.session, evening.ref, 0, by=evening.cora)
    consents.empty_past(evening.session, by=OPERATOR)
    audit.close(evening.session)
    acts = evening.session.scalars(select(TrailEntry)).all()
    told = json.dumps([[one.action, one.entity, one.by_name, one.detail] for one in acts], default=str) + caplog.text
    assert {one.action for one in acts if one.entity == "stage_name"} >= {
        "stage consent recorded",
        "stage consent revoked",
        "stage names emptied",
    }
    for mentor in evening.mentors:
        for secret in (mentor.first_name, mentor.last_name, mentor.ref, evening.occupation(mentor)):
            assert secret not in told


def past_names() -> Actor:
    """A desk with a name of an event that is over."""
    with transaction() as session:
        evening = Evening(session)
        evening.record(*evening.mentors)
        evening.event.starts_at -= dt.timedelta(days=3)
        evening.event.ends_at -= dt.timedelta(days=3)
    return evening.cora


def left() -> int:
    with reading() as session:
        return len(session.scalars(select(StageName)).all())


def test_the_digests_daily_run_empties_what_is_over_whatever_the_mail_does(desk: str, monkeypatch) -> None:
    past_names()
    monkeypatch.delenv("MATCHDESK_MAIL_HOST", raising=False)
    CliRunner().invoke(app, ["digest", "--dry-run"])
    assert left() == 3
    CliRunner().invoke(app, ["digest"])
    assert left() == 0


def test_starting_the_desk_empties_what_is_over(desk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    past_names()
    monkeypatch.setattr("os.execv", lambda *_: None)
    monkeypatch.setattr("os.environ", {"DATABASE_URL": desk})
    assert CliRunner().invoke(app, ["serve", "--no-demo"]).exit_code == 0
    assert left() == 0


def test_the_demo_has_names_for_its_event_to_come(demo: Session) -> None:
    (event,) = occasions.upcoming(demo, by=OPERATOR)
    assert event.names == 40
    for one in consents.names(demo, event.ref, by=OPERATOR):
        assert one.consent in WAYS
        assert one.on_day < make.DEMO_DAY
    assert len(consents.candidates(demo, event.ref, by=OPERATOR)) > 50


def test_the_page_records_a_consent_and_takes_it_back(opened: Open) -> None:
    page = opened(MILESTONES)
    assert "40 names on the stage" in words(page)
    box = next(box for box in page.multiselect if box.label == "Who agreed?")
    with reading() as session:
        (event,) = occasions.upcoming(session, by=OPERATOR)
        *_, chosen = consents.candidates(session, event.ref, by=OPERATOR)
    box.select(chosen.ref)
    click(page, "Record consent")
    assert not page.exception
    assert "One name can be shown at Recognition event." in words(page)
    assert "41 names on the stage" in words(page)
    box = next(box for box in page.multiselect if box.label == "Who agreed?")
    assert (box.value, [one for one in box.options if one.startswith(chosen.name)]) == ([], [])
    assert f"{chosen.name}, {chosen.occupation}" in words(page)
    click(page, "Take off the stage")
    assert not page.exception
    assert "40 names on the stage" in words(page)


def test_the_page_says_what_to_do_while_no_event_is_coming(desk: str) -> None:
    from tests.pages import signed_in

    with transaction() as session:
        group = make.group(session)
        make.match(session, make.cohort(session), make.mentor(session, group), make.mentee(session, group))
    page = signed_in(Role.COORDINATOR, MILESTONES)
    assert "No recognition event is coming." in words(page)
    assert not page.multiselect


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PRESENTER, Role.MANAGER, Role.COACH])
def test_no_other_role_sees_a_name_there(opened: Open, role: Role) -> None:
    page = opened(MILESTONES, role)
    with reading() as session:
        (event,) = occasions.upcoming(session, by=OPERATOR)
        names = [one.name for one in consents.names(session, event.ref, by=OPERATOR)]
    assert not page.multiselect
    assert not [name for name in names if name in words(page)]
