"""The doors of the outbox: who is signed in, and one entry at a time, with the statuses a phone relies on."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core.clock import FixedClock
from core.web import house
from people.permissions import Role
from referrals.models.acts import Teaching
from referrals.models.sent import SentEntry
from referrals.routes import offline
from tests.support.application import SignIn
from tests.support.cast import Cast, Member

Answer = tuple[int, dict[str, Any]]


@pytest.fixture
def alice(app: Flask, reference: None, cast: Cast, sign_in: SignIn) -> FlaskClient:
    """Alice's phone."""
    return sign_in(app.test_client(), cast.alice)


def key_of(client: FlaskClient) -> str:
    return str(client.get("/api/v1/session").json["account"])  # type: ignore[index]


def body(client: FlaskClient, clock: FixedClock, **content: Any) -> dict[str, Any]:
    """An entry about one person, as the phone sends it."""
    return {
        "kind": "one",
        "version": 1,
        "account": key_of(client),
        "made_at": clock.now().isoformat(),
        "sent_at": clock.now().isoformat(),
        "content": {"full_name": "Đỗ Thị Mười", "skills": [1], "taught_on": "", "place": "home", **content},
    }


def put(client: FlaskClient, mark: str, sent: object) -> Answer:
    answer = client.put(f"/api/v1/outbox/{mark}", json=sent)
    assert answer.content_type.startswith("application/")
    return answer.status_code, dict(answer.json or {})


