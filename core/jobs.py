"""Background jobs on Huey: a SQLite file by default, Redis or PostgreSQL by `QUEUE_URL`.

A job is a function `(session, now, **arguments)`, safe to run twice. `app/wiring.py` names every job in one
table; the worker runs each in a unit of work of its own. Enqueue after the commit, never before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from sqlalchemy.orm import Session

from core.unit_of_work import UnitOfWork, after_commit

MORE: Final = object()
"""What a job returns when it did one part of its work: the next part gets a unit of work of its own."""


@dataclass(frozen=True)
class JobLine:
    """One line of the table of jobs; `minutes` repeats it, `daily_at` (UTC hour) runs it once a day."""

    name: str
    run: Callable[[Session, datetime], object]
    minutes: int | None = None
    daily_at: int | None = None


def make_queue(url: str) -> Huey:
    """Return the queue of a `QUEUE_URL`: sqlite:///file, redis://host or postgresql://….

    Raises ValueError for a scheme we do not speak.
    """
    scheme = urlsplit(url).scheme.split("+")[0]
    if scheme == "sqlite":
        return SqliteHuey("daisuso", filename=url.removeprefix("sqlite:///"), fsync=False)
    if scheme in ("redis", "rediss"):
        return RedisHuey("daisuso", url=url)
    if scheme == "postgresql":
        return PostgresHuey("daisuso", dsn=url.replace("+psycopg", "", 1))
    if scheme == "memory":
        return SqliteHuey("daisuso", filename=":memory:", immediate=True)
    raise ValueError(f"QUEUE_URL has the scheme {scheme!r}: use sqlite:///, redis:// or postgresql://")


class Jobs:
    """The queue with its jobs registered, each in a unit of work of its own."""

    def __init__(self, queue: Huey, work: UnitOfWork, lines: tuple[JobLine, ...]) -> None:
        self.queue = queue
        self._work = work
        self._lines: Mapping[str, JobLine] = {line.name: line for line in lines}
        self._tasks = {line.name: self._task(line) for line in lines}
        for line in lines:
            self._repeat(line)

    def run(self, name: str) -> object:
        """Run a job here and now, all its parts. Raises KeyError for a name that the table does not have."""
        line = self._lines[name]
        answer: object = MORE
        while answer is MORE:
            with self._work.begin() as session:
                answer = line.run(session, self._work.clock.now())
        return answer

    def enqueue_after_commit(self, session: Session, name: str) -> None:
        """Put a job into the queue once the running transaction has committed."""
        task = self._tasks[name]
        after_commit(session, lambda: task())

    def _task(self, line: JobLine) -> Any:
        return self.queue.task(name=line.name, retries=3, retry_delay=30)(
            lambda: self.run(line.name) and None
        )

    def _repeat(self, line: JobLine) -> None:
        def again() -> None:
            self.run(line.name)

        name = f"{line.name}_on_time"
        if line.minutes is not None:
            when = crontab(minute=f"*/{line.minutes}")
            self.queue.periodic_task(when, name=name)(again)
        elif line.daily_at is not None:
            self.queue.periodic_task(crontab(hour=str(line.daily_at), minute="15"), name=name)(again)
