"""Names that can be looked up, why a person withdrew, and where a merged person is found."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for person in ("mentor", "mentee"):
        op.execute(f"ALTER TABLE {person} ADD COLUMN withdrawn_reason TEXT")
        op.execute(f"ALTER TABLE {person} ADD COLUMN withdrawn_note TEXT")
        op.create_index(f"ix_{person}_last_name_first_name", person, ["last_name", "first_name"])
        op.create_index(f"ix_{person}_first_name", person, ["first_name"])
    op.create_table(
        "person_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=True),
        sa.Column("mentee_id", sa.Integer(), nullable=True),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(mentor_id IS NULL) <> (mentee_id IS NULL)", name=op.f("ck_person_merge_one_person")),
        sa.ForeignKeyConstraint(["mentee_id"], ["mentee.id"], name=op.f("fk_person_merge_mentee_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_person_merge_mentor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
        sa.UniqueConstraint("ref", name=op.f("uq_person_merge_ref")),
    )
    op.create_index("ix_person_merge_mentor_id", "person_merge", ["mentor_id"])
    op.create_index("ix_person_merge_mentee_id", "person_merge", ["mentee_id"])
    dialect = op.get_bind().dialect.name
    rules = (Path(__file__).parents[1] / "rules" / f"0004_{dialect}.sql").read_text()
    for rule in rules.split("\n-->\n"):
        # psycopg reads a bare % as a placeholder
        op.get_bind().exec_driver_sql(rule if dialect == "sqlite" else rule.replace("%", "%%"))
