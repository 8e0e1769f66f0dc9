"""Rate windows in the database: they hold between workers."""

from __future__ import annotations

import threading

import pytest
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

import core.limits
from core.database import Database
from core.limits import DatabaseStorage


class _Time:
    def __init__(self) -> None:
        self.moment = 1_000_000.0

    def time(self) -> float:
        return self.moment


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> _Time:
    still = _Time()
    monkeypatch.setattr(core.limits, "time", still)
    return still


@pytest.fixture
def storage(database: Database, time: _Time) -> DatabaseStorage:
    return DatabaseStorage("database://", engine=database.engine)


def test_hits_count_until_the_window_ends(storage: DatabaseStorage, time: _Time) -> None:
    assert [storage.incr("a", 60) for _ in range(3)] == [1, 2, 3]
    assert storage.get("a") == 3
    assert storage.get("b") == 0
    time.moment += 61
    assert storage.get("a") == 0
    assert storage.incr("a", 60) == 1


def test_a_limit_holds_between_workers(database: Database, time: _Time) -> None:
    """Six workers, each with a limiter of its own, let exactly five of thirty through."""
    allowed: list[bool] = []
    start = threading.Barrier(6)

    def worker() -> None:
        limiter = FixedWindowRateLimiter(DatabaseStorage("database://", engine=database.engine))
        start.wait()
        allowed.extend(limiter.hit(RateLimitItemPerMinute(5), "sign-in", "10.0.0.1") for _ in range(5))

    threads = [threading.Thread(target=worker) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(allowed) == 30
    assert sum(allowed) == 5


def test_ended_windows_are_swept_and_running_ones_stay(storage: DatabaseStorage, time: _Time) -> None:
    storage.incr("old", 10)
    time.moment += 11
    storage.incr("new", 10)
    assert storage.sweep() == 1
    assert storage.get("new") == 1
    storage.clear("new")
    assert storage.get("new") == 0
    storage.incr("x", 10)
    assert storage.reset() == 1
    assert storage.check()
