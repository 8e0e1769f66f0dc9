"""The work of the background: the next part of the next list, whatever its state, from where it stood.

Each part is one transaction: a worker that is killed loses at most the part it was at, and its successor goes
on. Reading a file takes seconds and no transaction: what was read stays with the desk of this process, and
a successor reads it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core.errors import AppError, Invalid
from core.secrets_box import SecretsBox
from people.models import Account
from people.permissions import Actor, Permission, ensure
from people.queries import actor_of
from referrals.models.rosters import RosterImport
from referrals.queries import rosters as queries
from referrals.rosters import MOST_TRIES, PART
from referrals.services.rosters.columns import keep_columns
from referrals.services.rosters.judging import clear_rows, judge_part
from referrals.services.rosters.opening import Opened, reader_of
from referrals.services.rosters.undoing import undo_part
from referrals.services.rosters.writing import write_part

log = structlog.get_logger("daisuso.rosters")


@dataclass
class Desk:
    """What the worker of a process has before it: a file to read next, and lists that it has read."""

    waiting: tuple[int, Callable[[], Opened]] | None = None
    opened: dict[int, Opened] = field(default_factory=dict)
    problems: dict[int, str] = field(default_factory=dict)

    def read_what_waits(self) -> None:
        """Read the file that waits, outside of any transaction."""
        if self.waiting is None:
            return
        roster_id, read = self.waiting
        self.waiting = None
        try:
            self.opened[roster_id] = read()
        except AppError as refusal:
            self.problems[roster_id] = refusal.code
        except Exception:
            log.exception("a list could not be read", roster=roster_id)
            self.problems[roster_id] = "accident"

    def clear(self) -> None:
        """Put everything away."""
        self.opened.clear()
        self.problems.clear()


def work_part(
    session: Session,
    actor: Actor,
    desk: Desk,
    now: datetime,
    box: SecretsBox,
    confirm_days: int = 30,
) -> bool:
    """Do the next part of the work that waits; return whether there may be more.

    A list whose work fails is marked so, with a code, and its file is kept for another try.
    """
    ensure(actor, Permission.SYSTEM_OPERATE)
    desk.read_what_waits()
    roster = queries.next_to_work(session)
    if roster is None:
        desk.clear()
        return False
    try:
        with session.begin_nested():
            _step(session, _owner(session, roster), desk, roster, now, box, confirm_days)
    except OperationalError:
        # The database is busy or gone: that says nothing about the list.
        raise
    except AppError as refusal:
        _fail(roster, refusal.code, now)
    except Exception:
        log.exception("a list could not be worked on", roster=roster.id, state=roster.state)
        _fail(roster, "accident", now)
    session.flush()
    return True


def _owner(session: Session, roster: RosterImport) -> Actor:
    account = session.get_one(Account, roster.account_id)
    return actor_of(session, account)


def _step(
    session: Session,
    owner: Actor,
    desk: Desk,
    roster: RosterImport,
    now: datetime,
    box: SecretsBox,
    confirm_days: int,
) -> None:
    if roster.state == "judging":
        _judge(session, owner, desk, roster, now, box)
    elif roster.state == "writing":
        desk.opened.pop(roster.id, None)
        write_part(session, owner, roster, now, box, confirm_days)
    else:
        undo_part(session, owner, roster, now)


def _judge(
    session: Session,
    owner: Actor,
    desk: Desk,
    roster: RosterImport,
    now: datetime,
    box: SecretsBox,
) -> None:
    if roster.id in desk.problems:
        raise Invalid(desk.problems.pop(roster.id))
    if roster.done == 0 and clear_rows(session, roster.id):
        # Rows of a reading before this one, with other columns.
        return
    opened = desk.opened.get(roster.id)
    if opened is None:
        tries = roster.counts.get("tries", 0) + 1
        if tries > MOST_TRIES:
            raise Invalid("file_too_slow")
        roster.counts = {**roster.counts, "tries": tries}
        desk.waiting = (roster.id, reader_of(session, owner, roster, now, box))
        return
    if roster.total == 0:
        keep_columns(roster, opened.read, box)
        roster.total = len(opened.read.rows)
    part = opened.read.rows[roster.done : roster.done + PART]
    if part:
        judge_part(session, owner, roster, part, opened.seen, now, box)
        roster.counts = {**roster.counts, "tries": 0}
    if roster.done >= roster.total:
        roster.state = "ready" if roster.total else "uploaded"
        del desk.opened[roster.id]


def _fail(roster: RosterImport, code: str, now: datetime) -> None:
    roster.state = "failed"
    roster.problem = code[:60]
    roster.ended_at = now
