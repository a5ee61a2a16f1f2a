"""Sign-ins of an account that end."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from db.models import LoginSession
from services import clock


def end(session: Session, account_id: int, *, but: str | None = None) -> None:
    """End every sign-in of an account at once; `but`: the reference of one that goes on."""
    session.execute(
        update(LoginSession)
        .where(
            LoginSession.account_id == account_id,
            LoginSession.revoked_at.is_(None),
            *([] if but is None else [LoginSession.ref != but]),
        )
        .values(revoked_at=clock.now())
    )
