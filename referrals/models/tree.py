"""Tables of the tree: places, credit, and the snapshot of figures."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime


class Lineage(Base):
    """A learner's place in the tree: the teacher above, and the teaching that founded it.

    Triggers of the first migration refuse a circle on both databases.
    """

    __tablename__ = "lineage"

    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    teacher_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    teaching_id: Mapped[int] = mapped_column(ForeignKey("teaching.id"), unique=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("teacher_id <> learner_id", name="not_oneself"),
        # Covers the walk down: children in the order of their ids.
        Index("ix_lineage_children", "teacher_id", "learner_id"),
    )


class Credit(Base):
    """One counted pair: this learner counts for this teacher, by this act. Rows go when the act is voided."""

    __tablename__ = "credit"

    teacher_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    teaching_id: Mapped[int] = mapped_column(ForeignKey("teaching.id"), unique=True)

    __table_args__ = (
        CheckConstraint("teacher_id <> learner_id", name="not_oneself"),
        Index("ix_credit_learner_id", "learner_id"),
    )


class PersonFigures(Base):
    """The snapshot of one person's figures; rebuilt whole by a job from one function."""

    __tablename__ = "person_figures"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    direct: Mapped[int] = mapped_column(Integer)
    reach: Mapped[int] = mapped_column(Integer, index=True)
    depth: Mapped[int] = mapped_column(Integer)
    generation: Mapped[int] = mapped_column(Integer)


class Snapshot(Base):
    """When a snapshot was taken, and the sums it found."""

    __tablename__ = "snapshot"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sums: Mapped[dict[str, object]] = mapped_column(JSON)
