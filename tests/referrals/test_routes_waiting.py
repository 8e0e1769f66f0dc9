"""Those who wait, through HTTP: the public wish, the offers, the desk of a unit; and whatever is typed."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from core.clock import FixedClock
from core.database import Database
from core.web import house
from learning.models import Skill
from people.models import Unit
from referrals.models.acts import Teaching
from referrals.models.waiting import WaitingLearner
from referrals.waiting import CONSENT, wish_token
from tests.journeys.test_bad_input_http import naughty
from tests.support.application import SignIn
from tests.support.cast import Cast

HOA, WARD, FAR = "Trần Thị Hoa", "20194", "20195"
WISH: dict[str, object] = {
    "full_name": HOA, "phone": "0905 123 456", "ward_code": WARD, "skill_id": "", "age_band": "60_74",
    "note": "sau 17 giờ", "agree": "y", "website": "",
}  # fmt: skip


def words(answer: object) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))  # type: ignore[attr-defined]
    return " ".join(html.unescape(text).split())


@pytest.fixture(autouse=True)
def _at_home(reference: None, cast: Cast, database: Database) -> None:
    """The union of Alice, Bob and Dave belongs to a ward."""
    with database.session(write=True) as session:
        session.execute(update(Unit).where(Unit.id == cast.units["haichau"]).values(ward_code=WARD))
        session.commit()


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def alice(app: Flask, cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(app.test_client(), cast.alice)


@pytest.fixture
def carol(app: Flask, cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(app.test_client(), cast.carol)


def only(database: Database) -> WaitingLearner:
    with database.session(write=False) as session:
        return session.scalars(select(WaitingLearner)).one()


def rows(database: Database) -> int:
    with database.session(write=False) as session:
        return session.scalar(select(func.count()).select_from(WaitingLearner)) or 0


def test_a_stranger_asks_is_thanked_and_takes_it_back(stranger: FlaskClient, database: Database):
    form = stranger.get("/muon-hoc")
    assert CONSENT in words(form)
    assert not re.search(r'name="agree"[^>]*checked', form.get_data(as_text=True)), "never ticked beforehand"
    sent = stranger.post("/muon-hoc", data=WISH)
    assert sent.status_code == 303
    thanks = stranger.get(sent.location)
    assert "Cảm ơn bạn, đã ghi lại" in words(thanks)
    assert HOA not in words(thanks)
    assert thanks.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in thanks.headers["Cache-Control"]
    assert stranger.get(f"{sent.location}/rut").status_code == 405, "a preview withdraws nothing"
    row = only(database)
    assert (row.state, row.came_by, row.consent_text, row.note) == ("waiting", "form", CONSENT, "sau 17 giờ")
    assert stranger.post(f"{sent.location}/rut").status_code == 303
    assert "Đã rút lại" in words(stranger.get(sent.location))
    assert only(database).state == "withdrawn"


def test_asking_twice_is_one_wait(stranger: FlaskClient, database: Database):
    places = {stranger.post("/muon-hoc", data=WISH).location for _ in range(2)}
    assert (len(places), rows(database)) == (1, 1)


def test_a_link_that_nobody_made(app: Flask, stranger: FlaskClient, database: Database):
    stranger.post("/muon-hoc", data=WISH)
    token = wish_token(house(app).box, only(database).id)
    for wrong in (
        "nonsense",
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        wish_token(house(app).box, 999),
    ):
        assert stranger.get(f"/muon-hoc/{wrong}").status_code == 404
        assert stranger.post(f"/muon-hoc/{wrong}/rut").status_code == 404
    assert only(database).state == "waiting"


def test_without_a_tick_nothing_is_kept_and_nothing_typed_is_lost(stranger: FlaskClient, database: Database):
    for change, said in (
        ({"agree": ""}, "Chưa có lời đồng ý"),
        ({"full_name": ""}, "Hãy viết họ tên."),
        ({"full_name": "12"}, "Họ tên phải có chữ cái."),
        ({"phone": ""}, "Hãy điền chỗ này."),
        ({"phone": "12"}, "Số điện thoại còn thiếu chữ số."),
        ({"ward_code": ""}, "Hãy chọn một mục trong danh sách."),
        ({"ward_code": "x"}, "Hãy chọn một mục trong danh sách."),
        ({"skill_id": "999"}, "Hãy chọn một mục trong danh sách."),
    ):
        values = {key: value for key, value in (WISH | change).items() if not (key == "agree" and not value)}
        answer = stranger.post("/muon-hoc", data=values)
        assert answer.status_code == 422, change
        assert said in words(answer)
        assert 'value="sau 17 giờ"' in answer.get_data(as_text=True)
    assert rows(database) == 0


def test_what_fills_in_everything_is_thanked_and_forgotten(stranger: FlaskClient, database: Database):
    answer = stranger.post("/muon-hoc", data=WISH | {"website": "https://example.com"})
    assert answer.status_code == 200
    assert "Cảm ơn bạn" in words(answer)
    assert rows(database) == 0


def test_an_address_asks_for_ten_an_hour(stranger: FlaskClient, database: Database):
    statuses = [
        stranger.post("/muon-hoc", data=WISH | {"phone": f"09051234{number:02}"}).status_code
        for number in range(12)
    ]
    assert statuses == [303] * 10 + [429] * 2
    assert rows(database) == 10


def test_taking_shows_the_phone_and_recording_ends_the_wait(
    app: Flask, stranger: FlaskClient, alice: FlaskClient, cast: Cast, sign_in: SignIn, database: Database
):
    stranger.post("/muon-hoc", data=WISH)
    row = only(database)
    bob = sign_in(app.test_client(), cast.bob)
    offered = words(alice.get("/cho-hoc"))
    assert "Hoa" in offered
    assert "60–74 tuổi" in offered
    for secret in (HOA, "0905", "123 456", "sau 17 giờ"):
        assert secret not in offered
    assert alice.get(f"/ghi-nhan?cho={row.id}").status_code == 404
    assert alice.post(f"/cho-hoc/{row.id}/nhan").status_code == 303
    late = bob.post(f"/cho-hoc/{row.id}/nhan", follow_redirects=True)
    assert "vừa có người nhận dạy" in words(late)
    mine = alice.get("/cho-hoc")
    assert HOA in words(mine)
    assert 'href="tel:+84905123456"' in mine.get_data(as_text=True)
    assert HOA not in words(bob.get("/cho-hoc"))
    assert bob.get(f"/ghi-nhan?cho={row.id}").status_code == 404
    form = alice.get(f"/ghi-nhan?cho={row.id}").get_data(as_text=True)
    for mark in (f'value="{HOA}"', f'<option selected value="{WARD}">', 'value="0905 123 456"'):
        assert mark in form, mark
    with database.session(write=False) as session:
        skill = session.scalars(select(Skill.id)).first()
    sent = alice.post("/ghi-nhan", data={"full_name": HOA, "skills": [skill], "taught_on": "2026-11-22",
                                         "place": "home", "waiting": str(row.id)})  # fmt: skip
    assert sent.status_code == 303
    with database.session(write=False) as session:
        act = session.scalars(select(Teaching.id)).one()
    done = only(database)
    assert (done.state, done.teaching_id) == ("taught", act)
    assert HOA not in words(alice.get("/cho-hoc"))


def test_a_wish_that_ended_meanwhile_costs_nobody_the_record(
    app: Flask, stranger: FlaskClient, alice: FlaskClient, database: Database
):
    place = stranger.post("/muon-hoc", data=WISH).location
    row = only(database)
    alice.post(f"/cho-hoc/{row.id}/nhan")
    stranger.post(f"{place}/rut")
    with database.session(write=False) as session:
        skill = session.scalars(select(Skill.id)).first()
    for sent in (str(row.id), "999", "x", "-1"):
        values = {"full_name": f"{HOA} {'ABCD'[len(sent) % 4]}", "skills": [skill], "taught_on": "2026-11-22",
                  "place": "home", "waiting": sent}  # fmt: skip
        assert alice.post("/ghi-nhan", data=values).status_code in (303, 422), sent
    assert only(database).state == "withdrawn"


def test_giving_back_needs_a_reason(stranger: FlaskClient, alice: FlaskClient, database: Database):
    stranger.post("/muon-hoc", data=WISH)
    row = only(database)
    alice.post(f"/cho-hoc/{row.id}/nhan")
    assert "Hãy chọn vì sao" in words(alice.post(f"/cho-hoc/{row.id}/tra", data={}, follow_redirects=True))
    assert only(database).state == "taken"
    back = alice.post(f"/cho-hoc/{row.id}/tra", data={"reason": "no_time"}, follow_redirects=True)
    assert "vẫn giữ chỗ chờ" in words(back)
    assert only(database).state == "waiting"
    alice.post(f"/cho-hoc/{row.id}/nhan")
    ended = alice.post(f"/cho-hoc/{row.id}/tra", data={"reason": "not_wanted"}, follow_redirects=True)
    assert "không cần nữa" in words(ended)
    assert only(database).state == "withdrawn"


def test_walk_ins_and_calls(alice: FlaskClient, carol: FlaskClient, cast: Cast, database: Database):
    form = alice.get("/cho-hoc/them")
    assert f'<option selected value="{WARD}">' in form.get_data(as_text=True)
    assert "người ấy đồng ý" in words(form)
    assert alice.post("/cho-hoc/them", data=WISH | {"phone": ""}).status_code == 303
    row = only(database)
    assert (row.came_by, row.recorded_by, row.phone_hash) == ("walk_in", cast.alice.account_id, None)
    wards = carol.get("/cho-hoc/them").get_data(as_text=True)
    assert f'value="{WARD}"' in wards
    assert f'value="{FAR}"' not in wards
    assert carol.post("/cho-hoc/them", data=WISH | {"phone": ""}).status_code == 422
    assert carol.post("/cho-hoc/them", data=WISH | {"ward_code": FAR}).status_code == 422
    assert carol.post("/cho-hoc/them", data=WISH).location == "/cho-hoc/don-vi"
    assert rows(database) == 2


def test_the_desk_of_a_coordinator(
    stranger: FlaskClient,
    carol: FlaskClient,
    alice: FlaskClient,
    cast: Cast,
    database: Database,
    clock: FixedClock,
):
    assert "Không ai phải chờ" in words(carol.get("/cho-hoc/don-vi"))
    stranger.post("/muon-hoc", data=WISH)
    here = only(database).id
    stranger.post("/muon-hoc", data=WISH | {"ward_code": FAR, "phone": "0905 999 999"})
    page = words(carol.get("/cho-hoc/don-vi"))
    assert "chờ từ 22/11/2026" in page
    for secret in (HOA, "0905", "sau 17 giờ"):
        assert secret not in page
    assert carol.get("/cho-hoc").location == "/cho-hoc/don-vi"
    assert carol.get(f"/cho-hoc/don-vi?phuong-xa={WARD}").status_code == 200
    assert carol.get(f"/cho-hoc/don-vi?phuong-xa={FAR}").status_code == 404
    assert carol.get(f"/cho-hoc/{here + 1}/giao").status_code == 404
    choices = carol.get(f"/cho-hoc/{here}/giao").get_data(as_text=True)
    assert f'value="{cast.dave.person_id}"' in choices
    assert f'value="{cast.erin.person_id}"' not in choices
    assert carol.post(f"/cho-hoc/{here}/giao", data={"person_id": cast.erin.person_id}).status_code == 422
    assert carol.post(f"/cho-hoc/{here}/giao", data={"person_id": cast.dave.person_id}).status_code == 303
    told = words(carol.get("/cho-hoc/don-vi"))
    assert "Phạm Văn Dũng nhận ngày 22/11/2026" in told
    again = carol.post(f"/cho-hoc/{here}/giao", data={"person_id": cast.bob.person_id}, follow_redirects=True)
    assert "vừa có người nhận" in words(again)
    assert alice.get("/cho-hoc/don-vi").status_code == 403
    assert alice.get(f"/cho-hoc/{here}/giao").status_code == 403


def test_a_coordinator_of_no_ward_is_told_why(app: Flask, carol: FlaskClient, cast: Cast, database: Database):
    with database.session(write=True) as session:
        session.execute(update(Unit).where(Unit.id == cast.units["haichau"]).values(ward_code=None))
        session.commit()
    assert "chưa gắn với phường, xã nào" in words(carol.get("/cho-hoc/don-vi"))


def test_who_has_these_pages(app: Flask, cast: Cast, sign_in: SignIn):
    for path in ("/cho-hoc", "/cho-hoc/them", "/cho-hoc/don-vi"):
        assert "/dang-nhap" in app.test_client().get(path).location
        for key in ("frank", "olga"):
            assert sign_in(app.test_client(), cast[key]).get(path).status_code == 403
    assert "Tôi muốn được chỉ" in words(app.test_client().get("/"))


def test_pages_speak_english(
    stranger: FlaskClient, alice: FlaskClient, carol: FlaskClient, database: Database
):
    place = stranger.post("/muon-hoc", data=WISH).location
    pages = (
        (stranger, "/muon-hoc"),
        (stranger, place),
        (alice, "/cho-hoc"),
        (alice, "/cho-hoc/them"),
        (carol, "/cho-hoc/don-vi"),
        (carol, f"/cho-hoc/{only(database).id}/giao"),
    )
    for client, path in pages:
        client.set_cookie("lang", "en")
        answer = client.get(path)
        assert answer.status_code == 200
        assert '<html lang="en"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_whatever_a_stranger_types(stranger: FlaskClient, alice: FlaskClient, carol: FlaskClient):
    names = ("full_name", "note", "phone", "ward_code", "skill_id", "age_band", "agree", "website")
    everything = naughty(*range(8))
    wishes = [dict(zip(names, everything[start:], strict=False)) for start in range(0, len(everything), 7)]
    wishes += [{"full_name": typed} for typed in naughty(0)] + [{"note": typed} for typed in naughty(1)]
    for number, some in enumerate(wishes):
        there = {"environ_base": {"REMOTE_ADDR": f"198.51.{number // 250}.{number % 250}"}}
        values = WISH | {"phone": f"0905{number:06}"} | some
        answer = stranger.post("/muon-hoc", data=values, **there)
        assert answer.status_code in (200, 303, 422), some
        for typed in some.values():
            if re.search(r"<[a-z!/]", typed, re.IGNORECASE) and len(typed) > 12:
                assert typed.strip() not in answer.get_data(as_text=True)
    for client, path in ((alice, "/cho-hoc"), (carol, "/cho-hoc/don-vi")):
        page = client.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.get_data(as_text=True)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_whatever_staff_type_and_ask_for(
    stranger: FlaskClient, alice: FlaskClient, carol: FlaskClient, database: Database
):
    stranger.post("/muon-hoc", data=WISH)
    row = only(database).id
    for typed in naughty(5):
        assert alice.post("/cho-hoc/them", data=WISH | {"full_name": typed, "note": typed}).status_code in (
            303,
            422,
        )
        assert carol.post(f"/cho-hoc/{row}/giao", data={"person_id": typed}).status_code == 422
        assert carol.get("/cho-hoc/don-vi", query_string={"phuong-xa": typed}).status_code in (200, 404)
        assert alice.post(f"/cho-hoc/{row}/tra", data={"reason": typed}).status_code == 303
        assert alice.get("/ghi-nhan", query_string={"cho": typed}).status_code in (200, 404)
