"""Fixtures of the assembled application; tests/conftest.py takes them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from app.factory import create_app
from app.reference import install_reference_data
from app.wiring import REACTIONS
from core.clock import FixedClock
from core.database import Database
from core.settings import Settings
from core.unit_of_work import UnitOfWork
from core.web import house
from people.permissions import HOUSE
from tests.support import databases
from tests.support.cast import Member
from tests.support.policies import settings_of_a_test

SignIn = Callable[[FlaskClient, Member], FlaskClient]


@pytest.fixture
def uow(database: Database, clock: FixedClock) -> UnitOfWork:
    """A unit of work with the product's reactions: `with uow.begin() as session: …` commits."""
    return UnitOfWork(database, REACTIONS, clock)


@pytest.fixture
def reference(uow: UnitOfWork, clock: FixedClock) -> None:
    """Wards and communes, ward unions and skills, committed. Ask for it before `cast`."""
    with uow.begin() as session:
        install_reference_data(session, HOUSE, clock.now())


@pytest.fixture
def app(database_url: str, settings: Settings, clock: FixedClock) -> Iterator[Flask]:
    """The application on this test's database and clock; forms need no token."""
    application = create_app(settings, clock, TESTING=True, WTF_CSRF_ENABLED=False)
    # Each test makes an application; the templates are compiled once for all of them.
    application.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(databases.shared_folder()))
    yield application
    house(application).work.database.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody's browser, signed out."""
    return app.test_client()


@pytest.fixture
def sign_in() -> SignIn:
    """`sign_in(client, cast.alice)`: sets the cookie, without the cost of a password."""

    def enter(client: FlaskClient, member: Member) -> FlaskClient:
        assert member.account_id is not None, f"{member.key} has no account"
        with client.session_transaction() as cookie:
            cookie["_user_id"] = f"{member.account_id}.stamp-{member.key}"
            cookie["_fresh"] = True
        return client

    return enter


@pytest.fixture(scope="module")
def bare_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application as in production, forgery check on, on an empty SQLite database of this module."""
    folder = tmp_path_factory.mktemp("bare")
    with databases.migrated_database("sqlite", folder) as url:
        application = create_app(settings_of_a_test(url, folder), FixedClock(), TESTING=True)
        yield application
        house(application).work.database.dispose()
