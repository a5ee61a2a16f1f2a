"""Specialities, goals, licences, places, wishes and limits."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_NONE = " DEFAULT '[]' NOT NULL"


def _up_to(what: str) -> str:
    check = f"{what}_years_to BETWEEN 0 AND 99 AND {what}_years_from <= {what}_years_to"
    return f"{what}_years_to INTEGER CONSTRAINT ck_mentor_{what}_in_order CHECK ({check})"


#: By table; written out, because SQLite makes a table anew, and loses its rules, for anything but a plain ADD COLUMN.
_COLUMNS = {
    "mentor": (
        "helps_with NAMES",
        "licence TEXT",
        "wish_years_from INTEGER CONSTRAINT ck_mentor_wish_from CHECK (wish_years_from BETWEEN 0 AND 99)",
        _up_to("wish"),
        "wish_agencies NAMES",
        "limit_years_from INTEGER CONSTRAINT ck_mentor_limit_from CHECK (limit_years_from BETWEEN 0 AND 99)",
        _up_to("limit"),
        "limit_km INTEGER CONSTRAINT ck_mentor_limit_km_positive CHECK (limit_km BETWEEN 1 AND 1000)",
        "not_agencies NAMES",
        "no_speciality_on DATE",
    ),
    "mentee": ("goals NAMES", "licence_sought TEXT", "area TEXT", "no_speciality_on DATE"),
    "agency": (
        "limit_km INTEGER CONSTRAINT ck_agency_limit_km_positive CHECK (limit_km BETWEEN 1 AND 1000)",
        "not_divisions NAMES",
    ),
}


def upgrade() -> None:
    op.create_table(
        "speciality",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["occupational_group.id"], name=op.f("fk_speciality_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speciality")),
        sa.UniqueConstraint("group_id", "name", name=op.f("uq_speciality_group_id_name")),
    )
    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_place_latitude_on_earth")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_place_longitude_on_earth")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("name", name=op.f("uq_place_name")),
    )
    names = "JSONB" if op.get_bind().dialect.name == "postgresql" else "JSON"
    for table, columns in _COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column.replace('NAMES', names + _NONE)}")
    for person in ("mentor", "mentee"):
        table = f"{person}_speciality"
        op.create_table(
            table,
            sa.Column("person_id", sa.Integer(), nullable=False),
            sa.Column("speciality_id", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(["person_id"], [f"{person}.id"], name=op.f(f"fk_{table}_person_id")),
            sa.ForeignKeyConstraint(["speciality_id"], ["speciality.id"], name=op.f(f"fk_{table}_speciality_id")),
            sa.PrimaryKeyConstraint("person_id", "speciality_id", name=op.f(f"pk_{table}")),
        )
    op.create_table(
        "own_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=True),
        sa.Column("mentee_id", sa.Integer(), nullable=True),
        sa.Column(
            "about",
            sa.Enum("speciality", "goal", name="about", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(mentor_id IS NULL) <> (mentee_id IS NULL)", name=op.f("ck_own_words_one_person")),
        sa.ForeignKeyConstraint(["mentee_id"], ["mentee.id"], name=op.f("fk_own_words_mentee_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_own_words_mentor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_words")),
        sa.UniqueConstraint("mentee_id", "about", "words", name=op.f("uq_own_words_mentee_id_about_words")),
        sa.UniqueConstraint("mentor_id", "about", "words", name=op.f("uq_own_words_mentor_id_about_words")),
    )
