"""What all tables share: names of constraints, types, permanent references."""

import datetime as dt
import enum
import secrets
from typing import Annotated, Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData, String, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


#: SQLite stores the word 'true' where a yes or no belongs, and takes it for a no.
YES_OR_NO = "{} IN (true, false)"
#: The upper bound also refuses words, which SQLite finds larger than any number.
YEARS = "BETWEEN 0 AND 99"


class UTCDateTime(TypeDecorator[dt.datetime]):
    """An aware moment, kept in UTC. SQLite drops offsets, so they are taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Refuse a naive moment: it would mean another time on another machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment without a time zone cannot be stored"
            raise ValueError(message)
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Give the moment back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Base(DeclarativeBase):
    """Mother of all tables."""

    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map = {
        dt.datetime: UTCDateTime(),
        str: Text(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        enum.StrEnum: Enum(
            enum.StrEnum,
            native_enum=False,
            create_constraint=True,
            length=24,
            values_callable=lambda kind: [member.value for member in kind],
        ),
    }


def new_ref() -> str:
    """A permanent reference that says nothing and cannot be guessed: it may stand in a URL."""
    return secrets.token_hex(8)


Ref = Annotated[str, mapped_column(String(16), unique=True, default=new_ref)]
#: Names of entries of a list, or of organisations.
Names = Annotated[
    list[str], mapped_column(JSON().with_variant(JSONB(), "postgresql"), default=list, server_default="[]")
]
