"""Writing roles: give one, take one back. Whoever may do this decides who may do everything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from people.audit import ROLE_GRANTED, ROLE_REVOKED
from people.models import Account, RoleGrant, Unit
from people.permissions import SCOPED, Actor, Permission, Role, ensure
from people.queries import other_open_administrators
from people.services.audit import write_audit


@dataclass(frozen=True)
class GrantWish:
    """A role for an account; only a coordinator's has a unit, and must."""

    account_id: int
    role: str
    unit_id: int | None = None


def grant_role(session: Session, actor: Actor, wish: GrantWish, now: datetime) -> RoleGrant:
    """Give a role; one that is there already is returned as it is.

    Raises NotFound for an unknown account, Invalid("role_invalid") with its fields.
    """
    ensure(actor, Permission.ACCOUNT_MANAGE)
    account = _locked(session, wish.account_id)
    if wish.role not in list(Role):
        raise Invalid("role_invalid", {"role": "not_a_choice"})
    role = Role(wish.role)
    unit_id = wish.unit_id if role in SCOPED else None
    if role in SCOPED:
        unit = session.get(Unit, unit_id) if unit_id is not None else None
        if unit is None or unit.closed_at is not None:
            raise Invalid("role_invalid", {"unit_id": "unit_required"})
    present = session.scalar(
        select(RoleGrant).where(
            RoleGrant.account_id == account.id,
            RoleGrant.role == role,
            RoleGrant.unit_id.is_(None) if unit_id is None else RoleGrant.unit_id == unit_id,
            RoleGrant.revoked_at.is_(None),
        )
    )
    if present is not None:
        return present
    grant = RoleGrant(
        account_id=account.id, role=role, unit_id=unit_id, granted_at=now, granted_by=actor.account_id
    )
    session.add(grant)
    session.flush()
    details = {"role": str(role), "unit": unit_id}
    write_audit(session, actor, ROLE_GRANTED, "account", account.id, details, now)
    return grant


def revoke_role(session: Session, actor: Actor, account_id: int, grant_id: int, now: datetime) -> RoleGrant:
    """Take a role back. Raises NotFound, and Conflict("last_administrator") for the last one's."""
    ensure(actor, Permission.ACCOUNT_MANAGE)
    account = _locked(session, account_id)
    grant = session.get(RoleGrant, grant_id)
    if grant is None or grant.account_id != account.id:
        raise NotFound("not_found")
    if grant.revoked_at is not None:
        return grant
    if grant.role == Role.ADMINISTRATOR and not other_open_administrators(session, account.id):
        raise Conflict("last_administrator")
    grant.revoked_at = now
    session.flush()
    details = {"role": grant.role, "unit": grant.unit_id}
    write_audit(session, actor, ROLE_REVOKED, "account", account.id, details, now)
    return grant


def _locked(session: Session, account_id: int) -> Account:
    """Return the account, with its row locked: two tabs must not give one role twice."""
    account = session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotFound("not_found")
    return account
