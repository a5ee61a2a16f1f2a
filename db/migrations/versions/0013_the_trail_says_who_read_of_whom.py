"""Rows of the trail about one person are found at once, also those about entries that were merged into theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_index("ix_trail_entity_entity_id_seq", "trail", ["entity", "entity_id", "seq"])
    op.add_column("person_merge", sa.Column("was_id", sa.Integer(), nullable=True))
    op.create_index("ix_person_merge_was_id", "person_merge", ["was_id"])
    fill()


def fill() -> None:
    """The numbers of merges made before: of each kind, merges and their rows of the trail stand in one order."""
    trail = sa.table(
        "trail", sa.column("seq"), sa.column("entity"), sa.column("action"), sa.column("detail", sa.JSON())
    )
    merge = sa.table(
        "person_merge", sa.column("id"), sa.column("mentor_id"), sa.column("mentee_id"), sa.column("was_id")
    )
    for kind in ("mentor", "mentee"):
        told = sa.select(trail.c.detail).where(trail.c.entity == kind, trail.c.action == "people merged")
        rows = op.get_bind().scalars(told.order_by(trail.c.seq)).all()
        merges = sa.select(merge.c.id).where(merge.c[f"{kind}_id"].is_not(None))
        made = op.get_bind().scalars(merges.order_by(merge.c.id)).all()
        if len(rows) != len(made):
            continue  # not every one is told of; none is better than another's
        for number, row in zip(made, rows, strict=True):
            op.get_bind().execute(merge.update().where(merge.c.id == number).values(was_id=row["merged"]))
