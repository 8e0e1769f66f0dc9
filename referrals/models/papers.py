"""Tables of what is printed: sheets and their slips."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, BigId, UtcDateTime
from learning.models import ClassSession
from people.models import Person


class PaperSheet(Base):
    """One printed sheet: its serial is typed or scanned when it comes back, once."""

    __tablename__ = "paper_sheet"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    serial: Mapped[str] = mapped_column(String(12), unique=True)
    teacher_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("class_session.id"))
    lines: Mapped[int] = mapped_column(Integer)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    teacher: Mapped[Person] = relationship()
    held_in: Mapped[ClassSession | None] = relationship()
    slips: Mapped[list[PaperSlip]] = relationship(order_by="PaperSlip.line")

    __table_args__ = (CheckConstraint("lines BETWEEN 1 AND 50", name="lines"),)


class PaperSlip(Base):
    """One slip of a sheet, with a short code of its own; it stands for one act at most."""

    __tablename__ = "paper_slip"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("paper_sheet.id"))
    line: Mapped[int] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    teaching_id: Mapped[int | None] = mapped_column(ForeignKey("teaching.id"), unique=True)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("sheet_id", "line"),)
