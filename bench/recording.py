"""Recording per second beside bare inserts of the same rows: one writer and eight, one teacher and many."""

from __future__ import annotations

import json
import pickle
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from bench.ground import City, build
from bench.measure import Line, show
from bench.postgres import Server
from core.database import make_engine

ROOT = Path(__file__).resolve().parent.parent
CITY = City(ambassadors=201, learners=5_000, popular=500)
WRITERS = (1, 8)
TEACHERS = {"one popular teacher": [1], "many teachers": list(range(2, 202))}
ACTS = 240
TABLES = ("person", "teaching", "teaching_move", "teaching_skill", "confirmation_code")


@dataclass(frozen=True)
class Run:
    """Acts a second of all writers together; seconds of one act by the clock, and of processor time."""

    rate: float
    median: float
    late: float
    worked: float
    locked: int


def run(folder: Path, server: Server | None) -> None:
    """Measure on each database and print."""
    for name in ("SQLite", "PostgreSQL"):
        if name == "PostgreSQL" and server is None:
            print("\nNo PostgreSQL here: install requirements/dev.txt, or set TEST_DATABASE_URL")
            continue
        ground = (
            server.database()
            if server is not None and name == "PostgreSQL"
            else f"sqlite:///{folder}/ground.db"
        )
        build(ground, CITY)
        lines = []
        for whom, teachers in TEACHERS.items():
            for writers in WRITERS:
                ours = copy(ground, folder, server)
                mine = race(ours, writers, teachers, None)
                rows = rows_of(ours, folder, writers)
                bare = race(copy(ground, folder, server), writers, teachers, rows)
                what = f"{whom}, {writers} writer{'s' if writers > 1 else ''}"
                target = "≥ 0.33×" if writers == 1 else ""
                more = f"{mine.median * 1e3:.1f} ms, p99 {mine.late * 1e3:.1f}; bare {bare.median * 1e3:.2f}"
                if mine.locked or bare.locked:
                    more += f"; locked {mine.locked} times, bare {bare.locked}"
                lines.append(Line(what, mine.rate, bare.rate, "acts/s", target, more))
                if writers == 1:
                    worked = f"{mine.worked * 1e3:.2f} ms; bare {bare.worked * 1e3:.2f}"
                    lines.append(
                        Line(
                            "  by processor time", 1 / mine.worked, 1 / bare.worked, "acts/s", target, worked
                        )
                    )
        show(f"Recording one act in each transaction ({name}; floor: bare inserts of the same rows)", lines)


def copy(ground: str, folder: Path, server: Server | None) -> str:
    """A copy of the ground, to be written into."""
    if not ground.startswith("sqlite"):
        assert server is not None
        return server.database(ground)
    target = folder / "copy.db"
    for left in folder.glob("copy.db*"):
        left.unlink()
    shutil.copyfile(ground.removeprefix("sqlite:///"), target)
    return f"sqlite:///{target}"


def race(url: str, writers: int, teachers: list[int], rows: list[Path] | None) -> Run:
    """Let so many processes write at once."""
    each = ACTS // writers
    children = []
    for writer in range(writers):
        spec: dict[str, Any] = {
            "url": url,
            "writer": writer,
            "acts": each,
            "teachers": teachers[writer:] or teachers,
        }
        if rows is not None:
            spec["rows"] = str(rows[writer])
        command = [sys.executable, "-m", "bench.record_once", json.dumps(spec)]
        children.append(
            subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        )
    for child in children:
        assert child.stdout is not None
        if child.stdout.readline() != "ready\n":
            raise RuntimeError("a writer did not get ready")
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    found = [json.loads(child.communicate()[0]) for child in children]
    seconds = max(one["ended"] for one in found) - min(one["began"] for one in found)
    taken = sorted(second for one in found for second in one["taken"])
    worked = statistics.median(one["worked"] for one in found)
    late = taken[len(taken) * 99 // 100]
    return Run(
        len(taken) / seconds, statistics.median(taken), late, worked, sum(one["locked"] for one in found)
    )


def rows_of(url: str, folder: Path, writers: int) -> list[Path]:
    """The rows that the writers made, as statements in the order of the acts: a file for each writer."""
    engine = make_engine(url)
    files = []
    with engine.connect() as connection:
        for writer in range(writers):
            acts = [_rows_of_act(connection, f"bench-{writer}-{number}") for number in range(ACTS // writers)]
            files.append(folder / f"rows-{writer}.pickle")
            files[-1].write_bytes(pickle.dumps(acts))
    engine.dispose()
    return files


def _rows_of_act(connection: Connection, mark: str) -> list[tuple[str, tuple[Any, ...]]]:
    act, learner = connection.execute(
        text("SELECT id, learner_id FROM teaching WHERE client_uuid = :mark"), {"mark": mark}
    ).one()
    found = []
    for table in TABLES:
        key, value = {"person": ("id", learner), "teaching": ("id", act)}.get(table, ("teaching_id", act))
        for row in connection.execute(text(f"SELECT * FROM {table} WHERE {key} = :value"), {"value": value}):
            values = row._asdict()
            names, places = ", ".join(values), ", ".join("?" * len(values))
            found.append((f"INSERT INTO {table} ({names}) VALUES ({places})", tuple(values.values())))
    return found
