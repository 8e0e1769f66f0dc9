"""Many rows at once: one prepared statement on SQLite, COPY on PostgreSQL, no object for any row.

Values are turned by the column's own type, so a moment is stored as the ORM would store it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    SQLColumnExpression,
    String,
    Table,
    any_,
    func,
    literal,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.database import Base, is_sqlite

_PART = 10_000

Turn = Callable[[Any], Any]


def insert_rows(
    session: Session,
    model: type[Base],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    same: Mapping[str, Any] | None = None,
) -> int:
    """Insert rows given as sequences in the order of `columns`; return how many.

    `same` holds the values that every row has. Defaults of the ORM are not applied: name every column that
    the database does not fill itself. Raises IntegrityError where a constraint refuses a row.
    """
    table = model.__table__
    assert isinstance(table, Table)
    turns = _turns(session, table, [*columns, *(same or ())])
    tail = tuple(
        turn(value) if turn else value
        for turn, value in zip(turns[len(columns) :], (same or {}).values(), strict=True)
    )
    names = [*columns, *(same or ())]
    ready = _ready(rows, turns[: len(columns)], tail)
    if is_sqlite(session):
        return _insert_sqlite(session, table, names, ready)
    return _copy(session, table, names, ready)


def tell_planner(session: Session, *models: type[Base]) -> None:
    """Let PostgreSQL look at tables that have grown much: plans made for small ones are kept otherwise.

    A trigger's query that was planned on an empty table reads the whole table for ever after. SQLite plans
    by the indexes alone, and is better left so.
    """
    if is_sqlite(session):
        return
    for model in models:
        session.connection().exec_driver_sql(f"ANALYZE {model.__tablename__}")


def among(
    session: Session, column: SQLColumnExpression[Any], values: Sequence[int] | Sequence[str]
) -> ColumnElement[bool]:
    """The condition that a column holds one of many ids or texts, sent as one parameter, not as thousands."""
    if is_sqlite(session):
        return column.in_(select(func.json_each(json.dumps(list(values))).table_valued("value").c.value))
    kind = String() if values and isinstance(values[0], str) else BigInteger()
    return column == any_(literal(list(values), ARRAY(kind)))


def _turns(session: Session, table: Table, names: Sequence[str]) -> list[Turn | None]:
    dialect = session.connection().dialect
    return [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]


def _ready(
    rows: Iterable[Sequence[Any]], turns: Sequence[Turn | None], tail: tuple[Any, ...]
) -> Iterator[tuple[Any, ...]]:
    if not any(turns):
        for row in rows:
            yield (*row, *tail)
        return
    for row in rows:
        yield (*(turn(value) if turn else value for turn, value in zip(turns, row, strict=True)), *tail)


def _insert_sqlite(
    session: Session, table: Table, names: Sequence[str], rows: Iterator[tuple[Any, ...]]
) -> int:
    places = ", ".join("?" * len(names))
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})"  # noqa: S608  # names of ours
    connection, count = session.connection(), 0
    while part := list(islice(rows, _PART)):
        connection.exec_driver_sql(statement, part)
        count += len(part)
    return count


def _copy(session: Session, table: Table, names: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> int:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    raw = session.connection().connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    count = 0
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
    except psycopg.IntegrityError as error:
        raise IntegrityError(f"COPY {table.name}", None, error) from error
    return count
