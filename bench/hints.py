"""The hint while a name is typed, and the list of my learners, among 10,000 people and 1,000,000."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from bench.ground import BOX, DAY, NOW, City, a_name, actor_of, build, work_on
from bench.measure import Line, show, turn_about
from bench.postgres import Server
from referrals.learner_list import Filters
from referrals.queries.learners import learner_counts, my_learners
from referrals.services.hinting import HintWish, hint

SMALL = City(ambassadors=1_000, learners=9_000, popular=5_000)
LARGE = City(ambassadors=100_000, learners=900_000, popular=5_000)
BARE = text(
    "SELECT p.id, p.full_name, t.id, t.taught_on FROM teaching t JOIN person p ON p.id = t.learner_id"
    " WHERE t.teacher_id = :who AND t.state <> 'voided' ORDER BY t.id DESC LIMIT 31"
)
BARE_NAME = text(
    "SELECT p.id, p.full_name, p.ward_code FROM person p JOIN teaching t ON t.learner_id = p.id"
    " AND t.teacher_id = :who WHERE p.name_key = :key LIMIT 20"
)


def run(folder: Path, server: Server | None) -> None:
    """Measure on both sizes and each database, and print; each floor is a bare query on the same rows."""
    for name in ("SQLite", "PostgreSQL"):
        if name == "PostgreSQL" and server is None:
            continue
        lines = []
        for city in (SMALL, LARGE):
            size = city.ambassadors + city.learners
            url = (
                server.database()
                if server and name == "PostgreSQL"
                else f"sqlite:///{folder}/hints-{size}.db"
            )
            build(url, city)
            lines += measured(url, city, f"{size:>9,} people")
        show(f"The hint, and my learners ({name}; floor: a bare query by the index)", lines)


def measured(url: str, city: City, size: str) -> list[Line]:
    """A teacher of a few learners and the popular one."""
    work = work_on(url)
    lines = []
    with work.database.session(write=False) as session:
        connection = session.connection()
        for who, whom in ((2, "a few learners"), (1, f"{city.popular:,} learners")):
            works: dict[str, Callable[[], object]] = {
                "hint": partial(_hint, session, who, random.Random(5)),
                "key": partial(_bare_name, connection, who),
                "list": partial(my_learners, session, who, Filters(), DAY),
                "names": partial(my_learners, session, who, replace(Filters(), order="name"), DAY),
                "search": partial(my_learners, session, who, replace(Filters(), search="nguyen an"), DAY),
                "counts": partial(learner_counts, session, who),
                "bare": partial(_bare, connection, who),
            }
            found = {name: seconds * 1e3 for name, seconds in turn_about(works, times=15).items()}
            lines += [
                Line(f"{size}, {whom}: hint", found["hint"], found["key"], "ms"),
                Line("  my learners, newest", found["list"], found["bare"], "ms"),
                Line("  my learners, by name", found["names"], found["bare"], "ms"),
                Line("  my learners, a search", found["search"], found["bare"], "ms"),
                Line("  how many in each view", found["counts"], found["bare"], "ms"),
            ]
    work.database.dispose()
    return lines


def _hint(session: Session, who: int, chance: random.Random) -> object:
    return hint(session, actor_of(who), HintWish(a_name(chance), taught_on=DAY), NOW, BOX)


def _bare(connection: Connection, who: int) -> object:
    return connection.execute(BARE, {"who": who}).fetchall()


def _bare_name(connection: Connection, who: int) -> object:
    return connection.execute(BARE_NAME, {"who": who, "key": "nguyen thi lan"}).fetchall()
