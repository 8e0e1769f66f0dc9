"""Reads of ambassadors: who they are in some units, and which wards are theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.models import Account, Person, RoleGrant, Unit
from people.permissions import Role
from people.queries import unit_path, units_below

MOST_SHOWN = 500


@dataclass(frozen=True)
class Ambassador:
    """Somebody who teaches, as a list to choose from shows them."""

    person_id: int
    full_name: str
    unit_name: str


@dataclass(frozen=True)
class Reach:
    """The wards where an ambassador teaches: `near`, of one's own home and unit, and `wider`, of the union.

    `everywhere` holds for somebody whose home and units are of no ward at all.
    """

    near: tuple[str, ...]
    wider: tuple[str, ...]
    everywhere: bool = False

    def has(self, ward_code: str) -> bool:
        """Tell whether this ward belongs to it."""
        return self.everywhere or ward_code in self.near or ward_code in self.wider


_TEACHES = (
    select(Account.id)
    .join(RoleGrant, RoleGrant.account_id == Account.id)
    .where(
        Account.person_id == Person.id,
        Account.active,
        RoleGrant.role == Role.VOLUNTEER.value,
        RoleGrant.revoked_at.is_(None),
    )
    .correlate(Person)
    .exists()
)


def ambassadors_of(session: Session, unit_ids: Iterable[int]) -> list[Ambassador]:
    """Return those who teach and whose home is one of these units, in Vietnamese order; at most 500."""
    statement = (
        select(Person.id, Person.full_name, Unit.name)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.unit_id.in_(sorted(unit_ids)), Person.anonymised_at.is_(None), _TEACHES)
        .order_by(Person.sort_key, Person.id)
        .limit(MOST_SHOWN)
    )
    return [Ambassador(*row) for row in session.execute(statement)]


def teaches(session: Session, person_id: int) -> bool:
    """Tell whether this person is an ambassador whose account is open."""
    return session.scalar(select(Person.id).where(Person.id == person_id, _TEACHES)) is not None


def reach_of(session: Session, person_id: int) -> Reach:
    """Return the wards where this ambassador teaches."""
    person = session.get(Person, person_id)
    if person is None:
        return Reach((), ())
    path = unit_path(session, person.unit_id) if person.unit_id is not None else []
    own = next((unit.ward_code for unit in reversed(path) if unit.ward_code), None)
    near = tuple(dict.fromkeys(code for code in (person.ward_code, own) if code))
    # The union right below the city, or the city's own office.
    union = path[:2][-1:]
    around = wards_of(session, units_below(session, [unit.id for unit in union]))
    wider = tuple(code for code in around if code not in near)
    return Reach(near, wider, everywhere=not near and not wider)


def wards_of(session: Session, unit_ids: Iterable[int]) -> tuple[str, ...]:
    """Return the codes of the wards of these units."""
    statement = (
        select(Unit.ward_code)
        .where(Unit.id.in_(sorted(unit_ids)), Unit.ward_code.is_not(None))
        .distinct()
        .order_by(Unit.ward_code)
    )
    return tuple(code for code in session.scalars(statement) if code)
