"""Coaches of matches with their history, absences and cover, and attempts that reached nobody."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_MODES = ("in_person", "phone", "video", "email")


def upgrade() -> None:
    op.create_table(
        "match_coach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=True),
        sa.Column("undoes_seq", sa.Integer(), nullable=True),
        sa.CheckConstraint("seq > 0", name=op.f("ck_match_coach_seq_counts_from_one")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_match_coach_by_id")),
        sa.ForeignKeyConstraint(["coach_id"], ["coach.id"], name=op.f("fk_match_coach_coach_id")),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_match_coach_match_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_coach")),
        sa.UniqueConstraint("match_id", "seq", name=op.f("uq_match_coach_match_id_seq")),
    )
    op.create_index("ix_match_coach_coach_id", "match_coach", ["coach_id"])
    op.create_index("ix_match_coach_by_id_at", "match_coach", ["by_id", "at"])
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_absence_days_in_order")),
        sa.ForeignKeyConstraint(["coach_id"], ["coach.id"], name=op.f("fk_absence_coach_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_absence_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sa.UniqueConstraint("ref", name=op.f("uq_absence_ref")),
    )
    op.create_index(op.f("ix_absence_coach_id"), "absence", ["coach_id"])
    op.create_table(
        "cover",
        sa.Column("absence_id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["absence_id"], ["absence.id"], name=op.f("fk_cover_absence_id")),
        sa.ForeignKeyConstraint(["coach_id"], ["coach.id"], name=op.f("fk_cover_coach_id")),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_cover_match_id")),
        sa.PrimaryKeyConstraint("absence_id", "match_id", name=op.f("pk_cover")),
    )
    op.create_index(op.f("ix_cover_coach_id"), "cover", ["coach_id"])
    op.create_index(op.f("ix_cover_match_id"), "cover", ["match_id"])
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column(
            "mode", sa.Enum(*_MODES, name="mode", native_enum=False, create_constraint=True, length=24), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["coach_id"], ["coach.id"], name=op.f("fk_attempt_coach_id")),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_attempt_match_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_match_id_on_day", "attempt", ["match_id", "on_day"])
    op.create_index("ix_trail_account_id_seq", "trail", ["account_id", "seq"])
    # Whoever is the coach of a mentee has looked after the match since it started, as far as anybody knows.
    op.execute(
        """
        INSERT INTO match_coach (match_id, seq, coach_id, on_day, at, by_id, by_name)
        SELECT match.id, 1, mentee.coach_id, match.started_on, match_transition.at, NULL, 'migration'
          FROM match JOIN mentee ON mentee.id = match.mentee_id
          JOIN match_transition ON match_transition.match_id = match.id AND match_transition.seq = match.version
         WHERE match.started_on IS NOT NULL
        """
    )
    dialect = op.get_bind().dialect.name
    rules = (Path(__file__).parents[1] / "rules" / f"0006_{dialect}.sql").read_text()
    for rule in rules.split("\n-->\n"):
        # psycopg reads a bare % as a placeholder
        op.get_bind().exec_driver_sql(rule if dialect == "sqlite" else rule.replace("%", "%%"))
