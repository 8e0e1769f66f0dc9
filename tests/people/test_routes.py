"""Pages of people, through HTTP."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core.clock import FixedClock
from core.database import Database
from people.models import Account, AuditEntry, Person, RoleGrant, Unit
from people.permissions import HOUSE
from people.services.places import install_places
from tests.support.cast import PASSWORD, Cast, Member

SignIn = Callable[[FlaskClient, Member], object]

GOOD_PASSWORD = "con mèo trèo cây cau"
ADMIN_PAGES = (
    "/quan-tri/tai-khoan",
    "/quan-tri/tai-khoan/moi",
    "/quan-tri/tai-khoan/1",
    "/quan-tri/don-vi",
    "/quan-tri/don-vi/1",
    "/quan-tri/nhat-ky",
)


def words(answer: object) -> str:
    """The page as a reader sees it, without markup."""
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))  # type: ignore[attr-defined]
    return " ".join(html.unescape(text).split())


# ── signing in and out ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["alice@example.org", "0905 000 001", "+84905000001", "905000001"])
def test_one_signs_in_by_phone_or_email(
    client: FlaskClient, cast: Cast, database: Database, clock: FixedClock, name: str
) -> None:
    answer = client.post("/dang-nhap", data={"name": name, "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/bat-dau")
    assert client.get("/toi").status_code == 200
    with database.session(write=False) as session:
        assert session.get_one(Account, cast.alice.account_id).last_signed_in_at == clock.now()


def test_a_wrong_password_and_an_unknown_name_look_the_same(client: FlaskClient, cast: Cast) -> None:
    pages = []
    for name, password in (("alice@example.org", "wrong"), ("nobody@example.org", PASSWORD)):
        answer = client.post("/dang-nhap", data={"name": name, "password": password})
        assert answer.status_code == 422
        page = answer.get_data(as_text=True)
        assert f'value="{name}"' in page
        assert password not in page
        pages.append(re.sub(r'name="csrf_token" value="[^"]*"', "", page.replace(name, "")))
    assert pages[0] == pages[1]
    assert "chưa đúng" in pages[0]
    assert client.get("/toi").status_code == 303


def test_empty_fields_are_told_apart(client: FlaskClient, cast: Cast) -> None:
    answer = client.post("/dang-nhap", data={"name": "", "password": ""})
    assert answer.status_code == 422
    assert 'href="#name"' in answer.get_data(as_text=True)
    assert 'href="#password"' in answer.get_data(as_text=True)


def test_tries_for_one_name_are_limited_however_it_is_spelt(client: FlaskClient, cast: Cast) -> None:
    spellings = ("0905000001", "+84905000001", "905000001", "0905 000 001", "84905000001")
    for number, name in enumerate(spellings):
        tried = client.post(
            "/dang-nhap",
            data={"name": name, "password": "wrong"},
            environ_base={"REMOTE_ADDR": f"10.0.0.{number}"},
        )
        assert tried.status_code == 422
    stopped = client.post(
        "/dang-nhap",
        data={"name": "0905000001", "password": PASSWORD},
        environ_base={"REMOTE_ADDR": "10.0.0.99"},
    )
    assert stopped.status_code == 429
    assert int(stopped.headers["Retry-After"]) > 0
    other = client.post(
        "/dang-nhap",
        data={"name": "bob@example.org", "password": PASSWORD},
        environ_base={"REMOTE_ADDR": "10.0.0.99"},
    )
    assert other.status_code == 303


def test_the_old_password_is_not_guessed_on_a_device_left_open(
    client: FlaskClient, cast: Cast, sign_in: Callable[[FlaskClient, Member], FlaskClient]
) -> None:
    sign_in(client, cast.alice)
    wrong = {"old": "sai mật khẩu rồi", "new": "một mật khẩu mới rất dài"}
    assert [client.post("/toi/mat-khau", data=wrong).status_code for _ in range(6)] == [422] * 5 + [429]


def test_tries_from_one_address_are_limited_but_success_is_free(app: Flask, cast: Cast) -> None:
    # A whole office signs in behind one address.
    for member in (cast.alice, cast.bob, cast.carol, cast.dave, cast.erin, cast.frank, cast.olga):
        answer = app.test_client().post("/dang-nhap", data={"name": member.email, "password": PASSWORD})
        assert answer.status_code == 303
    for number in range(5):
        data = {"name": f"guess{number}@example.org", "password": "wrong"}
        assert app.test_client().post("/dang-nhap", data=data).status_code == 422
    data = {"name": "guess9@example.org", "password": "wrong"}
    assert app.test_client().post("/dang-nhap", data=data).status_code == 429


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [
        ("/toi", "/toi"),
        ("/quan-tri/nhat-ky?sau=abc", "/quan-tri/nhat-ky?sau=abc"),
        ("https://evil.example/", "/bat-dau"),
        ("//evil.example", "/bat-dau"),
        ("/\\evil.example", "/bat-dau"),
        ("/\t/evil.example", "/bat-dau"),
        ("javascript:alert(1)", "/bat-dau"),
        ("", "/bat-dau"),
    ],
)
def test_one_goes_on_only_within_the_house(
    client: FlaskClient, cast: Cast, target: str, goes_to: str
) -> None:
    data = {"name": "alice@example.org", "password": PASSWORD, "next": target}
    assert client.post("/dang-nhap", data=data).location == goes_to
    assert client.get("/dang-nhap", query_string={"next": target}).location == goes_to


def test_the_page_that_was_asked_for_is_kept(client: FlaskClient, cast: Cast) -> None:
    asked = client.get("/toi?tab=1")
    assert (asked.status_code, asked.location) == (303, "/dang-nhap?next=/toi?tab%3D1")
    assert 'value="/toi?tab=1"' in client.get(asked.location).get_data(as_text=True)


def test_signing_out(client: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    sign_in(client, cast.alice)
    assert client.post("/dang-xuat").status_code == 303
    assert client.get("/toi").status_code == 303
    assert client.get("/dang-xuat").status_code == 405


def test_a_locked_account_is_out_at_once(
    client: FlaskClient, cast: Cast, sign_in: SignIn, database: Database
) -> None:
    sign_in(client, cast.alice)
    with database.session(write=True) as session:
        session.get_one(Account, cast.alice.account_id).active = False
        session.commit()
    assert client.get("/toi").status_code == 303
    data = {"name": "alice@example.org", "password": PASSWORD}
    assert client.post("/dang-nhap", data=data).status_code == 422


def test_a_new_device_speaks_the_language_of_the_account(
    client: FlaskClient, cast: Cast, database: Database
) -> None:
    with database.session(write=True) as session:
        session.get_one(Account, cast.alice.account_id).language = "en"
        session.commit()
    client.post("/dang-nhap", data={"name": "alice@example.org", "password": PASSWORD})
    cookie = client.get_cookie("lang")
    assert cookie is not None
    assert cookie.value == "en"


# ── my profile ──────────────────────────────────────────────────────────────────────────────────────


def test_my_profile_shows_what_is_kept_and_masks_the_phone(
    client: FlaskClient, cast: Cast, sign_in: SignIn
) -> None:
    sign_in(client, cast.carol)
    page = words(client.get("/toi"))
    for shown in ("Lê Thị Châu", "••• 003", "carol@example.org", "Thành đoàn Đà Nẵng › Đoàn phường Hải Châu"):
        assert shown in page
    assert "905000003" not in page.replace(" ", "")


def test_my_language_is_remembered(
    client: FlaskClient, cast: Cast, sign_in: SignIn, database: Database
) -> None:
    sign_in(client, cast.alice)
    answer = client.post("/toi", data={"language": "en"})
    assert answer.status_code == 303
    cookie = client.get_cookie("lang")
    assert cookie is not None
    assert cookie.value == "en"
    assert '<html lang="en"' in client.get("/toi").get_data(as_text=True)
    with database.session(write=False) as session:
        assert session.get_one(Account, cast.alice.account_id).language == "en"
    assert client.post("/toi", data={"language": "fr"}).status_code == 422
    assert client.post("/toi", data={}).status_code == 422


def test_a_new_password_leaves_only_this_device_in(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    here, there = app.test_client(), app.test_client()
    sign_in(here, cast.alice)
    sign_in(there, cast.alice)
    answer = here.post("/toi/mat-khau", data={"old": PASSWORD, "new": GOOD_PASSWORD})
    assert answer.status_code == 303
    assert here.get("/toi").status_code == 200
    assert there.get("/toi").status_code == 303
    data = {"name": "alice@example.org", "password": GOOD_PASSWORD}
    assert there.post("/dang-nhap", data=data).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("wrong", GOOD_PASSWORD, "old"),
        (PASSWORD, "ngắn", "new"),
        ("", "", "old"),
        (PASSWORD, "1234567890", "new"),
    ],
)
def test_a_password_that_cannot_be(
    client: FlaskClient, cast: Cast, sign_in: SignIn, old: str, new: str, field: str
) -> None:
    sign_in(client, cast.alice)
    answer = client.post("/toi/mat-khau", data={"old": old, "new": new})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert f'id="{field}-error"' in page
    assert not new or f'value="{new}"' not in page


# ── administration ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", ADMIN_PAGES)
def test_administration_is_for_administrators(app: Flask, cast: Cast, sign_in: SignIn, path: str) -> None:
    assert app.test_client().get(path).status_code == 303
    for member in (cast.alice, cast.carol, cast.frank):
        client = app.test_client()
        sign_in(client, member)
        assert client.get(path).status_code == 403
    client = app.test_client()
    sign_in(client, cast.olga)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/quan-tri/tai-khoan/999999"),
        ("POST", "/quan-tri/tai-khoan/999999/vai-tro"),
        ("POST", "/quan-tri/tai-khoan/999999/thu-hoi"),
        ("POST", "/quan-tri/tai-khoan/999999/mat-khau"),
        ("POST", "/quan-tri/tai-khoan/999999/khoa"),
        ("GET", "/quan-tri/don-vi/999999"),
        ("POST", "/quan-tri/don-vi/999999"),
        ("GET", "/quan-tri/don-vi/x"),
    ],
)
def test_foreign_ids_are_not_found(
    client: FlaskClient, cast: Cast, sign_in: SignIn, method: str, path: str
) -> None:
    sign_in(client, cast.olga)
    data = {"role": "volunteer", "name": "Chi đoàn", "kind": "chapter"} if method == "POST" else None
    assert client.open(path, method=method, data=data).status_code == 404


def test_the_accounts_with_their_roles(client: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    sign_in(client, cast.olga)
    page = words(client.get("/quan-tri/tai-khoan"))
    # In the order of given names: An, Bình, Châu, Dũng, Én, Oanh, Phúc.
    names = [member.full_name for member in (cast.alice, cast.bob, cast.carol, cast.dave, cast.erin)]
    assert [page.index(name) for name in names] == sorted(page.index(name) for name in names)
    found = words(client.get("/quan-tri/tai-khoan?q=binh"))
    assert "Trần Văn Bình" in found
    assert "Nguyễn Thị An" not in found
    assert "Không tìm thấy" in words(client.get("/quan-tri/tai-khoan?q=khong-co-ai"))


def test_an_account_is_opened_and_its_owner_comes_in(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    client = app.test_client()
    sign_in(client, cast.olga)
    wish = {
        "full_name": "NGÔ THỊ LÝ",
        "phone": "0905 777 888",
        "role": "coordinator",
        "unit_id": str(cast.units["one"]),
    }
    answer = client.post("/quan-tri/tai-khoan/moi", data=wish)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    password = re.search(r"<code>([^<]+)</code>", answer.get_data(as_text=True))
    assert password is not None
    assert "Ngô Thị Lý" in words(answer)

    hers = app.test_client()
    assert hers.post("/dang-nhap", data={"name": "0905777888", "password": password[1]}).status_code == 303
    assert "Cán bộ Đoàn phụ trách: Chi đoàn Một" in words(hers.get("/toi"))
    # The same again: refused at the field, with what was typed still there.
    again = client.post("/quan-tri/tai-khoan/moi", data=wish)
    assert again.status_code == 422
    assert 'id="phone-error"' in again.get_data(as_text=True)
    assert 'value="0905 777 888"' in again.get_data(as_text=True)


def test_a_refused_account_leaves_nothing_behind(
    client: FlaskClient, cast: Cast, sign_in: SignIn, database: Database
) -> None:
    sign_in(client, cast.olga)
    wish = {"full_name": "Ngô Thị Lý", "email": "ly@example.org", "role": "coordinator"}
    answer = client.post("/quan-tri/tai-khoan/moi", data=wish)
    assert answer.status_code == 422
    assert 'id="unit_id-error"' in answer.get_data(as_text=True)
    with database.session(write=False) as session:
        assert session.scalar(select(func.count()).where(Person.full_name == "Ngô Thị Lý")) == 0


def test_roles_come_and_go(client: FlaskClient, cast: Cast, sign_in: SignIn, database: Database) -> None:
    sign_in(client, cast.olga)
    base = f"/quan-tri/tai-khoan/{cast.alice.account_id}"
    granted = client.post(f"{base}/vai-tro", data={"role": "communication", "unit_id": ""})
    assert granted.status_code == 303
    assert "Cán bộ truyền thông" in words(client.get(base))
    assert client.post(f"{base}/vai-tro", data={"role": "coordinator", "unit_id": ""}).status_code == 422
    assert client.post(f"{base}/vai-tro", data={"role": "king"}).status_code == 422
    with database.session(write=False) as session:
        grant = session.scalars(
            select(RoleGrant).where(
                RoleGrant.account_id == cast.alice.account_id, RoleGrant.role == "communication"
            )
        ).one()
        mine = session.scalars(select(RoleGrant).where(RoleGrant.account_id == cast.olga.account_id)).one()
    assert client.post(f"{base}/thu-hoi", data={"grant_id": grant.id}).status_code == 303
    assert client.post(f"{base}/thu-hoi", data={"grant_id": mine.id}).status_code == 404
    for nonsense in ("x", "", "9" * 30):
        assert client.post(f"{base}/thu-hoi", data={"grant_id": nonsense}).status_code == 404
    last = client.post(f"/quan-tri/tai-khoan/{cast.olga.account_id}/thu-hoi", data={"grant_id": mine.id})
    assert last.status_code == 409
    assert "người quản trị cuối cùng" in words(last)


def test_a_password_is_reset_and_an_account_locked(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    client, hers = app.test_client(), app.test_client()
    sign_in(client, cast.olga)
    sign_in(hers, cast.alice)
    base = f"/quan-tri/tai-khoan/{cast.alice.account_id}"
    page = client.post(f"{base}/mat-khau").get_data(as_text=True)
    assert hers.get("/toi").status_code == 303
    password = re.search(r"<code>([^<]+)</code>", page)
    assert password is not None
    assert (
        hers.post("/dang-nhap", data={"name": "alice@example.org", "password": password[1]}).status_code
        == 303
    )
    assert client.post(f"{base}/khoa", data={"active": "0"}).status_code == 303
    assert hers.get("/toi").status_code == 303
    assert "Đã khóa" in words(client.get(base))
    assert client.post(f"{base}/khoa", data={"active": "1"}).status_code == 303
    own = client.post(f"/quan-tri/tai-khoan/{cast.olga.account_id}/khoa", data={"active": "0"})
    assert own.status_code == 409


def test_units_are_walked_and_added(
    client: FlaskClient, cast: Cast, sign_in: SignIn, database: Database
) -> None:
    sign_in(client, cast.olga)
    assert "Đoàn phường Hải Châu" in words(client.get("/quan-tri/don-vi"))
    path = f"/quan-tri/don-vi/{cast.units['haichau']}"
    wish = {"name": "Chi đoàn Ba", "kind": "chapter", "code": "", "ward_code": "", "declared_members": "12"}
    assert client.post(path, data=wish).status_code == 303
    assert "Chi đoàn Ba" in words(client.get(path))
    refused = client.post(path, data={**wish, "name": "Chi đoàn Bốn", "code": "CHI-DOAN-BA"})
    assert refused.status_code == 422
    assert 'value="Chi đoàn Bốn"' in refused.get_data(as_text=True)
    assert 'id="code-error"' in refused.get_data(as_text=True)
    for change in (
        {"kind": "city"},
        {"kind": ""},
        {"name": ""},
        {"declared_members": "-3"},
        {"declared_members": "x"},
    ):
        assert client.post(path, data={**wish, **change}).status_code == 422
    with database.session(write=False) as session:
        added = session.scalars(select(Unit).where(Unit.code == "CHI-DOAN-BA")).one()
    # Nothing stands below a chapter: there is no form.
    assert 'name="kind"' not in client.get(f"/quan-tri/don-vi/{added.id}").get_data(as_text=True)
    log = words(client.get("/quan-tri/nhat-ky"))
    assert "Thêm đơn vị" in log
    assert "Bùi Thị Oanh" in log


def test_the_whole_city_fits_a_page(
    client: FlaskClient, cast: Cast, sign_in: SignIn, database: Database, clock: FixedClock
) -> None:
    with database.session(write=True) as session:
        install_places(session, HOUSE, clock.now())
        city = session.scalars(select(Unit.id).where(Unit.code == "DU-48")).one()
        session.commit()
    sign_in(client, cast.olga)
    page = words(client.get(f"/quan-tri/don-vi/{city}"))
    assert page.index("Đoàn phường An Hải") < page.index("Đoàn phường Sơn Trà") < page.index("Đoàn xã Bà Nà")
    assert client.get("/quan-tri/tai-khoan/moi").status_code == 200


def test_the_audit_log_begins_empty_and_pages(
    client: FlaskClient, cast: Cast, sign_in: SignIn, database: Database, clock: FixedClock
) -> None:
    sign_in(client, cast.olga)
    assert "Nhật ký còn trống" in words(client.get("/quan-tri/nhat-ky"))
    with database.session(write=True) as session:
        for number in range(51):
            session.add(
                AuditEntry(
                    at=clock.now(),
                    account_id=None,
                    action="class.held",
                    subject_kind="class",
                    subject_id=f"class-{number}",
                    details={"seats": number},
                )
            )
        session.commit()
    first = client.get("/quan-tri/nhat-ky").get_data(as_text=True)
    assert "class-50" in first
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    second = words(client.get(html.unescape(following[1])))
    assert "class class-0" in second
    assert "class-50" not in second
    assert client.get("/quan-tri/nhat-ky?sau=nonsense").status_code == 200
