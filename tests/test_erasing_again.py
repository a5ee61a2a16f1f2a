"""After an erasure: replayed on a restored copy, refused to whoever is slower, and told on the page."""

import datetime as dt
import json
import sqlite3
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from db import session as stored
from db.models import OPEN, CheckIn, Erasure, Match, Mentee, Mentor, Role
from services import imports, person, reading, transaction
from services.__main__ import app
from services.access import OPERATOR
from services.counting import figures
from services.counting.figure import Scope
from services.errors import Invalid
from services.privacy import erasing, replay
from tests import files, make, worlds
from tests.canaries import CANARY, erased, filled
from tests.crowd import Desk, at_once
from tests.pages import signed_in, words

# After a copy was restored


def test_a_list_is_replayed_on_a_copy_from_before(any_desk: str) -> None:
    with transaction() as session:
        kept = filled(session)
        old = session.scalars(select(Mentee.ref).order_by(Mentee.id)).first()
    listed = replay.Listed(ref=old, kind="mentee", on_day=dt.date(2026, 1, 2), ground="consent", agreed_on="2026-01-01")
    unknown = replay.Listed(ref="0" * 16, kind="mentor", on_day=dt.date(2026, 1, 2), ground="year")
    with transaction() as session:
        done = replay.again(session, [listed, unknown], by=OPERATOR)
    assert (done.erased, done.before, done.unknown, done.barred) == (1, 0, 1, ())
    with transaction() as session:
        assert replay.again(session, [listed, unknown], by=OPERATOR).before == 1
        (row,) = replay.listed(session, by=kept.cora)
    merged = {"merged": row.merged}
    assert len(row.merged) == 1
    assert row == listed.model_copy(update=merged)


def test_a_replay_erases_an_entry_that_was_merged_after_the_copy_and_names_who_has_an_open_match(
    session: Session,
) -> None:
    kept = filled(session, withdrawn=False)
    twin = make.mentor(session, kept.group, first_name=f"{CANARY}twin")
    make.match(session, make.cohort(session), kept.mentor, make.mentee(session, kept.group))
    row = replay.Listed(
        ref=kept.mentor.ref, kind="mentor", on_day=make.today(), ground="year", merged=[twin.ref, "0" * 16]
    )
    done = replay.again(session, [row], by=OPERATOR)
    assert (done.erased, done.barred) == (1, (kept.mentor.ref,))
    assert twin.first_name == "Erased"
    assert kept.mentor.first_name.startswith(CANARY)


@pytest.mark.parametrize("said", ["", "{}", '[{"ref": "../../etc", "kind": "mentor"}]', "[1]", "\x00"])
def test_what_is_no_list_is_refused_with_its_first_fault(said: str) -> None:
    with pytest.raises(Invalid, match="This is no list of erasures"):
        replay.read(said)


# On the page


def test_two_clicks_erase_and_the_page_stays_with_a_reference(desk: str) -> None:
    with transaction() as session:
        kept = filled(session)
        ref = kept.mentor.ref
    page = signed_in(Role.COORDINATOR, "pages/desk/people.py", person=ref)
    page.button(key="person_erase").click().run()
    assert "Goes for good" in words(page)
    assert "Stays, so that no figure changes" in words(page)
    assert page.button(key=f"erase_{ref}").disabled
    page.checkbox(key=f"erase_sure_{ref}").check().run()
    page.button(key=f"erase_{ref}").click().run()
    assert not page.exception
    assert f"Erased mentor {ref}" in words(page)
    assert "because a year had passed since its last use" in words(page)
    assert CANARY not in words(page)
    assert not [button for button in page.button if button.key and button.key.startswith("person_e")]


def test_a_hold_asks_for_the_day_on_which_they_agreed(desk: str) -> None:
    with transaction() as session:
        ref = filled(session, withdrawn=False).mentee.ref
        make._keep(session, CheckIn(match_id=1, on_day=make.today(), contact="both", mode="phone", health="good"))
    page = signed_in(Role.COORDINATOR, "pages/desk/people.py", person=ref, asks="erase")
    page.checkbox(key=f"erase_sure_{ref}").check().run()
    assert "Kept until" in words(page)
    assert page.button(key=f"erase_{ref}").disabled
    page.date_input(key=f"erase_agreed_{ref}").set_value(make.today()).run()
    page.button(key=f"erase_{ref}").click().run()
    assert not page.exception
    assert "because they agreed to it" in words(page)


# On the command line


