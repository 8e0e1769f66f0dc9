"""The unit of work: one transaction for one wish, opened at an edge (a page, a command, a job).

Returning commits, raising rolls back. Events are delivered before the commit, so that what must be true
together is written together; the job queue is woken only after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.clock import Clock
from core.database import Database
from core.errors import Conflict
from core.events import Reactions, deliver

_AFTER = "core.after_commit"


def after_commit(session: Session, call: Callable[[], object]) -> None:
    """Ask for a call right after the commit, such as waking the job queue; dropped on rollback."""
    session.info.setdefault(_AFTER, []).append(call)


class UnitOfWork:
    """Opens transactions on one database, with one table of reactions and one clock."""

    def __init__(self, database: Database, reactions: Reactions, clock: Clock) -> None:
        self.database = database
        self.reactions = reactions
        self.clock = clock
        # For what is held in memory: whatever was written, it may be stale now.
        self.after_each_commit: list[Callable[[], None]] = []

    @contextmanager
    def begin(self, *, write: bool = True) -> Iterator[Session]:
        """Yield a session. Leaving normally delivers events and commits; an exception rolls back.

        Raises Conflict("already_stored") where a constraint of the database refuses the wish.
        """
        session = self.database.session(write=write)
        try:
            yield session
            self.finish(session, write=write)
        except IntegrityError as error:
            session.rollback()
            raise conflict_of(error) from error
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()

    def finish(self, session: Session, *, write: bool) -> None:
        """Deliver events, commit, then wake what waits for the commit."""
        if not write:
            session.rollback()
            return
        deliver(session, self.reactions, self.clock.now())
        session.commit()
        for forget in self.after_each_commit:
            forget()
        for call in session.info.pop(_AFTER, []):
            call()


def conflict_of(error: IntegrityError) -> Conflict:
    """Return the refusal that a broken constraint means, by the name of the constraint where it is known."""
    message = str(error.orig)
    for mark, code in CONSTRAINT_CODES.items():
        if mark in message:
            return Conflict(code)
    return Conflict("already_stored")


# A mark found in the database's own message → the stable code. Features add theirs in app/wiring.py.
CONSTRAINT_CODES: dict[str, str] = {}
