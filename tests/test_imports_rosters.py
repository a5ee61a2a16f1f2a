"""The four files of agencies and the City, exactly as the truth beside each says."""

import datetime as dt
import json
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import GroupAlias, ImportRun, Match, MatchState, MatchTransition, Mentee, Mentor, TrailEntry
from services import audit, imports, reading, transaction
from services.access import OPERATOR
from services.errors import NotFound
from tests import make

ROSTERS = Path(__file__).parent / "rosters"
FILES = sorted(path.name for path in ROSTERS.iterdir() if path.suffix != ".json")
TODAY = dt.date(2026, 11, 22)
PEOPLE = [name for name in FILES if not name.startswith("matches")]


def look(session: Session, name: str) -> imports.Preview:
    return imports.preview(session, (ROSTERS / name).read_bytes(), name, by=OPERATOR, today=TODAY)


def bring_in(name: str) -> imports.Applied:
    with transaction() as session:
        return imports.apply(session, (ROSTERS / name).read_bytes(), name, by=OPERATOR, today=TODAY)


@pytest.mark.parametrize("name", FILES)
def test_a_roster_is_read_exactly_as_its_truth_says(session: Session, name: str) -> None:
    truth = json.loads((ROSTERS / f"{name}.expected.json").read_text())
    said = look(session, name).as_json()
    assert said["good"] == truth["good"]
    assert {row: code for row, (code, _) in said["refused"].items()} == truth["refused"]
    assert said["repeats"] == truth.get("repeats", [])
    assert (said.get("by_cohort"), said.get("by_group")) == (truth.get("by_cohort"), truth.get("by_group"))


@pytest.mark.parametrize("name", FILES)
def test_every_refusal_is_a_sentence_and_names_its_column(session: Session, name: str) -> None:
    for _, sentence, column in look(session, name).refused.values():
        assert sentence.endswith(".")
        assert sentence[0].isupper() or sentence[0] == "«"
        assert column


def test_letters_that_the_sender_lost_are_kept_as_they_came(desk: str) -> None:
    bring_in("mentees_agency_two.csv")
    with reading() as session:
        names = set(session.scalars(select(Mentee.last_name).where(Mentee.first_name == "Elizabeth")))
    assert "?????" in names


@pytest.mark.parametrize("name", PEOPLE)
def test_the_same_file_twice_changes_nothing(any_desk: str, name: str) -> None:
    first = bring_in(name)
    with reading() as session:
        before = rows(session)
    second = bring_in(name)
    with reading() as session:
        assert rows(session) == before
        assert session.scalar(select(func.count()).select_from(ImportRun)) == 1
    assert (first.changed, second.added, second.changed) == (0, 0, 0)
    assert second.preview.applied_before is not None


def rows(session: Session) -> list[int]:
    tables = (Mentor, Mentee, Match, MatchTransition, GroupAlias, TrailEntry)
    return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_history_is_replayed_step_by_step_and_only_once(any_desk: str) -> None:
    with transaction() as session:
        make.programme(session)
    assert bring_in("matches_2004_2006.xlsx").added == 146
    assert bring_in("matches_2004_2006.xlsx").added == 0
    with reading() as session:
        states = dict(session.execute(select(Match.state, func.count()).group_by(Match.state)).all())
        assert states == {MatchState.COMPLETED: 107, MatchState.ENDED_EARLY: 39}
        assert session.scalar(select(func.count()).select_from(MatchTransition)) == 4 * 146
        assert set(session.scalars(select(Match.reason))) == {None, "hired in field"}
        assert session.scalar(select(func.max(Match.version))) == 4
        assert audit.verify(session) == []


def test_history_without_a_programme_can_be_seen_but_not_stored(desk: str) -> None:
    with reading() as session:
        assert look(session, "matches_2004_2006.xlsx").lacks_programme
    with pytest.raises(NotFound, match="matchdesk programme create"):
        bring_in("matches_2004_2006.xlsx")


def test_the_trail_of_an_import_names_nobody(desk: str) -> None:
    bring_in("mentors_city.xlsx")
    with reading() as session:
        said = json.dumps([row.detail for row in session.scalars(select(TrailEntry))])
    assert "@" not in said
    assert "Nguy" not in said
    assert '"added": 107' in said
