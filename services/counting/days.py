"""Arithmetic with days that both engines understand."""

from typing import Any

from sqlalchemy import Date, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from db.models import UTCDateTime


class days_between(FunctionElement[int]):  # noqa: N801 - reads as the function it is
    """`days_between(later, earlier)`: whole days; 0 for the same day."""

    type = Integer()
    inherit_cache = True


class days_after(FunctionElement[Any]):  # noqa: N801
    """`days_after(day, number)`: the day so many days later."""

    type = Date()
    inherit_cache = True


class hours_ago(FunctionElement[Any]):  # noqa: N801
    """`hours_ago(number)`: the moment so many hours before now, as the database knows it."""

    type = UTCDateTime()
    inherit_cache = True


def _two(element: FunctionElement[Any], compiler: SQLCompiler, **kw: Any) -> tuple[str, str]:
    first, second = (compiler.process(clause, **kw) for clause in element.clauses)
    return first, second


@compiles(days_between, "sqlite")
def _between_sqlite(element: days_between, compiler: SQLCompiler, **kw: Any) -> str:
    later, earlier = _two(element, compiler, **kw)
    return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)"


@compiles(days_between, "postgresql")
def _between_postgresql(element: days_between, compiler: SQLCompiler, **kw: Any) -> str:
    later, earlier = _two(element, compiler, **kw)
    return f"(CAST({later} AS DATE) - CAST({earlier} AS DATE))"


@compiles(days_after, "sqlite")
def _after_sqlite(element: days_after, compiler: SQLCompiler, **kw: Any) -> str:
    day, number = _two(element, compiler, **kw)
    return f"date({day}, ({number}) || ' days')"


@compiles(days_after, "postgresql")
def _after_postgresql(element: days_after, compiler: SQLCompiler, **kw: Any) -> str:
    day, number = _two(element, compiler, **kw)
    return f"(CAST({day} AS DATE) + CAST({number} AS INTEGER))"


@compiles(hours_ago, "sqlite")
def _ago_sqlite(element: hours_ago, compiler: SQLCompiler, **kw: Any) -> str:
    return f"datetime('now', '-' || ({compiler.process(element.clauses, **kw)}) || ' hours')"


@compiles(hours_ago, "postgresql")
def _ago_postgresql(element: hours_ago, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(now() - ({compiler.process(element.clauses, **kw)}) * INTERVAL '1 hour')"
