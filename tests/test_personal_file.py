"""One person's file: complete by every column that an erasure would empty, and told by the trail."""

import datetime as dt
import io
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import null, select
from sqlalchemy.orm import Session

from db.models import MatchState, Mentee, Mentor, TrailEntry
from services import audit
from services.errors import Conflict, NotFound
from services.exports.personal_file import as_workbook
from services.privacy import erasing, personal_file
from services.privacy.columns import PEOPLE, about, parts
from tests import make, story
from tests.canaries import CANARY, filled

DAY = dt.date(2020, 1, 1)


def cells(made: bytes) -> set[str]:
    book = load_workbook(io.BytesIO(made))
    return {str(cell.value) for tab in book for line in tab.iter_rows() for cell in line}


@pytest.mark.parametrize("table", [Mentor, Mentee])
def test_everything_that_an_erasure_would_take_stands_in_their_file(session: Session, table: type[Any]) -> None:
    kept = filled(session)
    who = session.scalars(select(table).order_by(table.id)).first()
    made = as_workbook(personal_file.take_out(session, who.ref, by=kept.cora))
    text, looked = "\n".join(cells(made)), 0
    for part in (PEOPLE[table], *parts(who)):
        which = part.table.id == who.id if part.table is table else about(part, who)
        words = ["words"] if part.goes and hasattr(part.table, "words") else []
        for column in (*part.erased, *words):
            asked = getattr(part.table, column)
            for value in session.scalars(select(asked).where(which, asked.is_not(null()))):
                if column not in ("email_key", "coach_id"):  # the same address; a coach by name
                    assert all(said in text for said in texts(value)), (part.table, column)
                    looked += 1
    assert looked > 20
    assert {"Bridges", "Engineering", "in writing" if table is Mentor else "looking"} <= cells(made)
    assert {"the entry", "check-ins", "meetings", "invitations", "links to surveys"} <= set(sheets(made))


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        value = list(value.values())
    return list(map(str, value)) if isinstance(value, list) else [str(value)]


def sheets(made: bytes) -> list[str]:
    return [name.casefold() for name in load_workbook(io.BytesIO(made)).sheetnames]


def test_the_other_person_is_named_only_where_their_match_has_started(session: Session) -> None:
    kept = filled(session, withdrawn=False, only=Mentee)
    stranger = make.mentor(session, kept.group, first_name="Stranger", last_name="Unknown")
    match = make.match(session, make.cohort(session), stranger, kept.mentee)
    make.step(session, match, MatchState.DECLINED, reason="other")
    story.tell(session, make.cohort(session), stranger, make.mentee(session, kept.group), MatchState.COMPLETED, DAY)
    said = str(personal_file.take_out(session, kept.mentee.ref, by=kept.cora))
    assert f"{kept.mentor.first_name} {kept.mentor.last_name}" in said
    assert "Stranger" not in said
    assert stranger.ref in said


def test_nothing_of_another_person_stands_in_it(session: Session) -> None:
    kept = filled(session, only=Mentor)
    said = str(personal_file.take_out(session, kept.mentee.ref, by=kept.cora))
    for column in ("phone", "title", "withdrawn_note", "answer words", "own words"):
        assert f"{CANARY} {column}" not in said
        assert f"Linnet {column}" in said


def test_taking_it_out_leaves_a_row_in_the_trail_which_the_next_file_tells(session: Session) -> None:
    kept = filled(session)
    personal_file.take_out(session, kept.mentor.ref, by=kept.cora)
    audit.close(session)
    row = session.scalars(select(TrailEntry).where(TrailEntry.action == "file taken out")).one()
    assert (row.entity, row.entity_id, row.account_id) == ("mentor", kept.mentor.id, kept.cora.account_id)
    assert set(row.detail) == {"rows"}
    assert erasing.preview(session, kept.mentor.ref, by=kept.cora).held == ""  # and it is no use that prolongs a hold
    again = personal_file.take_out(session, kept.mentor.ref, by=kept.cora)
    assert any("file taken out" in line and kept.cora.name in line for line in again.sheets[-1].rows)


def test_there_is_no_file_of_nobody_and_of_somebody_erased(session: Session) -> None:
    kept = filled(session)
    with pytest.raises(NotFound):
        personal_file.take_out(session, "0" * 16, by=kept.cora)
    seen = erasing.preview(session, kept.mentee.ref, by=kept.cora).seen
    erasing.erase(session, kept.mentee.ref, by=kept.cora, seen=seen)
    with pytest.raises(Conflict, match="has been erased"):
        personal_file.take_out(session, kept.mentee.ref, by=kept.cora)


def test_what_begins_like_a_formula_is_text(session: Session) -> None:
    kept = filled(session)
    kept.mentor.title = "=HYPERLINK(1)"
    session.flush()
    book = load_workbook(io.BytesIO(as_workbook(personal_file.take_out(session, kept.mentor.ref, by=kept.cora))))
    (cell,) = [c for tab in book for line in tab.iter_rows() for c in line if str(c.value).startswith("=")]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")
