"""The table of what phones sent from their outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime


class SentEntry(Base):
    """One entry of a phone's outbox as it was taken: sent again, it is answered and not written again."""

    __tablename__ = "sent_entry"

    client_uuid: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    # SHA-256 of the content in canonical JSON, in hexadecimal.
    content_hash: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # What was answered: the ids that came of it.
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (CheckConstraint("kind IN ('one', 'several', 'class')", name="kind"),)
