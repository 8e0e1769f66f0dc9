"""Import rate and peak memory, beside bare inserts of the same rows into the same tables."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from app.migrations import migrate
from bench import networks
from bench.measure import Line, show
from core.database import make_engine

ROOT = Path(__file__).resolve().parent.parent
BATCH = 5_000
TABLES = ("person", "teaching", "teaching_move", "confirmation", "credit", "lineage", "person_figures")


def run(folder: Path) -> Path:
    """Import, measure, print; returns the database for whoever measures on it next."""
    name, people, taught = networks.files(folder)
    database = fresh(folder / "import.db")
    whole = child(database, people, taught)
    again = child(database, people, taught)
    rows, clock, worked = bare(database, fresh(folder / "floor.db"))
    acts = whole["acts"]
    show(
        f"Import of {name}: {whole['people']:,.0f} people, {acts:,.0f} confirmed acts, and figures (SQLite)",
        [
            Line(
                "import, by the clock",
                acts / whole["seconds"],
                acts / clock,
                "acts/s",
                "≥ 5,000",
                f"floor: {rows:,} bare rows",
            ),
            Line("import, by processor time", acts / whole["worked"], acts / worked, "acts/s"),
            Line("again, nothing to write", acts / again["seconds"], acts / clock, "acts/s"),
            Line("seconds", whole["seconds"], clock, "s"),
            Line(
                "peak memory",
                whole["peak"],
                whole["start"],
                "MiB",
                "≤ 300",
                "floor: the program loaded, idle",
            ),
            Line("peak memory again", again["peak"], again["start"], "MiB", "≤ 300"),
        ],
    )
    return database


def fresh(path: Path) -> Path:
    """A migrated database without a row."""
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


def child(database: Path, people: Path, taught: Path) -> dict[str, float]:
    """Import in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "bench.import_once", f"sqlite:///{database}", str(people), str(taught)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def bare(source: Path, target: Path) -> tuple[int, float, float]:
    """Insert all rows of one database into another by bare statements; return how many, and the seconds by
    the clock and by processor time.

    Reading them is not counted; indexes, checks, foreign keys and triggers are there as in the product.
    """
    clock, worked, count = 0.0, 0.0, 0
    with (
        closing(sqlite3.connect(source)) as reader,
        closing(sqlite3.connect(target, isolation_level=None)) as writer,
    ):
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-16000"):
            writer.execute(f"PRAGMA {pragma}")
        for table in ("ward", "unit"):
            insert(reader, writer, table)
        for table in TABLES:
            found = insert(reader, writer, table)
            count, clock, worked = count + found[0], clock + found[1], worked + found[2]
    return count, clock, worked


def insert(reader: sqlite3.Connection, writer: sqlite3.Connection, table: str) -> tuple[int, float, float]:
    """Copy one table in batches; only the writing is timed."""
    # Places are written in the order of the acts, as the rules take them: nobody is placed twice.
    cursor = reader.execute(f"SELECT * FROM {table} ORDER BY rowid")
    statement = f"INSERT INTO {table} VALUES ({', '.join('?' * len(cursor.description))})"
    clock, worked, count = 0.0, 0.0, 0
    while part := cursor.fetchmany(BATCH):
        start, began = time.perf_counter(), time.process_time()
        writer.execute("BEGIN IMMEDIATE")
        writer.executemany(statement, part)
        writer.execute("COMMIT")
        clock += time.perf_counter() - start
        worked += time.process_time() - began
        count += len(part)
    return count, clock, worked
