"""Weights of the fit, version by version."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "fit_weights",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_fit_weights_version_counts_from_one")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_fit_weights_programme_id")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["account.id"], name=op.f("fk_fit_weights_saved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fit_weights")),
        sa.UniqueConstraint("programme_id", "version", name=op.f("uq_fit_weights_programme_id_version")),
    )
    dialect = op.get_bind().dialect.name
    rules = (Path(__file__).parents[1] / "rules" / f"0002_{dialect}.sql").read_text()
    for rule in rules.split("\n-->\n"):
        # psycopg reads a bare % as a placeholder
        op.get_bind().exec_driver_sql(rule if dialect == "sqlite" else rule.replace("%", "%%"))
