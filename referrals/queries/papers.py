"""Reads of paper: sheets by their serial, what became of each line, which were printed and came back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from core.errors import NotFound
from learning.models import ClassSession, ClassTeacher
from people.models import Account, Person
from people.permissions import Actor, Permission, may
from referrals.models.acts import Confirmation, Teaching
from referrals.models.papers import PaperSheet, PaperSlip
from referrals.papers import Mark

SHEETS_SHOWN: Final = 50
CLASSES_SHOWN: Final = 30


@dataclass(frozen=True)
class SheetLine:
    """A line of a sheet, and what became of it. `entered_at` is None while nobody has typed it in."""

    line: int
    code: str
    entered_at: datetime | None
    entered_by: str | None
    entered_by_id: int | None
    teaching_id: int | None
    learner_name: str | None
    learner_key: str | None
    state: str | None
    kind: str | None


@dataclass(frozen=True)
class SheetRow:
    """A printed sheet in a list: how many of its lines came back, and how many of those were signed."""

    serial: str
    teacher_name: str
    made_at: datetime
    lines: int
    entered: int
    signed: int
    closed_at: datetime | None
    title: str | None


@dataclass(frozen=True)
class PaperEvidence:
    """Who typed in the signed paper that confirms a teaching, and when."""

    entered_by: str | None
    entered_at: datetime


def may_enter(actor: Actor, teacher_id: int, unit_id: int | None) -> bool:
    """Tell whether this actor may print and type in sheets of a teacher: one's own, or of one's units."""
    if teacher_id == actor.person_id and may(actor, Permission.TEACHING_RECORD):
        return True
    return may(actor, Permission.TEACHING_RECORD_FOR, unit_id=unit_id)


def sheet_for(session: Session, actor: Actor, serial: str) -> PaperSheet:
    """Return a sheet that this actor may type in. Raises NotFound for any other, as for none."""
    statement = (
        select(PaperSheet)
        .options(joinedload(PaperSheet.teacher).joinedload(Person.unit), joinedload(PaperSheet.held_in))
        .where(PaperSheet.serial == serial)
    )
    sheet = session.scalar(statement)
    if sheet is None or not may_enter(actor, sheet.teacher_id, sheet.teacher.unit_id):
        raise NotFound("not_found")
    return sheet


def place_of(session: Session, actor: Actor, mark: Mark) -> tuple[str, int | None] | None:
    """Return the serial of the sheet, and the line of a slip, that a mark leads this actor to; else None."""
    serial: str | None = mark.text
    line = None
    if mark.kind == "slip":
        row = session.execute(
            select(PaperSheet.serial, PaperSlip.line)
            .join(PaperSheet, PaperSheet.id == PaperSlip.sheet_id)
            .where(PaperSlip.code == mark.text)
        ).first()
        serial, line = (row.serial, row.line) if row else (None, None)
    try:
        return (sheet_for(session, actor, serial).serial, line) if serial else None
    except NotFound:
        return None


def sheet_lines(session: Session, sheet_id: int) -> list[SheetLine]:
    """Return the lines of a sheet with what became of each."""
    learner, clerk = aliased(Person), aliased(Person)
    statement = (
        select(
            PaperSlip.line,
            PaperSlip.code,
            PaperSlip.entered_at,
            clerk.full_name,
            PaperSlip.entered_by,
            PaperSlip.teaching_id,
            learner.full_name,
            learner.name_key,
            Teaching.state,
            Confirmation.kind,
        )
        .outerjoin(Teaching, Teaching.id == PaperSlip.teaching_id)
        .outerjoin(learner, learner.id == Teaching.learner_id)
        .outerjoin(Confirmation, Confirmation.teaching_id == Teaching.id)
        .outerjoin(Account, Account.id == PaperSlip.entered_by)
        .outerjoin(clerk, clerk.id == Account.person_id)
        .where(PaperSlip.sheet_id == sheet_id)
        .order_by(PaperSlip.line)
    )
    return [SheetLine(*tuple(row)) for row in session.execute(statement)]


def sheets_of(session: Session, actor: Actor) -> list[SheetRow]:
    """Return the newest sheets that this actor may type in: one's own, and those of one's units."""
    mine = [PaperSheet.teacher_id == actor.person_id] if may(actor, Permission.TEACHING_RECORD) else []
    units = [one for one in actor.units if may(actor, Permission.TEACHING_RECORD_FOR, unit_id=one)]
    if units:
        mine.append(Person.unit_id.in_(sorted(units)))
    if not mine:
        return []
    entered = func.count(PaperSlip.entered_at)
    signed = func.count(Confirmation.teaching_id)
    statement = (
        select(
            PaperSheet.serial,
            Person.full_name,
            PaperSheet.made_at,
            PaperSheet.lines,
            entered,
            signed,
            PaperSheet.entered_at,
            ClassSession.title,
        )
        .join(Person, Person.id == PaperSheet.teacher_id)
        .join(PaperSlip, PaperSlip.sheet_id == PaperSheet.id)
        .outerjoin(ClassSession, ClassSession.id == PaperSheet.class_id)
        .outerjoin(
            Confirmation,
            and_(Confirmation.teaching_id == PaperSlip.teaching_id, Confirmation.kind == "paper"),
        )
        .where(or_(*mine))
        .group_by(PaperSheet.id, Person.full_name, ClassSession.title)
        .order_by(PaperSheet.id.desc())
        .limit(SHEETS_SHOWN)
    )
    return [SheetRow(*row) for row in session.execute(statement)]


def classes_taught(session: Session, person_id: int) -> list[ClassSession]:
    """Return the newest classes that this person led or helped in, called-off ones left out."""
    helped = select(ClassTeacher.class_id).where(ClassTeacher.person_id == person_id)
    statement = (
        select(ClassSession)
        .where(
            or_(ClassSession.lead_id == person_id, ClassSession.id.in_(helped)),
            ClassSession.state != "cancelled",
        )
        .order_by(ClassSession.held_on.desc(), ClassSession.id.desc())
        .limit(CLASSES_SHOWN)
    )
    return list(session.scalars(statement))


def teachings_on_slips(session: Session, teaching_ids: Iterable[int]) -> frozenset[int]:
    """Return those of these teachings for which some slip stands already."""
    wanted = sorted(set(teaching_ids))
    if not wanted:
        return frozenset()
    found = session.scalars(select(PaperSlip.teaching_id).where(PaperSlip.teaching_id.in_(wanted)))
    return frozenset(one for one in found if one is not None)


def learners_on_paper(
    session: Session, teacher_id: int, taught_on: date, learner_ids: Iterable[int]
) -> frozenset[int]:
    """Return those of these learners whose act with this teacher on this day stands on some slip."""
    wanted = sorted(set(learner_ids))
    if not wanted:
        return frozenset()
    statement = (
        select(Teaching.learner_id)
        .join(PaperSlip, PaperSlip.teaching_id == Teaching.id)
        .where(
            Teaching.teacher_id == teacher_id,
            Teaching.taught_on == taught_on,
            Teaching.learner_id.in_(wanted),
        )
    )
    return frozenset(session.scalars(statement))


def classes_in(session: Session, unit_ids: Iterable[int]) -> list[ClassSession]:
    """Return the newest classes of these units, called-off ones left out."""
    statement = (
        select(ClassSession)
        .where(ClassSession.unit_id.in_(sorted(unit_ids)), ClassSession.state != "cancelled")
        .order_by(ClassSession.held_on.desc(), ClassSession.id.desc())
        .limit(CLASSES_SHOWN)
    )
    return list(session.scalars(statement))


def paper_evidence(session: Session, teaching_id: int) -> PaperEvidence | None:
    """Return who typed in the paper that confirms a teaching; None where no paper does."""
    row = session.execute(
        select(Person.full_name, Confirmation.confirmed_at)
        .select_from(Confirmation)
        .outerjoin(Account, Account.id == Confirmation.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(Confirmation.teaching_id == teaching_id, Confirmation.kind == "paper")
    ).first()
    return PaperEvidence(row.full_name, row.confirmed_at) if row else None
