"""Specialities, goals, licences, wishes and limits out of files: entries of a list are taken, other words wait."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    About,
    Mentee,
    MenteeSpeciality,
    Mentor,
    MentorSpeciality,
    OccupationalGroup,
    OwnWords,
    Speciality,
)
from services import audit, imports, reading, transaction
from services.access import OPERATOR
from services.imports import Kind
from services.imports.lists import find, folded
from services.imports.words import span
from tests import files, make

TODAY = dt.date(2026, 11, 22)
ENTRIES = folded(["Water, drainage and sewers", "Structures", "Roads & traffic"])


def bring_in(session: Session, kind: Kind, header: tuple[str, ...], *rows: list[str]) -> imports.Applied:
    whole = ("Name", "E-mail", "Occupation", *header)
    cells = [["Al Bo", "a@b.example", "Engineering", *row] for row in rows]
    data = files.csv(whole, *cells, sep=";")
    return imports.apply(session, data, "list.csv", by=OPERATOR, kind=kind, today=TODAY)


def engineering(session: Session, *names: str) -> OccupationalGroup:
    group = make.group(session, "Engineering")
    session.add_all([Speciality(group_id=group.id, name=name) for name in names])
    session.flush()
    audit.record(session, OPERATOR, "made for a test", "speciality")
    return group


def specialities(session: Session, table: Any = MenteeSpeciality) -> list[str]:
    return list(session.scalars(select(Speciality.name).join(table).order_by(Speciality.name)))


def waiting(session: Session) -> list[tuple[About, str]]:
    return [tuple(row) for row in session.execute(select(OwnWords.about, OwnWords.words).order_by(OwnWords.id))]


@pytest.mark.parametrize(
    ("cell", "taken", "other"),
    [
        ("water, drainage AND sewers", ["Water, drainage and sewers"], []),
        ("Structures, Roads and traffic | bridges", ["Structures", "Roads & traffic"], ["bridges"]),
        ("Structures; structures; STRUCTURES", ["Structures"], []),
        ("Structure", [], ["Structure"]),
        (" - ; ,", [], []),
    ],
)
def test_only_an_entry_word_for_word_is_taken(cell: str, taken: list[str], other: list[str]) -> None:
    assert find(cell, ENTRIES) == (taken, other)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(cell=st.text(max_size=80))
def test_no_words_are_taken_for_an_entry_that_they_are_not(cell: str) -> None:
    taken, other = find(cell, ENTRIES)
    assert set(taken) <= set(ENTRIES.values())
    assert all(fold not in ENTRIES for fold in folded(other))


@pytest.mark.parametrize(
    ("cell", "years"),
    [
        *(("3 to 10", (3, 10)), ("3-10 years", (3, 10)), ("3 – 10", (3, 10)), ("5+", (5, None)), ("7", (7, 7))),
        *(("at least 4 yrs", (4, None)), ("up to 8", (None, 8)), ("< 8", (None, 8)), (6, (6, 6)), ("10 to 3", None)),
        *(("some", None), ("", None), ("2026-03-10", None), ("-4", None)),
    ],
)
def test_a_span_of_years_is_read_as_people_write_it(cell: object, years: tuple[int | None, int | None] | None) -> None:
    assert span(cell) == years


@settings(max_examples=200, deadline=None, derandomize=True)
@given(first=st.integers(0, 99), last=st.integers(0, 99))
def test_a_span_never_runs_backwards(first: int, last: int) -> None:
    assert span(f"{first} to {last}") == ((first, last) if first <= last else None)


def test_entries_are_taken_and_other_words_wait_and_never_count(any_desk: str) -> None:
    with transaction() as session:
        engineering(session, "Structures", "Water")
        header = ("Specialities", "Wants help with", "Licence sought", "Area", "Goal")
        row = ["WATER | bridge design", "networking, my accent", "P.Eng.", "Scarborough", "first canadian job"]
        done = bring_in(session, Kind.MENTEES, header, row)
        assert (
            "In one row words that are on no list were kept for a coordinator to confirm on the page Specialities."
            in (done.preview.warnings)
        )
    with reading() as session:
        who = session.scalars(select(Mentee)).one()
        assert (who.goals, who.goal) == (["Networking", "First Canadian job"], "first canadian job")
        assert (who.licence_sought, who.area) == ("P.Eng.", "Scarborough")
        assert specialities(session) == ["Water"]
        assert waiting(session) == [(About.SPECIALITY, "bridge design"), (About.GOAL, "my accent")]


def test_the_same_file_twice_changes_nothing_even_when_its_words_are_settled(session: Session) -> None:
    engineering(session, "Structures", "Water")
    row = ["Water | bridge design", "networking"]
    header = ("Specialities", "Wants help with")
    assert bring_in(session, Kind.MENTEES, header, row).added == 1
    assert bring_in(session, Kind.MENTEES, header, row).changed == 0
    session.scalars(select(OwnWords)).one().settled_on = TODAY
    assert bring_in(session, Kind.MENTEES, header, ["water | BRIDGE design", "Networking"]).changed == 0


def test_a_file_adds_entries_and_takes_none_away(session: Session) -> None:
    engineering(session, "Structures", "Water")
    header = ("Specialities", "Can help with")
    bring_in(session, Kind.MENTORS, header, ["Water", "Networking"])
    again = bring_in(session, Kind.MENTORS, header, ["Structures", "Licensing"])
    assert {change.field for change in again.preview.changed["2"]} == {"specialities", "helps_with"}
    assert specialities(session, MentorSpeciality) == ["Structures", "Water"]
    assert session.scalars(select(Mentor.helps_with)).one() == ["Networking", "Licensing"]


def test_a_mentors_wishes_and_limits_are_kept_as_written(session: Session) -> None:
    engineering(session)
    make.agency(session, "Harbour Skills")
    header = ("Preferred years", "Preferred agencies", "Limit years", "Max km", "Conflict of interest", "Licence")
    done = bring_in(session, Kind.MENTORS, header, ["3 to 9", "harbour skills", "2+", "15 km", "Nowhere", "P.Eng."])
    assert any("an agency is named that the desk does not know" in warning for warning in done.preview.warnings)
    who = session.scalars(select(Mentor)).one()
    assert (who.wish_years_from, who.wish_years_to, who.wish_agencies) == (3, 9, ["Harbour Skills"])
    assert (who.limit_years_from, who.limit_years_to, who.limit_km) == (2, None, 15)
    assert (who.not_agencies, who.licence) == (["Nowhere"], "P.Eng.")
    bring_in(session, Kind.MENTORS, header, ["12+", "", "", "", "", ""])
    session.refresh(who)
    assert (who.wish_years_from, who.wish_years_to, who.limit_years_from) == (12, None, 2)


@pytest.mark.parametrize(
    ("header", "cell", "code"),
    [
        ("Limit years", "a lot", "bad years"),
        ("Limit years", "9 to 3", "bad years"),
        ("Max km", "0", "bad distance"),
        ("Max km", "near", "bad distance"),
        ("Can help with", " • ".join(f"thing {n}" for n in range(21)), "too many entries"),
    ],
)
def test_a_limit_that_cannot_be_read_is_refused_and_never_dropped(
    session: Session, header: str, cell: str, code: str
) -> None:
    engineering(session)
    done = bring_in(session, Kind.MENTORS, (header,), [cell])
    assert (done.added, [found for found, *_ in done.preview.refused.values()]) == (0, [code])
