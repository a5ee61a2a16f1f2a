"""The stage reads views of its own: totals, and the names that may be shown at an event."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    with op.batch_alter_table("display_token") as batch_op:
        batch_op.add_column(sa.Column("remote_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("event_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_display_token_event_id"), "event", ["event_id"], ["id"])
        batch_op.create_index("ix_display_token_remote_hash", ["remote_hash"], unique=True)
    op.create_table(
        "stage_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_stage_finding_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_finding")),
        sa.UniqueConstraint("programme_id", "place", name=op.f("uq_stage_finding_programme_id_place")),
    )
    op.create_table(
        "stage_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("occupation", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("consented_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_stage_name_event_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_stage_name_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_stage_name_ref")),
        sa.UniqueConstraint("event_id", "name", "occupation", name=op.f("uq_stage_name_event_id_name_occupation")),
    )
    dialect = op.get_bind().dialect.name
    rules = (Path(__file__).parents[1] / "rules" / f"0010_{dialect}.sql").read_text()
    for rule in rules.split("\n-->\n"):
        # psycopg reads a bare % as a placeholder
        op.get_bind().exec_driver_sql(rule if dialect == "sqlite" else rule.replace("%", "%%"))
