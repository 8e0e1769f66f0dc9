"""The unit of work: commits, rolls back, delivers events before the commit and calls after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import events, outbox
from core.clock import FixedClock
from core.database import Database
from core.errors import Conflict
from core.limits import RateWindow
from core.unit_of_work import UnitOfWork, after_commit


@dataclass(frozen=True)
class Happened:
    number: int


@dataclass(frozen=True)
class Followed:
    number: int


def _count(work: UnitOfWork) -> int:
    with work.begin(write=False) as session:
        return session.execute(select(func.count()).select_from(outbox.OutboxMessage)).scalar_one()


def _follow(session: Session, event: Happened, now: datetime) -> None:
    outbox.put(session, "mail", {"n": event.number}, now)
    events.record(session, Followed(event.number))


def _fail(session: Session, event: Followed, now: datetime) -> None:
    raise RuntimeError("a reaction failed")


def _again(session: Session, event: Followed, now: datetime) -> None:
    events.record(session, Followed(event.number + 1))


def test_what_follows_is_written_with_the_wish(database: Database, clock: FixedClock) -> None:
    work = UnitOfWork(database, {Happened: (_follow, _follow)}, clock)
    with work.begin() as session:
        events.record(session, Happened(1))
        assert _pending(session) == 0
    assert _count(work) == 2


def _pending(session: Session) -> int:
    return session.execute(select(func.count()).select_from(outbox.OutboxMessage)).scalar_one()


def test_a_failing_reaction_takes_the_wish_back(database: Database, clock: FixedClock) -> None:
    work = UnitOfWork(database, {Happened: (_follow,), Followed: (_fail,)}, clock)
    called: list[int] = []

    def wish() -> None:
        with work.begin() as session:
            after_commit(session, lambda: called.append(1))
            events.record(session, Happened(1))

    with pytest.raises(RuntimeError):
        wish()
    assert _count(work) == 0
    assert called == []


def test_reactions_that_answer_each_other_for_ever_are_stopped(database: Database, clock: FixedClock) -> None:
    work = UnitOfWork(database, {Followed: (_again,)}, clock)
    with pytest.raises(RuntimeError, match="Followed"), work.begin() as session:
        events.record(session, Followed(1))


def test_calls_wait_for_the_commit(database: Database, clock: FixedClock) -> None:
    work = UnitOfWork(database, {}, clock)
    seen: list[int] = []
    with work.begin() as session:
        outbox.put(session, "mail", {}, clock.now())
        after_commit(session, lambda: seen.append(_count(work)))
        assert seen == []
    assert seen == [1]


def test_reading_never_writes(database: Database, clock: FixedClock) -> None:
    work = UnitOfWork(database, {}, clock)
    with work.begin(write=False) as session:
        outbox.put(session, "mail", {}, clock.now())
        session.flush()
    assert _count(work) == 0


def test_a_broken_constraint_becomes_a_conflict(database: Database, clock: FixedClock) -> None:
    work = UnitOfWork(database, {}, clock)
    with work.begin() as session:
        session.add(RateWindow(key="k", hits=1, expires_at=1))
    with pytest.raises(Conflict) as refusal, work.begin() as session:
        session.add(RateWindow(key="k", hits=1, expires_at=1))
    assert refusal.value.code == "already_stored"
