"""Erasing a person: everything that says who they are goes, in every table and in the file; every figure stays."""

import datetime as dt
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Enum, String, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from db.models import (
    Attendance,
    Base,
    CheckIn,
    Erasure,
    Event,
    MatchState,
    MatchTransition,
    Mentee,
    Mentor,
    TrailEntry,
    TwoPeople,
)
from services import (
    audit,
    clock,
    life,
    people_edit,
    people_list,
    people_merge,
    people_profile,
    people_withdraw,
    person,
    reading,
    recognition,
    transaction,
)
from services.access import OPERATOR
from services.counting import fairness, figures
from services.counting.figure import Figure, Scope
from services.errors import Conflict, Invalid, NotFound
from services.people_list import Wanted
from services.privacy import erasing, holds
from services.privacy.columns import OTHERS, PARTS, PEOPLE, about, column_of
from tests import make
from tests.canaries import AGO, CANARY, Filled, erased, everything, filled

BOTH = [Mentor, Mentee]


# What is decided of every column


def test_every_column_of_a_table_about_people_goes_or_stays_and_no_text_elsewhere_is_forgotten() -> None:
    parts = {part.table.__tablename__: part for part in (*PEOPLE.values(), *PARTS)}
    assert set(parts) | set(OTHERS) == set(Base.metadata.tables)
    assert set(parts) & set(OTHERS) == set()
    for name, table in Base.metadata.tables.items():
        if name in OTHERS:
            texts = {c.name for c in table.c if isinstance(c.type, String | JSON) and not isinstance(c.type, Enum)}
            assert texts == OTHERS[name], name
        elif not parts[name].goes:
            part = parts[name]
            assert set(part.erased) | part.stays == {c.name for c in table.c}, name
            assert set(part.erased) & part.stays == set(), name


def test_the_two_here_have_something_in_every_column_that_goes(session: Session) -> None:
    filled(session)
    for part in (*PEOPLE.values(), *PARTS):
        rows = session.scalars(select(part.table)).all()
        assert rows, part.table
        for column in part.erased:
            assert any(getattr(row, column) for row in rows), (part.table, column)
    assert everything(session).count(CANARY) > 35


@pytest.mark.parametrize("table", BOTH)
def test_a_mark_as_two_people_is_about_both(session: Session, table: type[Any]) -> None:
    filled(session)
    (part,) = (part for part in PARTS if part.table is TwoPeople)
    column = column_of(session.scalars(select(table)).first())
    (mark,) = session.scalars(select(TwoPeople).where(getattr(TwoPeople, column).is_not(None)))
    for side in (column, f"other_{column}"):
        who = session.get_one(table, getattr(mark, side))
        assert session.scalars(select(TwoPeople).where(about(part, who))).all() == [mark]


# What is left


@pytest.mark.parametrize("table", BOTH)
def test_not_one_word_is_left_in_any_table_and_in_no_byte_of_the_file(any_desk: str, table: type[Any]) -> None:
    with transaction() as session:
        kept = filled(session, only=table)
        who_ref = (kept.mentor if table is Mentor else kept.mentee).ref
    assert CANARY.encode() in everything_stored(any_desk)
    with transaction() as session:
        erased(session, kept, person.find(session, who_ref))
    stored = everything_stored(any_desk).lower()
    at = stored.find(CANARY.casefold().encode())
    assert at < 0, stored[at - 60 : at + 60]
    with reading() as session:
        assert audit.verify(session) == []
        row = session.scalars(select(Erasure)).one()
        assert (row.ref, row.on_day, row.ground, row.agreed_on) == (who_ref, make.today(), "year", None)


def everything_stored(url: str) -> bytes:
    with reading() as session:
        rows = everything(session).encode()
    if not url.startswith("sqlite"):
        return rows
    path = Path(str(make_url(url).database))
    files = [path.with_name(path.name + end) for end in ("", "-wal", "-shm", "-journal")]
    return rows + b"".join(file.read_bytes() for file in files if file.exists())


#: By what these figures are divided that is a column of people.
SPLIT = ("started_matches", "mentors", "mentees_started", "mentees_ready")
DIVIDED = ("group", "agency", "country", "division")


