"""Each endpoint asks who comes, as it declared: guests sign in and come back, the wrong role is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from app.access import guard
from core.errors import NotAllowed
from core.web import ACCESS_MARK, SAFE_METHODS, house
from people.permissions import Permission, Role, may
from tests.support.application import SignIn
from tests.support.cast import Cast

SOME_MARK = "00000000-0000-4000-8000-000000000000"
KEYS = ("alice", "carol", "frank", "olga")


def doors(app: Flask) -> Iterator[tuple[str, str, object]]:
    """Each (method, address, declared access) of the application."""
    for rule in app.url_map.iter_rules():
        declared = getattr(app.view_functions[rule.endpoint], ACCESS_MARK, None)
        values: dict[str, Any] = {
            name: 1 if f"int:{name}" in rule.rule else SOME_MARK if f"uuid:{name}" in rule.rule else "x"
            for name in rule.arguments
        }
        with app.test_request_context():
            address = url_for(rule.endpoint, **values)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if rule.endpoint != "static":
                yield method, address, declared


def test_a_guest_is_sent_to_sign_in_from_every_closed_door(app: Flask, client: FlaskClient) -> None:
    closed = 0
    for method, address, declared in doors(app):
        answer = client.open(address, method=method)
        if declared == "public":
            assert "next=" not in answer.headers.get("Location", ""), address
            assert answer.status_code != 403, address
            continue
        closed += 1
        assert answer.status_code == 303, f"{method} {address}: {answer.status_code}"
        back = address if method in SAFE_METHODS else "/"
        with app.test_request_context():
            assert answer.location == url_for("people.sign_in", next=back)
    assert closed > 40


def test_where_one_wanted_to_go_keeps_its_question(client: FlaskClient) -> None:
    assert client.get("/nguoi-hoc?q=Hoa").location == "/dang-nhap?next=/nguoi-hoc?q%3DHoa"


@pytest.mark.parametrize("key", KEYS)
def test_the_wrong_role_is_refused_at_every_door(
    app: Flask, client: FlaskClient, cast: Cast, sign_in: SignIn, key: str
) -> None:
    member = cast[key]
    sign_in(client, member)
    refused = 0
    for method, address, declared in doors(app):
        if not isinstance(declared, Permission) or may(member.actor, declared, anywhere=True):
            continue
        refused += 1
        answer = client.open(address, method=method)
        assert answer.status_code == 403, f"{method} {address} for {key}: {answer.status_code}"
        assert "Bạn chưa được phép" in answer.get_data(as_text=True)
    assert refused > 5


@pytest.mark.parametrize("key", KEYS)
def test_the_right_role_comes_in(app: Flask, reference: None, cast: Cast, sign_in: SignIn, key: str) -> None:
    client = sign_in(app.test_client(), cast[key])
    opened = 0
    for method, address, declared in doors(app):
        path_is_whole = not re.search(rf"/(1|x|{SOME_MARK})(/|$)", address) or address == "/x"
        if method != "GET" or not path_is_whole or not isinstance(declared, Permission):
            continue
        if may(cast[key].actor, declared, anywhere=True):
            opened += 1
            assert client.get(address).status_code == 200, f"{address} for {key}"
    assert opened >= 1


def test_a_door_without_declaration_is_closed_to_everybody(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(NotAllowed) as refused:
        guard(None)
    assert refused.value.code == "not_declared"


def test_a_role_that_was_taken_back_opens_nothing(
    app: Flask, client: FlaskClient, cast: Cast, sign_in: SignIn
) -> None:
    sign_in(client, cast.frank)
    assert client.get("/guong-sang").status_code == 200
    with house(app).work.begin() as session:
        session.connection().exec_driver_sql(
            f"UPDATE role_grant SET revoked_at = granted_at WHERE account_id = {cast.frank.account_id}"
        )
    assert client.get("/guong-sang").status_code == 403
    assert cast.frank.role is Role.COMMUNICATION
