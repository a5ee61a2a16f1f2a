"""What an apply changes in people and matches the desk knows already, and what it refuses to change."""

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    Agency,
    Cohort,
    GroupAlias,
    ImportRun,
    Match,
    MatchState,
    MatchTransition,
    Mentee,
    Mentor,
    Role,
    TrailEntry,
)
from services import audit, clock, imports, programmes, reading, transaction
from services.access import OPERATOR, Actor
from services.errors import Invalid, NotAllowed
from services.imports import Kind
from services.privacy import holds
from tests import files, make

TODAY = dt.date(2026, 11, 22)
HISTORY = ("Mentor", "Mentor email", "Mentee", "Mentee email", "Occupation", "Started", "Ended", "Result")


def look(session: Session, data: bytes, **given: Any) -> imports.Preview:
    return imports.preview(session, data, "list.csv", **{"by": OPERATOR, "today": TODAY, **given})


def bring_in(session: Session, data: bytes, **given: Any) -> imports.Applied:
    return imports.apply(session, data, "list.csv", **{"by": OPERATOR, "today": TODAY, **given})


def match(**given: Any) -> list[Any]:
    """A row under `HISTORY`."""
    row = {"mentor": "m@toronto.example", "mentee": "e@mail.example", "group": "Law", "start": "2020-02-01"}
    row |= {"end": "2020-06-01", "result": "Completed", **given}
    names = row.get("names", ("Ann Lee", "Bea Ray"))
    return [names[0], row["mentor"], names[1], row["mentee"], row["group"], row["start"], row["end"], row["result"]]


def history(*rows: list[Any]) -> bytes:
    return files.csv(HISTORY, *rows)


def known_mentor(session: Session, **given: Any) -> Mentor:
    groups = imports.ensure_groups(session, OPERATOR)
    law = type("Group", (), {"id": groups["Law"]})
    return make.mentor(session, law, **{"email": "m@toronto.example", **given})


def open_match(session: Session, mentor: Mentor, **given: Any) -> Match:
    group = type("Group", (), {"id": mentor.group_id})
    return make.match(session, make.cohort(session), mentor, make.mentee(session, group), **given)


def codes(preview: imports.Preview) -> dict[str, str]:
    return {row: code for row, (code, _, _) in preview.refused.items()}


def test_a_known_person_is_changed_field_by_field_and_blanks_erase_nothing(any_desk: str) -> None:
    with transaction() as session:
        known_mentor(session, first_name="Grace", last_name="Fraser", phone="416", office="City Hall")
    header = ("Name", "E-mail", "Occupation", "Phone", "Office", "Max. mentees")
    data = files.csv(header, ["Grace Fraser", "M@Toronto.example", "Legal", "", "Metro Hall", 3])
    with transaction() as session:
        preview = look(session, data)
        assert [(c.field, c.before, c.after) for c in preview.changed["2"]] == [
            ("office", "City Hall", "Metro Hall"),
            ("capacity", 2, 3),
        ]
        bring_in(session, data)
    with reading() as session:
        who = session.scalars(select(Mentor)).one()
        assert (who.phone, who.office, who.capacity, who.email) == ("416", "Metro Hall", 3, "m@toronto.example")
        changed = session.scalars(select(TrailEntry).where(TrailEntry.action == "person changed")).one()
        assert (changed.entity, changed.entity_id, changed.detail) == (
            "mentor",
            who.id,
            {"fields": ["capacity", "office"]},
        )
        assert holds.last_uses(session, Mentor, "UTC")[who.id].day == clock.today("UTC")


def test_an_agency_not_yet_known_is_said_and_added_once(session: Session) -> None:
    make.agency(session, "Northside Centre")
    row = ["Ana", "Díaz", "ana@mail.example", "HR", "2026-03-31"]
    other = ["Bo", "Ng", "bo@mail.example", "HR", "2026-03-31"]
    data = files.csv(files.MENTEES, [*row, "NORTHSIDE  CENTRE"], [*other, "Lakeshore"])
    assert look(session, data).new_agencies == ("Lakeshore",)
    bring_in(session, data)
    assert set(session.scalars(select(Agency.name))) == {"Northside Centre", "Lakeshore"}


def test_fewer_places_than_open_matches_are_refused(session: Session) -> None:
    mentor = known_mentor(session)
    open_match(session, mentor)
    open_match(session, mentor)
    data = files.csv(files.MENTORS, ["Grace Fraser", mentor.email, "Law", 1, ""])
    assert codes(look(session, data)) == {"2": "capacity below open matches"}


def test_the_group_of_an_open_match_cannot_be_changed(session: Session) -> None:
    mentor = known_mentor(session)
    open_match(session, mentor)
    data = files.csv(files.MENTORS, ["Grace Fraser", mentor.email, "Engineering", 2, ""])
    assert codes(look(session, data)) == {"2": "group of an open match"}


