"""The database: declarative base, column types, engines for SQLite and PostgreSQL, locks.

SQLite runs in WAL with foreign keys on; a writer begins IMMEDIATE, because a transaction that reads and
then writes under DEFERRED fails at once when another writer came between.
"""

from __future__ import annotations

import os
import weakref
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import Pool

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite numbers rows by itself only in an INTEGER primary key.
BigId = BigInteger().with_variant(Integer, "sqlite")

SQLITE_BUSY_MILLISECONDS = 15_000
WRITES = "writes"

# One lock for the shape of the tree, on PostgreSQL; SQLite's write lock serves there.
TREE_LOCK = 7_220_415_001


# Pools of parent processes, held so that nothing closes their connections in a child.
_OF_PARENTS: list[Pool] = []


class Base(DeclarativeBase):
    """Base of every table; constraint names are predictable so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; a naive one is refused rather than guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Take an aware moment to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back as aware UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC)


def is_sqlite(bind: Engine | Connection | Session) -> bool:
    """Tell whether this engine, connection or session speaks to SQLite."""
    if isinstance(bind, Session):
        return bind.get_bind().dialect.name == "sqlite"
    return bind.dialect.name == "sqlite"


def make_engine(url: str, *, echo: bool = False) -> Engine:
    """Return an engine with the house's settings for `sqlite:///…` or `postgresql+psycopg://…`.

    Errors name their statement without its values: a log is no place for names and numbers of people.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        # Kept open: whoever closes the last connection writes the whole log home and removes it, each time.
        engine = create_engine(parsed, echo=echo, hide_parameters=True)
        _prepare_sqlite(engine)
        _leave_behind_at_fork(engine)
        return engine
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(
        parsed,
        echo=echo,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"options": "-c timezone=UTC -c lock_timeout=15000", "prepare_threshold": 1},
    )


def _leave_behind_at_fork(engine: Engine) -> None:
    """Let a child process open connections of its own: one of SQLite may not even be closed by both.

    What the parent had open is kept unused in the child (sqlite.org/howtocorrupt.html, section 2.6).
    """
    known = weakref.ref(engine)

    def leave() -> None:
        found = known()
        if found is not None:
            _OF_PARENTS.append(found.pool)
            found.dispose(close=False)

    os.register_at_fork(after_in_child=leave)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(dbapi: Any, _record: object) -> None:
        dbapi.isolation_level = None
        cursor = dbapi.cursor()
        cursor.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_MILLISECONDS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute("PRAGMA cache_size=-16000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Database:
    """An engine, and sessions that know whether they mean to write."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reader = engine.execution_options(**{WRITES: False})

    def session(self, *, write: bool) -> Session:
        """Return a new session. On SQLite a writing one takes the write lock at its first statement."""
        return Session(self.engine if write else self._reader, expire_on_commit=False)

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def lock_tree(session: Session) -> None:
    """Let one writer at a time change the shape of the tree, until the end of its transaction.

    On SQLite the write lock that BEGIN IMMEDIATE took does it already.
    """
    if not is_sqlite(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": TREE_LOCK})
