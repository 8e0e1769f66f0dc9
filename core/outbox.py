"""The outbox: what must leave the process (mail, later files and messages), stored with the change itself.

A row is written in the transaction of the wish; a job sends it afterwards and may run twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Index, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, BigId, UtcDateTime

MAX_TRIES = 8


class OutboxMessage(Base):
    """One thing to send; `sent_at` tells that it left, `failed_at` that we gave up."""

    __tablename__ = "outbox_message"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_outbox_message_waiting", "sent_at", "failed_at", "due_at"),)


def put(session: Session, kind: str, payload: dict[str, Any], now: datetime) -> OutboxMessage:
    """Store a thing to send, in the running transaction."""
    message = OutboxMessage(kind=kind, payload=payload, created_at=now, due_at=now)
    session.add(message)
    return message


def due(session: Session, now: datetime, limit: int = 50) -> list[OutboxMessage]:
    """Return messages whose time has come, oldest first; on PostgreSQL rows of another worker are skipped."""
    statement = (
        select(OutboxMessage)
        .where(
            OutboxMessage.sent_at.is_(None), OutboxMessage.failed_at.is_(None), OutboxMessage.due_at <= now
        )
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(statement))


def mark_sent(message: OutboxMessage, now: datetime) -> None:
    """Note that the message left."""
    message.sent_at = now
    message.last_error = None


def mark_failed(message: OutboxMessage, error: str, now: datetime) -> None:
    """Note a failed try: the next comes after 1, 2, 4 … minutes; after MAX_TRIES we give up."""
    message.tries += 1
    message.last_error = error[:500]
    if message.tries >= MAX_TRIES:
        message.failed_at = now
    else:
        message.due_at = now + timedelta(minutes=2 ** (message.tries - 1))
