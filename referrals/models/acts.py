"""Tables of acts: teachings, their history, the codes and the confirmation."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, BigId, UtcDateTime
from learning.models import ClassSession, Skill
from people.models import Person, Ward


class Teaching(Base):
    """One dated act: a teacher taught a learner some skills.

    `taught_on` is a civil day of Da Nang; an unknown day is 9999-12-31, so that it comes after all others.
    `taught_second` is the second of that day, 0 where only the day is known.
    """

    __tablename__ = "teaching"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    teacher_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    taught_on: Mapped[date] = mapped_column(Date)
    taught_second: Mapped[int] = mapped_column(Integer, default=0)
    taught_precision: Mapped[str] = mapped_column(String(4), default="day")
    place: Mapped[str | None] = mapped_column(String(20))
    ward_code: Mapped[str | None] = mapped_column(ForeignKey("ward.code"))
    class_id: Mapped[int | None] = mapped_column(ForeignKey("class_session.id"), index=True)
    note: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="recorded")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Made by the form: a double tap or a resend finds the first record instead of making a second.
    client_uuid: Mapped[str | None] = mapped_column(String(36), unique=True)
    source: Mapped[str | None] = mapped_column(String(80))

    teacher: Mapped[Person] = relationship(foreign_keys=[teacher_id])
    learner: Mapped[Person] = relationship(foreign_keys=[learner_id])
    ward: Mapped[Ward | None] = relationship()
    held_in: Mapped[ClassSession | None] = relationship()
    skills: Mapped[list[Skill]] = relationship(secondary="teaching_skill", order_by=Skill.position)

    __table_args__ = (
        CheckConstraint("teacher_id <> learner_id", name="not_oneself"),
        CheckConstraint(
            "state IN ('recorded', 'confirmed', 'disputed', 'returned', 'expired', 'voided')", name="state"
        ),
        CheckConstraint("taught_precision IN ('none', 'year', 'day', 'time')", name="precision"),
        CheckConstraint("taught_second BETWEEN 0 AND 86399", name="second"),
        CheckConstraint("(state = 'confirmed') <= (confirmed_at IS NOT NULL)", name="confirmed_when"),
        Index(
            "uq_teaching_same_act",
            "teacher_id",
            "learner_id",
            "taught_on",
            "taught_second",
            unique=True,
            sqlite_where=text("state <> 'voided'"),
            postgresql_where=text("state <> 'voided'"),
        ),
        Index("ix_teaching_of_learner", "learner_id", "state"),
        Index("ix_teaching_of_teacher", "teacher_id", "id"),
        # Who still waits, beside very many who do not.
        Index(
            "ix_teaching_open",
            "teacher_id",
            "id",
            sqlite_where=text("state IN ('disputed', 'recorded', 'returned', 'expired')"),
            postgresql_where=text("state IN ('disputed', 'recorded', 'returned', 'expired')"),
        ),
        Index("ix_teaching_source_state", "source", "state", "taught_on", "taught_second", "id"),
    )


class TeachingSkill(Base):
    """Which skills a teaching was about."""

    __tablename__ = "teaching_skill"

    teaching_id: Mapped[int] = mapped_column(ForeignKey("teaching.id"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), primary_key=True, index=True)


class TeachingMove(Base):
    """History: each move of a teaching from one state to another; rows are only added."""

    __tablename__ = "teaching_move"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    teaching_id: Mapped[int] = mapped_column(ForeignKey("teaching.id"), index=True)
    from_state: Mapped[str | None] = mapped_column(String(12))
    to_state: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    # None: the learner, or the house itself.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")


class ConfirmationCode(Base):
    """The way in for the learner: a link and a six-digit code of one teaching, single use, expiring.

    The link's token is derived from (teaching, serial) by a key and never stored. The digits are stored
    sealed, with a keyed hash for look-up; both go when the code is used, replaced or expired.
    """

    __tablename__ = "confirmation_code"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    teaching_id: Mapped[int] = mapped_column(ForeignKey("teaching.id"), index=True)
    serial: Mapped[int] = mapped_column(Integer)
    digits_hash: Mapped[str | None] = mapped_column(String(32), unique=True)
    digits_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wrong_tries: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (UniqueConstraint("teaching_id", "serial"),)


class Confirmation(Base):
    """The evidence that a teaching took place; one a teaching, whatever the interleaving."""

    __tablename__ = "confirmation"

    teaching_id: Mapped[int] = mapped_column(ForeignKey("teaching.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # None: the learner, without an account.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    # Keyed hashes, for signals to a human; never an address in clear.
    device_hash: Mapped[str | None] = mapped_column(String(32))
    address_hash: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (
        CheckConstraint("kind IN ('link', 'code', 'paper', 'check_in', 'call_back', 'import')", name="kind"),
    )
