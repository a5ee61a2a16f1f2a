"""Rows of the trail about one person are found at once: each reading of a file asks for them."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_index("ix_trail_entity_entity_id_seq", "trail", ["entity", "entity_id", "seq"])
