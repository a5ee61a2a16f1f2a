"""Entries that look alike and are of two people, by whom and when that was said."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "two_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=True),
        sa.Column("other_mentor_id", sa.Integer(), nullable=True),
        sa.Column("mentee_id", sa.Integer(), nullable=True),
        sa.Column("other_mentee_id", sa.Integer(), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marked_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(mentor_id IS NULL) = (other_mentor_id IS NULL) AND (mentee_id IS NULL) = (other_mentee_id IS NULL)"
            " AND (mentor_id IS NULL) <> (mentee_id IS NULL)",
            name=op.f("ck_two_people_of_one_kind"),
        ),
        sa.CheckConstraint("mentor_id < other_mentor_id", name=op.f("ck_two_people_mentors_in_order")),
        sa.CheckConstraint("mentee_id < other_mentee_id", name=op.f("ck_two_people_mentees_in_order")),
        sa.ForeignKeyConstraint(["marked_by_id"], ["account.id"], name=op.f("fk_two_people_marked_by_id")),
        sa.ForeignKeyConstraint(["mentee_id"], ["mentee.id"], name=op.f("fk_two_people_mentee_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_two_people_mentor_id")),
        sa.ForeignKeyConstraint(["other_mentee_id"], ["mentee.id"], name=op.f("fk_two_people_other_mentee_id")),
        sa.ForeignKeyConstraint(["other_mentor_id"], ["mentor.id"], name=op.f("fk_two_people_other_mentor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_two_people")),
        sa.UniqueConstraint("mentee_id", "other_mentee_id", name=op.f("uq_two_people_mentee_id_other_mentee_id")),
        sa.UniqueConstraint("mentor_id", "other_mentor_id", name=op.f("uq_two_people_mentor_id_other_mentor_id")),
    )
    op.create_index("ix_two_people_other_mentee_id", "two_people", ["other_mentee_id"])
    op.create_index("ix_two_people_other_mentor_id", "two_people", ["other_mentor_id"])
