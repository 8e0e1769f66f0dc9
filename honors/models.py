"""Tables of honours: nominations and what was published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, BigId, UtcDateTime
from people.models import Person


class Nomination(Base):
    """A person put forward for honouring. Published only while the consent to publish holds."""

    __tablename__ = "nomination"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="shortlisted")
    # The reasons as they stood when the person was shortlisted: [{"code": …, "value": …}, …].
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    story: Mapped[str] = mapped_column(Text, default="")
    # Counts up with each change of the words: a consent speaks of one edition, of these words and no others.
    edition: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    slug: Mapped[str | None] = mapped_column(String(80), unique=True)
    nominated_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    nominated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()

    __table_args__ = (
        CheckConstraint("state IN ('shortlisted', 'published', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'published') <= (published_at IS NOT NULL)", name="published_when"),
        Index(
            "uq_nomination_open",
            "person_id",
            unique=True,
            sqlite_where=text("state <> 'withdrawn'"),
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index("ix_nomination_state", "state", "published_at"),
    )
