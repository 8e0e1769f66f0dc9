"""Reads of people: persons, accounts and their roles, units and their trees, consents, the audit log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload

from core.errors import NotFound
from core.paging import Page, decode_key, encode_key
from core.secrets_box import SecretsBox
from core.vietnamese import collation_key
from people.models import Account, AuditEntry, Consent, Person, RoleGrant, Unit, Ward
from people.permissions import Actor, Role
from people.phones import Phone, read_phone

ROWS_A_PAGE = 50
# Ids in one IN list; more are asked for in several goes.
IN_ONE_GO = 500
# The trees of units are shallow; a deeper walk would mean a circle.
DEEPEST_UNIT = 50


# ── persons ─────────────────────────────────────────────────────────────────────────────────────────


def person_by_id(session: Session, person_id: int) -> Person | None:
    """Return a person, or None."""
    return session.get(Person, person_id)


def persons_by_ids(session: Session, ids: Iterable[int]) -> dict[int, Person]:
    """Return the persons with these ids, by id; unknown ids are missing."""
    return {
        person.id: person
        for some in _in_goes(sorted(set(ids)))
        for person in session.scalars(select(Person).where(Person.id.in_(some)))
    }


# ── accounts and roles ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class GrantLine:
    """One open role of an account, with the name of the unit it reaches from."""

    id: int
    role: str
    unit_id: int | None
    unit_name: str | None
    granted_at: datetime


@dataclass(frozen=True)
class AccountLine:
    """An account as its administrator sees it; the phone only by its tail."""

    id: int
    person_id: int
    full_name: str
    email: str | None
    phone_tail: str | None
    unit_name: str | None
    active: bool
    last_signed_in_at: datetime | None
    grants: tuple[GrantLine, ...]


def account_by_id(session: Session, account_id: int) -> Account | None:
    """Return an account with its person, or None."""
    return session.get(Account, account_id, options=[joinedload(Account.person)])


def account_of_person(session: Session, person_id: int) -> Account | None:
    """Return the account of a person, or None: most learners have none."""
    return session.scalar(select(Account).where(Account.person_id == person_id))


def account_by_sign_in_name(session: Session, name: str, box: SecretsBox) -> Account | None:
    """Return the account of an e-mail address, or of a phone number in any spelling."""
    query = select(Account).options(joinedload(Account.person))
    if "@" in name:
        return session.scalar(query.where(Account.email == name.strip().lower()))
    phone = read_phone(name)
    if not isinstance(phone, Phone):
        return None
    return session.scalar(query.where(Account.phone_hash == box.blind_index("phone", phone.e164)))


def open_grants(session: Session, account_ids: Iterable[int]) -> dict[int, list[GrantLine]]:
    """Return the open roles of these accounts, by account."""
    found: dict[int, list[GrantLine]] = {}
    for some in _in_goes(sorted(set(account_ids))):
        query = (
            select(RoleGrant, Unit.name)
            .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
            .where(RoleGrant.account_id.in_(some), RoleGrant.revoked_at.is_(None))
            .order_by(RoleGrant.id)
        )
        for grant, unit_name in session.execute(query):
            line = GrantLine(grant.id, grant.role, grant.unit_id, unit_name, grant.granted_at)
            found.setdefault(grant.account_id, []).append(line)
    return found


def actor_of(session: Session, account: Account) -> Actor:
    """Return who acts through an account: its open roles, and every unit that they reach."""
    query = select(RoleGrant.role, RoleGrant.unit_id).where(
        RoleGrant.account_id == account.id, RoleGrant.revoked_at.is_(None)
    )
    grants = [(Role(role), unit_id) for role, unit_id in session.execute(query)]
    led = {unit_id for role, unit_id in grants if role is Role.COORDINATOR and unit_id is not None}
    return Actor(
        account_id=account.id,
        person_id=account.person_id,
        roles=frozenset(role for role, _ in grants),
        units=units_below(session, led),
    )


def other_open_administrators(session: Session, account_id: int) -> int:
    """Count the active accounts, beside this one, that may administer."""
    query = (
        select(func.count(func.distinct(RoleGrant.account_id)))
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            RoleGrant.role == Role.ADMINISTRATOR,
            RoleGrant.revoked_at.is_(None),
            RoleGrant.account_id != account_id,
            Account.active,
        )
    )
    return session.scalar(query) or 0


def accounts_page(session: Session, after: str | None = None, text_key: str = "") -> Page[AccountLine]:
    """Return accounts in the order of their people's names; `text_key` is a folded part of the name."""
    query = (
        select(Account, Person, Unit.name)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .order_by(Person.sort_key, Account.id)
        .limit(ROWS_A_PAGE + 1)
    )
    if text_key:
        query = query.where(Person.name_key.contains(text_key, autoescape=True))
    key = decode_key(after)
    if key is not None and len(key) == 2 and isinstance(key[0], str) and isinstance(key[1], int):
        query = query.where(
            or_(Person.sort_key > key[0], and_(Person.sort_key == key[0], Account.id > key[1]))
        )
    else:
        key = None
    rows = session.execute(query).all()
    shown = rows[:ROWS_A_PAGE]
    grants = open_grants(session, [account.id for account, _, _ in shown])
    lines = [account_line(account, unit, grants.get(account.id, [])) for account, _, unit in shown]
    last = shown[-1] if len(rows) > ROWS_A_PAGE else None
    following = encode_key((last[1].sort_key, last[0].id)) if last is not None else None
    return Page(rows=lines, next=following, first=key is None)


