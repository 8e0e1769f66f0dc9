"""Who sits there: the cookie, its stamp, the check of a name and a password."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.database import Database
from core.errors import NotAllowed
from core.secrets_box import SecretsBox
from people import sessions
from people.models import Account
from people.passwords import CHEAPEST, Passwords, Profile
from people.permissions import ANYONE
from tests.support.cast import PASSWORD, Cast, Member

SignIn = Callable[[FlaskClient, Member], object]
CHEAP = Passwords(CHEAPEST)


def test_a_right_password_signs_in(session: Session, cast: Cast, clock: FixedClock, box: SecretsBox) -> None:
    account = sessions.check_sign_in(session, "0905000001", PASSWORD, clock.now(), box, CHEAP)
    assert account.id == cast.alice.account_id
    assert account.last_signed_in_at == clock.now()


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("alice@example.org", "wrong"),
        ("alice@example.org", ""),
        ("alice@example.org", PASSWORD + " "),
        ("nobody@example.org", PASSWORD),
        ("0905000008", PASSWORD),
        ("", ""),
    ],
)
def test_every_refusal_is_the_same(
    session: Session, cast: Cast, clock: FixedClock, box: SecretsBox, name: str, password: str
) -> None:
    with pytest.raises(NotAllowed, match=r"^wrong_name_or_password$") as refused:
        sessions.check_sign_in(session, name, password, clock.now(), box, CHEAP)
    assert refused.value.values == {}


def test_a_locked_account_is_refused_the_same_way(
    session: Session, cast: Cast, clock: FixedClock, box: SecretsBox
) -> None:
    session.get_one(Account, cast.alice.account_id).active = False
    with pytest.raises(NotAllowed, match=r"^wrong_name_or_password$"):
        sessions.check_sign_in(session, "alice@example.org", PASSWORD, clock.now(), box, CHEAP)


def test_an_unknown_name_costs_the_work_of_a_check(
    session: Session, cast: Cast, clock: FixedClock, box: SecretsBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    real = Passwords.verify

    def counted(self: Passwords, stored: str, password: str) -> bool:
        checked.append(stored)
        return real(self, stored, password)

    monkeypatch.setattr(Passwords, "verify", counted)
    for name in ("alice@example.org", "nobody@example.org"):
        with pytest.raises(NotAllowed):
            sessions.check_sign_in(session, name, "wrong", clock.now(), box, CHEAP)
    assert len(checked) == 2


def test_an_old_hash_is_made_anew(session: Session, cast: Cast, clock: FixedClock, box: SecretsBox) -> None:
    stronger = Passwords(Profile(memory_kib=16, passes=2, lanes=1))
    account = sessions.check_sign_in(session, "alice@example.org", PASSWORD, clock.now(), box, stronger)
    assert not stronger.needs_rehash(account.password_hash)
    assert stronger.verify(account.password_hash, PASSWORD)


def test_the_cookie_is_closed_to_scripts_and_lasts(client: FlaskClient, cast: Cast) -> None:
    answer = client.post("/dang-nhap", data={"name": "alice@example.org", "password": PASSWORD})
    (cookie,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("phien=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires=" in cookie


def test_what_a_session_held_before_is_dropped(client: FlaskClient, cast: Cast) -> None:
    with client.session_transaction() as held:
        held["planted"] = "by somebody else"
    client.post("/dang-nhap", data={"name": "alice@example.org", "password": PASSWORD})
    with client.session_transaction() as held:
        assert "planted" not in held


@pytest.mark.parametrize(
    "cookie_id",
    ["", "1", "1.", "1.wrong", "x.stamp-alice", "-1.stamp-alice", "²", "9" * 30 + ".s", "999999.s"],
)
def test_a_cookie_of_nonsense_is_a_guest(client: FlaskClient, cast: Cast, cookie_id: str) -> None:
    with client.session_transaction() as held:
        held["_user_id"] = cookie_id
    assert client.get("/toi").status_code == 303


def test_a_new_stamp_signs_every_device_out(
    app: Flask, cast: Cast, sign_in: SignIn, database: Database
) -> None:
    devices = [app.test_client(), app.test_client()]
    for device in devices:
        sign_in(device, cast.alice)
        assert device.get("/toi").status_code == 200
    with database.session(write=True) as session:
        session.get_one(Account, cast.alice.account_id).session_stamp = "another"
        session.commit()
    assert [device.get("/toi").status_code for device in devices] == [303, 303]


def test_roles_are_read_anew_on_every_request(
    client: FlaskClient, cast: Cast, sign_in: SignIn, app: Flask
) -> None:
    sign_in(client, cast.alice)
    assert client.get("/quan-tri/nhat-ky").status_code == 403
    admin = app.test_client()
    sign_in(admin, cast.olga)
    path = f"/quan-tri/tai-khoan/{cast.alice.account_id}/vai-tro"
    assert admin.post(path, data={"role": "administrator"}).status_code == 303
    assert client.get("/quan-tri/nhat-ky").status_code == 200


def test_without_a_database_everybody_is_a_guest(app: Flask) -> None:
    with app.test_request_context("/nowhere"):
        assert sessions.actor() is ANYONE
        assert sessions.viewer() is None


def test_a_page_that_is_not_there_is_drawn_for_a_guest(
    client: FlaskClient, cast: Cast, sign_in: SignIn
) -> None:
    sign_in(client, cast.alice)
    assert client.get("/khong-co-trang-nay").status_code == 404
    assert client.get("/toi").status_code == 200


@given(st.text(max_size=40))
def test_next_never_leaves_the_house(target: str) -> None:
    kept = sessions.safe_next(target)
    assert kept is None or (kept == target and target[0] == "/" and target[1:2] not in {"/", "\\"})
