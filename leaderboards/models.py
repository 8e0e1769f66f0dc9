"""Tables of leaderboards: the append-only ledger, and the score and size rows that boards read."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, BigId, UtcDateTime


class LedgerEntry(Base):
    """One signed entry: +1 when an act begins to count, −1 when it is voided; rows are only added.

    `day` is the day of the teaching (9999-12-31: unknown, counted in all time only), so that the period of
    an entry can never be forgotten on one path.
    """

    __tablename__ = "ledger_entry"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    teaching_id: Mapped[int] = mapped_column(ForeignKey("teaching.id"))
    # Indexed, so that somebody who was entered by mistake can be taken out without a walk through the ledger.
    teacher_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    # The teacher's home unit when the act began to count.
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    # 'contact' for a confirmed act, 'learner' for a credited pair.
    kind: Mapped[str] = mapped_column(String(10))
    amount: Mapped[int] = mapped_column(Integer)
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("kind IN ('contact', 'learner')", name="kind"),
        CheckConstraint("amount IN (-1, 1)", name="amount"),
        Index("ix_ledger_entry_teaching", "teaching_id", "kind", "id"),
        Index("ix_ledger_entry_unit_day", "unit_id", "day"),
    )


class UnitScore(Base):
    """Sums of a unit's own ledger entries in one period ('all', '2026', '2026-Q4', '2026-11')."""

    __tablename__ = "unit_score"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    contacts: Mapped[int] = mapped_column(Integer, default=0)
    learners: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (Index("ix_unit_score_period", "period", "learners", "unit_id"),)


class UnitSize(Base):
    """How large a unit is: members on record, and how many of them have taught five or more.

    Counted by one function, for all units at a time or for one; boards print when.
    """

    __tablename__ = "unit_size"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    members: Mapped[int] = mapped_column(Integer, default=0)
    reached_five: Mapped[int] = mapped_column(Integer, default=0)
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