def counted(session: Session, kept: Filled, days: list[dt.date]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for day in days:
        for cohort in (None, kept.cohort_id):
            of = figures.figures(session, Scope(kept.programme_id, day, cohort), figures.names())
            found |= {(name, day, cohort): figure for name, figure in of.items()}
    scope = Scope(kept.programme_id, days[0])
    for name, by in product(SPLIT, DIVIDED):
        with suppress(NotFound):
            found[name, by] = figures.split(session, scope, name, by).to_dict("list")
    return found


def test_no_figure_and_no_split_of_any_day_changes(any_desk: str) -> None:
    days = [make.today() - dt.timedelta(days=ago) for ago in (0, AGO + 50)]
    with transaction() as session:
        kept = filled(session)
        before = counted(session, kept, days)
        erased(session, kept, kept.mentor)
        erased(session, kept, kept.mentee)
        assert counted(session, kept, days) == before
    assert sum(bool(figure.count) for figure in before.values() if isinstance(figure, Figure)) > 20
    labels = {label for split in before.values() if isinstance(split, dict) for label in split["label"]}
    assert labels >= {"Iceland", "Engineering", "Transport"}


def test_whoever_took_part_until_then_counts_as_withdrawn_from_that_day_on(session: Session) -> None:
    kept = filled(session, withdrawn=False)
    yesterday = [make.today() - dt.timedelta(days=1)]
    before = counted(session, kept, yesterday)
    erased(session, kept, kept.mentee, agreed_on=make.today())
    assert kept.mentee.withdrawn_on == make.today()
    assert counted(session, kept, yesterday) == before


def test_only_the_division_by_language_moves_who_is_erased_to_not_known(session: Session) -> None:
    kept = filled(session)
    scope = Scope(kept.programme_id, make.today(), kept.cohort_id)
    before = fairness.divided(session, scope)
    erased(session, kept, kept.mentee)
    after = fairness.divided(session, scope)
    for by, divided in after.items():
        assert divided.whole == before[by].whole
        if by is not fairness.By.LANGUAGE:
            assert divided == before[by]
    assert [part.label for part in after[fairness.By.LANGUAGE].parts] == ["Not known"]


def test_an_invitation_to_an_event_to_come_goes_and_one_to_a_past_event_stays(session: Session) -> None:
    kept = filled(session)
    soon = clock.now() + dt.timedelta(days=3)
    event = {"cohort_id": kept.cohort_id, "starts_at": soon, "ends_at": soon + dt.timedelta(hours=1)}
    party = make._keep(session, Event(kind="networking", name="Party", **event))
    make._keep(session, Attendance(event_id=party.id, mentor_id=kept.mentor.id))
    found = erasing.preview(session, kept.mentor.ref, by=kept.cora)
    assert "One invitation to events to come." in found.goes
    assert "One invitation: event, and whether they came." in found.stays
    erased(session, kept, kept.mentor, agreed_on=make.today())
    events = session.scalars(select(Attendance.event_id).where(Attendance.mentor_id == kept.mentor.id)).all()
    assert len(events) == 1
    assert party.id not in events


# When it may be done


def test_a_year_after_the_last_use_has_a_day_in_every_year() -> None:
    assert holds.years_after(dt.date(2023, 2, 28), 1) == dt.date(2024, 2, 28)
    assert holds.years_after(dt.date(2024, 2, 29), 1) == dt.date(2025, 3, 1)


def test_it_is_kept_for_a_year_after_its_last_use_and_the_day_is_said(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = filled(session)
    last = make.today() - dt.timedelta(days=100)
    make._keep(session, CheckIn(match_id=kept.match.id, on_day=last, contact="both", mode="phone", health="good"))
    until = holds.years_after(last, 1)
    found = erasing.preview(session, kept.mentee.ref, by=kept.cora)
    assert f"{until.day} {until:%B %Y}" in found.held
    assert "a check-in" in found.held
    with pytest.raises(Conflict, match="Kept until") as refused:
        erasing.erase(session, kept.mentee.ref, by=kept.cora, seen=found.seen)
    assert "record the day on which they agreed" in str(refused.value)
    assert session.scalar(select(Erasure)) is None
    for later, may in ((until - dt.timedelta(days=1), False), (until, True)):
        noon = dt.datetime.combine(later, dt.time(18), dt.UTC)
        monkeypatch.setattr(clock, "now", lambda noon=noon: noon)
        assert (erasing.preview(session, kept.mentee.ref, by=OPERATOR).held == "") is may


def test_consent_lets_it_go_earlier_and_its_day_is_kept(session: Session) -> None:
    kept = filled(session, withdrawn=False)
    found = erasing.preview(session, kept.mentor.ref, by=kept.cora)
    assert "takes part. Withdraw them first" in found.held
    with pytest.raises(Invalid, match="in the future"):
        erasing.erase(
            session, kept.mentor.ref, by=kept.cora, seen=found.seen, agreed_on=make.today() + dt.timedelta(days=1)
        )
    agreed = make.today() - dt.timedelta(days=2)
    erasing.erase(session, kept.mentor.ref, by=kept.cora, seen=found.seen, agreed_on=agreed)
    row = session.scalars(select(Erasure)).one()
    assert (row.ground, row.agreed_on, row.kind) == ("consent", agreed, "mentor")


def test_an_open_match_ends_first_whatever_was_agreed(session: Session) -> None:
    kept = filled(session, withdrawn=False)
    other = make.mentee(session, kept.group)
    match = make.match(session, make.cohort(session), kept.mentor, other)
    found = erasing.preview(session, kept.mentor.ref, by=kept.cora)
    assert found.barred.endswith(f"{other.last_name} (proposed). Close that match first.")
    with pytest.raises(Conflict, match="Close that match first"):
        erasing.erase(session, kept.mentor.ref, by=kept.cora, seen=found.seen, agreed_on=make.today())
    make.step(session, match, MatchState.DECLINED, reason="other")
    erased(session, kept, kept.mentor, agreed_on=make.today())


def test_what_changed_since_it_was_looked_at_is_looked_at_again(session: Session) -> None:
    kept = filled(session)
    seen = erasing.preview(session, kept.mentee.ref, by=kept.cora).seen
    old = make.today() - dt.timedelta(days=AGO)
    make._keep(session, CheckIn(match_id=kept.match.id, on_day=old, contact="both", mode="phone", health="good"))
    with pytest.raises(Conflict, match="changed since you looked"):
        erasing.erase(session, kept.mentee.ref, by=kept.cora, seen=seen)


# What is said before


def test_the_preview_counts_what_goes_and_what_stays(session: Session) -> None:
    kept = filled(session)
    found = erasing.preview(session, kept.mentee.ref, by=kept.cora)
    assert found.goes[0].startswith("Name, e-mail, phone, title, years of experience")
    assert "Three notes on steps." in found.goes
    assert "One remark in own words." in found.goes
    assert "One note of a check-in." in found.goes
    assert "One answer in words." in found.goes
    assert "One match: cohort, days, state, and why it ended." in found.stays
    assert "Two answers: day, question, and whether they agree." in found.stays
    assert any("the other one loses them too" in line for line in found.also)


# Afterwards


def test_an_erased_person_is_a_reference_and_on_no_list(session: Session) -> None:
    kept = filled(session)
    ref, name = kept.mentor.ref, person.name(kept.mentor)
    erased(session, kept, kept.mentor)
    shown = people_profile.profile(session, ref, by=kept.cora)
    assert (shown.name, shown.email, shown.phone) == (f"Erased mentor {ref}", "", "")
    assert shown.erased is not None
    for wanted in ("", name, "Erased", ref):
        found = people_list.people(session, Wanted(), by=kept.cora, text=wanted)
        assert ref not in set(found.rows["ref"])


def test_nothing_of_an_erased_person_is_changed_merged_or_taken_back(session: Session) -> None:
    kept = filled(session)
    twin = make.mentor(session, kept.group)
    ref = kept.mentor.ref
    erased(session, kept, kept.mentor)
    acts = (
        lambda: people_edit.editable(session, ref, by=kept.cora),
        lambda: people_edit.edit(session, ref, {}, seen={}, by=kept.cora),
        lambda: people_merge.preview(session, twin.ref, ref, by=kept.cora),
        lambda: people_merge.merge(session, twin.ref, ref, by=kept.cora, stays={}, seen=""),
        lambda: people_withdraw.preview(session, ref, by=kept.cora),
        lambda: people_withdraw.take_back(session, ref, by=kept.cora),
        lambda: erasing.preview(session, ref, by=kept.cora),
    )
    for act in acts:
        with pytest.raises(Conflict, match="has been erased for good"):
            act()


def test_one_row_of_the_trail_says_what_went_by_number_alone(session: Session) -> None:
    kept = filled(session)
    erased(session, kept, kept.mentee)
    audit.close(session)
    rows = session.scalars(select(TrailEntry).where(TrailEntry.action == "person erased")).all()
    assert [(row.entity, row.entity_id) for row in rows] == [("mentee", kept.mentee.id)]
    assert rows[0].detail["ground"] == "year"
    assert rows[0].detail["match_transition.note"] == 3
    assert CANARY not in str(rows[0].detail)


def test_a_match_of_an_erased_person_is_put_right_and_voided_without_a_note_and_never_reopened(
    session: Session,
) -> None:
    kept = filled(session)
    ref = kept.match.ref
    erased(session, kept, kept.mentee)
    with pytest.raises(Conflict, match="This match stays closed"):
        life.reopen(session, ref, kept.match.version, by=kept.cora, why="It was not over yet")
    on = kept.match.ended_on - dt.timedelta(days=1)
    life.redate(session, ref, kept.match.version, by=kept.cora, which="end", on=on, why="He told me another day")
    assert kept.match.ended_on == on
    life.void(session, ref, kept.match.version, by=kept.cora, why="It never took place")
    assert kept.match.state is MatchState.VOID
    assert set(session.scalars(select(MatchTransition.note))) == {None}


def test_an_erased_mentor_is_thanked_no_more_and_still_counted(session: Session) -> None:
    kept = filled(session)
    scope = Scope(kept.programme_id, make.today())
    before = recognition.tiers(session, scope, by=kept.cora)
    assert list(recognition.listed(session, scope, by=kept.cora)["mentor_id"]) == [kept.mentor.id]
    erased(session, kept, kept.mentor)
    assert recognition.listed(session, scope, by=kept.cora).empty
    assert recognition.certificates(session, scope, [kept.mentor.id], by=kept.cora) == ()
    assert recognition.tiers(session, scope, by=kept.cora).rows.equals(before.rows)
    assert before.total == 1
