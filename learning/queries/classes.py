"""Reads of classes: one for whoever may see it, lists, and who can teach in one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from core.errors import NotFound
from core.paging import Page, decode_key, encode_key
from learning.classes import ClassState
from learning.models import ClassSession, ClassSkill, ClassTeacher, TargetGroup
from people.models import Account, Person, RoleGrant, Unit, Ward
from people.permissions import Actor, Permission, Role, may

ROWS_A_PAGE: Final = 20
NEAR: Final = 60
FOUND: Final = 5
_WHOLE = (
    joinedload(ClassSession.lead),
    joinedload(ClassSession.ward),
    joinedload(ClassSession.unit),
    joinedload(ClassSession.group),
    selectinload(ClassSession.skills),
    selectinload(ClassSession.teachers),
)
# Who can teach in a class: whoever signs in as a volunteer.
_AMBASSADOR = exists(
    select(RoleGrant.id)
    .join(Account, Account.id == RoleGrant.account_id)
    .where(
        Account.person_id == Person.id,
        Account.active,
        RoleGrant.role == Role.VOLUNTEER.value,
        RoleGrant.revoked_at.is_(None),
    )
)


@dataclass(frozen=True)
class ClassRow:
    """A class in a list."""

    id: int
    kind: str
    title: str
    held_on: date
    place: str
    ward_name: str | None
    lead_id: int
    lead_name: str
    state: str
    headcount: int | None


@dataclass(frozen=True)
class Ambassador:
    """Somebody who may be asked to help: the name and the home unit, nothing else."""

    person_id: int
    full_name: str
    unit_name: str | None


def class_for(session: Session, actor: Actor, class_id: int, *, lock: bool = False) -> ClassSession:
    """Return a class with its people, place and skills.

    Raises NotFound where there is none, or none for this actor: only its teachers, and whoever coordinates
    its unit. With `lock` nobody else changes it until the end of the transaction.
    """
    found = session.get(ClassSession, class_id, options=_WHOLE)
    if found is None or not (teaches_in(found, actor) or answers_for(found, actor, unit_only=True)):
        raise NotFound("not_found")
    if lock:
        session.refresh(found, ["state", "held_on", "check_in_until"], with_for_update=True)
    return found


def class_for_everybody(session: Session, class_id: int) -> ClassSession | None:
    """Return a class whoever asks: for the door, which has a key of its own."""
    return session.get(ClassSession, class_id, options=_WHOLE)


def teaches_in(held: ClassSession, actor: Actor) -> bool:
    """Tell whether the actor is the lead or a helper of a class."""
    return actor.person_id is not None and any(one.id == actor.person_id for one in held.teachers)


def answers_for(held: ClassSession, actor: Actor, *, unit_only: bool = False) -> bool:
    """Tell whether the actor may change a class: its lead, and whoever coordinates its unit."""
    owner_id = None if unit_only else held.lead_id
    return may(actor, Permission.CLASS_SEE, unit_id=held.unit_id, owner_id=owner_id)


def class_by_client_uuid(session: Session, client_uuid: str) -> ClassSession | None:
    """Return the class that a form with this mark has opened already."""
    return session.scalar(
        select(ClassSession).options(*_WHOLE).where(ClassSession.client_uuid == client_uuid)
    )


def classes_page(session: Session, actor: Actor, after: str | None = None) -> Page[ClassRow]:
    """Return the classes that the actor teaches in or answers for, the newest day first."""
    mine = select(ClassTeacher.class_id).where(ClassTeacher.person_id == actor.person_id)
    reach = [ClassSession.id.in_(mine)]
    if actor.units:
        reach.append(ClassSession.unit_id.in_(actor.units))
    statement = (
        select(
            ClassSession.id,
            ClassSession.kind,
            ClassSession.title,
            ClassSession.held_on,
            ClassSession.place,
            Ward.full_name,
            ClassSession.lead_id,
            Person.full_name,
            ClassSession.state,
            ClassSession.headcount,
        )
        .join(Person, Person.id == ClassSession.lead_id)
        .outerjoin(Ward, Ward.code == ClassSession.ward_code)
        .where(or_(*reach))
        .order_by(ClassSession.held_on.desc(), ClassSession.id.desc())
        .limit(ROWS_A_PAGE + 1)
    )
    place = _place(after)
    if place is not None:
        held_on, class_id = place
        before = and_(ClassSession.held_on == held_on, ClassSession.id < class_id)
        statement = statement.where(or_(ClassSession.held_on < held_on, before))
    rows = [ClassRow(*tuple(row)) for row in session.execute(statement)]
    shown = rows[:ROWS_A_PAGE]
    last = shown[-1] if len(rows) > ROWS_A_PAGE else None
    following = encode_key((last.held_on.isoformat(), last.id)) if last else None
    return Page(rows=shown, next=following, first=place is None)


def _place(after: str | None) -> tuple[date, int] | None:
    key = decode_key(after)
    if key is None or len(key) != 2 or not isinstance(key[0], str) or not isinstance(key[1], int):
        return None
    try:
        return date.fromisoformat(key[0]), key[1]
    except ValueError:
        return None


def last_class(session: Session, person_id: int) -> ClassSession | None:
    """Return the newest class that a person led, for the choices of the next one."""
    return session.scalar(
        select(ClassSession)
        .options(*_WHOLE)
        .where(ClassSession.lead_id == person_id, ClassSession.state != ClassState.CANCELLED.value)
        .order_by(ClassSession.id.desc())
        .limit(1)
    )


def skills_of_class(session: Session, class_id: int) -> tuple[int, ...]:
    """Return the ids of what a class is about."""
    return tuple(
        session.scalars(
            select(ClassSkill.skill_id).where(ClassSkill.class_id == class_id).order_by(ClassSkill.skill_id)
        )
    )


def ambassadors_near(session: Session, person_id: int) -> list[Ambassador]:
    """Return the ambassadors who share a person's home unit, without that person, in Vietnamese order."""
    home = select(Person.unit_id).where(Person.id == person_id).scalar_subquery()
    statement = _ambassadors().where(Person.unit_id == home, Person.id != person_id).limit(NEAR)
    return [Ambassador(*row) for row in session.execute(statement)]


def ambassadors_named(
    session: Session, name_key: str, within: frozenset[int] | None = None
) -> list[Ambassador]:
    """Return ambassadors of exactly this name (folded): whoever asks knows the person already.

    `within` leaves only those whose home is one of these units.
    """
    if not name_key:
        return []
    statement = _ambassadors().where(Person.name_key == name_key).limit(FOUND)
    if within is not None:
        statement = statement.where(Person.unit_id.in_(within))
    return [Ambassador(*row) for row in session.execute(statement)]


def ambassadors_by_ids(session: Session, ids: Iterable[int]) -> list[Ambassador]:
    """Return those of these people who are ambassadors, in Vietnamese order."""
    wanted = set(ids)
    if not wanted:
        return []
    return [Ambassador(*row) for row in session.execute(_ambassadors().where(Person.id.in_(wanted)))]


def groups(session: Session) -> list[TargetGroup]:
    """Return the target groups that can be chosen today, in their order."""
    statement = select(TargetGroup).where(TargetGroup.active).order_by(TargetGroup.position, TargetGroup.id)
    return list(session.scalars(statement))


def _ambassadors() -> Select[int, str, str | None]:
    return (
        select(Person.id, Person.full_name, Unit.name)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(_AMBASSADOR, Person.anonymised_at.is_(None))
        .order_by(Person.sort_key, Person.id)
    )
