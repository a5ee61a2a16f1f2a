"""The demo's accounts: one a role, a second coordinator, and a coach of another agency."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from db.models import Account, Coach, Role
from services import clock
from services.passwords import hashed

#: Username, name, role, password. No secret: the sign-in page of a demo shows them.
DEMO_ACCOUNTS: tuple[tuple[str, str, Role, str], ...] = (
    ("cora", "Cora Lindqvist", Role.COORDINATOR, "amber kettle north window"),
    ("dev", "Dev Raghunathan", Role.COORDINATOR, "paper lantern quiet bridge"),
    ("farah", "Farah Nazari", Role.COACH, "copper garden seven stairs"),
    ("luis", "Luis Arancibia", Role.COACH, "winter pocket orange train"),
    ("maya", "Maya Okonjo", Role.MANAGER, "silver harbour morning coat"),
    ("theo", "Theo Marchetti", Role.PRESENTER, "bright stage velvet corner"),
    ("ada", "Ada Whitfield", Role.ADMINISTRATOR, "granite ledger autumn key"),
)


def coaches() -> list[str]:
    """The names of the coaches who may sign in, one for each of the first agencies."""
    return [name for _, name, role, _ in DEMO_ACCOUNTS if role is Role.COACH]


def store(session: Session) -> int:
    """Make the accounts whose usernames are still free; coaches belong to the agency of the coach of their name."""
    at_agency = {
        row.name: row for row in session.execute(select(Coach.name, Coach.id, Coach.agency_id).order_by(-Coach.id))
    }
    taken = set(session.scalars(select(Account.username)))
    with ThreadPoolExecutor() as threads:  # slow on purpose, and each alone
        hashes = list(threads.map(hashed, [password for *_, password in DEMO_ACCOUNTS]))
    rows = [
        {
            "username": username,
            "name": name,
            "email": f"{username}@example.org",
            "role": role,
            "agency_id": at_agency[name].agency_id if role is Role.COACH else None,
            "coach_id": at_agency[name].id if role is Role.COACH else None,
            "password_hash": password_hash,
            "created_at": clock.now(),
        }
        for (username, name, role, _), password_hash in zip(DEMO_ACCOUNTS, hashes, strict=True)
        if username not in taken
    ]
    if rows:
        session.execute(insert(Account), rows)
    return len(rows)