def test_two_names_under_one_address_are_warned_of(session: Session) -> None:
    data = files.csv(files.MENTORS, ["Al Bo", "a@b.ca", "Law", 1, ""], ["Cy Du", "A@b.ca", "Law", 1, ""])
    preview = look(session, data)
    assert preview.repeats == {"3": "2"}
    assert "share an e-mail address" in preview.warnings[0]


def test_a_renamed_group_keeps_its_name_and_its_aliases(session: Session) -> None:
    group = make.group(session, "Engineers of the City")
    session.add(GroupAlias(group_id=group.id, folded="engineering"))
    imports.ensure_groups(session, OPERATOR)
    data = files.csv(files.MENTORS, *files.mentors(1, name="Al Bo"))
    bring_in(session, data)
    assert session.scalars(select(Mentor.group_id)).one() == group.id


@pytest.mark.parametrize("role", [Role.COACH, Role.MANAGER, Role.PRESENTER])
def test_who_may_not_import_learns_nothing_from_a_file(session: Session, role: Role) -> None:
    actor: Actor = make.actor(session, role)
    for act in (imports.preview, imports.apply):
        with pytest.raises(NotAllowed):
            act(session, b"", "x.csv", by=actor)


def test_an_import_is_signed_by_the_account_that_made_it(session: Session) -> None:
    actor = make.actor(session, Role.COORDINATOR)
    make.programme(session)
    bring_in(session, history(match()), by=actor)
    assert session.scalars(select(ImportRun.applied_by_id)).one() == actor.account_id
    steps = session.scalars(select(MatchTransition.by_id).where(MatchTransition.seq > 1))
    assert set(steps) == {actor.account_id}


@pytest.mark.parametrize(
    ("result", "state", "reason"),
    [("Completed", "completed", None), ("COMPLETE ", "completed", None),
     ("Ended early - hired in field", "ended_early", "hired in field"),
     ("Hired elsewhere", "ended_early", "hired elsewhere"), ("Mentor withdrew", "ended_early", "mentor withdrew"),
     ("ended early", "ended_early", "other"), ("Not completed: relocated", "ended_early", "relocated"),
     ("", "completed", None)],
)  # fmt: skip
def test_results_are_understood_in_many_words(session: Session, result: str, state: str, reason: str | None) -> None:
    make.programme(session)
    bring_in(session, history(match(result=result)))
    found = session.scalars(select(Match)).one()
    assert (found.state.value, found.reason) == (state, reason)
    assert (found.started_on, found.ended_on) == (dt.date(2020, 2, 1), dt.date(2020, 6, 1))


def test_an_active_match_stays_open_and_holds_its_place(any_desk: str) -> None:
    rows = [match(end="", result="Active"), match(mentee="f@mail.example", end="", result="ongoing")]
    with transaction() as session:
        make.programme(session)
        bring_in(session, history(*rows))
    with reading() as session:
        assert set(session.scalars(select(Match.state))) == {MatchState.ACTIVE}
        assert session.scalars(select(Mentor.capacity)).one() == 2


def test_one_mentors_many_matches_are_replayed_one_after_the_other(any_desk: str) -> None:
    rows = [match(mentee=f"e{n % 3}@mail.example", start=f"201{n}-02-01", end=f"201{n}-06-01") for n in range(9)]
    with transaction() as session:
        make.programme(session)
        bring_in(session, history(*rows))
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Match)) == 9
        assert list(session.scalars(select(Cohort.name).order_by(Cohort.name))) == [f"201{n}" for n in range(9)]
        assert audit.verify(session) == []


def test_history_of_a_mentor_who_is_full_today_leaves_them_as_full(any_desk: str) -> None:
    with transaction() as session:
        make.programme(session)
        open_match(session, known_mentor(session, capacity=1))
        bring_in(session, history(match()))
    with reading() as session:
        assert session.scalars(select(Mentor.capacity)).one() == 1


def test_history_in_another_group_than_todays_is_recorded_as_history(session: Session) -> None:
    make.programme(session)
    known_mentor(session)
    bring_in(session, history(match(group="Engineering")))
    assert session.scalars(select(Match.override_reason)).one() == "Recorded history"


@pytest.mark.parametrize(
    ("given", "code"),
    [({"end": ""}, "bad date"), ({"start": ""}, "bad date"), ({"start": "2199-01-01", "end": ""}, "future date"),
     ({"end": "2019-01-01"}, "ends before it starts"),
     ({"mentee": "M@toronto.example"}, "mentor and mentee are one person"),
     ({"group": ""}, "missing group"), ({"group": "Falconry"}, "unknown group"), ({"mentor": ""}, "missing email"),
     ({"mentor": "nobody"}, "bad email"), ({"names": ("", "Bea Ray")}, "missing name")],
)  # fmt: skip
def test_a_match_that_cannot_have_been_is_refused(session: Session, given: dict[str, Any], code: str) -> None:
    assert codes(look(session, history(match(**given)))) == {"2": code}


