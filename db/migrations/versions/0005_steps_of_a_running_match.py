"""Orientation, first meeting and agreement of a running match."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "match_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "orientation",
                "first_meeting",
                "agreement",
                name="mark",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("undoes_seq", sa.Integer(), nullable=True),
        sa.CheckConstraint("seq > 1 OR on_day IS NOT NULL", name=op.f("ck_match_mark_begins_with_a_day")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_match_mark_by_id")),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_match_mark_match_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_mark")),
        sa.UniqueConstraint("match_id", "step", "seq", name=op.f("uq_match_mark_match_id_step_seq")),
    )
    dialect = op.get_bind().dialect.name
    rules = (Path(__file__).parents[1] / "rules" / f"0005_{dialect}.sql").read_text()
    for rule in rules.split("\n-->\n"):
        # psycopg reads a bare % as a placeholder
        op.get_bind().exec_driver_sql(rule if dialect == "sqlite" else rule.replace("%", "%%"))
