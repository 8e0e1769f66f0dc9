"""Writing units: add one, move one, close one. Nothing ever stands below itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.vietnamese import clean_text
from people.audit import UNIT_CLOSED, UNIT_CREATED, UNIT_MOVED
from people.models import Unit, Ward
from people.names import name_key
from people.permissions import Actor, Permission, ensure
from people.queries import unit_by_code, unit_path
from people.services.audit import write_audit
from people.units_tree import KINDS, clean_code, code_from_name, fits_below, would_circle

NAME_LENGTH = 150


@dataclass(frozen=True)
class UnitWish:
    """A unit to add below another. Without a code one is made of the name."""

    name: str
    kind: str
    parent_id: int
    code: str = ""
    ward_code: str | None = None
    declared_members: int | None = None


def create_unit(session: Session, actor: Actor, wish: UnitWish, now: datetime) -> Unit:
    """Return a new unit, flushed.

    Raises NotFound for an unknown parent, Invalid("unit_invalid") with its fields, and
    Invalid with code "code_taken" at the field where another unit has the code.
    """
    ensure(actor, Permission.UNIT_MANAGE, unit_id=wish.parent_id)
    parent = _open_unit(session, wish.parent_id)
    fields: dict[str, str] = {}
    name = clean_text(wish.name)
    if not name or len(name) > NAME_LENGTH:
        fields["name"] = "required" if not name else "too_long"
    if wish.kind not in KINDS:
        fields["kind"] = "not_a_choice"
    elif not fits_below(wish.kind, parent.kind):
        fields["kind"] = "kind_does_not_fit"
    code = clean_code(wish.code) if wish.code.strip() else _free_code(session, name)
    if code is None:
        fields["code"] = "code_malformed"
    elif unit_by_code(session, code) is not None:
        fields["code"] = "code_taken"
    if wish.ward_code is not None and session.get(Ward, wish.ward_code) is None:
        fields["ward_code"] = "not_a_choice"
    if wish.declared_members is not None and wish.declared_members < 0:
        fields["declared_members"] = "not_negative"
    if fields or code is None:
        raise Invalid("unit_invalid", fields)
    unit = Unit(
        code=code,
        name=name,
        name_key=name_key(name)[:NAME_LENGTH],
        kind=wish.kind,
        parent_id=parent.id,
        # A unit inside a ward is of that ward, unless it says otherwise; one of a bloc may have none.
        ward_code=wish.ward_code or parent.ward_code,
        declared_members=wish.declared_members,
        created_at=now,
    )
    session.add(unit)
    session.flush()
    write_audit(session, actor, UNIT_CREATED, "unit", unit.id, {"code": code, "parent": parent.id}, now)
    return unit


def move_unit(session: Session, actor: Actor, unit_id: int, parent_id: int, now: datetime) -> Unit:
    """Put a unit, with all below it, below another.

    Raises NotFound, Conflict("unit_circle") where it would stand below itself, and
    Conflict("unit_kind_does_not_fit").
    """
    ensure(actor, Permission.UNIT_MANAGE, unit_id=unit_id)
    ensure(actor, Permission.UNIT_MANAGE, unit_id=parent_id)
    _one_move_at_a_time(session)
    unit = _open_unit(session, unit_id)
    parent = _open_unit(session, parent_id)
    if would_circle(unit.id, parent.id, [above.id for above in unit_path(session, parent.id)]):
        raise Conflict("unit_circle")
    if not fits_below(unit.kind, parent.kind):
        raise Conflict("unit_kind_does_not_fit")
    if unit.parent_id != parent.id:
        details = {"from": unit.parent_id, "to": parent.id}
        unit.parent_id = parent.id
        session.flush()
        write_audit(session, actor, UNIT_MOVED, "unit", unit.id, details, now)
    return unit


def close_unit(session: Session, actor: Actor, unit_id: int, now: datetime) -> Unit:
    """Close a unit: it keeps its past and takes nobody new. Raises Conflict("unit_has_units_below")."""
    ensure(actor, Permission.UNIT_MANAGE, unit_id=unit_id)
    _one_move_at_a_time(session)
    unit = _open_unit(session, unit_id)
    below = select(func.count()).where(Unit.parent_id == unit.id, Unit.closed_at.is_(None))
    if unit.parent_id is None or session.scalar(below):
        raise Conflict("unit_has_units_below")
    unit.closed_at = now
    session.flush()
    write_audit(session, actor, UNIT_CLOSED, "unit", unit.id, {"code": unit.code}, now)
    return unit


def _open_unit(session: Session, unit_id: int) -> Unit:
    unit = session.get(Unit, unit_id, populate_existing=True)
    if unit is None or unit.closed_at is not None:
        raise NotFound("not_found")
    return unit


def _one_move_at_a_time(session: Session) -> None:
    """Two moves that each look right could close a circle together: the uppermost unit's row is the lock.

    On SQLite the write lock of BEGIN IMMEDIATE does it already, and FOR UPDATE is left out.
    """
    session.execute(select(Unit.id).where(Unit.parent_id.is_(None)).order_by(Unit.id).with_for_update())


def _free_code(session: Session, name: str) -> str:
    stem = code_from_name(name)
    like = select(Unit.code).where(Unit.code.startswith(stem, autoescape=True))
    taken = set(session.scalars(like))
    number = 1
    code = stem
    while code in taken:
        number += 1
        code = f"{stem}-{number}"
    return code
