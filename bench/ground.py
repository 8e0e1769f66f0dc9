"""The city to measure on: ambassadors and their learners, made straight into the tables.

Ambassador 1 is popular; the others have a few learners each. Ids run on: person, account and act of the same
number belong together for ambassadors, learners come behind them.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app import tables
from app.migrations import migrate
from app.reference import install_reference_data
from core.bulk import insert_rows, tell_planner
from core.clock import FixedClock
from core.database import Database, make_engine
from core.secrets_box import SecretsBox
from core.unit_of_work import UnitOfWork
from people.models import Account, Person, RoleGrant
from people.names import name_key, sort_key
from people.permissions import HOUSE, Actor, Role
from referrals.models.acts import Teaching, TeachingMove, TeachingSkill

KEY = "a key for measuring, long enough to be taken"
BOX = SecretsBox([KEY], KEY)
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương")
MIDDLES = ("Thị", "Văn", "Hữu", "Ngọc", "Minh", "Đức", "Thanh", "Quốc", "Kim", "Xuân", "Thu", "Bảo", "Gia")
GIVEN = (
    "An", "Ánh", "Bình", "Châu", "Cường", "Dũng", "Đào", "Giang", "Hà", "Hạnh", "Hiếu", "Hòa", "Hùng",
    "Khánh", "Lan", "Liên", "Long", "Mai", "Nam", "Nga", "Phúc", "Quân", "Sơn", "Tâm", "Thảo", "Trang", "Yến",
)  # fmt: skip
_MADE = {"created_at": NOW, "is_demo": False, "boards_opt_out": False}


@dataclass(frozen=True)
class City:
    """How large: so many ambassadors, so many learners, of whom the popular one taught so many."""

    ambassadors: int
    learners: int
    popular: int


def a_name(chance: random.Random) -> str:
    """A name of the kind people have: many share one."""
    middle = " ".join(chance.choices(MIDDLES, k=chance.choice((1, 2))))
    return f"{chance.choice(FAMILIES)} {middle} {chance.choice(GIVEN)}"


def actor_of(ambassador: int) -> Actor:
    """The actor of an ambassador of the city."""
    return Actor(account_id=ambassador, person_id=ambassador, roles=frozenset({Role.VOLUNTEER}))


def work_on(url: str) -> UnitOfWork:
    """A unit of work without reactions: badges and boards are measured elsewhere."""
    assert tables.TABLE_MODULES
    return UnitOfWork(Database(make_engine(url)), {}, FixedClock(NOW))


def build(url: str, city: City) -> None:
    """Fill a new database."""
    work = work_on(url)
    migrate(work.database.engine)
    with work.begin() as session:
        install_reference_data(session, HOUSE, NOW)
        wards = [str(row[0]) for row in session.execute(text("SELECT code FROM ward ORDER BY code"))]
        skills = [int(row[0]) for row in session.execute(text("SELECT id FROM skill ORDER BY id LIMIT 3"))]
        columns = ("id", "full_name", "name_key", "sort_key", "ward_code")
        insert_rows(session, Person, columns, _people(city, wards), _MADE)
        mine = range(1, city.ambassadors + 1)
        insert_rows(
            session,
            Account,
            ("id", "person_id", "email"),
            ((one, one, f"{one}@example.vn") for one in mine),
            {"password_hash": "-", "language": "vi", "active": True, "session_stamp": "-", "created_at": NOW},
        )
        insert_rows(
            session,
            RoleGrant,
            ("account_id",),
            ((one,) for one in mine),
            {"role": "volunteer", "granted_at": NOW},
        )
        insert_rows(
            session,
            Teaching,
            ("id", "teacher_id", "learner_id", "taught_on", "recorded_by"),
            _acts(city),
            {
                "taught_second": 0,
                "taught_precision": "day",
                "state": "recorded",
                "recorded_at": NOW,
                "ward_code": wards[0],
            },
        )
        acts = range(1, city.learners + 1)
        insert_rows(
            session, TeachingMove, ("teaching_id",), ((one,) for one in acts),
            {"to_state": "recorded", "at": NOW, "reason": ""},
        )  # fmt: skip
        insert_rows(session, TeachingSkill, ("teaching_id", "skill_id"), ((one, skills[0]) for one in acts))
        _mend_sequences(session.connection(), (Person, Account, Teaching))
        tell_planner(session, Person, Teaching, TeachingMove, TeachingSkill, Account)
    work.database.dispose()
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(Path(url.removeprefix("sqlite:///")))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _people(city: City, wards: list[str]) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(2026)
    for one in range(1, city.ambassadors + city.learners + 1):
        name = a_name(chance)
        yield one, name, name_key(name), sort_key(name), chance.choice(wards)


def _acts(city: City) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(7)
    for act in range(1, city.learners + 1):
        teacher = 1 if act <= city.popular else chance.randint(2, city.ambassadors)
        yield act, teacher, city.ambassadors + act, date(2026, 1 + act % 10, 1 + act % 28), teacher


def _mend_sequences(connection: Any, models: tuple[Any, ...]) -> None:
    """Ids were given by hand: PostgreSQL's counters have to follow."""
    if connection.dialect.name == "sqlite":
        return
    for model in models:
        table = model.__tablename__
        connection.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )
