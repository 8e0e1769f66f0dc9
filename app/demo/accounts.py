"""The accounts of the demonstration city, one per role and a second volunteer with a badge."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.models import Account, Person
from people.permissions import Role

DEMO_PASSWORD = "binh-dan-hoc-vu"  # known to everybody on purpose, in the demonstration only


@dataclass(frozen=True)
class DemoAccount:
    """An account that everybody may sign in with; `key` names it in tests and in the tour."""

    key: str
    role: Role
    email: str
    full_name: str


CAST: tuple[DemoAccount, ...] = (
    DemoAccount("lan", Role.VOLUNTEER, "lan@demo.vn", "Nguyễn Thị Lan"),
    DemoAccount("bao", Role.VOLUNTEER, "bao@demo.vn", "Trần Quốc Bảo"),
    DemoAccount("ha", Role.COORDINATOR, "ha@demo.vn", "Lê Thị Thu Hà"),
    DemoAccount("quan", Role.COMMUNICATION, "quan@demo.vn", "Phạm Minh Quân"),
    DemoAccount("khanh", Role.ADMINISTRATOR, "khanh@demo.vn", "Hoàng Gia Khánh"),
)


@dataclass(frozen=True)
class AccountLine:
    """A line for whoever starts the product."""

    role: str
    sign_in: str
    full_name: str


def demo_accounts(session: Session) -> list[AccountLine]:
    """Return the demonstration accounts that exist in this database, in the order of the cast."""
    statement = (
        select(Account.email).join(Person, Person.id == Account.person_id).where(Person.is_demo.is_(True))
    )
    there = set(session.scalars(statement))
    return [AccountLine(str(one.role), one.email, one.full_name) for one in CAST if one.email in there]
