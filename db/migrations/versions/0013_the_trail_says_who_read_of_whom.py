"""Rows of the trail about one person are found at once, also those about entries that were merged into theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_index("ix_trail_entity_entity_id_seq", "trail", ["entity", "entity_id", "seq"])
    op.add_column("person_merge", sa.Column("was_id", sa.Integer(), nullable=True))
    op.create_index("ix_person_merge_was_id", "person_merge", ["was_id"])
