"""Reads of single teachings: by id, by the door a learner comes through, by what was recorded before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from core.errors import NotFound
from people.models import Person, Unit
from people.permissions import Actor, Permission, may
from referrals.codes import Door
from referrals.doors import Standing, standing
from referrals.models.acts import ConfirmationCode, Teaching, TeachingMove, TeachingSkill
from referrals.states import State

_WHOLE = (
    joinedload(Teaching.teacher).joinedload(Person.unit).joinedload(Unit.ward),
    joinedload(Teaching.learner).joinedload(Person.ward),
    joinedload(Teaching.ward),
    selectinload(Teaching.skills),
)
_NOT_VOIDED = Teaching.state != State.VOIDED.value


@dataclass(frozen=True)
class AtTheDoor:
    """What stands behind a door: the teaching with its people, the code of the door, and how things stand."""

    teaching: Teaching
    code: ConfirmationCode
    standing: Standing


@dataclass(frozen=True)
class LastChoices:
    """What a teacher chose the last time, so that the next record takes fewer taps.

    The first time the ward is the teacher's own.
    """

    skill_ids: tuple[int, ...] = ()
    place: str | None = None
    ward_code: str | None = None


def teaching_for(session: Session, actor: Actor, teaching_id: int) -> Teaching:
    """Return a teaching with its people, ward and skills.

    Raises NotFound where there is none, or none for this actor: only the teacher, whoever coordinates the
    teacher's unit, and whoever may void it everywhere.
    """
    teaching = session.get(Teaching, teaching_id, options=_WHOLE)
    if teaching is None:
        raise NotFound("not_found")
    unit_id, owner_id = teaching.teacher.unit_id, teaching.teacher_id
    ways_in = (Permission.TEACHING_SEE, Permission.TEACHING_VOID)
    if not any(may(actor, one, unit_id=unit_id, owner_id=owner_id) for one in ways_in):
        raise NotFound("not_found")
    return teaching


def may_void(actor: Actor, teaching: Teaching) -> bool:
    """Tell whether this actor may take a teaching back: one's own while nobody has confirmed it."""
    if teaching.state == State.VOIDED.value:
        return False
    owner = None if teaching.state == State.CONFIRMED.value else teaching.teacher_id
    return may(actor, Permission.TEACHING_VOID, unit_id=teaching.teacher.unit_id, owner_id=owner)


def newest_code(session: Session, teaching_id: int) -> ConfirmationCode | None:
    """Return the present code of a teaching, or None for one that never had any."""
    return session.scalar(
        select(ConfirmationCode)
        .where(ConfirmationCode.teaching_id == teaching_id)
        .order_by(ConfirmationCode.serial.desc())
        .limit(1)
    )


def history(session: Session, teaching_id: int) -> list[TeachingMove]:
    """Return the moves of a teaching, newest first."""
    statement = (
        select(TeachingMove).where(TeachingMove.teaching_id == teaching_id).order_by(TeachingMove.id.desc())
    )
    return list(session.scalars(statement))


def last_reason(session: Session, teaching_id: int, state: State) -> str:
    """Return the reason given when the teaching last came into this state; empty where none was given."""
    statement = (
        select(TeachingMove.reason)
        .where(TeachingMove.teaching_id == teaching_id, TeachingMove.to_state == state.value)
        .order_by(TeachingMove.id.desc())
        .limit(1)
    )
    return session.scalar(statement) or ""


def at_the_door(session: Session, door: Door, now: datetime) -> AtTheDoor:
    """Return what stands behind a door. Raises NotFound for a door that leads nowhere."""
    teaching = session.get(Teaching, door.teaching_id, options=_WHOLE)
    codes = session.scalars(
        select(ConfirmationCode)
        .where(ConfirmationCode.teaching_id == door.teaching_id)
        .order_by(ConfirmationCode.serial.desc())
    ).all()
    code = next((code for code in codes if code.serial == door.serial), None)
    if teaching is None or code is None:
        raise NotFound("link_unknown")
    how = standing(
        teaching.state,
        serial=door.serial,
        newest_serial=codes[0].serial,
        expires_at=code.expires_at,
        now=now,
    )
    return AtTheDoor(teaching, code, how)


def door_of_digits(session: Session, digits_hash: str, given_key: str, now: datetime) -> Door | None:
    """Return the door of six digits, for somebody whose name ends in this word (folded); None otherwise.

    Six digits alone could be tried out; together with the learner's own name they are worth a link.
    """
    row = session.execute(
        select(ConfirmationCode.teaching_id, ConfirmationCode.serial, Person.name_key)
        .join(Teaching, Teaching.id == ConfirmationCode.teaching_id)
        .join(Person, Person.id == Teaching.learner_id)
        .where(ConfirmationCode.digits_hash == digits_hash, ConfirmationCode.expires_at > now)
    ).first()
    if row is None or not given_key:
        return None
    name = f" {row.name_key}"
    return Door(row.teaching_id, row.serial, "code") if name.endswith(f" {given_key}") else None


def by_client_uuid(session: Session, client_uuid: str) -> Teaching | None:
    """Return the teaching that a form with this mark has made already."""
    return session.scalar(
        select(Teaching).options(joinedload(Teaching.learner)).where(Teaching.client_uuid == client_uuid)
    )


def is_my_learner(session: Session, teacher_id: int, learner_id: int) -> bool:
    """Tell whether this teacher has recorded this learner before."""
    statement = select(Teaching.id).where(
        Teaching.teacher_id == teacher_id, Teaching.learner_id == learner_id, _NOT_VOIDED
    )
    return session.scalar(statement.limit(1)) is not None


def last_choices(session: Session, teacher_id: int) -> LastChoices:
    """Return what this teacher chose in the newest record, and for a first one the teacher's own ward."""
    row = session.execute(
        select(Teaching.id, Teaching.place, Person.ward_code)
        .join(Person, Person.id == Teaching.learner_id)
        .where(Teaching.teacher_id == teacher_id)
        .order_by(Teaching.id.desc())
        .limit(1)
    ).first()
    if row is None:
        teacher = session.get(Person, teacher_id)
        home = teacher.unit.ward_code if teacher and teacher.unit else None
        return LastChoices(ward_code=(teacher.ward_code if teacher else None) or home)
    skills = session.scalars(select(TeachingSkill.skill_id).where(TeachingSkill.teaching_id == row.id))
    return LastChoices(tuple(skills), row.place, row.ward_code)