def count(app: Flask, table: type) -> int:
    with house(app).work.begin(write=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def new() -> str:
    return str(uuid.uuid4())


def test_a_page_is_told_who_is_signed_in(app: Flask, alice: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    told = alice.get("/api/v1/session").json
    assert told is not None
    assert told["version"] == 1
    assert told["language"] == "vi"
    assert told["kinds"] == ["one", "several", "class"]
    assert told["csrf"]
    assert str(cast.alice.account_id) != told["account"]
    assert len(told["account"]) == 32
    bob = sign_in(app.test_client(), cast.bob)
    assert key_of(bob) != told["account"]
    guest = app.test_client().get("/api/v1/session")
    assert guest.status_code == 200
    assert guest.json is not None
    assert guest.json["account"] is None
    assert guest.json["kinds"] == []
    assert guest.headers["Cache-Control"] == "private, no-store"


def test_an_entry_is_taken_once_however_often_it_is_sent(
    app: Flask, alice: FlaskClient, clock: FixedClock
) -> None:
    mark, sent = new(), body(alice, clock, phone="0905 123 456")
    status, first = put(alice, mark, sent)
    assert status == 200, first
    assert first["again"] is False
    assert first["left"] == []
    assert len(first["teaching_ids"]) == 1
    # Later, from another clock, with its keys in another order: the same content.
    clock.advance(minutes=90)
    sent["content"] = dict(reversed(sent["content"].items()))
    sent["sent_at"] = "2027-01-01T00:00:00Z"
    status, again = put(alice, mark, sent)
    assert status == 200
    assert again == {**first, "again": True}
    assert count(app, Teaching) == 1
    assert count(app, SentEntry) == 1


def test_another_content_under_the_same_mark_is_refused(
    app: Flask, alice: FlaskClient, clock: FixedClock
) -> None:
    mark = new()
    assert put(alice, mark, body(alice, clock))[0] == 200
    status, told = put(alice, mark, body(alice, clock, full_name="Bùi Văn Hai"))
    assert (status, told["code"], told["status"]) == (409, "changed_resend", 409)
    assert told["detail"]
    assert count(app, Teaching) == 1


def test_what_was_taken_back_does_not_come_again(app: Flask, alice: FlaskClient, clock: FixedClock) -> None:
    mark, sent = new(), body(alice, clock)
    _, first = put(alice, mark, sent)
    gone = alice.post(f"/luot-day/{first['teaching_ids'][0]}/rut-lai", data={"reason": "nhầm người"})
    assert gone.status_code == 303
    status, told = put(alice, mark, sent)
    assert (status, told["code"]) == (409, "entry_voided")
    assert "rút lại" in told["title"]


def test_a_page_that_got_through_after_all_is_found(
    app: Flask, alice: FlaskClient, clock: FixedClock
) -> None:
    """The form's own mark is the mark of the entry: only the answer of the page was lost."""
    mark, sent = new(), body(alice, clock)
    form = {**sent["content"], "taught_on": clock.now().date().isoformat(), "client_uuid": mark}
    assert alice.post("/ghi-nhan", data=form).status_code == 303
    status, told = put(alice, mark, sent)
    assert status == 200, told
    assert count(app, Teaching) == 1
    teaching_id = told["teaching_ids"][0]
    alice.post(f"/luot-day/{teaching_id}/rut-lai", data={})
    other = body(alice, clock, full_name="Mai Thị Ba")
    form = {**other["content"], "taught_on": clock.now().date().isoformat(), "client_uuid": new()}
    assert alice.post("/ghi-nhan", data=form).status_code == 303
    mine = form["client_uuid"]
    with house(app).work.begin(write=False) as session:
        act = session.scalar(select(Teaching.id).where(Teaching.client_uuid == mine))
    alice.post(f"/luot-day/{act}/rut-lai", data={})
    assert put(alice, mine, other)[1]["code"] == "entry_voided"


def test_a_list_that_got_through_after_all_is_found(
    app: Flask, alice: FlaskClient, clock: FixedClock
) -> None:
    mark, names = new(), "Đỗ Thị Mười 0905 123 456\n\nBùi Văn Hai"
    today = clock.now().date().isoformat()
    form = {"names": names, "skills": "1", "taught_on": today, "place": "home", "client_uuid": mark}
    assert alice.post("/ghi-nhan/nhieu-nguoi", data={**form, "step": "save"}).status_code == 303
    content = {"lines": names, "skills": [1], "taught_on": today, "place": "home"}
    status, told = put(alice, mark, {**body(alice, clock), "kind": "several", "content": content})
    assert status == 200, told
    assert len(told["teaching_ids"]) == 2
    assert told["left"] == []
    assert count(app, Teaching) == 2
    # Their codes stand on one page, whichever way they came.
    assert alice.get(f"/ghi-nhan/nhieu-nguoi/{mark}").status_code == 200
    other = new()
    content = {**content, "lines": "Mai Thị Ba"}
    assert put(alice, other, {**body(alice, clock), "kind": "several", "content": content})[0] == 200
    assert "Mai Thị Ba" in alice.get(f"/ghi-nhan/nhieu-nguoi/{other}").get_data(as_text=True)


def test_lines_that_are_left_come_back_with_words(alice: FlaskClient, clock: FixedClock) -> None:
    content = {"lines": "Bùi Văn Hai\nBùi Văn Hai\n???", "skills": [1]}
    sent = {**body(alice, clock), "kind": "several", "content": content}
    status, told = put(alice, new(), sent)
    assert status == 200
    assert [(one["row"], one["kind"]) for one in told["left"]] == [(2, "doubtful"), (3, "refused")]
    assert all(reason["text"] for one in told["left"] for reason in one["reasons"])
    sent["content"] = {"lines": "???", "skills": [1]}
    status, told = put(alice, new(), sent)
    assert (status, told["code"]) == (422, "lines_left")
    assert told["left"][0]["text"] == "???"


def test_nothing_is_sent_as_somebody_else(
    app: Flask, alice: FlaskClient, cast: Cast, clock: FixedClock, sign_in: SignIn
) -> None:
    bob = sign_in(app.test_client(), cast.bob)
    mark, hers = new(), body(alice, clock)
    status, told = put(bob, mark, hers)
    assert (status, told["code"]) == (403, "someone_else")
    assert put(bob, mark, {**hers, "account": ""})[1]["code"] == "someone_else"
    assert put(bob, mark, {**hers, "account": 7})[1]["code"] == "someone_else"
    assert count(app, Teaching) == 0
    assert put(alice, mark, hers)[0] == 200
    # Her mark in his name tells him nothing of it.
    status, told = put(bob, mark, {**hers, "account": key_of(bob)})
    assert (status, told["code"]) == (403, "someone_else")
    assert "teaching_ids" not in told


def test_signed_out_an_entry_is_refused_with_401_and_can_come_later(
    app: Flask, alice: FlaskClient, cast: Cast, clock: FixedClock
) -> None:
    mark, hers = new(), body(alice, clock)
    status, told = put(app.test_client(), mark, hers)
    assert (status, told["code"], told["title"]) == (401, "signed_out", "Bạn chưa đăng nhập")
    assert put(alice, mark, hers)[0] == 200


@pytest.mark.parametrize("key", ["frank", "olga"])
def test_whoever_records_nothing_sends_nothing(
    app: Flask, reference: None, cast: Cast, clock: FixedClock, sign_in: SignIn, key: str
) -> None:
    member: Member = cast[key]
    assert member.role in (Role.COMMUNICATION, Role.ADMINISTRATOR)
    client = sign_in(app.test_client(), member)
    status, told = put(client, new(), body(client, clock))
    assert (status, told["code"]) == (403, "not_allowed")


def test_what_has_to_be_mended_is_told_field_by_field(
    app: Flask, alice: FlaskClient, clock: FixedClock
) -> None:
    mark = new()
    status, told = put(alice, mark, body(alice, clock, full_name="", skills=[]))
    assert status == 422
    assert told["fields"] == {"full_name": "name_empty", "skills": "choose_one"}
    assert told["words"]["skills"] == "Hãy chọn ít nhất một việc đã dạy."
    assert told["detail"]
    status, told = put(alice, mark, body(alice, clock, taught_on="2027-05-01"))
    assert (status, told["fields"]) == (422, {"taught_on": "in_future"})
    status, told = put(alice, mark, body(alice, clock, taught_on="31/02/2026"))
    assert (status, told["fields"]) == (422, {"taught_on": "not_a_date"})
    # Refused, it left nothing behind: mended, it goes under the same mark.
    assert put(alice, mark, body(alice, clock))[0] == 200
    assert count(app, SentEntry) == 1


def test_whether_it_is_the_same_person_is_asked_and_answered(
    app: Flask, alice: FlaskClient, clock: FixedClock
) -> None:
    assert put(alice, new(), body(alice, clock, taught_on="2026-11-01"))[0] == 200
    mark = new()
    unsure = {"taught_on": "2026-11-02", "phone": "0905123456", "ward_code": "20194"}
    status, told = put(alice, mark, body(alice, clock, **unsure))
    if status == 422:
        assert told["code"] == "maybe_same_person"
        candidate = told["candidates"][0]
        assert "Đỗ Thị Mười" in candidate["label"]
        status, told = put(alice, mark, body(alice, clock, **unsure, learner=str(candidate["person_id"])))
    assert status == 200, told
    assert count(app, Teaching) == 2


NOT_ENTRIES: tuple[object, ...] = (
    [], "x", 7, None, {}, {"kind": "one"}, {"kind": ["one"], "version": 1, "made_at": "x", "content": {}},
    {"kind": "two", "version": 1, "made_at": "2026-11-22T00:00:00Z", "content": {}},
    {"kind": "one", "version": True, "made_at": "2026-11-22T00:00:00Z", "content": {}},
    {"kind": "one", "version": 0, "made_at": "2026-11-22T00:00:00Z", "content": {}},
    {"kind": "one", "version": 1, "made_at": "2026-11-22", "content": {}},
    {"kind": "one", "version": 1, "made_at": "2026-11-22T00:00:00Z", "content": []},
)  # fmt: skip


@pytest.mark.parametrize("sent", NOT_ENTRIES, ids=str)
def test_what_is_no_entry_is_refused(alice: FlaskClient, sent: object) -> None:
    status, told = put(alice, new(), sent)
    assert (status, told["code"]) == (400, "entry_unreadable")


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"\xff", b"[" * 100_000, b'{"a": 1e999999999}', b'{"kind":' + b"9" * 6000 + b"}"],
    ids=["empty", "cut", "no utf-8", "nested", "huge", "long number"],
)  # fmt: skip
def test_what_is_no_json_is_refused(alice: FlaskClient, raw: bytes) -> None:
    answer = alice.put(f"/api/v1/outbox/{new()}", data=raw, content_type="application/json")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"


