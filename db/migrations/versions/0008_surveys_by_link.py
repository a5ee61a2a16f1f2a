"""Surveys of a side with kinds of questions, and the links by which people answer."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

#: Written out, because SQLite makes a table anew for anything but a plain ADD COLUMN.
_COLUMNS = {
    "survey": "side VARCHAR(24) DEFAULT 'mentee' NOT NULL "
    "CONSTRAINT ck_survey_side_known CHECK (side IN ('mentor', 'mentee'))",
    "survey_question": "kind VARCHAR(24) DEFAULT 'agrees' NOT NULL "
    "CONSTRAINT ck_survey_question_kind_known CHECK (kind IN ('agrees', 'words'))",
}


def upgrade() -> None:
    for table, column in _COLUMNS.items():
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    # A survey that only mentors have answered was one for mentors.
    op.execute(
        """
        UPDATE survey SET side = 'mentor'
         WHERE EXISTS (SELECT 1 FROM survey_response r JOIN survey_question q ON q.id = r.question_id
                        WHERE q.survey_id = survey.id AND r.mentor_id IS NOT NULL)
           AND NOT EXISTS (SELECT 1 FROM survey_response r JOIN survey_question q ON q.id = r.question_id
                            WHERE q.survey_id = survey.id AND r.mentee_id IS NOT NULL)
        """
    )
    op.create_table(
        "survey_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=True),
        sa.Column("mentee_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(mentor_id IS NULL) <> (mentee_id IS NULL)", name=op.f("ck_survey_link_one_person")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_survey_link_created_by_id")),
        sa.ForeignKeyConstraint(["mentee_id"], ["mentee.id"], name=op.f("fk_survey_link_mentee_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_survey_link_mentor_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_link_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_link")),
        sa.UniqueConstraint("survey_id", "mentee_id", name=op.f("uq_survey_link_survey_id_mentee_id")),
        sa.UniqueConstraint("survey_id", "mentor_id", name=op.f("uq_survey_link_survey_id_mentor_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_survey_link_token_hash")),
    )
    op.create_index(op.f("ix_survey_link_mentee_id"), "survey_link", ["mentee_id"])
    op.create_index(op.f("ix_survey_link_mentor_id"), "survey_link", ["mentor_id"])
