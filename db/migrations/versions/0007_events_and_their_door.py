"""Addresses of events and their calendar files, cancellations, people who walk in, and when somebody was tapped."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_REFS = {
    "sqlite": "lower(hex(randomblob(8)))",
    "postgresql": "substr(replace(gen_random_uuid()::text, '-', ''), 1, 16)",
}


def upgrade() -> None:
    op.add_column("event", sa.Column("ref", sa.String(length=16), server_default=sa.text("''"), nullable=False))
    op.add_column("event", sa.Column("changes", sa.Integer(), server_default="0", nullable=False))
    op.add_column("event", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("event", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(f"UPDATE event SET ref = {_REFS[op.get_bind().dialect.name]}")  # noqa: S608
    op.create_index("ix_event_ref", "event", ["ref"], unique=True)
    op.add_column("attendance", sa.Column("walked_in", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("attendance", sa.Column("tapped_at", sa.DateTime(timezone=True), nullable=True))