def test_what_is_too_large_is_refused(alice: FlaskClient, clock: FixedClock) -> None:
    assert put(alice, new(), body(alice, clock, note="x" * 200_000))[0] == 413
    status, told = put(alice, new(), body(alice, clock, full_name="x" * 5000))
    assert (status, told["fields"]) == (422, {"full_name": "too_long"})


def test_an_entry_of_a_newer_page_waits_for_a_newer_server(alice: FlaskClient, clock: FixedClock) -> None:
    status, told = put(alice, new(), {**body(alice, clock), "version": 2})
    assert (status, told["code"]) == (422, "entry_newer")
    assert "tải lại" in told["detail"]


def test_half_characters_and_nul_do_no_harm(app: Flask, alice: FlaskClient, clock: FixedClock) -> None:
    sent = body(alice, clock, full_name="Đỗ\x00 Thị \ud800Mười", place="home\x00", age_band=["x"], phone={})
    answer = alice.put(f"/api/v1/outbox/{new()}", data=json.dumps(sent), content_type="application/json")
    assert answer.status_code == 200, answer.json
    with house(app).work.begin(write=False) as session:
        assert session.scalars(select(Teaching)).one().learner.full_name == "Đỗ Thị Mười"


def test_an_address_that_is_no_mark_leads_nowhere(alice: FlaskClient) -> None:
    assert alice.put("/api/v1/outbox/x", json={}).status_code == 404
    assert alice.get(f"/api/v1/outbox/{new()}").status_code == 405


