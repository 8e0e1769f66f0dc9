"""A person's tree from the service, beside the bare recursive query on the same database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from app import tables
from bench.measure import Line, show, turn_about
from core.database import Database, make_engine
from referrals.queries.slices import lineage_slice
from referrals.tree import Figures, figures

BARE = """
    WITH RECURSIVE below (person_id, parent_id, level) AS (
      SELECT learner_id, teacher_id, 1 FROM lineage WHERE teacher_id = ?
      UNION ALL
      SELECT lineage.learner_id, lineage.teacher_id, below.level + 1
      FROM below JOIN lineage ON lineage.teacher_id = below.person_id
    )
    SELECT person_id, parent_id FROM below LIMIT ?
"""
EVERYBODY = 2_000_000_000
PAGE = 300


def run(database: Path) -> None:
    """Measure on people with about 10, 1,000 and 10,000 below them."""
    assert tables.TABLE_MODULES
    engine = make_engine(f"sqlite:///{database}")
    lines = []
    with closing(sqlite3.connect(database)) as bare, Database(engine).session(write=False) as session:
        for size in (10, 1_000, 10_000):
            person, reach = bare.execute(
                "SELECT person_id, reach FROM person_figures ORDER BY abs(reach - ?), direct LIMIT 1", (size,)
            ).fetchone()
            for most, words in ((PAGE, f"page, ≤ {PAGE} nodes"), (EVERYBODY, "whole tree")):
                works: dict[str, Callable[[], object]] = {
                    "ours": partial(ours, session, person, most),
                    "bare": partial(walk, bare, person, most),
                }
                found = turn_about(works, times=20)
                target = "≤ 3×" if most == PAGE else ""
                what = f"{reach:>6,} below: {words}"
                lines.append(Line(what, found["ours"] * 1e3, found["bare"] * 1e3, "ms", target))
    engine.dispose()
    show("A person's tree, service call with figures, beside the bare recursive query (SQLite)", lines)


def ours(session: Session, person: int, most: int) -> Figures:
    """The service's slice, and its figures."""
    return figures(lineage_slice(session, person, nodes=most))


def walk(bare: sqlite3.Connection, person: int, most: int) -> list[tuple[int, int]]:
    """The bare query."""
    return bare.execute(BARE, (person, most)).fetchall()
