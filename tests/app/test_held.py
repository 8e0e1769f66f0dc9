"""Pages held for visitors: fresh after a write, gone after two seconds, never for anyone with a session."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.held import MOST_PAGES, SECONDS
from core.clock import FixedClock
from core.web import HOLD_MARK, house
from people.models import Person
from tests.support.application import SignIn
from tests.support.cast import Cast

HELD = ("/", "/bang-xep-hang", "/vinh-danh")


class Asked:
    """Counts what is asked of the database."""

    def __init__(self, app: Flask) -> None:
        self.count = 0
        event.listen(house(app).work.database.engine, "before_cursor_execute", self._heard)

    def _heard(self, *_: object) -> None:
        self.count += 1

    def by(self, client: FlaskClient, path: str, **more: object) -> int:
        before = self.count
        assert client.get(path, **more).status_code == 200
        return self.count - before


@pytest.fixture
def asked(app: Flask, reference: None) -> Asked:
    return Asked(app)


@pytest.mark.parametrize("path", HELD)
def test_a_second_visitor_costs_the_database_nothing(
    app: Flask, asked: Asked, clock: FixedClock, path: str
) -> None:
    assert asked.by(app.test_client(), path) > 0
    assert asked.by(app.test_client(), path) == 0
    clock.advance(seconds=SECONDS)
    assert asked.by(app.test_client(), path) > 0


def test_whatever_is_written_here_is_seen_at_once(app: Flask, asked: Asked, cast: Cast) -> None:
    asked.by(app.test_client(), "/")
    with house(app).work.begin() as session:
        session.get_one(Person, cast.alice.person_id).boards_opt_out = True
    assert asked.by(app.test_client(), "/") > 0


def test_languages_and_addresses_are_held_apart(app: Flask, asked: Asked) -> None:
    asked.by(app.test_client(), "/")
    english = app.test_client()
    english.get("/ngon-ngu/en")
    assert '<html lang="en"' in english.get("/").get_data(as_text=True)
    assert '<html lang="vi"' in app.test_client().get("/").get_data(as_text=True)
    assert asked.by(app.test_client(), "/bang-xep-hang?ky=2026") > 0


def test_nobody_who_is_signed_in_gets_the_page_of_a_visitor(
    app: Flask, asked: Asked, cast: Cast, sign_in: SignIn
) -> None:
    visitor = app.test_client().get("/vinh-danh").get_data(as_text=True)
    alice = sign_in(app.test_client(), cast.alice)
    assert asked.by(alice, "/vinh-danh") > 0
    page = alice.get("/vinh-danh")
    assert page.get_data(as_text=True) != visitor
    assert page.headers["Cache-Control"] == "private, no-store"
    assert app.test_client().get("/vinh-danh").get_data(as_text=True) == visitor


def test_a_page_that_has_not_changed_is_not_sent_again(app: Flask, asked: Asked) -> None:
    first = app.test_client().get("/")
    assert first.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in first.headers
    again = app.test_client().get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]


def test_packed_and_plain_answers_are_held_apart(app: Flask, asked: Asked) -> None:
    packed = app.test_client().get("/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in app.test_client().get("/").headers
    again = app.test_client().get("/", headers={"Accept-Encoding": "gzip"})
    assert again.get_data() == packed.get_data()


def test_the_hold_does_not_grow_for_ever(app: Flask, asked: Asked) -> None:
    client = app.test_client()
    for number in range(MOST_PAGES + 5):
        client.get(f"/?{number}")
    assert asked.by(client, "/?0") > 0
    assert asked.by(client, f"/?{MOST_PAGES + 4}") == 0


def test_only_pages_without_a_person_are_marked(app: Flask) -> None:
    marked = {name for name, view in app.view_functions.items() if getattr(view, HOLD_MARK, False)}
    assert marked == {"app.home", "leaderboards.board", "leaderboards.unit", "honors.wall"}