def test_the_command_lists_whom_it_does_not_name_and_erases_them_again(desk: str, tmp_path: Path) -> None:
    run = partial(CliRunner().invoke, app)
    assert "Nobody" in run(["erasures"]).output
    with transaction() as session:
        kept = filled(session)
        ref, name = kept.mentee.ref, kept.mentee.first_name
        barred = make.mentor(session, kept.group)
        make.match(session, make.cohort(session), barred, make.mentee(session, kept.group))
        row = {"kind": "mentee", "on_day": "2026-01-02", "ground": "year"}
    path = tmp_path / "erasures.json"
    path.write_text(json.dumps([{"ref": ref, **row}]))
    done = run(["erase", "--again", str(path)])
    assert (done.exit_code, done.output.splitlines()) == (
        0,
        ["One entry was erased again; 0 had been, 0 not in this database."],
    )
    assert ref in run(["erasures"]).output
    listed = json.loads(run(["erasures", "--json"]).output)
    assert [(one["ref"], one["on_day"], one["ground"]) for one in listed] == [(ref, "2026-01-02", "year")]
    assert name not in json.dumps(listed)
    path.write_text(json.dumps([{"ref": barred.ref, **row, "kind": "mentor"}]))
    done = run(["erase", "--again", str(path)])
    assert (done.exit_code, f"{barred.ref} has an open match" in done.output) == (1, True)
    assert run(["erase", "--again", str(tmp_path / "none.json")]).exit_code == 1


# By two hands, and with the file in use


def test_of_an_erasure_and_a_new_match_at_once_one_wins(any_desk: str) -> None:
    desk = Desk(linger=0.02)
    for _ in range(4):
        (mentor,), (mentee,) = desk.mentors(1), desk.mentees(1)

        def erase(mentor: int = mentor) -> None:
            with transaction() as session:
                ref = session.get_one(Mentor, mentor).ref
                seen = erasing.preview(session, ref, by=OPERATOR).seen
                erasing.erase(session, ref, by=OPERATOR, seen=seen, agreed_on=make.today())

        assert at_once(erase, partial(desk.propose, mentor, mentee)).won == 1
    with reading() as session:
        gone = set(session.scalars(select(Mentor.id).join(Erasure, Erasure.ref == Mentor.ref)))
        assert not gone & set(session.scalars(select(Match.mentor_id).where(Match.state.in_(OPEN))))


def test_a_file_that_is_being_read_keeps_the_erasure_and_says_that_it_was_not_written_anew(
    desk: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(stored, "_SHORT", 50)
    with transaction() as session:
        kept = filled(session)
        ref = kept.mentor.ref
    reader = sqlite3.connect(str(make_url(desk).database), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM mentor").fetchone()
    with transaction() as session:
        erased(session, kept, person.find(session, ref))
    assert "was not written anew" in caplog.text
    assert CANARY not in caplog.text
    reader.close()
    with transaction() as session:
        replay.again(session, [], by=OPERATOR)
    assert f"{CANARY} office".encode() not in Path(str(make_url(desk).database)).read_bytes()


# A new entry


def test_an_import_of_the_same_address_makes_a_new_entry(session: Session) -> None:
    kept = filled(session)
    address, old = kept.mentor.email, kept.mentor.id
    erased(session, kept, kept.mentor)
    imports.ensure_groups(session, OPERATOR)
    data = files.csv(
        ("First name", "Last name", "Email", "Occupation", "Role"), ["Ann", "Lee", address, "Law", "Mentor"]
    )
    imports.apply(session, data, "list.csv", by=OPERATOR, today=make.today(), kind=imports.Kind.MENTORS)
    new = session.scalars(select(Mentor).where(Mentor.email_key == address.casefold())).one()
    assert new.id != old
    assert new.first_name == "Ann"


# Any history


@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(world=worlds.worlds())
def test_no_figure_of_any_history_changes(drafted: Session, world: worlds.World) -> None:
    point = drafted.begin_nested()
    worlds.build(drafted, world)
    scopes = [Scope(worlds.ASKED, day) for day in world.days[:2]]
    before = [figures.figures(drafted, scope, figures.names()) for scope in scopes]
    for table in (Mentor, Mentee):
        whose = Match.mentor_id if table is Mentor else Match.mentee_id
        closed = select(table).where(table.id.not_in(select(whose).where(Match.state.in_(OPEN))))
        for who in drafted.scalars(closed.order_by(table.id).limit(3)).all():
            erasing.carry_out(drafted, who, by=OPERATOR, on=make.today(), agreed_on=make.today())
    assert [figures.figures(drafted, scope, figures.names()) for scope in scopes] == before
    point.rollback()
