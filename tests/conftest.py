"""Fixtures of every test: a database of each kind, the clock, the application, the fixed cast.

database_kind   "sqlite" or "postgresql": whoever asks for a database, even indirectly, runs on both
database        migrated, without a row, this test's own
session         a writing session; whatever the test leaves in it is rolled back
uow             a unit of work with the product's reactions, on `database` and `clock`
clock           a FixedClock: `clock.advance(days=1)`
box             the seal for phones
cast            alice, bob, carol … (tests/support/cast.py), committed
reference       wards, ward unions and skills, committed
app, client     the application on `database` and `clock`, forgery check off
sign_in         `sign_in(client, cast.alice)`
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.catalogues import compile_catalogues
from core.clock import FixedClock
from core.database import Database, make_engine
from core.secrets_box import SecretsBox
from core.settings import Settings
from tests.support import databases, policies
from tests.support.application import app, bare_app, client, reference, sign_in, uow
from tests.support.cast import Cast, enter

# The fixtures of the assembled application stand in a module of their own.
__all__ = ["app", "bare_app", "client", "reference", "sign_in", "uow"]

SHARED_FOLDER = pytest.StashKey[Path | None]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--on",
        default=",".join(databases.KINDS),
        help="databases to test on, with commas between (sqlite,postgresql)",
    )


def pytest_configure(config: pytest.Config) -> None:
    folder = config.stash[SHARED_FOLDER] = databases.open_shared_folder()
    if folder is not None:
        compile_catalogues()


def pytest_unconfigure(config: pytest.Config) -> None:
    folder = config.stash.get(SHARED_FOLDER, None)
    if folder is not None:
        databases.close_shared_folder(folder)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" not in metafunc.fixturenames:
        return
    marks = metafunc.definition.iter_markers("parametrize")
    if any("database_kind" in str(mark.args[0]) for mark in marks if mark.args):
        return
    kinds = [kind for kind in databases.KINDS if kind in metafunc.config.getoption("--on").split(",")]
    metafunc.parametrize("database_kind", kinds, indirect=True)


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    # Bytes make unreadable names, and packed ones hold the time of day: two workers would disagree.
    return argname if isinstance(val, bytes) else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = policies.reasons_of_skips(terminalreporter)
    terminalreporter.section("skipped, and why")
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{count:>5} × {reason}")
    if not reasons:
        terminalreporter.write_line("nothing was skipped")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if terminal is None or not policies.in_ci() or exitstatus != pytest.ExitCode.OK:
        return
    if any(not reason.startswith(policies.BY_DESIGN) for reason in policies.reasons_of_skips(terminal)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        policies.refuse_the_network(patch)
        yield


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(database_kind: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a table."""
    try:
        with databases.empty_database(database_kind, tmp_path) as url:
            yield url
    except databases.NoPostgres as error:
        policies.lacking(str(error))


@pytest.fixture
def database_url(database_kind: str, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database without a row."""
    try:
        with databases.migrated_database(database_kind, tmp_path) as url:
            yield url
    except databases.NoPostgres as error:
        policies.lacking(str(error))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database without a row, this test's own."""
    database = Database(make_engine(database_url))
    yield database
    database.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session; what the test leaves in it is rolled back. On SQLite it holds the write lock."""
    with database.session(write=True) as session:
        yield session


@pytest.fixture
def clock() -> FixedClock:
    """Sunday, 22 November 2026, 10 in the morning in Da Nang, until it is told to move."""
    return FixedClock()


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """Settings of a test; on the test's database when it has one."""
    url = f"sqlite:///{tmp_path / 'none.db'}"
    if "database_url" in request.fixturenames:
        url = request.getfixturevalue("database_url")
    return policies.settings_of_a_test(url, tmp_path)


@pytest.fixture
def box(settings: Settings) -> SecretsBox:
    """The seal for phones, with the keys of `settings`."""
    return SecretsBox(settings.data_keys, settings.index_key)


@pytest.fixture
def cast(database: Database, clock: FixedClock, box: SecretsBox) -> Cast:
    """Alice, Bob, Carol and the others, committed."""
    with database.session(write=True) as session:
        members = enter(session, box, clock.now())
        session.commit()
    return members
