"""The database layer: moments, pragmas, write locks."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, StatementError

from core import outbox
from core.database import Database, is_sqlite, lock_tree

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_a_moment_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    local = datetime(2026, 11, 22, 19, 0, tzinfo=timezone(timedelta(hours=7)))
    with database.session(write=True) as session:
        outbox.put(session, "mail", {}, local)
        session.commit()
    with database.session(write=False) as session:
        found = session.scalars(select(outbox.OutboxMessage)).one()
        assert found.created_at == NOON
        assert found.created_at.tzinfo is UTC


def test_a_naive_moment_is_refused(database: Database) -> None:
    with database.session(write=True) as session:
        outbox.put(session, "mail", {}, datetime(2026, 11, 22, 12, 0))  # noqa: DTZ001
        with pytest.raises(StatementError, match="naive"):
            session.flush()


def test_sqlite_stands_as_the_house_wants_it(database: Database) -> None:
    with database.session(write=False) as session:
        if not is_sqlite(session):
            assert session.execute(text("SHOW timezone")).scalar() == "UTC"
            return
        told = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys")
        }
        assert told == {"journal_mode": "wal", "foreign_keys": 1}


def test_many_writers_that_read_first_all_get_through(database: Database) -> None:
    """Under a deferred transaction most of these would fail with "database is locked"."""
    start = threading.Barrier(6)
    errors: list[DBAPIError] = []

    def write() -> None:
        start.wait()
        try:
            for _ in range(10):
                with database.session(write=True) as session:
                    session.execute(select(outbox.OutboxMessage.id)).all()
                    outbox.put(session, "mail", {}, NOON)
                    session.commit()
        except DBAPIError as error:
            errors.append(error)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    with database.session(write=False) as session:
        assert len(session.scalars(select(outbox.OutboxMessage.id)).all()) == 60


def test_one_writer_at_a_time_shapes_the_tree(database: Database) -> None:
    order: list[str] = []
    held = threading.Event()

    def second() -> None:
        held.wait()
        with database.session(write=True) as session:
            lock_tree(session)
            session.execute(text("SELECT 1"))
            order.append("second")
            session.rollback()

    thread = threading.Thread(target=second)
    thread.start()
    with database.session(write=True) as session:
        lock_tree(session)
        session.execute(text("SELECT 1"))
        held.set()
        thread.join(timeout=0.3)
        order.append("first")
        session.rollback()
    thread.join()
    assert order == ["first", "second"]


def test_an_error_names_no_value(database: Database) -> None:
    """What is logged of an error must not hold names and numbers of people."""
    with database.engine.connect() as connection, pytest.raises(DBAPIError) as failed:
        connection.execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": "Nguyễn Thị Lan"})
    assert "nowhere" in str(failed.value)
    assert "Lan" not in str(failed.value)
