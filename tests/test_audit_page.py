"""The trail as administrators read it."""

import datetime as dt

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from db.models import Role
from services import audit, trail, transaction
from services.access import OPERATOR
from services.errors import Invalid
from services.trail import Wanted
from tests import make
from tests.pages import signed_in, words

DAY = dt.timedelta(days=1)


def kept(session: Session, many: int = 3) -> None:
    cora = make.actor(session, username="cora", name="Cora Lindqvist")
    for number in range(many):
        audit.record(session, cora, "match approved", "match", number, state="active", fields=["a", "b"])
    audit.record(session, OPERATOR, "applied", "import", 1, sha256="a" * 64, is_new=True)
    audit.close(session)


def test_rows_are_found_by_day_by_whom_and_by_deed(session: Session) -> None:
    kept(session)
    choices = trail.choices(session, by=OPERATOR)
    who = {told: key for key, told in choices.who.items()}
    assert {"Cora Lindqvist, cora", "command line"} <= set(who)
    assert {"match approved", "applied"} <= set(choices.deeds)
    for wanted, many in (
        (Wanted(who=who["Cora Lindqvist, cora"]), 3),
        (Wanted(deed="applied"), 1),
        (Wanted(about="match", first=make.today(), last=make.today()), 3),
        (Wanted(about="match", last=make.today() - DAY), 0),
        (Wanted(who=who["command line"], deed="match approved"), 0),
        (Wanted(who="account x"), 0),
    ):
        assert trail.entries(session, wanted, by=OPERATOR).total == many, wanted
    latest = trail.entries(session, Wanted(), by=OPERATOR).rows.iloc[0]
    assert (latest["who"], latest["about"], latest["detail"]) == (
        "command line", "import 1", "sha256 aaaaaaaaaaaa …, is new yes",
    )  # fmt: skip
    with pytest.raises(Invalid, match="Exchange"):
        trail.entries(session, Wanted(first=make.today(), last=make.today() - DAY), by=OPERATOR)


def test_pages_follow_each_other_and_lose_no_row(session: Session) -> None:
    kept(session, 2 * trail.PAGE)
    first = trail.entries(session, Wanted(), by=OPERATOR)
    found = [
        row
        for n in range(1, first.pages + 1)
        for row in trail.entries(session, Wanted(), by=OPERATOR, page=n).rows["seq"]
    ]
    assert found == list(range(first.total, 0, -1))
    assert trail.entries(session, Wanted(), by=OPERATOR, page=99).number == first.pages


def test_the_page_says_that_the_trail_holds_and_shows_where_it_does_not(desk: str) -> None:
    with transaction() as session:
        kept(session)
    page = signed_in(Role.ADMINISTRATOR, "pages/setup/audit.py")
    assert "The trail holds" in words(page)
    with transaction() as session:
        last = audit.head(session)
        session.execute(
            text(
                "INSERT INTO trail (seq, at, by_name, action, entity, detail, previous_hash, hash) VALUES "
                "(:seq, '2026-01-01 00:00:00', 'x', 'y', 'z', '{}', :before, :own)"
            ),
            {"seq": last.seq + 1, "before": last.hash, "own": "f" * 64},
        )
    page.run()
    assert [error.value for error in page.error] == [
        f"The trail is broken: row {last.seq + 1} changed after it was written. Keep a copy of the database as it is."
    ]


def test_nobody_else_opens_it(desk: str) -> None:
    for role in set(Role) - {Role.ADMINISTRATOR}:
        assert "Nothing here for your account" in words(signed_in(role, "pages/setup/audit.py"))
