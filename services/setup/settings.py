"""What a programme set otherwise than by default, a row each."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ProgrammeSetting


def put(session: Session, programme_id: int, name: str, value: Any) -> None:
    """Keep a setting; `services.programmes.Clocks` names them all and says what each is."""
    row = session.scalar(
        select(ProgrammeSetting).where(ProgrammeSetting.programme_id == programme_id, ProgrammeSetting.name == name)
    )
    if row is None:
        row = ProgrammeSetting(programme_id=programme_id, name=name)
        session.add(row)
    row.value = {"value": value}
    session.flush()