# ── the pages ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_without_signal_is_the_same_for_everybody(app: Flask, alice: FlaskClient) -> None:
    mine, guest = alice.get("/ngoai-tuyen"), app.test_client().get("/ngoai-tuyen")
    assert mine.data == guest.data
    assert "Set-Cookie" not in guest.headers
    assert guest.headers["Cache-Control"] == "public, no-cache"
    again = app.test_client().get("/ngoai-tuyen", headers={"If-None-Match": guest.headers["ETag"]})
    assert again.status_code == 304
    english = app.test_client().get("/ngoai-tuyen?tieng=en").get_data(as_text=True)
    assert '<html lang="en"' in english
    assert '<html lang="vi"' in guest.get_data(as_text=True)


def test_the_worker_is_another_when_a_file_is(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get("/sw.js")
    assert first.content_type.startswith("text/javascript")
    assert first.headers["Cache-Control"] == "no-cache"
    assert client.get("/sw.js").data == first.data
    shelf = json.loads(first.get_data(as_text=True).split(" = ", 1)[1].split(";\n")[0])
    for address in shelf["files"]:
        with client.get(address) as file:
            assert file.status_code == 200
            assert "immutable" in file.headers["Cache-Control"]
    for address in shelf["pages"].values():
        assert client.get(address).status_code == 200
    monkeypatch.setattr(offline, "PARTS", (*offline.PARTS, "img/icon-512.png"))
    assert client.get("/sw.js").data != first.data


def test_the_page_without_signal_needs_no_other_file(client: FlaskClient) -> None:
    page = client.get("/ngoai-tuyen?tieng=vi").get_data(as_text=True)
    script = client.get("/sw.js").get_data(as_text=True)
    linked = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    # The icon of a home screen is asked for by phones alone, and only while installing.
    assert {address for address in linked if address not in script and "touch-icon" not in address} == set()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_app_can_be_installed(client: FlaskClient, language: str) -> None:
    answer = client.get(f"/manifest.webmanifest?tieng={language}")
    assert answer.content_type.startswith("application/manifest+json")
    told = json.loads(answer.data)
    assert told["lang"] == language
    assert told["display"] == "standalone"
    assert {icon.get("purpose", "any") for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        with client.get(icon["src"]) as file:
            assert file.content_type == icon["type"]
    for shortcut in told["shortcuts"]:
        assert client.get(shortcut["url"]).status_code in (200, 303)
