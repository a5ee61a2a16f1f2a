"""Nobody reads a file unseen: the trail says who read of whom, before anything is shown."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from streamlit.testing.v1 import AppTest

from db.models import Mentee, Mentor, OccupationalGroup, Role, TrailEntry
from db.session import engine
from db.settings import ROOT
from pages.ui import file
from services import (
    audit,
    card,
    clock,
    match_view,
    owed,
    people_edit,
    people_merge,
    people_profile,
    person,
    programmes,
    reading,
    trail,
    transaction,
)
from services.access import Actor
from services.errors import Invalid, NotAllowed, Unnoted, Unreachable
from services.privacy import holds
from services.trail import Wanted
from tests import coached, make

Ask = Callable[[Session], Any]
PROFILE, MATCH = "profile read", "match read"


@dataclass(frozen=True)
class Desk:
    match: str
    mentee: str
    mentor: str
    twin: str
    cora: Actor
    coach: Actor
    ada: Actor
    programme_id: int

    def profile(self, session: Session, by: Actor | None = None) -> people_profile.Profile:
        return people_profile.profile(session, self.mentee, by=by or self.cora)


@pytest.fixture
def world(any_desk: str) -> Desk:
    with transaction() as session:
        programme, cohort = coached.programme_and_cohort(session)
        whose = coached.coach(session, make.agency(session))
        (match,) = coached.running(session, cohort, whose)
        mentee, mentor = session.get_one(Mentee, match.mentee_id), session.get_one(Mentor, match.mentor_id)
        twin = make.mentee(session, make.group(session))
        cora, ada = make.actor(session), make.actor(session, Role.ADMINISTRATOR)
        return Desk(
            match.ref, mentee.ref, mentor.ref, twin.ref, cora, coached.signed_in(session, whose), ada, programme.id
        )


def read_of() -> list[tuple[str, str, str]]:
    """What was read, by whom and of whom, in the order of the trail."""
    found = []
    with reading() as session:
        for row in session.scalars(
            select(TrailEntry).where(TrailEntry.action.in_([PROFILE, MATCH])).order_by(TrailEntry.seq)
        ):
            table = {"mentor": Mentor, "mentee": Mentee}[row.entity]
            found.append((row.action, str(row.account_id), session.get_one(table, row.entity_id).ref))
    return found


def files(desk: Desk) -> dict[str, tuple[Ask, str, Actor, list[str]]]:
    """Everything that hands out a file: how, what the trail calls it, who reads, and of whom."""
    both = [desk.mentee, desk.mentor]
    return {
        "card": (lambda session: card.card(session, desk.match, by=desk.cora), MATCH, desk.cora, both),
        "match": (lambda session: match_view.view(session, desk.match, by=desk.cora), MATCH, desk.cora, both),
        "pair": (
            lambda session: people_merge.preview(session, desk.mentee, desk.twin, by=desk.cora),
            PROFILE,
            desk.cora,
            [desk.mentee, desk.twin],
        ),
        "form": (
            lambda session: people_edit.editable(session, desk.mentee, by=desk.cora),
            PROFILE,
            desk.cora,
            [desk.mentee],
        ),
        "log": (
            lambda session: owed.log_of(session, desk.match, by=desk.coach, programme_id=desk.programme_id),
            MATCH,
            desk.coach,
            both,
        ),
    }


@pytest.mark.parametrize("which", ["card", "match", "pair", "form", "log"])
def test_nothing_of_a_file_is_handed_out_before_the_trail_says_who_read_it(world: Desk, which: str) -> None:
    ask, deed, reader, people = files(world)[which]
    with pytest.raises(Unnoted), reading() as session:
        ask(session)
    assert read_of() == []
    assert file.read(ask, by=reader) is not None
    assert read_of() == [(deed, str(reader.account_id), ref) for ref in people]


def test_a_profile_is_of_one_and_the_notes_on_its_matches_are_of_both(world: Desk) -> None:
    with pytest.raises(Unnoted), reading() as session:
        world.profile(session)
    file.read(world.profile, by=world.cora)
    reader = str(world.cora.account_id)
    assert read_of() == [(PROFILE, reader, world.mentee), (MATCH, reader, world.mentor)]


def test_a_reader_is_noted_once_a_day_for_each_person_and_every_reader_for_themselves(world: Desk) -> None:
    with transaction() as session:
        carl = make.actor(session)
    for _ in range(2):
        file.read(world.profile, by=world.cora)
        file.read(lambda session: world.profile(session, carl), by=carl)
    both = ((PROFILE, world.mentee), (MATCH, world.mentor))
    assert read_of() == [(deed, str(by.account_id), ref) for by in (world.cora, carl) for deed, ref in both]


def test_the_day_is_that_of_the_programme(world: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with reading() as session:
        timezone = programmes.main(session).timezone
    midnight = clock.start_of(clock.today(timezone) + dt.timedelta(days=1), timezone)
    readers: list[Actor] = []
    for minutes in (-2, -1, 0, 1):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: midnight + dt.timedelta(minutes=minutes))
        if not readers:
            with transaction() as session:
                readers.append(make.actor(session))
        file.read(lambda session: world.profile(session, *readers), by=readers[0])
    assert [deed for deed, *_ in read_of()] == [PROFILE, MATCH] * len(["before midnight", "after it"])


def test_who_may_not_read_a_file_is_refused_and_leaves_no_row_of_it(world: Desk) -> None:
    with pytest.raises(NotAllowed):
        file.read(lambda session: world.profile(session, world.ada), by=world.ada)
    with pytest.raises(NotAllowed):
        file.read(lambda session: card.card(session, world.match, by=world.coach), by=world.coach)
    assert read_of() == []


def test_a_look_is_neither_a_change_nor_a_use_of_the_data(world: Desk) -> None:
    def said() -> tuple[Any, ...]:
        with reading() as session:
            who, zone = person.find(session, world.mentee), programmes.main(session).timezone
            return person.last_change(session, who, zone), holds.held(session, who, world.programme_id, zone)

    before = said()
    file.read(world.profile, by=world.cora)
    file.read(files(world)["match"][0], by=world.cora)
    assert len(read_of()) > 1
    assert said() == before


def test_what_cannot_be_noted_is_not_shown(world: Desk) -> None:
    stop = {
        "sqlite": ["CREATE TRIGGER kept_out BEFORE INSERT ON trail BEGIN SELECT RAISE(ABORT, 'full'); END"],
        "postgresql": ["ALTER TABLE trail ADD CONSTRAINT kept_out CHECK (action <> 'profile read')"],
    }
    with engine().begin() as connection:
        for statement in stop[engine().dialect.name]:
            connection.execute(text(statement))
    with pytest.raises(Unreachable, match="not shown"):
        file.read(world.profile, by=world.cora)


def test_administrators_find_who_read_of_a_person_and_nothing_names_them(world: Desk) -> None:
    file.read(world.profile, by=world.cora)
    file.read(files(world)["log"][0], by=world.coach)
    with reading() as session:
        whole = trail.entries(session, Wanted(), by=world.ada).rows
        found = trail.entries(session, Wanted(ref=f" {world.mentee} "), by=world.ada).rows
        assert list(found[found["deed"].isin([PROFILE, MATCH])]["about"]) == [f"mentee {world.mentee}"] * 2
        assert found["seq"].isin(whole["seq"]).all()
        assert not trail.entries(session, Wanted(ref=world.mentor), by=world.ada).rows.equals(found)
        read = trail.entries(session, Wanted(ref=world.mentee, deed=PROFILE), by=world.ada).rows
        for person_of in (Mentee, Mentor):
            for who in session.scalars(select(person_of)):
                for said in (who.first_name, who.last_name, who.email):
                    assert said not in whole.to_csv()
        assert len(read) == 1
        with pytest.raises(Invalid, match="Nobody has the reference"):
            trail.entries(session, Wanted(ref="M-0"), by=world.ada)


def page_of(who: Actor, script: str, **asked: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=40)
    page.user = {"sub": who.login_ref}
    page.run()
    page.switch_page(script)
    for name, value in asked.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def test_who_read_an_entry_read_of_whom_it_was_merged_into(world: Desk) -> None:
    with transaction() as session:
        zed = make.actor(session)
    file.read(lambda session: people_profile.profile(session, world.twin, by=zed), by=zed)
    with transaction() as session:
        kept, twin = (person.find(session, ref) for ref in (world.mentee, world.twin))
        twin.group_id = kept.group_id
        audit.record(session, world.cora, "changed for a test", "mentee")
    with transaction() as session:
        seen = people_merge.preview(session, world.mentee, world.twin, by=world.cora).seen
    with transaction() as session:
        people_merge.merge(session, world.mentee, world.twin, by=world.cora, stays={}, seen=seen)
    with transaction() as session:
        fresh = make.mentee(session, session.scalars(select(OccupationalGroup)).first())
        last = make.mentee(session, session.get_one(OccupationalGroup, fresh.group_id))
        carl = make.actor(session)

    def readers(ref: str) -> set[int | None]:
        with reading() as session:
            about = trail.about(person.find(session, ref))
            return set(session.scalars(select(TrailEntry.account_id).where(about, TrailEntry.action == PROFILE)))

    assert readers(world.mentee) == readers(world.twin) == {zed.account_id, world.cora.account_id}
    assert readers(fresh.ref) == set()
    file.read(lambda session: people_profile.profile(session, fresh.ref, by=zed), by=zed)  # on SQLite by twin's number
    file.read(lambda session: people_profile.profile(session, fresh.ref, by=carl), by=carl)
    assert readers(fresh.ref) == {zed.account_id, carl.account_id}
    assert readers(world.mentee) == {zed.account_id, world.cora.account_id}
    with reading() as session:
        assert person.last_change(session, person.find(session, fresh.ref), "UTC") is None
        told = trail.entries(session, Wanted(deed=PROFILE), by=world.ada).rows["about"]
    assert set(told) == {f"mentee {ref}" for ref in (world.mentee, world.twin, fresh.ref)}

    # whoever had the number next is merged too, into somebody else
    with transaction() as session:
        seen = people_merge.preview(session, last.ref, fresh.ref, by=world.cora).seen
    with transaction() as session:
        people_merge.merge(session, last.ref, fresh.ref, by=world.cora, stays={}, seen=seen)
    assert readers(last.ref) == {zed.account_id, carl.account_id, world.cora.account_id}
    assert readers(world.mentee) == {zed.account_id, world.cora.account_id}


@pytest.mark.parametrize(
    ("script", "asked"),
    [
        ("pages/desk/people.py", {"person": "mentee"}),
        ("pages/desk/people.py", {"view": "Duplicates", "person": "mentee", "with": "twin"}),
        ("pages/desk/match_review.py", {"match": "proposed"}),
        ("pages/desk/matches.py", {"match": "match"}),
    ],
    ids=["a profile", "two entries", "a card", "a match"],
)
def test_a_page_that_shows_a_file_leaves_a_row_and_looks_as_ever_the_next_time(
    desk: str, script: str, asked: dict[str, str]
) -> None:
    with transaction() as session:
        _, cohort = coached.programme_and_cohort(session)
        (match,) = coached.running(session, cohort, coached.coach(session, make.agency(session)))
        group = make.group(session)
        one, twin = make.mentee(session, group), make.mentee(session, group)
        proposed = make.match(session, cohort, make.mentor(session, group), one)
        cora = make.actor(session)
        refs = {"mentee": one.ref, "twin": twin.ref, "match": match.ref, "proposed": proposed.ref}
    page = page_of(cora, script, **{name: refs.get(value, value) for name, value in asked.items()})
    noted = read_of()
    assert noted
    page.run()
    assert not page.exception
    assert read_of() == noted


def test_a_coach_who_reads_what_was_logged_leaves_a_row(desk: str) -> None:
    with transaction() as session:
        _, cohort = coached.programme_and_cohort(session)
        agency = make.agency(session)
        (match,) = coached.running(session, cohort, coached.coach(session, agency), days=95)
        mentee = session.get_one(Mentee, match.mentee_id)
        who = make.actor(session, Role.COACH, agency_id=agency.id)
    page_of(who, "pages/desk/caseload.py")
    assert (MATCH, str(who.account_id), mentee.ref) in read_of()