def account_line(account: Account, unit_name: str | None, grants: Sequence[GrantLine]) -> AccountLine:
    """Return what an administrator sees of an account."""
    person = account.person
    return AccountLine(
        id=account.id,
        person_id=person.id,
        full_name=person.full_name,
        email=account.email,
        phone_tail=person.phone_tail,
        unit_name=unit_name,
        active=account.active,
        last_signed_in_at=account.last_signed_in_at,
        grants=tuple(grants),
    )


def account_details(session: Session, account_id: int) -> AccountLine:
    """Return one account with its roles. Raises NotFound."""
    account = account_by_id(session, account_id)
    if account is None:
        raise NotFound("not_found")
    unit = account.person.unit
    grants = open_grants(session, [account_id]).get(account_id, [])
    return account_line(account, unit.name if unit else None, grants)


# ── units and wards ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class UnitOption:
    """A unit in a list to choose from; `depth` counts from the uppermost unit of the list."""

    id: int
    code: str
    label: str
    depth: int
    kind: str


@dataclass(frozen=True)
class UnitLine:
    """A unit below another, with what stands below it and who calls it home."""

    unit: Unit
    children: int
    people: int


def unit_by_id(session: Session, unit_id: int) -> Unit | None:
    """Return a unit, or None."""
    return session.get(Unit, unit_id)


def unit_by_code(session: Session, code: str) -> Unit | None:
    """Return the unit with this code, or None."""
    return session.scalar(select(Unit).where(Unit.code == code))


def root_unit(session: Session) -> Unit | None:
    """Return the uppermost unit, or None before the places are installed."""
    return session.scalar(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1))


def units_below(session: Session, unit_ids: Iterable[int]) -> frozenset[int]:
    """Return these units and all that stand below them, by one recursive query; closed ones too."""
    wanted = set(unit_ids)
    if not wanted:
        return frozenset()
    below = select(Unit.id).where(Unit.id.in_(wanted)).cte("below", recursive=True)
    # UNION, not UNION ALL: it ends even where a circle had been written by hand.
    below = below.union(select(Unit.id).where(Unit.parent_id == below.c.id))
    return frozenset(session.scalars(select(below.c.id)))


def unit_path(session: Session, unit_id: int) -> list[Unit]:
    """Return the units from the uppermost down to this one; empty for an unknown id."""
    start = select(Unit.id, Unit.parent_id, literal(0).label("depth")).where(Unit.id == unit_id)
    above = start.cte("above", recursive=True)
    above = above.union_all(
        select(Unit.id, Unit.parent_id, above.c.depth + 1).where(
            Unit.id == above.c.parent_id, above.c.depth < DEEPEST_UNIT
        )
    )
    query = select(Unit).join(above, above.c.id == Unit.id).order_by(above.c.depth.desc())
    return list(session.scalars(query))


def unit_options(session: Session, within: frozenset[int] | None = None) -> list[UnitOption]:
    """Return the open units as the tree lists them, each level in Vietnamese order.

    `within` leaves only these; one whose parent is left out stands at the left edge.
    """
    query = select(Unit.id, Unit.parent_id, Unit.name, Unit.kind, Unit.code).where(Unit.closed_at.is_(None))
    rows = [row for row in session.execute(query) if within is None or row[0] in within]
    shown = {row[0] for row in rows}
    children: dict[int | None, list[UnitOption]] = {}
    for unit_id, parent_id, name, kind, code in rows:
        option = UnitOption(unit_id, code, name, 0, kind)
        children.setdefault(parent_id if parent_id in shown else None, []).append(option)
    options: list[UnitOption] = []
    waiting = _last_first(children.get(None, []), 0)
    while waiting:
        option = waiting.pop()
        options.append(option)
        waiting += _last_first(children.get(option.id, []), option.depth + 1)
    return options


