"""The table of people who wait for somebody to teach them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, BigId, UtcDateTime
from learning.models import Skill
from people.models import Person, Ward


class WaitingLearner(Base):
    """Somebody who asked to be taught: kept apart from persons until the teaching is written down.

    The name and phone are erased when the wait has ended; the ward and the days stay for the figures.
    """

    __tablename__ = "waiting_learner"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    full_name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(120))
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    phone_tail: Mapped[str | None] = mapped_column(String(3))
    age_band: Mapped[str | None] = mapped_column(String(10))
    ward_code: Mapped[str] = mapped_column(ForeignKey("ward.code"))
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("skill.id"))
    note: Mapped[str] = mapped_column(String(300), default="")
    came_by: Mapped[str] = mapped_column(String(10))
    # What the person agreed to, when and in which words: the consent of someone who is no person here yet.
    consent_text: Mapped[str] = mapped_column(Text)
    consent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    teaching_id: Mapped[int | None] = mapped_column(ForeignKey("teaching.id"), unique=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    ward: Mapped[Ward] = relationship()
    skill: Mapped[Skill | None] = relationship()
    taker: Mapped[Person | None] = relationship()

    __table_args__ = (
        CheckConstraint("came_by IN ('walk_in', 'call', 'form')", name="came_by"),
        CheckConstraint("state IN ('waiting', 'taken', 'taught', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'taken') <= (taken_by IS NOT NULL)", name="taken_by_whom"),
        CheckConstraint("(phone_sealed IS NULL) = (phone_hash IS NULL)", name="phone_whole"),
        Index("ix_waiting_learner_ward", "ward_code", "state", "asked_at", "id"),
        # Somebody who asks twice waits once. Without a phone nobody can tell two of one name apart.
        Index(
            "uq_waiting_learner_same_wish",
            "name_key",
            "phone_hash",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'taken')"),
            postgresql_where=text("state IN ('waiting', 'taken')"),
        ),
    )
