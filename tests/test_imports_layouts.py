"""Other headers, layouts, encodings, delimiters and ways to write a day or a name."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Mentee, Mentor
from services import imports
from services.access import OPERATOR
from services.errors import Invalid
from services.imports import Kind
from tests import files

TODAY = dt.date(2026, 11, 22)
ANA = ["Ana", "Díaz", "ana@mail.example", "Engineering", "2026-03-31", "Northside"]
BO = ["Bo", "Ng", "bo@mail.example", "HR", "2026-04-01", "Northside"]


def look(session: Session, data: bytes, name: str = "list.csv", **given: Any) -> imports.Preview:
    return imports.preview(session, data, name, by=OPERATOR, today=TODAY, **given)


def stored(session: Session, data: bytes, table: type[Mentor] | type[Mentee] = Mentee, **given: Any) -> Sequence[Any]:
    imports.apply(session, data, "list.csv", by=OPERATOR, today=TODAY, **given)
    return session.scalars(select(table).order_by(table.id)).all()


def codes(preview: imports.Preview) -> dict[str, str]:
    return {row: code for row, (code, _, _) in preview.refused.items()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("sep", [",", ";", "\t", "|"])
def test_any_encoding_and_delimiter_reads_the_same(session: Session, encoding: str, sep: str) -> None:
    people = stored(session, files.csv(files.MENTEES, ANA, BO, sep=sep, encoding=encoding))
    assert [(who.first_name, who.last_name) for who in people] == [("Ana", "Díaz"), ("Bo", "Ng")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_counts_lines_as_a_person_does(session: Session, end: str) -> None:
    data = files.csv(files.MENTEES, ANA, [], ["Cy", "Lee", "nowhere", "HR", "2026-01-31", ""], end=end)
    assert codes(look(session, data)) == {"4": "bad email"}


def test_a_cell_of_several_lines_counts_each_of_them(session: Session) -> None:
    wordy = [*ANA[:5], '"North\nside"']
    assert codes(look(session, files.csv(files.MENTEES, wordy, [*BO[:2], "no", *BO[3:]]))) == {"4": "bad email"}


def test_two_encodings_in_one_file_are_told_apart_and_said(session: Session) -> None:
    data = files.csv(files.MENTEES, ANA) + files.csv(["Zoë", *BO[1:]], encoding="cp1252")
    assert "mixes" in look(session, data).warnings[0]
    assert [who.first_name for who in stored(session, data)] == ["Ana", "Zoë"]


def test_names_that_lost_their_letters_are_taken_and_told(session: Session) -> None:
    lost = [[f"Kim {n}", "???", f"kim{n}@mail.example", *BO[3:]] for n in range(14)]
    (warning,) = look(session, files.csv(files.MENTEES, ANA, *lost)).warnings
    assert "question marks, where letters were lost before the file came: row 3, 4, 5" in warning
    assert "14 and 2 more." in warning
    assert look(session, files.csv(files.MENTEES, ANA, BO)).warnings == ()


def test_titles_blanks_notes_sums_and_a_repeated_header_are_nobody(session: Session) -> None:
    rows = [
        ["Mentors of the coming cohort"],
        [],
        files.MENTORS,
        *files.mentors(2),
        [],
        ["Engineering"],
        files.MENTORS,
        ["Lee, Cy", "cy@toronto.example", "HR", 1, "Fleet"],
        ["Total", 3, "", 5],
        ["Average", "", 2.5, 1.7, 3],
        ["Prepared by People & Equity", "2026-11-01"],
    ]
    preview = look(session, files.xlsx({"Notes": [["do not import"]], "List": rows}))
    assert (preview.good, codes(preview), preview.repeats) == (3, {}, {})
    assert preview.passed_over == ("7", "10", "11", "12")


@pytest.mark.parametrize(
    "header",
    [
        ("Prénom", "Nom de famille", "Courriel", "Profession", "Ready", "Referring agency"),
        ("GIVEN NAME", "SURNAME", "Contact e-mail", "Field", "Date ready", "Organization"),
        ("Client first name", "Client last name", "E-mail adress", "Occupationl group", "Job-ready date", "Partner"),
        ("first_name", "last_name", "email", "occupational_group", "ready_on", "agency"),
        ("First", "Last", "Mail", "Discipline (NOC)", "Job ready", "Agency [referral]"),
    ],
)
def test_other_headers_mean_the_same(session: Session, header: Sequence[str]) -> None:
    who = stored(session, files.csv(header, ANA, BO), kind=Kind.MENTEES)[0]
    assert (who.first_name, who.last_name, who.email, who.ready_on) == (*ANA[:3], dt.date(2026, 3, 31))
    assert who.agency_id


def test_columns_without_a_telling_header_are_known_by_what_they_hold(session: Session) -> None:
    data = files.csv(
        ("A", "Whatever", "Reach them at", "Does"), *[["x", f"Ana D{n}", f"a{n}@m.example", "HR"] for n in "abc"]
    )
    preview = look(session, data, kind=Kind.MENTEES)
    assert {c.header: (c.field, c.how) for c in preview.columns if c.field} == {
        "Whatever": ("name", "content"),
        "Reach them at": ("email", "content"),
        "Does": ("group", "content"),
    }


def test_a_file_without_a_header_is_read_by_content_from_its_first_row(session: Session) -> None:
    data = files.csv(*[[f"Ana Lee{n}", f"a{n}@mail.example", "Law"] for n in "abcd"])
    preview = look(session, data, kind=Kind.MENTEES)
    assert (preview.good, preview.new) == (4, ("1", "2", "3", "4"))


def test_the_managers_address_is_not_taken_for_the_mentors(session: Session) -> None:
    header = ("Manager e-mail", "Name", "Work e-mail", "Occupation", "Manager")
    rows = [["boss@toronto.example", "Lee, Cy", "cy@toronto.example", "HR", "Di Ray"]]
    assert stored(session, files.csv(header, *[map('"{}"'.format, row) for row in rows]), Mentor, kind=Kind.MENTORS)[
        0
    ].email == ("cy@toronto.example")


def test_a_column_can_be_mapped_or_left_out_by_hand(session: Session) -> None:
    data = files.csv(("Who", "Box", "Trade", "Phone"), ["Ana Díaz", "ana@mail.example", "HR", "416"])
    by_hand = {"Who": "name", "Box": "email", "Trade": "group", "Phone": ""}
    who = stored(session, data, kind=Kind.MENTEES, mapping=by_hand)[0]
    assert (who.first_name, who.last_name, who.phone) == ("Ana", "Díaz", None)


@pytest.mark.parametrize("by_hand", [{"Nothing": "email"}, {"E-mail": "shoe size"}])
def test_a_mapping_that_names_what_is_not_there_is_refused(session: Session, by_hand: dict[str, str]) -> None:
    with pytest.raises(Invalid, match=r"There is no field|has no column"):
        look(session, files.csv(files.MENTEES, ANA), mapping=by_hand)


def test_a_missing_column_is_named_and_stops_the_apply(session: Session) -> None:
    data = files.csv(("Name", "Occupation", "Agency", "Goal"), ["Ana Díaz", "HR", "Northside", "x"])
    assert look(session, data).missing == ("E-mail",)
    with pytest.raises(Invalid, match="No column for E-mail"):
        imports.apply(session, data, "list.csv", by=OPERATOR)


def test_several_sheets_name_their_rows_by_sheet(session: Session) -> None:
    bad = ["Lee, Cy", "cy at place", "HR", 1, "Fleet"]
    book = files.xlsx({"East": [files.MENTORS, *files.mentors(2)], "West": [[], files.MENTORS, bad]})
    assert codes(look(session, book)) == {"West!3": "bad email"}


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (("27/09/2026", "03/04/2026"), dt.date(2026, 4, 3)),
        (("09/27/2026", "03/04/2026"), dt.date(2026, 3, 4)),
        (("2026-09-27", "2026-04-03"), dt.date(2026, 4, 3)),
        (("27.9.2026", "3.4.2026"), dt.date(2026, 4, 3)),
        (("Sept 27 2026", "April 3 2026"), dt.date(2026, 4, 3)),
        (("27-Sep-26", "3-Apr-26"), dt.date(2026, 4, 3)),
        (("2026-09-27 00:00:00", "2026-04-03T00:00"), dt.date(2026, 4, 3)),
        (("46292", "46115"), dt.date(2026, 4, 3)),
    ],
)
def test_the_whole_column_decides_how_its_days_are_read(
    session: Session, days: tuple[str, str], expected: dt.date
) -> None:
    people = stored(session, files.csv(files.MENTEES, [*ANA[:4], days[0], ""], [*BO[:4], days[1], ""]))
    assert [who.ready_on for who in people] == [dt.date(2026, 9, 27), expected]


def test_days_that_can_be_read_two_ways_are_warned_of(session: Session) -> None:
    preview = look(session, files.csv(files.MENTEES, [*ANA[:4], "03/04/2026", ""]))
    assert "two ways" in preview.warnings[0]


@pytest.mark.parametrize(
    ("day", "code"),
    [("soon", "bad date"), ("31/02/2026", "bad date"), ("2025-02-29", "bad date"), ("2199-01-01", "future date"),
     ("0001-01-01", "bad date"), ("9999-12-31", "future date"), ("2026-11-23", "future date")],
)  # fmt: skip
def test_a_day_that_cannot_be_is_refused(session: Session, day: str, code: str) -> None:
    assert codes(look(session, files.csv(files.MENTEES, [*ANA[:4], day, ""]))) == {"2": code}


def test_a_calculated_cell_is_refused_and_a_phone_number_is_not(session: Session) -> None:
    header = ("Name", "E-mail", "Occupation", "Phone", "Goal", "Agency")
    rows = [
        ["Ana Lee", "a@mail.example", "HR", "+1 (416) 555-0100", "- none", "-"],
        ["Bo Lee", "b@mail.example", "HR", "416", '=HYPERLINK("http://evil.example")', "N"],
        ["@SUM(A1)", "c@mail.example", "HR", "416", "x", "N"],
        ["Di Lee", "d@mail.example", "=1+1", "416", "x", "N"],
        ["-2+3 Lee", "e@mail.example", "HR", "416", "x", "N"],
    ]
    assert codes(look(session, files.xlsx({"Mentees": [header, *rows]}))) == dict.fromkeys("3456", "formula")


@pytest.mark.parametrize(
    ("places", "code"),
    [(0, "capacity not positive"), (-1, "capacity not positive"), (2.5, "capacity not a number"),
     ("a few", "capacity not a number"), ("1_000", "capacity not a number"), (10**9, "capacity not a number"),
     ("Infinity", "capacity not a number")],
)  # fmt: skip
def test_places_must_be_a_whole_number_above_zero(session: Session, places: object, code: str) -> None:
    book = files.xlsx({"Mentors": [files.MENTORS, *files.mentors(1, capacity=places)]})
    assert codes(look(session, book)) == {"2": code}


@pytest.mark.parametrize(
    ("written", "expected"),
    [("Null", ("", "Null")), ("李", ("", "李")), ("O'Connor, Sinéad", ("Sinéad", "O'Connor")),
     ("Jose\u0301 Ruiz", ("José", "Ruiz")), ("Ana\u200b \u202eDíaz", ("Ana", "Díaz")),
     ("Luiz Otávio da Luz", ("Luiz Otávio", "da Luz"))],
)  # fmt: skip
def test_names_are_kept_as_people_write_them(session: Session, written: str, expected: tuple[str, str]) -> None:
    book = files.xlsx({"Mentors": [files.MENTORS, *files.mentors(1, name=written)]})
    who = stored(session, book, Mentor)[0]
    assert (who.first_name, who.last_name) == expected


def test_a_row_whose_cells_have_slipped_is_refused(session: Session) -> None:
    data = files.csv(files.MENTEES, ANA, [*BO[:5], "Northside", "Centre"])
    assert codes(look(session, data)) == {"3": "too many cells"}


def test_a_name_without_end_is_refused(session: Session) -> None:
    data = files.csv(files.MENTEES, ["a" * 10_000, *ANA[1:]])
    assert codes(look(session, data)) == {"2": "too long"}


def test_near_misses_of_a_group_are_shown_as_guesses(session: Session) -> None:
    data = files.csv(files.MENTEES, [*ANA[:3], "Enginering", "", ""], [*BO[:3], "Public helth", "", ""])
    assert [(g.written, g.taken_for) for g in look(session, data).guesses] == [
        ("Enginering", "Engineering"),
        ("Public helth", "Public health"),
    ]


def test_a_file_that_could_be_either_asks_what_it_is(session: Session) -> None:
    data = files.csv(("Name", "E-mail", "Occupation"), ["Ana Díaz", "ana@mail.example", "HR"])
    with pytest.raises(Invalid, match="mentors, mentees, matches, answers or placements"):
        look(session, data)
    assert look(session, data, "mentees of May.csv").kind is Kind.MENTEES


def test_a_workbook_of_mentors_and_mentees_gives_each_in_turn(session: Session) -> None:
    book = files.xlsx({"A": [files.MENTORS, *files.mentors(3)], "B": [files.MENTEES, ANA, BO]})
    mentors, mentees = look(session, book, kind=Kind.MENTORS), look(session, book, kind=Kind.MENTEES)
    assert (mentors.good, mentees.good) == (3, 2)
    assert "«B» holds mentees" in mentors.warnings[0]
