"""Jobs: a real queue in a file, each job in a unit of work of its own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import outbox
from core.clock import FixedClock
from core.database import Database
from core.jobs import JobLine, Jobs, make_queue
from core.unit_of_work import UnitOfWork


def _write(session: Session, now: datetime) -> int:
    outbox.put(session, "mail", {}, now)
    return 1


def _written(work: UnitOfWork) -> int:
    with work.begin(write=False) as session:
        return session.execute(select(func.count()).select_from(outbox.OutboxMessage)).scalar_one()


@pytest.fixture
def work(database: Database, clock: FixedClock) -> UnitOfWork:
    return UnitOfWork(database, {}, clock)


@pytest.fixture
def jobs(work: UnitOfWork, tmp_path: Path) -> Jobs:
    lines = (JobLine("write", _write, minutes=5), JobLine("nightly", _write, daily_at=19))
    return Jobs(make_queue(f"sqlite:///{tmp_path / 'queue.db'}"), work, lines)


def test_a_job_runs_in_a_transaction_of_its_own(jobs: Jobs, work: UnitOfWork) -> None:
    assert jobs.run("write") == 1
    assert _written(work) == 1
    with pytest.raises(KeyError):
        jobs.run("unknown")


def test_a_job_is_queued_only_by_a_commit(jobs: Jobs, work: UnitOfWork) -> None:
    with work.begin(write=False) as session:
        jobs.enqueue_after_commit(session, "write")
    assert jobs.queue.pending_count() == 0
    with work.begin() as session:
        jobs.enqueue_after_commit(session, "write")
        assert jobs.queue.pending_count() == 0
    assert jobs.queue.pending_count() == 1
    jobs.queue.execute(jobs.queue.dequeue())
    assert _written(work) == 1


def test_repeated_jobs_come_at_their_times(jobs: Jobs) -> None:
    at = {task.name for task in jobs.queue.read_periodic(datetime(2026, 11, 22, 19, 15))}  # noqa: DTZ001
    assert at == {"write_on_time", "nightly_on_time"}
    assert jobs.queue.read_periodic(datetime(2026, 11, 22, 19, 16)) == []  # noqa: DTZ001


def test_an_unknown_queue_is_named() -> None:
    with pytest.raises(ValueError, match="amqp"):
        make_queue("amqp://x")
