"""One writer in a process of its own: `python -m bench.record_once SPEC` gets ready, waits, writes.

SPEC is JSON: url, writer, acts, teachers, and for the floor `rows`, a pickled file of the rows of each act.
"""

from __future__ import annotations

import json
import pickle
import random
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from bench.ground import BOX, DAY, NOW, a_name, actor_of, work_on
from referrals.services.recording import TeachingWish, record_teaching

WARM = 5
MOST_TRIES = 20
Write = Callable[[int], None]


def main() -> None:
    """Warm up, wait for the others, write."""
    spec = json.loads(sys.argv[1])
    write = floor(spec) if "rows" in spec else ours(spec)
    print("ready", flush=True)
    sys.stdin.readline()
    taken, locked = [], 0
    began, worked = time.perf_counter(), time.process_time()
    for act in range(spec["acts"]):
        start = time.perf_counter()
        locked += until_done(write, act)
        taken.append(time.perf_counter() - start)
    worked = (time.process_time() - worked) / spec["acts"]
    print(
        json.dumps(
            {"began": began, "ended": time.perf_counter(), "worked": worked, "locked": locked, "taken": taken}
        )
    )


def until_done(write: Write, act: int) -> int:
    """Write, again where the database stayed locked beyond all patience; return how often it did."""
    for times in range(MOST_TRIES):
        try:
            write(act)
        except (OperationalError, sqlite3.OperationalError) as fault:
            if "locked" not in str(fault):
                raise
        else:
            return times
    raise RuntimeError("the database stays locked")


def ours(spec: dict[str, Any]) -> Write:
    """Record through the service, each act in a unit of work, as a page does."""
    work = work_on(spec["url"])
    with work.begin(write=False) as session:
        wards = [str(row[0]) for row in session.execute(text("SELECT code FROM ward ORDER BY code"))]
        skills = [int(row[0]) for row in session.execute(text("SELECT id FROM skill ORDER BY id LIMIT 2"))]
    chance = random.Random(spec["writer"])
    writer = spec["writer"]

    def record(mark: str, number: int) -> None:
        wish = TeachingWish(
            full_name=a_name(chance),
            taught_on=DAY,
            skill_ids=tuple(skills),
            place="home",
            apart=True,
            phone=f"09{writer:02}{number:06}",
            ward_code=chance.choice(wards),
            client_uuid=f"{mark}-{writer}-{number}",
        )
        teacher = spec["teachers"][number % len(spec["teachers"])]
        with work.begin() as session:
            record_teaching(session, actor_of(teacher), wish, NOW, BOX)

    for number in range(WARM):
        record("warm", 900_000 + number)
    return lambda number: record("bench", number)


def floor(spec: dict[str, Any]) -> Write:
    """Insert the same rows by bare statements, each act in a transaction."""
    acts: list[list[tuple[str, tuple[Any, ...]]]] = pickle.loads(Path(spec["rows"]).read_bytes())
    if spec["url"].startswith("sqlite"):
        lite = sqlite3.connect(spec["url"].removeprefix("sqlite:///"), isolation_level=None)
        for pragma in ("busy_timeout=15000", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            lite.execute(f"PRAGMA {pragma}")

        def in_sqlite(number: int) -> None:
            lite.execute("BEGIN IMMEDIATE")
            for statement, values in acts[number]:
                lite.execute(statement, values)
            lite.execute("COMMIT")

        return in_sqlite
    address = make_url(spec["url"]).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(address, prepare_threshold=1)

    def in_postgres(number: int) -> None:
        with connection.transaction():
            for statement, values in acts[number]:
                connection.execute(statement.replace("?", "%s"), values)

    return in_postgres


if __name__ == "__main__":
    main()
