"""The list of whose data was erased, and that an erased person stays so."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column(
            "ground",
            sa.Enum("year", "consent", name="ground", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('mentor', 'mentee')", name=op.f("ck_erasure_kind_known")),
        sa.CheckConstraint("(ground = 'consent') = (agreed_on IS NOT NULL)", name=op.f("ck_erasure_consent_has_a_day")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("ref", name=op.f("uq_erasure_ref")),
    )
    dialect = op.get_bind().dialect.name
    rules = (Path(__file__).parents[1] / "rules" / f"0012_{dialect}.sql").read_text()
    for rule in rules.split("\n-->\n"):
        # psycopg reads a bare % as a placeholder
        op.get_bind().exec_driver_sql(rule if dialect == "sqlite" else rule.replace("%", "%%"))
