"""The commands of the house, in words: what they say, what they refuse, and their exit status."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask, request
from sqlalchemy import func, inspect, select, text

import core.database
from app.demo.accounts import CAST, DEMO_PASSWORD
from app.factory import create_app
from app.migrations import migrate, newest, present
from app.wiring import JOBS
from core.clock import FixedClock
from core.database import Database, make_engine
from core.web import house
from people.models import Person
from tests.app.conftest import City
from tests.support.cast import Cast
from tests.support.policies import settings_of_a_test

ROOT = Path(__file__).resolve().parent.parent.parent
OTHERS = (["prepare"], ["demo-city", "--people", "50"], ["demo-accounts"], ["run-job", "count_sizes"])


def flask(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["app", *words])


def is_a_sentence(done: Result) -> None:
    assert done.exit_code == 1, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert "Traceback" not in done.output
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


# ── migrate ─────────────────────────────────────────────────────────────────────────────────────────────


def test_migrate_makes_the_tables_and_says_from_where_to_where(empty_url: str, tmp_path: Path) -> None:
    app = create_app(settings_of_a_test(empty_url, tmp_path), FixedClock(), TESTING=True)
    engine = house(app).work.database.engine
    first, second = flask(app, "migrate"), flask(app, "migrate")
    assert (first.exit_code, first.output) == (0, f"database: empty → {newest()}\n")
    assert (second.exit_code, second.output) == (0, f"database: {newest()} → {newest()}\n")
    assert "person" in inspect(engine).get_table_names()
    engine.dispose()


def test_migrate_goes_down_to_an_older_form_and_says_so(app: Flask) -> None:
    engine = house(app).work.database.engine
    assert flask(app, "migrate", "--to", "-1").exit_code == 0
    with engine.connect() as connection:
        older = present(connection)
    assert older not in (None, newest())
    assert flask(app, "migrate").output == f"database: {older} → {newest()}\n"
    assert flask(app, "migrate", "--to", str(older)).output == f"database: {newest()} → {older}\n"
    with engine.connect() as connection:
        assert present(connection) == older, "what was said is what is"
    assert flask(app, "migrate", "--to", "base").output == f"database: {older} → empty\n"
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}


def test_a_form_that_nobody_knows_is_a_sentence(app: Flask) -> None:
    is_a_sentence(flask(app, "migrate", "--to", "nowhere"))
    with house(app).work.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    newer = flask(app, "migrate")
    is_a_sentence(newer)
    assert "9999" in newer.stderr


# ── a database that is not there, behind, busy ──────────────────────────────────────────────────────────


@pytest.fixture
def nowhere(database_kind: str, tmp_path: Path) -> str:
    if database_kind == "sqlite":
        return f"sqlite:///{tmp_path / 'no-such-folder' / 'none.db'}"
    return f"postgresql+psycopg://nobody@/none?host={tmp_path}"


def test_without_a_database_every_command_is_a_sentence(nowhere: str, tmp_path: Path) -> None:
    app = create_app(settings_of_a_test(nowhere, tmp_path), FixedClock(), TESTING=True)
    for words in (["migrate"], *OTHERS):
        is_a_sentence(flask(app, *words))
    house(app).work.database.dispose()


def test_on_an_older_database_every_command_says_what_to_run(database_url: str, app: Flask) -> None:
    engine = make_engine(database_url)
    for target in ("-1", "base"):
        migrate(engine, target)
        for words in OTHERS:
            done = flask(app, *words)
            is_a_sentence(done)
            assert "flask app migrate" in done.stderr
    migrate(engine)
    engine.dispose()
    assert flask(app, "prepare").exit_code == 0


def test_a_busy_database_is_a_sentence(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.engine.dialect.name == "postgresql":
        pytest.skip("by design: PostgreSQL lets several write at once")
    monkeypatch.setattr(core.database, "SQLITE_BUSY_MILLISECONDS", 50)
    with database.session(write=True) as writer:
        writer.execute(text("SELECT 1"))
        is_a_sentence(flask(app, "prepare"))
        assert flask(app, "demo-accounts").exit_code == 0, "reading goes on"
    assert flask(app, "prepare").exit_code == 0


# ── reference data, demonstration, jobs ─────────────────────────────────────────────────────────────────


def test_prepare_says_what_it_added(app: Flask) -> None:
    added = ["wards: +94", "units: +95", "skills: +10", "target_groups: +4"]
    assert flask(app, "prepare").output.splitlines() == added
    again = flask(app, "prepare")
    assert again.exit_code == 0
    assert again.output.splitlines() == [line.split("+")[0] + "+0" for line in added]


def test_the_demonstration_is_refused_where_people_are(app: Flask, cast: Cast) -> None:
    done = flask(app, "demo-city", "--people", "50")
    assert done.exit_code == 2
    assert "the database has people already" in done.stderr
    with house(app).work.begin(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 9
    assert flask(app, "demo-accounts").output == ""


@pytest.mark.parametrize("many", ["49", "20001", "many"])
def test_a_city_of_an_impossible_size_is_refused(app: Flask, many: str) -> None:
    assert flask(app, "demo-city", "--people", many).exit_code == 2


def test_the_demonstration_is_made_and_its_accounts_are_told(app: Flask) -> None:
    made = flask(app, "demo-city", "--people", "50", "--seed", "3")
    assert made.exit_code == 0, made.output
    assert "39 units" in made.output
    accounts = flask(app, "demo-accounts").output.splitlines()
    assert [line.split()[:3] for line in accounts] == [
        [str(one.role), one.email, DEMO_PASSWORD] for one in CAST
    ]
    assert flask(app, "demo-city").exit_code == 2, "a second time there are people"


def test_the_city_tells_its_accounts_without_migrating(city: City) -> None:
    assert len(flask(city.app, "demo-accounts").output.splitlines()) == len(CAST)


@pytest.mark.parametrize("name", [line.name for line in JOBS])
def test_a_job_says_that_it_is_done(app: Flask, name: str) -> None:
    done = flask(app, "run-job", name)
    assert done.exit_code == 0, done.output
    assert f"{name}: " in done.output
    assert "None" not in done.output


def test_an_unknown_job_names_the_known_ones(app: Flask) -> None:
    done = flask(app, "run-job", "sweep_everything")
    assert done.exit_code == 2
    assert "send_outbox" in done.stderr


# ── the start ───────────────────────────────────────────────────────────────────────────────────────────

KEYS = dict.fromkeys(("SECRET_KEY", "INDEX_KEY", "DATA_KEYS"), "x" * 40)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "INDEX_KEY", "DATA_KEYS", "PUBLIC_URL"])
def test_production_without_its_settings_stops_with_a_sentence(
    missing: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    there = KEYS | {
        "PUBLIC_URL": "https://dai-su-so.example",
        "APP_ENV": "production",
        "DATA_DIR": str(tmp_path),
    }
    for name, value in (there | {missing: ""}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        runpy.run_path(str(ROOT / "wsgi.py"))
    assert str(stopped.value).startswith("Chưa khởi động được / Cannot start: ")
    assert f"{missing} is missing: set it to" in str(stopped.value)
    assert list(tmp_path.iterdir()) == [], "no secret is made in production"


@pytest.mark.slow
def test_the_flask_command_says_it_too(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "APP_ENV": "production", "DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "app", "migrate"],
        cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "SECRET_KEY is missing: set it to" in done.stderr
    assert "Traceback" not in done.stderr


def test_two_applications_share_nothing(tmp_path: Path) -> None:
    first, second = (
        create_app(
            settings_of_a_test(f"sqlite:///{tmp_path / name}.db", tmp_path), FixedClock(), TESTING=True
        )
        for name in ("a", "b")
    )
    assert house(first).work is not house(second).work
    assert house(first).work.database.engine.url != house(second).work.database.engine.url
    assert first.extensions["jobs"] is not second.extensions["jobs"]


@pytest.mark.parametrize(("hops", "secure"), [("0", False), ("1", True)])
def test_a_proxy_is_believed_only_where_the_settings_say_so(
    hops: str, secure: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in {"APP_ENV": "test", "DATA_DIR": str(tmp_path), "TRUSTED_PROXIES": hops}.items():
        monkeypatch.setenv(name, value)
    app = create_app(None, FixedClock(), TESTING=True)
    with app.test_client() as client:
        forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
        client.get("/health/live", headers=forwarded)
        assert request.is_secure is secure
        assert (request.remote_addr == "203.0.113.9") is secure