def test_the_same_pair_on_the_same_day_is_a_repeat(session: Session) -> None:
    preview = look(session, history(match(), match(mentor="M@Toronto.example"), match(start="2020-02-02")))
    assert (preview.good, preview.repeats) == (2, {"3": "2"})


def test_a_mentee_with_an_open_match_gets_no_history_before_it_is_closed(session: Session) -> None:
    programme = make.programme(session)
    mentor = known_mentor(session, email="other@toronto.example")
    law = type("Group", (), {"id": mentor.group_id})
    make.match(session, make.cohort(session, programme), mentor, make.mentee(session, law, email="e@mail.example"))
    assert codes(look(session, history(match()))) == {"2": "open match"}


def test_history_goes_to_the_cohort_that_its_column_names(session: Session) -> None:
    programme = make.programme(session)
    make.cohort(session, programme, name="Pilot")
    data = files.csv((*HISTORY, "Cohort"), [*match(), "PILOT"], [*match(start="2020-03-01"), "Second"])
    assert look(session, data).by_cohort == {"Pilot": 1, "Second": 1}
    bring_in(session, data)
    assert set(session.scalars(select(Cohort.name))) == {"Pilot", "Second"}


def test_rejected_rows_come_back_with_the_reason_and_nothing_to_calculate(session: Session) -> None:
    rows = [["=1+1", "a@b.ca", "Law", 1, ""], ["Cy Du", "@SUM(A1)", "Law", 0, "x"]]
    preview = look(session, files.csv(files.MENTORS, *rows))
    book = openpyxl.load_workbook(io.BytesIO(imports.rejected_workbook(preview)))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert [cell.value for cell in book.active[2]][:4] == [
        "2", "Name: The cell holds a formula. Type the words themselves instead.", "=1+1", "a@b.ca"
    ]  # fmt: skip
    assert "Max. mentees: A mentor needs at least one place." in book.active.cell(3, 2).value


def test_rejected_rows_without_any_are_an_empty_workbook(session: Session) -> None:
    preview = look(session, files.csv(files.MENTORS, *files.mentors(1, name="Al Bo")))
    assert openpyxl.load_workbook(io.BytesIO(imports.rejected_workbook(preview))).active.max_row == 1


def test_a_failing_apply_leaves_nothing(any_desk: str) -> None:
    def stumble(share: float, _doing: str) -> None:
        if share > 0.2:
            raise RuntimeError

    with pytest.raises(RuntimeError), transaction() as session:
        bring_in(session, files.csv(files.MENTORS, *files.mentors(3, name="Al Bo")), progress=stumble)
    with reading() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in (Mentor, ImportRun, TrailEntry)]
    assert counts == [0, 0, 0]


@pytest.mark.parametrize("given", [{"name": " "}, {"timezone": "Mars/Base"}, {"name": "Taken"}])
def test_a_programme_needs_a_free_name_and_a_real_time_zone(session: Session, given: dict[str, str]) -> None:
    make.programme(session, name="Taken")
    with pytest.raises(Invalid):
        programmes.create(session, by=OPERATOR, **{"name": "P2P", "organisation": "City", **given})


def test_only_administrators_make_programmes(session: Session) -> None:
    with pytest.raises(NotAllowed):
        programmes.create(session, by=make.actor(session, Role.COORDINATOR), name="P2P", organisation="City")
    made = programmes.create(session, by=make.actor(session, Role.ADMINISTRATOR), name="P2P", organisation="City")
    assert programmes.main(session).id == made


def test_kind_can_be_given_against_the_looks_of_a_file(session: Session) -> None:
    data = files.csv(files.MENTORS, *files.mentors(1, name="Al Bo"))
    bring_in(session, data, kind=Kind.MENTEES)
    assert session.scalar(select(func.count()).select_from(Mentee)) == 1


def test_a_mentor_known_from_history_alone_volunteers_again_by_standing_on_a_roster(desk: str) -> None:
    with transaction() as session:
        make.programme(session)
        bring_in(session, history(match()))
    with reading() as session:
        assert session.scalar(select(Mentor.available_until)) == dt.date(2020, 6, 1)
    roster = files.csv(files.MENTORS, ("Ann Lee", "m@toronto.example", "Law", 2, "City Planning"))
    with transaction() as session:
        bring_in(session, roster)
        assert not bring_in(session, roster).changed
    with reading() as session:
        assert session.execute(select(Mentor.available_until, Mentor.capacity)).one() == (None, 2)


def test_a_mentee_sent_without_a_day_waits_from_the_day_of_the_import(desk: str) -> None:
    data = files.csv(("First name", "Last name", "E-mail", "Occupation"), ("Bea", "Ray", "e@mail.example", "Law"))
    with transaction() as session:
        bring_in(session, data, kind=Kind.MENTEES)
        assert session.scalar(select(Mentee.ready_on)) == TODAY
        assert not bring_in(session, data, kind=Kind.MENTEES).changed
