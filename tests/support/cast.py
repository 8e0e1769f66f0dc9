"""The fixed cast of the tests: who is who, in which unit, with which role. Learn it once.

Thành đoàn (city)
├── phường Hải Châu (ward union)   coordinator: carol
│   ├── chi đoàn Một (chapter)     volunteers: alice, bob
│   └── chi đoàn Hai (chapter)     volunteer: dave
└── khối Các trường (bloc, no ward)
    └── chi đoàn Sinh viên         volunteer: erin, a stranger to carol

grace and heidi are learners: persons without an account; frank is communication staff,
olga the administrator.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.secrets_box import SecretsBox
from people.models import Account, Person, RoleGrant, Unit
from people.names import name_key, sort_key
from people.permissions import Actor, Role

PASSWORD = "mat-khau-cua-bai-thu"
# A cheap hash: the tests prove who may sign in, not how slow guessing is.
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

# (code, name, kind, code of the unit above)
UNITS = (
    ("city", "Thành đoàn Đà Nẵng", "city", None),
    ("haichau", "Đoàn phường Hải Châu", "ward_union", "city"),
    ("one", "Chi đoàn Một", "chapter", "haichau"),
    ("two", "Chi đoàn Hai", "chapter", "haichau"),
    ("schools", "Khối các trường", "bloc", "city"),
    ("students", "Chi đoàn Sinh viên", "chapter", "schools"),
)

# (key, full name, phone, home unit, role or None for a person without an account)
PEOPLE = (
    ("alice", "Nguyễn Thị An", "+84905000001", "one", Role.VOLUNTEER),
    ("bob", "Trần Văn Bình", "+84905000002", "one", Role.VOLUNTEER),
    ("carol", "Lê Thị Châu", "+84905000003", "haichau", Role.COORDINATOR),
    ("dave", "Phạm Văn Dũng", "+84905000004", "two", Role.VOLUNTEER),
    ("erin", "Võ Thị Én", "+84905000005", "students", Role.VOLUNTEER),
    ("frank", "Đặng Văn Phúc", "+84905000006", "city", Role.COMMUNICATION),
    ("olga", "Bùi Thị Oanh", "+84905000007", "city", Role.ADMINISTRATOR),
    ("grace", "Huỳnh Thị Gấm", "+84905000008", "one", None),
    ("heidi", "Hồ Thị Hạnh", None, None, None),
)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """One of the cast, as plain values: usable after every session is closed."""

    key: str
    person_id: int
    account_id: int | None
    full_name: str
    phone: str | None
    email: str | None
    unit_id: int | None
    role: Role | None
    actor: Actor


@dataclass(frozen=True)
class Cast:
    """Everybody by name, and the ids of the units by code."""

    alice: Member
    bob: Member
    carol: Member
    dave: Member
    erin: Member
    frank: Member
    olga: Member
    grace: Member
    heidi: Member
    units: dict[str, int]

    def __getitem__(self, key: str) -> Member:
        """Return a member by key, for parametrised tests."""
        member = getattr(self, key)
        assert isinstance(member, Member)
        return member


def enter(session: Session, box: SecretsBox, now: datetime) -> Cast:
    """Write units, persons, accounts and roles into an empty database; the caller commits."""
    units = _units(session, now)
    members = {}
    for key, full_name, phone, unit, role in PEOPLE:
        person = Person(
            full_name=full_name,
            name_key=name_key(full_name),
            sort_key=sort_key(full_name),
            unit_id=units[unit] if unit else None,
            phone_sealed=box.seal(phone) if phone else None,
            phone_hash=box.blind_index("phone", phone) if phone else None,
            phone_tail=phone[-3:] if phone else None,
            created_at=now,
        )
        session.add(person)
        session.flush()
        account = _account(session, person, key, role, units, now) if role else None
        members[key] = Member(
            key=key,
            person_id=person.id,
            account_id=account.id if account else None,
            full_name=full_name,
            phone=phone,
            email=account.email if account else None,
            unit_id=person.unit_id,
            role=role,
            actor=_actor(person, account, role, units),
        )
    return Cast(**members, units=units)


def _units(session: Session, now: datetime) -> dict[str, int]:
    # The reference data may stand there already, with the root in it.
    root = session.scalar(select(Unit).where(Unit.parent_id.is_(None)))
    units: dict[str, int] = {"city": root.id} if root else {}
    for code, name, kind, above in UNITS:
        if code in units:
            continue
        unit = Unit(
            code=f"cast-{code}",
            name=name,
            name_key=name_key(name),
            kind=kind,
            parent_id=units[above] if above else None,
            created_at=now,
        )
        session.add(unit)
        session.flush()
        units[code] = unit.id
    return units


def _account(
    session: Session, person: Person, key: str, role: Role, units: dict[str, int], now: datetime
) -> Account:
    account = Account(
        person_id=person.id,
        email=f"{key}@example.org",
        phone_hash=person.phone_hash,
        password_hash=PASSWORD_HASH,
        session_stamp=f"stamp-{key}",
        created_at=now,
    )
    session.add(account)
    session.flush()
    scope = person.unit_id if role is Role.COORDINATOR else None
    session.add(RoleGrant(account_id=account.id, role=str(role), unit_id=scope, granted_at=now))
    session.flush()
    return account


def _actor(person: Person, account: Account | None, role: Role | None, units: dict[str, int]) -> Actor:
    if account is None or role is None:
        return Actor(person_id=person.id)
    reached = (
        frozenset({units["haichau"], units["one"], units["two"]}) if role is Role.COORDINATOR else frozenset()
    )
    return Actor(account.id, person.id, frozenset({role}), reached)
