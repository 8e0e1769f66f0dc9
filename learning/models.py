"""Tables of learning: skills, target groups, and the classes and home visits where they are taught.

Skills and target groups are data: no official list was to be had.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, BigId, UtcDateTime
from people.models import Person, Unit, Ward


class Skill(Base):
    """A skill, with its name in both languages; an inactive one stays readable on old teachings.

    The card says in two lines what was taught. The question is an easy one about the skill; the first of its
    options is the right one, and the page mixes them.
    """

    __tablename__ = "skill"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_vi: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    card_vi: Mapped[str] = mapped_column(String(300), default="", server_default="")
    card_en: Mapped[str] = mapped_column(String(300), default="", server_default="")
    question_vi: Mapped[str] = mapped_column(String(200), default="", server_default="")
    question_en: Mapped[str] = mapped_column(String(200), default="", server_default="")
    options_vi: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    options_en: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    position: Mapped[int] = mapped_column(Integer)
    active: Mapped[bool] = mapped_column(default=True)

    groups: Mapped[list[TargetGroup]] = relationship(
        secondary="skill_for_group", order_by="TargetGroup.position"
    )


class TargetGroup(Base):
    """A group of people that courses and classes are made for; never written beside a person."""

    __tablename__ = "target_group"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_vi: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(Integer)
    active: Mapped[bool] = mapped_column(default=True)


class SkillForGroup(Base):
    """Which skills are meant for which target groups; a skill of no group is for everybody."""

    __tablename__ = "skill_for_group"

    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("target_group.id"), primary_key=True, index=True)


class ClassSession(Base):
    """One class or home visit that was held: where, when, by whom, about what.

    The counts of people whom the programme puts first are anonymous sums of the class, never a mark on a
    person (Law 91/2025/QH15). `lead_id` answers for the class; lead and helpers
    stand in `class_teacher`.
    """

    __tablename__ = "class_session"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    held_on: Mapped[date] = mapped_column(Date)
    place: Mapped[str] = mapped_column(String(200), default="")
    ward_code: Mapped[str | None] = mapped_column(ForeignKey("ward.code"))
    # The home unit of the lead when the class was opened: who may see it.
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("target_group.id"))
    state: Mapped[str] = mapped_column(String(12), default="open")
    # People who were there, those without a name on the list included; None: not said.
    headcount: Mapped[int | None] = mapped_column(Integer)
    elderly: Mapped[int] = mapped_column(Integer, default=0)
    disabled: Mapped[int] = mapped_column(Integer, default=0)
    poor: Mapped[int] = mapped_column(Integer, default=0)
    minority: Mapped[int] = mapped_column(Integer, default=0)
    note: Mapped[str | None] = mapped_column(Text)
    client_uuid: Mapped[str | None] = mapped_column(String(36), unique=True)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Learners may check in until then; None: the door was never opened, or is closed again.
    check_in_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    lead: Mapped[Person] = relationship(foreign_keys=[lead_id])
    ward: Mapped[Ward | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    group: Mapped[TargetGroup | None] = relationship()
    skills: Mapped[list[Skill]] = relationship(secondary="class_skill", order_by=Skill.position)
    teachers: Mapped[list[Person]] = relationship(secondary="class_teacher", order_by=Person.sort_key)

    __table_args__ = (
        CheckConstraint(
            "kind IN ('mobile_class', 'home_visit', 'market_stand', 'school', 'office')", name="kind"
        ),
        CheckConstraint("state IN ('open', 'closed', 'cancelled')", name="state"),
        CheckConstraint("headcount IS NULL OR headcount >= 0", name="headcount"),
        CheckConstraint("elderly >= 0 AND disabled >= 0 AND poor >= 0 AND minority >= 0", name="counts"),
        Index("ix_class_session_held_on", "held_on", "id"),
    )


class ClassTeacher(Base):
    """Who taught in a class: the lead and the helpers."""

    __tablename__ = "class_teacher"

    class_id: Mapped[int] = mapped_column(ForeignKey("class_session.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class ClassSkill(Base):
    """What a class was about."""

    __tablename__ = "class_skill"

    class_id: Mapped[int] = mapped_column(ForeignKey("class_session.id"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), primary_key=True, index=True)
