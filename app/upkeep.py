"""Background work that mixes features; each job is safe to run twice."""

from __future__ import annotations

import smtplib
from datetime import datetime
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import Connection, Engine, delete
from sqlalchemy.orm import Session

import badges.services
import leaderboards.services
from core.jobs import MORE
from core.limits import RateWindow
from core.mail import Letter, Mailer, make_mailer
from core.outbox import due, mark_failed, mark_sent
from core.secrets_box import SecretsBox
from people.permissions import HOUSE
from referrals.services import snapshot
from referrals.services.rosters import forgetting, working

log = structlog.get_logger("daisuso.upkeep")

_mailer: dict[str, Mailer] = {}
_sealing: dict[str, tuple[SecretsBox, int]] = {}
# What the worker of this process has read, for each database that it works on.
_desks: WeakKeyDictionary[Engine | Connection, working.Desk] = WeakKeyDictionary()


def use_mailer(url: str, sender: str) -> None:
    """Set the mailer of this process; called once, by the factory."""
    _mailer["mail"] = make_mailer(url, sender)


def use_box(box: SecretsBox, confirm_days: int) -> None:
    """Set by what this process seals, and how long codes hold; called once, by the factory."""
    _sealing["box"] = (box, confirm_days)


def send_outbox(session: Session, now: datetime) -> int:
    """Send what waits in the outbox; return how many letters left."""
    sent = 0
    for message in due(session, now):
        try:
            _mailer[message.kind].send(Letter(**message.payload))
        except (OSError, smtplib.SMTPException, KeyError, TypeError, ValueError) as error:
            log.warning("not sent", id=message.id, error=repr(error))
            mark_failed(message, repr(error), now)
        else:
            mark_sent(message, now)
            sent += 1
    return sent


def rebuild_figures(session: Session, now: datetime) -> object:
    """Take a new snapshot of everybody's reach, depth and generation."""
    return snapshot.rebuild_figures(session, HOUSE, now)


def count_sizes(session: Session, now: datetime) -> int:
    """Count the members of every unit, and those who have taught five."""
    return leaderboards.services.count_sizes(session, HOUSE, now)


def give_badges(session: Session, now: datetime) -> object:
    """Give the badges that came due without a confirmation, such as by a tree that grew below."""
    return badges.services.reconcile(session, HOUSE, now)


def reconcile(session: Session, now: datetime) -> str:
    """Give the badges that are due and take those that are not; compare the boards with a recount."""
    given = badges.services.reconcile(session, HOUSE, now)
    counted = leaderboards.services.recount(session, HOUSE, now)
    log.info("reconciled", badges=str(given), boards=str(counted))
    return f"{given} {counted}"


def sweep_limits(session: Session, now: datetime) -> None:
    """Drop rate windows that have ended."""
    session.execute(delete(RateWindow).where(RateWindow.expires_at <= int(now.timestamp())))


def work_on_rosters(session: Session, now: datetime) -> object:
    """Do the next part of the lists that wait to be judged, written or taken out again."""
    desk = _desks.setdefault(session.get_bind(), working.Desk())
    box, confirm_days = _sealing["box"]
    more = working.work_part(session, HOUSE, desk, now, box, confirm_days)
    return MORE if more else None


def forget_rosters(session: Session, now: datetime) -> object:
    """Erase the files and the rows of lists that ended a week ago."""
    return MORE if forgetting.forget_part(session, HOUSE, now) else None
