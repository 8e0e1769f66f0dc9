"""Numbers, days and moments as people here write them; the language of a page, chosen and remembered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from app import formats
from app.languages import choose


@pytest.fixture
def speaking(bare_app: Flask, catalogues: None) -> Iterator[Flask]:
    with bare_app.test_request_context("/"):
        yield bare_app


@pytest.mark.parametrize(
    ("value", "vietnamese", "english"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1204, "1.204", "1,204"),
        (3_065_628, "3.065.628", "3,065,628"),
        (12.34, "12,3", "12.3"),
        (-5, "-5", "-5"),
    ],
)
def test_numbers(speaking: Flask, value: float, vietnamese: str, english: str) -> None:
    with force_locale("vi"):
        assert formats.number(value) == vietnamese
    with force_locale("en"):
        assert formats.number(value) == english


def test_a_share_is_a_whole_percentage(speaking: Flask) -> None:
    assert [formats.percent(value) for value in (0, 0.005, 0.634, 1)] == ["0%", "0%", "63%", "100%"]


def test_days_are_written_the_same_way_in_both_languages(speaking: Flask) -> None:
    for language in ("vi", "en"):
        with force_locale(language):
            assert formats.day(date(2026, 3, 7)) == "07/03/2026"
            assert formats.day(None) == "–"
            assert formats.day(date.max) == "–", "the day is unknown"
            assert formats.long_day(date.max) == "–"


def test_a_weekday_begins_with_a_capital(speaking: Flask) -> None:
    with force_locale("vi"):
        assert formats.long_day(date(2026, 11, 21)) == "Thứ Bảy, 21/11/2026"
    with force_locale("en"):
        assert formats.long_day(date(2026, 11, 21)) == "Saturday, 21/11/2026"


def test_a_moment_is_told_in_the_time_of_da_nang(speaking: Flask) -> None:
    assert formats.moment(datetime(2026, 11, 21, 18, 5, tzinfo=UTC)) == "01:05 22/11/2026"
    assert formats.moment(None) == "–"


def test_every_format_is_a_filter(bare_app: Flask) -> None:
    assert {"number", "percent", "day", "long_day", "moment", "local_day"} <= set(bare_app.jinja_env.filters)


# ── languages ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cookie", "language"),
    [(None, "vi"), ("vi", "vi"), ("en", "en"), ("fr", "vi"), ("", "vi"), ("../en", "vi")],
)
def test_the_cookie_chooses_and_the_browser_is_not_asked(
    bare_app: Flask, cookie: str | None, language: str
) -> None:
    headers = {"Accept-Language": "en-US,en;q=0.9"} | (
        {"Cookie": f"lang={cookie}"} if cookie is not None else {}
    )
    with bare_app.test_request_context("/", headers=headers):
        assert choose() == language


def test_the_language_is_remembered_for_a_year_on_this_device(app: Flask, catalogues: None) -> None:
    client = app.test_client()
    assert '<html lang="vi"' in client.get("/").get_data(as_text=True)
    answer = client.get("/ngon-ngu/en", query_string={"next": "/vinh-danh?sau="})
    assert (answer.status_code, answer.location) == (303, "/vinh-danh?sau=")
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("lang="))
    assert "Max-Age=31536000" in cookie
    assert "SameSite=Lax" in cookie
    for path in ("/", "/bang-xep-hang", "/dang-nhap", "/khong-co"):
        assert '<html lang="en"' in client.get(path).get_data(as_text=True)
    client.get("/ngon-ngu/vi")
    assert '<html lang="vi"' in client.get("/").get_data(as_text=True)
    assert '<html lang="vi"' in app.test_client().get("/").get_data(as_text=True), "no other device"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_switch_never_leads_out_of_the_house(client: FlaskClient, target: str) -> None:
    assert client.get("/ngon-ngu/en", query_string={"next": target}).location == "/"


@pytest.mark.parametrize("language", ["fr", "", "vi-VN", "EN"])
def test_a_language_that_we_do_not_speak_is_refused(client: FlaskClient, language: str) -> None:
    answer = client.get(f"/ngon-ngu/{language}")
    assert answer.status_code == 404
    assert "lang=" not in str(answer.headers.getlist("Set-Cookie"))
