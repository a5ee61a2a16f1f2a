"""A desk with mails to send, the mail server that it knows, and the command that sends them."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from db.models import Mailing, Role
from services import reading
from services.__main__ import app
from services.access import OPERATOR
from services.digest import letters
from services.digest.letters import Letter
from tests import coached, make
from tests.mailbox import Box, free_port


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Box:
    """A mail server that does not run yet; the environment names it."""
    made = Box()
    made.port = free_port()
    for name, value in made.settings().items():
        monkeypatch.setenv(name, value)
    return made


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["digest", *words])


def written() -> tuple[Letter, ...]:
    with reading() as session:
        return letters.write(session, by=OPERATOR).letters


def desk_of_coaches(session: Session, many: int = 3) -> None:
    """Coaches with an account and an overdue check-in each, and a coordinator."""
    _, cohort = coached.programme_and_cohort(session)
    for k in range(many):
        coach = coached.coach(session, make.agency(session))
        coached.running(session, cohort, coach, 2)
        given = {"agency_id": coach.agency_id, "coach_id": coach.id, "email": f"coach{k}@example.org"}
        make.account(session, Role.COACH, **given)
    make.account(session, email="cora@example.org")


def stored() -> list[tuple[bool, bool]]:
    """Of each mail on record: whether it was sent, and whether it certainly was not."""
    with reading() as session:
        rows = session.scalars(select(Mailing).order_by(Mailing.id))
        return [(row.sent_at is not None, row.failed_at is not None) for row in rows]
