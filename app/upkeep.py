"""Background work that mixes features; each job is safe to run twice."""

from __future__ import annotations

import smtplib
from datetime import datetime

import structlog
from sqlalchemy import delete
from sqlalchemy.orm import Session

import badges.services
import leaderboards.services
from core.limits import RateWindow
from core.mail import Letter, Mailer, make_mailer
from core.outbox import due, mark_failed, mark_sent
from people.permissions import HOUSE
from referrals.services import snapshot

log = structlog.get_logger("daisuso.upkeep")

_mailer: dict[str, Mailer] = {}


def use_mailer(url: str, sender: str) -> None:
    """Set the mailer of this process; called once, by the factory."""
    _mailer["mail"] = make_mailer(url, sender)


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
