"""The headers of every answer, the caching of files, and the cookies."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.assets import Assets
from app.factory import create_app
from app.security import HEADERS, POLICY
from core.clock import FixedClock
from core.settings import Settings
from core.web import house
from tests.support.application import SignIn
from tests.support.cast import PASSWORD, Cast

ANSWERS = (
    ("GET", "/", 200),
    ("GET", "/dang-nhap", 200),
    ("GET", "/hom-nay", 303),
    ("POST", "/x", 400),
    ("GET", "/khong-co", 404),
    ("PUT", "/", 405),
    ("GET", "/health/live", 200),
    ("GET", "/health/ready", 200),
    ("GET", "/static/css/app.css", 200),
    ("GET", "/static/khong-co.css", 404),
)


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_every_answer_carries_the_headers(bare_app: Flask, method: str, path: str, status: int) -> None:
    with bare_app.test_client().open(path, method=method) as answer:
        assert answer.status_code == status
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
        if not path.startswith("/static/"):
            # The home page is the same for every visitor: kept where it is asked for again each time.
            same_for_all = path == "/" and status == 200
            assert answer.headers["Cache-Control"] == ("no-cache" if same_for_all else "private, no-store")


def test_the_policy_begins_with_nothing_and_allows_no_inline() -> None:
    assert POLICY.startswith("default-src 'none'")
    assert "unsafe" not in POLICY
    assert "*" not in POLICY
    assert "http" not in POLICY
    for closed in ("base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert closed in POLICY


# ── files ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_asked_for_by_its_fingerprint_is_kept_for_a_year(bare_app: Flask) -> None:
    client = bare_app.test_client()
    addresses = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/").get_data(as_text=True)))
    assert len(addresses) > 3
    for address in addresses:
        with client.get(address) as file:
            assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable", address
            assert hashlib.sha256(file.data).hexdigest().startswith(address.partition("?v=")[2])
            mark = file.headers["ETag"]
        with client.get(address, headers={"If-None-Match": mark}) as again:
            assert again.status_code == 304
            assert "immutable" in again.headers["Cache-Control"]


@pytest.mark.parametrize("question", ["", "?v=", "?v=000000000000", "?w=1"])
def test_another_fingerprint_is_not_kept_for_a_year(bare_app: Flask, question: str) -> None:
    with bare_app.test_client().get(f"/static/css/app.css{question}") as file:
        assert file.status_code == 200
        assert "immutable" not in file.headers["Cache-Control"]


def test_a_file_that_is_not_there_is_never_kept(bare_app: Flask) -> None:
    with bare_app.test_client().get("/static/khong-co.css?v=000000000000") as file:
        assert file.status_code == 404
        assert "immutable" not in file.headers.get("Cache-Control", "")


def test_a_changed_file_gets_a_new_address_where_files_are_watched(tmp_path: Path) -> None:
    app = Flask("files", static_folder=str(tmp_path))
    watching, reading_once = Assets(app, watch=True), Assets(app, watch=False)
    sheet = tmp_path / "a.css"
    sheet.write_text("a{}", encoding="utf-8")
    first = watching("a.css")
    assert reading_once("a.css") == first
    sheet.write_text("b{}", encoding="utf-8")
    # Within a tick of the file system the time would be the same.
    stat = sheet.stat()
    os.utime(sheet, (stat.st_atime, stat.st_mtime + 5))
    assert watching("a.css") != first
    assert reading_once("a.css") == first
    with pytest.raises(FileNotFoundError):
        watching("b.css")


# ── cookies ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_sets_no_cookie(client: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    with sign_in(client, cast.alice).get("/static/css/app.css") as file:
        assert "Set-Cookie" not in file.headers
        assert "Cookie" not in file.headers.get("Vary", "")


def test_over_https_cookies_and_the_browser_are_told_so(
    settings: Settings, cast: Cast, clock: FixedClock
) -> None:
    secure = replace(settings, public_url="https://dai-su-so.example")
    app = create_app(secure, clock, TESTING=True, WTF_CSRF_ENABLED=False)
    said = {"name": "alice@example.org", "password": PASSWORD}
    answer = app.test_client().post("/dang-nhap", data=said, base_url=secure.public_url)
    assert answer.status_code == 303
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookies = answer.headers.getlist("Set-Cookie")
    assert any(cookie.startswith("phien=") for cookie in cookies)
    for cookie in cookies:
        assert "; Secure" in cookie
        assert "; HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
    house(app).work.database.dispose()


def test_over_http_nothing_demands_https(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_the_page_of_one_person_is_never_kept(client: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    sign_in(client, cast.alice)
    for path in ("/hom-nay", "/nguoi-hoc", "/cay", "/huy-hieu", "/toi", "/vinh-danh/cua-toi", "/"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
