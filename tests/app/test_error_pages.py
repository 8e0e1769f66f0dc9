"""Every refusal and accident is a page with words in both languages, or problem JSON; never a traceback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale, gettext
from sqlalchemy import Connection, event, text
from werkzeug.test import TestResponse

import core.database
from app.access import guard
from app.error_words import words_for
from app.factory import create_app
from app.migrations import migrate
from core.clock import FixedClock
from core.database import Database, make_engine
from core.errors import BadRequest, Conflict, Invalid, NotAllowed, NotFound, TooLarge, TooMany, Unavailable
from core.web import access, house, in_one_transaction
from tests.support import databases
from tests.support.policies import settings_of_a_test

SECRET = "0905123456 of Trần Thị Hoa"
LEAKS = ("Traceback", "sqlalchemy", "psycopg", "sqlite3", "werkzeug", "ZeroDivision", "SELECT", "<dl", SECRET)


def accident() -> None:
    raise ZeroDivisionError(SECRET)


def raising(error: Exception) -> Callable[[], None]:
    def view() -> None:
        raise error

    return view


PLANTED: dict[str, Callable[[], None]] = {
    "bad": raising(BadRequest("no_such_code")),
    "forbidden": raising(NotAllowed("not_allowed")),
    "foreign": raising(NotFound("not_found")),
    "twice": raising(Conflict("already_confirmed")),
    "large": raising(TooLarge("too_large")),
    "wrong": raising(Invalid("invalid", {"full_name": "name_empty"})),
    "often": raising(TooMany("too_many_reveals", seconds=3600)),
    "accident": accident,
    "busy": raising(Unavailable("database_locked")),
}
# Each: the method, the path, the status and the code of the answer.
REFUSALS = (
    ("POST", "/x", 400, "csrf"),
    ("GET", "/planted/bad", 400, "no_such_code"),
    ("GET", "/planted/forbidden", 403, "not_allowed"),
    ("GET", "/planted/undeclared", 403, "not_declared"),
    ("GET", "/khong-co", 404, "http_404"),
    ("GET", "/static/khong-co.css", 404, "http_404"),
    ("GET", "/planted/foreign", 404, "not_found"),
    ("DELETE", "/", 405, "http_405"),
    ("GET", "/planted/twice", 409, "already_confirmed"),
    ("POST", "/dang-nhap", 413, "http_413"),
    ("GET", "/planted/large", 413, "too_large"),
    ("GET", "/planted/wrong", 422, "invalid"),
    ("GET", "/planted/often", 429, "too_many_reveals"),
    ("GET", "/planted/accident", 500, "accident"),
    ("GET", "/planted/busy", 503, "database_locked"),
)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory, catalogues: None) -> Iterator[Flask]:
    """The application as in production, with views that refuse and one that breaks."""
    folder = tmp_path_factory.mktemp("faulty")
    with databases.migrated_database("sqlite", folder) as url:
        app = create_app(settings_of_a_test(url, folder), FixedClock(), TESTING=True)
        for name, view in PLANTED.items():
            app.add_url_rule(f"/planted/{name}", f"planted_{name}", wrapped(access.public(view)))
        app.add_url_rule("/planted/undeclared", "planted_undeclared", wrapped(lambda: "shown"))
        yield app
        house(app).work.database.dispose()


def wrapped(view: Callable[..., object]) -> Callable[..., Any]:
    return in_one_transaction(view, guard)


def ask(client: FlaskClient, method: str, path: str, status: int, **headers: str) -> TestResponse:
    if (method, status) == ("POST", 413):
        form = "application/x-www-form-urlencoded"
        return client.post(path, headers=headers, data=b"x" * 3_000_000, content_type=form)
    return client.open(path, method=method, headers=headers)


def spoken(app: Flask, language: str, status: int, code: str) -> tuple[str, str]:
    words = words_for(status, code)
    with app.app_context(), force_locale(language):
        return gettext(words.title), gettext(words.text)


# ── as a page, as JSON ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("method", "path", "status", "code"), REFUSALS)
def test_a_refusal_is_a_page(
    faulty: Flask, method: str, path: str, status: int, code: str, language: str
) -> None:
    client = faulty.test_client()
    client.set_cookie("lang", language)
    answer = ask(client, method, path, status)
    page = answer.get_data(as_text=True)
    title, advice = spoken(faulty, language, status, code)

    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert f'<html lang="{language}"' in page
    assert f"<h1>{title}</h1>" in page
    assert advice in page
    assert str(status) in page
    assert "'self'" in answer.headers["Content-Security-Policy"]
    assert [leaked for leaked in LEAKS if leaked in page] == []
    answer.close()


@pytest.mark.parametrize(
    "wanted", ["application/json", "application/problem+json", "text/html;q=0.5, application/json"]
)
@pytest.mark.parametrize(("method", "path", "status", "code"), REFUSALS)
def test_a_refusal_is_problem_json_for_who_asks(
    faulty: Flask, method: str, path: str, status: int, code: str, wanted: str
) -> None:
    client = faulty.test_client()
    client.set_cookie("lang", "en")
    answer = ask(client, method, path, status, Accept=wanted)
    title, advice = spoken(faulty, "en", status, code)

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.json == {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": advice,
        "code": code,
    }
    answer.close()


@pytest.mark.parametrize("wanted", ["*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "image/png", ""])
def test_others_get_the_page(faulty: Flask, wanted: str) -> None:
    assert faulty.test_client().get("/khong-co", headers={"Accept": wanted}).mimetype == "text/html"


def test_the_api_answers_in_json_whatever_is_accepted(faulty: Flask) -> None:
    assert faulty.test_client().get("/api/v1/khong-co").content_type == "application/problem+json"


def test_a_page_and_its_english_differ(faulty: Flask) -> None:
    for _method, _path, status, code in REFUSALS:
        assert spoken(faulty, "vi", status, code) != spoken(faulty, "en", status, code)


def test_a_wrong_method_says_which_are_right(faulty: Flask) -> None:
    assert "GET" in faulty.test_client().delete("/").headers["Allow"]


def test_an_accident_is_written_to_the_log_whole(faulty: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    assert faulty.test_client().get("/planted/accident").status_code == 500
    log = capsys.readouterr().out
    assert "/planted/accident" in log
    assert "ZeroDivisionError" in log


def test_after_an_accident_the_next_page_stands(faulty: Flask) -> None:
    client = faulty.test_client()
    assert [client.get(path).status_code for path in ("/planted/accident", "/")] == [500, 200]


# ── a database that is locked, missing, behind ──────────────────────────────────────────────────────────


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, database: Database, app: Flask) -> Flask:
    """The application, waiting a twentieth of a second for a lock."""
    monkeypatch.setattr(core.database, "SQLITE_BUSY_MILLISECONDS", 50)
    engine = house(app).work.database.engine
    if engine.dialect.name == "postgresql":

        @event.listens_for(engine, "begin")
        def wait_little(connection: Connection) -> None:
            connection.exec_driver_sql("SET LOCAL lock_timeout = 50")

    return app


SIGN_IN = {"name": "alice@example.org", "password": "sai"}


@pytest.mark.parametrize("table", ["rate_window", "account"])
def test_a_locked_database_is_a_sentence_and_reading_goes_on(
    impatient: Flask, database: Database, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    client = impatient.test_client()
    with database.session(write=True) as writer:
        writer.execute(text("SELECT 1"))
        if database.engine.dialect.name == "postgresql":
            writer.execute(text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
        answer = client.post("/dang-nhap", data=SIGN_IN)
        reading = client.get("/")
        ready = client.get("/health/ready")
    page = answer.get_data(as_text=True)

    assert (answer.status_code, reading.status_code) == (503, 200)
    assert (ready.status_code, ready.json) == (200, {"status": "ok", "database": "ok"})
    assert int(answer.headers["Retry-After"]) > 0
    assert "Cơ sở dữ liệu đang bận" in page
    assert [leaked for leaked in LEAKS if leaked in page] == []
    assert client.post("/dang-nhap", data=SIGN_IN).status_code == 422, "once it is free again"


@pytest.fixture
def nowhere(database_kind: str, tmp_path: Path) -> str:
    """The address of a database that is not there."""
    if database_kind == "sqlite":
        return f"sqlite:///{tmp_path / 'no-such-folder' / 'none.db'}"
    return f"postgresql+psycopg://nobody@/none?host={tmp_path}"


def test_a_missing_database_is_a_sentence(nowhere: str, tmp_path: Path, catalogues: None) -> None:
    app = create_app(
        settings_of_a_test(nowhere, tmp_path), FixedClock(), TESTING=True, WTF_CSRF_ENABLED=False
    )
    is_closed(app, "database_missing", "unreachable")


def test_a_database_that_the_server_does_not_have_is_a_sentence(
    database_kind: str, empty_url: str, tmp_path: Path, catalogues: None
) -> None:
    if database_kind == "sqlite":
        (tmp_path / "folder.db").mkdir()
        url = f"sqlite:///{tmp_path / 'folder.db'}"
    else:
        url = databases.address_of("no_such_database")
    app = create_app(settings_of_a_test(url, tmp_path), FixedClock(), TESTING=True, WTF_CSRF_ENABLED=False)
    is_closed(app, "database_missing", "unreachable")


def test_a_database_without_tables_is_a_sentence(empty_url: str, tmp_path: Path, catalogues: None) -> None:
    app = create_app(
        settings_of_a_test(empty_url, tmp_path), FixedClock(), TESTING=True, WTF_CSRF_ENABLED=False
    )
    is_closed(app, "database_behind", "behind")


def is_closed(app: Flask, code: str, health: str) -> None:
    """No page needs a working database to say so, in both languages and as JSON."""
    client = app.test_client()
    for language in ("vi", "en"):
        client.set_cookie("lang", language)
        for answer in (client.get("/"), client.get("/vinh-danh"), client.post("/dang-nhap", data=SIGN_IN)):
            page = answer.get_data(as_text=True)
            assert answer.status_code == 503, page
            assert f"<h1>{spoken(app, language, 503, code)[0]}</h1>" in page
            assert [leaked for leaked in LEAKS if leaked in page] == []
    assert client.get("/", headers={"Accept": "application/json"}).get_json()["code"] == code
    assert client.get("/khong-co").status_code == 404
    assert client.get("/health/live").status_code == 200
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.get_json()["database"]) == (503, health)
    house(app).work.database.dispose()


def test_one_migration_behind_no_page_shows_an_accident(database_url: str, app: Flask) -> None:
    client = app.test_client()
    assert client.get("/health/ready").json == {"status": "ok", "database": "ok"}
    engine = make_engine(database_url)
    migrate(engine, "-1")
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.get_json()["database"]) == (503, "behind")
    assert ready.get_json()["run"] == "flask app migrate"
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments:
            answer = client.get(rule.rule)
            assert answer.status_code in (200, 303, 503), rule
            assert "Traceback" not in answer.get_data(as_text=True)
    migrate(engine)
    engine.dispose()
    assert client.get("/health/ready").status_code == 200
