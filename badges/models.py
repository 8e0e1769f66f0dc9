"""Tables of badges: what was awarded to whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, BigId, UtcDateTime


class Award(Base):
    """A badge of a person. A revoked award stays as history; one standing award a person and badge."""

    __tablename__ = "award"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    badge_code: Mapped[str] = mapped_column(String(40))
    awarded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The act that completed it, where one did.
    teaching_id: Mapped[int | None] = mapped_column(ForeignKey("teaching.id"), index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The celebration is shown once.
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "uq_award_standing",
            "person_id",
            "badge_code",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index("ix_award_badge_code", "badge_code", "awarded_at"),
    )
