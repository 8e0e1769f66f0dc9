"""Fixtures of the roof: a demonstration city, built once for each database and worker, read by many tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.catalogues import compile_catalogues
from app.demo.accounts import CAST
from app.demo.city import CityMade, CityWish, build_city
from app.factory import create_app
from core.clock import FixedClock
from core.unit_of_work import UnitOfWork
from core.web import house
from people.models import Account
from tests.support import databases, policies

WISH = CityWish(people=130, seed=2026)


@dataclass(frozen=True)
class City:
    """A built city. Tests read it; what they write must leave it as it was."""

    app: Flask
    made: CityMade

    @property
    def work(self) -> UnitOfWork:
        """The unit of work of the application."""
        return house(self.app).work

    def account(self, key: str) -> Account:
        """One of the demonstration accounts."""
        email = next(one.email for one in CAST if one.key == key)
        with self.work.begin(write=False) as session:
            account = session.scalars(select(Account).where(Account.email == email)).one()
            session.expunge(account)
        return account

    def signed_in(self, key: str) -> FlaskClient:
        """A browser of one of the demonstration accounts, without the cost of a password."""
        client, account = self.app.test_client(), self.account(key)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = f"{account.id}.{account.session_stamp}"
            cookie["_fresh"] = True
        return client


@pytest.fixture(scope="session")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], City]]:
    """`cities("sqlite")`: the city on that database; built when first asked for."""
    built: dict[str, City] = {}
    with ExitStack() as stack:

        def city_on(kind: str) -> City:
            if kind not in built:
                folder = tmp_path_factory.mktemp(f"city-{kind}")
                try:
                    url = stack.enter_context(databases.migrated_database(kind, folder))
                except databases.NoPostgres as error:
                    policies.lacking(str(error))
                built[kind] = _build(stack, url, folder)
            return built[kind]

        yield city_on


def _build(stack: ExitStack, url: str, folder: Path) -> City:
    settings = policies.settings_of_a_test(url, folder)
    app = create_app(settings, FixedClock(), TESTING=True, WTF_CSRF_ENABLED=False)
    stack.callback(house(app).work.database.dispose)
    return City(app, build_city(house(app), WISH))


@pytest.fixture
def city(database_kind: str, cities: Callable[[str], City]) -> City:
    """The demonstration city on a database of this kind."""
    return cities(database_kind)


@pytest.fixture(scope="session")
def catalogues() -> None:
    """English, compiled."""
    compile_catalogues()
