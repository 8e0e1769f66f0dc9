"""Tables of people: wards, units, persons, accounts, roles, consents and the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, BigId, UtcDateTime


class Ward(Base):
    """A ward (phường), commune (xã) or special zone (đặc khu): the place, not the organisation."""

    __tablename__ = "ward"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    full_name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(100))
    full_name_en: Mapped[str] = mapped_column(String(120))
    population: Mapped[int | None] = mapped_column(Integer)
    sort_key: Mapped[str] = mapped_column(String(400))

    __table_args__ = (CheckConstraint("kind IN ('ward', 'commune', 'special_zone')", name="kind"),)


class Unit(Base):
    """A unit of the Youth Union, of any depth: city → ward union or bloc → base → chapter."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    ward_code: Mapped[str | None] = mapped_column(ForeignKey("ward.code"), index=True)
    # What the unit itself says; boards per 100 members use the larger of this and the members on record.
    declared_members: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    parent: Mapped[Unit | None] = relationship(remote_side="Unit.id")
    ward: Mapped[Ward | None] = relationship()

    __table_args__ = (
        CheckConstraint("kind IN ('city', 'ward_union', 'bloc', 'base', 'chapter')", name="kind"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_own_parent"),
        CheckConstraint("declared_members IS NULL OR declared_members >= 0", name="members"),
    )


class Person(Base):
    """A person, learner or ambassador alike; the minimum, and the phone only sealed."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    full_name: Mapped[str] = mapped_column(String(120))
    # Accent-free match key, and the Vietnamese order by given name (core.vietnamese).
    name_key: Mapped[str] = mapped_column(String(120), index=True)
    sort_key: Mapped[str] = mapped_column(String(500))
    gender: Mapped[str | None] = mapped_column(String(1))
    age_band: Mapped[str | None] = mapped_column(String(10))
    ward_code: Mapped[str | None] = mapped_column(ForeignKey("ward.code"), index=True)
    # The one home unit that counts for ranking.
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    # A hint for duplicates, never an identity: households share phones, so it is not unique.
    phone_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    phone_tail: Mapped[str | None] = mapped_column(String(3))
    # Where the person came from: the name of an imported network and the id there.
    source: Mapped[str | None] = mapped_column(String(80))
    source_id: Mapped[str | None] = mapped_column(String(80))
    is_demo: Mapped[bool] = mapped_column(default=False)
    boards_opt_out: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    anonymised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    unit: Mapped[Unit | None] = relationship()
    ward: Mapped[Ward | None] = relationship()

    __table_args__ = (
        Index("uq_person_source_source_id", "source", "source_id", unique=True),
        CheckConstraint("gender IS NULL OR gender IN ('m', 'f', 'x')", name="gender"),
        CheckConstraint(
            "age_band IS NULL OR age_band IN ('under_16', '16_24', '25_44', '45_59', '60_74', '75_plus')",
            name="age_band",
        ),
        CheckConstraint("(phone_sealed IS NULL) = (phone_hash IS NULL)", name="phone_whole"),
    )


class Account(Base):
    """What a person signs in with. Learners need none."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    email: Mapped[str | None] = mapped_column(String(200), unique=True)
    # The phone as a sign-in name: here it is unique, unlike the phone of a person.
    phone_hash: Mapped[str | None] = mapped_column(String(32), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5), default="vi")
    active: Mapped[bool] = mapped_column(default=True)
    # Part of the session cookie: a new stamp signs every device out.
    session_stamp: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()

    __table_args__ = (CheckConstraint("email IS NOT NULL OR phone_hash IS NOT NULL", name="has_a_name"),)


class RoleGrant(Base):
    """A role of an account; a coordinator's reaches the unit and everything below it."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint(
            "role IN ('volunteer', 'coordinator', 'communication', 'administrator')", name="role"
        ),
        CheckConstraint("role <> 'coordinator' OR unit_id IS NOT NULL", name="coordinator_has_unit"),
    )


class Consent(Base):
    """One provable act of giving or withdrawing consent; rows are only added.

    Law 91/2025/QH15: explicit, per purpose, provable. The newest row of (person, purpose, item) holds.
    """

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str] = mapped_column(String(40))
    # What exactly, where a purpose has several: a nomination's id, a picture.
    item: Mapped[str] = mapped_column(String(80), default="")
    given: Mapped[bool] = mapped_column()
    text_shown: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(5))
    how: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    guardian_name: Mapped[str | None] = mapped_column(String(120))

    __table_args__ = (Index("ix_consent_newest", "person_id", "purpose", "item", "id"),)


class AuditEntry(Base):
    """What staff did, to whom and when; rows are only added."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (Index("ix_audit_entry_subject", "subject_kind", "subject_id", "id"),)
