"""Alembic's entry: the engine is the desk's own, so SQLite's pragmas and transactions hold here too."""

from typing import Any, Literal

from alembic import context

from db.models import Base, UTCDateTime
from db.session import engine_for
from db.settings import settings


def _plain_type(kind: str, item: Any, _autogen: object) -> str | Literal[False]:
    # A migration must not change when a class of ours does.
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


with engine_for(context.config.attributes.get("url") or settings().database_url).connect() as connection:
    context.configure(
        connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=_plain_type,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