def _last_first(units: list[UnitOption], depth: int) -> list[UnitOption]:
    """One level in Vietnamese order from its end, for a stack."""
    placed = [replace(unit, depth=depth) for unit in units]
    return sorted(placed, key=lambda unit: (collation_key(unit.label), unit.id), reverse=True)


def unit_lines(session: Session, parent_id: int) -> list[UnitLine]:
    """Return the open units right below a unit, in Vietnamese order, with their counts."""
    units = session.scalars(select(Unit).where(Unit.parent_id == parent_id, Unit.closed_at.is_(None))).all()
    ids = [unit.id for unit in units]
    below: dict[int | None, int] = {}
    homes: dict[int | None, int] = {}
    for some in _in_goes(ids):
        counted = (
            select(Unit.parent_id, func.count())
            .where(Unit.parent_id.in_(some), Unit.closed_at.is_(None))
            .group_by(Unit.parent_id)
        )
        below |= dict(session.execute(counted).all())
        people = select(Person.unit_id, func.count()).where(Person.unit_id.in_(some)).group_by(Person.unit_id)
        homes |= dict(session.execute(people).all())
    lines = [UnitLine(unit, below.get(unit.id, 0), homes.get(unit.id, 0)) for unit in units]
    return sorted(lines, key=lambda line: (collation_key(line.unit.name), line.unit.id))


def ward_options(session: Session) -> list[Ward]:
    """Return all wards, communes and special zones in Vietnamese order of their names."""
    return list(session.scalars(select(Ward).order_by(Ward.sort_key, Ward.code)))


def wards_by_code(session: Session) -> dict[str, Ward]:
    """Return all wards by their code."""
    return {ward.code: ward for ward in session.scalars(select(Ward))}


# ── consents and the audit log ──────────────────────────────────────────────────────────────────────


def newest_consent(session: Session, person_id: int, purpose: str, item: str = "") -> Consent | None:
    """Return the act of consent that holds for (person, purpose, item), given or withdrawn, or None."""
    query = (
        select(Consent)
        .where(Consent.person_id == person_id, Consent.purpose == purpose, Consent.item == item)
        .order_by(Consent.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def has_consent(session: Session, person_id: int, purpose: str, item: str = "") -> bool:
    """Tell whether consent is given now; unknown is not yes."""
    newest = newest_consent(session, person_id, purpose, item)
    return newest is not None and newest.given


def consenting(session: Session, purpose: str, person_ids: Iterable[int], item: str = "") -> frozenset[int]:
    """Return those of the persons whose consent to a purpose is given now."""
    found: set[int] = set()
    for some in _in_goes(sorted(set(person_ids))):
        newest = (
            select(func.max(Consent.id))
            .where(Consent.person_id.in_(some), Consent.purpose == purpose, Consent.item == item)
            .group_by(Consent.person_id)
        )
        found |= set(session.scalars(select(Consent.person_id).where(Consent.id.in_(newest), Consent.given)))
    return frozenset(found)


def consents_of(session: Session, person_id: int) -> list[Consent]:
    """Return every act of consent of a person, the newest first."""
    return list(
        session.scalars(select(Consent).where(Consent.person_id == person_id).order_by(Consent.id.desc()))
    )


@dataclass(frozen=True)
class AuditLine:
    """An entry of the audit log, with the name of who acted; None for the house itself."""

    entry: AuditEntry
    who: str | None


def audit_page(session: Session, after: str | None = None) -> Page[AuditLine]:
    """Return entries of the audit log, the newest first."""
    query = (
        select(AuditEntry, Person.full_name)
        .outerjoin(Account, Account.id == AuditEntry.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .order_by(AuditEntry.id.desc())
        .limit(ROWS_A_PAGE + 1)
    )
    key = decode_key(after)
    if key is not None and len(key) == 1 and isinstance(key[0], int):
        query = query.where(AuditEntry.id < key[0])
    else:
        key = None
    rows = session.execute(query).all()
    lines = [AuditLine(entry, who) for entry, who in rows[:ROWS_A_PAGE]]
    following = encode_key((lines[-1].entry.id,)) if len(rows) > ROWS_A_PAGE else None
    return Page(rows=lines, next=following, first=key is None)


def audit_count(session: Session, account_id: int, action: str, since: datetime) -> int:
    """Count how often an account did something since a moment."""
    query = select(func.count()).where(
        AuditEntry.account_id == account_id, AuditEntry.action == action, AuditEntry.at > since
    )
    return session.scalar(query) or 0


def _in_goes(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + IN_ONE_GO] for start in range(0, len(ids), IN_ONE_GO))
