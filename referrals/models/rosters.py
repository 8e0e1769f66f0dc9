"""Tables of lists that people send: an import, its rows, and which columns meant what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, BigId, UtcDateTime
from learning.models import ClassSession
from people.models import Person


class RosterImport(Base):
    """One list on its way in: read, judged, shown, then written row by row, or cancelled.

    The file itself is kept sealed until the import has ended, its rows until the error file has expired.
    """

    __tablename__ = "roster_import"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    teacher_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    class_id: Mapped[int | None] = mapped_column(ForeignKey("class_session.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    file_hash: Mapped[str] = mapped_column(String(64))
    # Up to 20 MB: read only by whoever asks for it.
    file_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    # What the headers look like: the key of the memory of columns.
    shape: Mapped[str] = mapped_column(String(64), default="")
    # Sheets with their header rows and columns as they were guessed, and as they were corrected.
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # What holds for rows that do not say it: day, skills, place, ward.
    defaults: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(12), default="uploaded", index=True)
    # Rows to go through at this stage, and rows gone through.
    total: Mapped[int] = mapped_column(Integer, default=0)
    done: Mapped[int] = mapped_column(Integer, default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # Why it failed: a stable code.
    problem: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    teacher: Mapped[Person] = relationship()
    held_in: Mapped[ClassSession | None] = relationship()

    __table_args__ = (
        CheckConstraint(
            "state IN ('uploaded', 'judging', 'ready', 'writing', 'done', "
            "'cancelling', 'cancelled', 'failed')",
            name="state",
        ),
    )


class RosterRow(Base):
    """One row of a list: what stood there (sealed), what it was judged to be, what came of it."""

    __tablename__ = "roster_row"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("roster_import.id"))
    sheet: Mapped[str] = mapped_column(String(100))
    # As the sender counts: the first row of a sheet is 1.
    row: Mapped[int] = mapped_column(Integer)
    # The cells as they were sent and the fields as they were read, in JSON; it may hold a phone number.
    cells_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    verdict: Mapped[str] = mapped_column(String(10))
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    # What the sender decided about a doubtful row.
    choice: Mapped[str | None] = mapped_column(String(10))
    outcome: Mapped[str | None] = mapped_column(String(10))
    # Indexed, so that a person or an act can be taken out again without a walk through every list.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    teaching_id: Mapped[int | None] = mapped_column(ForeignKey("teaching.id"), index=True)
    made_person: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        UniqueConstraint("import_id", "sheet", "row"),
        CheckConstraint("verdict IN ('new', 'known', 'doubtful', 'refused')", name="verdict"),
        CheckConstraint("choice IS NULL OR choice IN ('same', 'apart', 'skip')", name="choice"),
        CheckConstraint(
            "outcome IS NULL OR outcome IN ('written', 'nothing', 'refused', 'undone')", name="outcome"
        ),
        Index("ix_roster_row_verdict", "import_id", "verdict", "id"),
    )


class ColumnMemory(Base):
    """What the columns of lists of one shape meant, the last time somebody corrected the guess."""

    __tablename__ = "column_memory"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    shape: Mapped[str] = mapped_column(String(64), primary_key=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
