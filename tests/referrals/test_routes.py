"""The thread through HTTP: record, open the link, say yes or no; and everything that must not happen."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core.clock import FixedClock
from core.database import Database
from core.web import house
from learning.models import Skill
from people.models import Consent, Unit
from people.permissions import ANYONE
from referrals.codes import Door, link_token
from referrals.models.acts import Confirmation, Teaching, TeachingMove
from referrals.models.tree import Credit
from referrals.services import confirming, issuing
from tests.support.application import SignIn
from tests.support.cast import Cast
from tests.support.story import Story

pytestmark = pytest.mark.usefixtures("reference")


def words(answer: object) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))  # type: ignore[attr-defined]
    return " ".join(html.unescape(text).split())


@pytest.fixture
def alice(client: FlaskClient, cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(client, cast.alice)


@pytest.fixture
def learner(app: Flask) -> FlaskClient:
    """The browser of somebody without an account."""
    return app.test_client()


@pytest.fixture
def skill_id(database: Database) -> int:
    with database.session(write=False) as session:
        return session.scalars(select(Skill.id).order_by(Skill.position)).first() or 0


@pytest.fixture
def filled(skill_id: int) -> dict[str, object]:
    return {
        "full_name": "Trần Thị Hoa",
        "skills": [skill_id],
        "taught_on": "2026-11-22",
        "place": "home",
        "age_band": "60_74",
        "ward_code": "",
        "phone": "",
        "client_uuid": "11111111-1111-4111-8111-111111111111",
    }


@pytest.fixture
def act(app: Flask, cast: Cast, database: Database, clock: FixedClock) -> int:
    """An act of Alice that waits for Hoa; the id."""
    with database.session(write=True) as session:
        teaching = Story(session, clock, house(app).box).record(cast.alice, "Trần Thị Hoa")
        session.commit()
        return teaching.id


def link(app: Flask, act: int, serial: int = 1, kind: str = "link") -> str:
    return "/x/" + link_token(house(app).box, Door(act, serial, kind))  # type: ignore[arg-type]


def state(database: Database) -> str | None:
    with database.session(write=False) as session:
        return session.scalar(select(Teaching.state))


def count(database: Database, table: type) -> int:
    with database.session(write=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


# ── the whole thread ─────────────────────────────────────────────────────────────────────────────────────


def test_from_the_form_to_the_thanks(
    app: Flask, alice: FlaskClient, learner: FlaskClient, database: Database, filled: dict[str, object]
):
    answer = alice.post("/ghi-nhan", data=filled)
    assert answer.status_code == 303
    page = alice.get(answer.location)
    assert "Đã ghi nhận" in words(page)
    found = re.search(r'href="http://localhost(/x/[^"]+)"', page.get_data(as_text=True))
    assert found is not None
    assert "<svg" in page.get_data(as_text=True)

    question = learner.get(found[1])
    assert question.status_code == 200
    assert "Chào Hoa. Có đúng như thế này không?" in words(question)
    assert "Nguyễn Thị An (Chi đoàn Một)" in words(question)
    assert "Chủ Nhật, 22/11/2026 · Tại nhà" in words(question)
    assert state(database) == "recorded"

    said = learner.post(found[1])
    assert (said.status_code, said.location) == (303, found[1])
    assert "Cảm ơn Hoa!" in words(learner.get(found[1]))
    assert state(database) == "confirmed"
    assert count(database, Credit) == 1
    assert alice.get(answer.location + "/trang-thai").get_json() == {"state": "confirmed"}
    assert "Hoa đã xác nhận" in words(alice.get(answer.location))
    with database.session(write=False) as session:
        consent = session.scalars(select(Consent)).one()
        assert (consent.purpose, consent.given, consent.how) == ("learning_record", True, "link")
        assert "Tôi đồng ý" in consent.text_shown
        row = session.scalars(select(Confirmation)).one()
        assert len(row.address_hash or "") == 32

    again = learner.post(found[1])
    assert again.status_code == 200
    assert "Cảm ơn Hoa!" in words(again)
    assert count(database, Confirmation) == 1


def test_the_digits_lead_to_the_question(
    app: Flask, cast: Cast, learner: FlaskClient, database: Database, act: int
):
    with database.session(write=False) as session:
        digits = issuing.open_digits(session, cast.alice.actor, act, house(app).box) or ""
    wrong = learner.post("/x", data={"digits": digits, "given_name": "Lan"})
    assert wrong.status_code == 422
    assert "Mã và tên chưa khớp" in words(wrong)
    answer = learner.post("/x", data={"digits": f"{digits[:3]} {digits[3:]}", "given_name": " HOÀ"})
    assert (answer.status_code, answer.location) == (303, link(app, act, kind="code"))
    assert learner.post(answer.location).status_code == 303
    with database.session(write=False) as session:
        assert session.scalars(select(Confirmation.kind)).one() == "code"
    assert learner.post("/x", data={"digits": digits, "given_name": "Hoa"}).status_code == 422


def test_misses_are_counted_and_hits_are_not(app: Flask, cast: Cast, learner: FlaskClient, act: int):
    for _ in range(10):
        assert learner.post("/x", data={"digits": "000000", "given_name": "Hoa"}).status_code == 422
    assert learner.post("/x", data={"digits": "000001", "given_name": "Hoa"}).status_code == 429
    assert learner.get("/x").status_code == 200


# ── the learner ──────────────────────────────────────────────────────────────────────────────────────────


def test_looking_changes_nothing(app: Flask, learner: FlaskClient, database: Database, act: int):
    for path in (link(app, act), link(app, act) + "/khong-dung"):
        assert learner.get(path).status_code == 200
        assert learner.head(path).status_code == 200
    assert state(database) == "recorded"
    assert count(database, TeachingMove) == 1


def test_the_page_tells_nobody_else(app: Flask, learner: FlaskClient, act: int):
    answer = learner.get(link(app, act))
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]
    page = answer.get_data(as_text=True)
    for tag in re.findall(r"<meta[^>]*>", page):
        assert "Hoa" not in tag
        assert "Nguyễn" not in tag
    assert re.search(r"<title>[^<]*Hoa", page) is None


def test_the_teacher_is_sent_to_hand_it_over(app: Flask, alice: FlaskClient, database: Database, act: int):
    for answer in (alice.get(link(app, act)), alice.post(link(app, act))):
        assert "Hãy để Hoa tự trả lời" in words(answer)
    assert answer.status_code == 403
    assert alice.post(link(app, act) + "/khong-dung", data={}).status_code == 403
    assert state(database) == "recorded"


def test_a_no_with_a_reason(
    app: Flask, alice: FlaskClient, learner: FlaskClient, database: Database, act: int
):
    answer = learner.post(
        link(app, act) + "/khong-dung", data={"why": "not_taught", "note": "Tôi không quen"}
    )
    assert (answer.status_code, answer.location) == (303, link(app, act))
    assert "Đã ghi lại: không đúng" in words(learner.get(answer.location))
    assert state(database) == "disputed"
    page = words(alice.get(f"/luot-day/{act}"))
    assert "Người này chưa dạy tôi. Tôi không quen" in page
    assert "Hoa báo rằng lượt này không đúng" in page
    assert learner.post(link(app, act)).status_code == 409
    assert state(database) == "disputed"


def test_a_no_needs_no_words_and_takes_no_novel(
    app: Flask, learner: FlaskClient, database: Database, act: int
):
    assert learner.post(link(app, act) + "/khong-dung", data={"note": "x" * 301}).status_code == 422
    assert state(database) == "recorded"
    assert learner.post(link(app, act) + "/khong-dung", data={}).status_code == 303
    assert state(database) == "disputed"


def test_a_yes_is_withdrawn_where_it_was_given(
    app: Flask, learner: FlaskClient, database: Database, act: int
):
    learner.post(link(app, act))
    assert "Tôi bấm nhầm, muốn rút lại" in words(learner.get(link(app, act)))
    assert "Bạn muốn rút lại xác nhận?" in words(learner.get(link(app, act) + "/khong-dung"))
    assert learner.post(link(app, act) + "/khong-dung", data={}).status_code == 303
    assert state(database) == "disputed"
    assert count(database, Credit) == 0
    with database.session(write=False) as session:
        assert list(session.scalars(select(Consent.given).order_by(Consent.id))) == [True, False]


def test_expired_replaced_and_withdrawn_links_say_what_to_do(
    app: Flask, alice: FlaskClient, learner: FlaskClient, clock: FixedClock, database: Database, act: int
):
    assert alice.post(f"/luot-day/{act}/ma-moi").status_code == 303
    assert "Đã có mã mới hơn" in words(learner.get(link(app, act)))
    assert learner.post(link(app, act)).status_code == 409
    clock.advance(days=31)
    assert "đã hết hạn" in words(learner.get(link(app, act, 2)))
    assert learner.post(link(app, act, 2)).status_code == 409
    assert alice.post(f"/luot-day/{act}/rut-lai", data={}).status_code == 303
    assert "đã được rút lại" in words(learner.get(link(app, act, 2)))
    assert learner.post(link(app, act, 2)).status_code == 409
    assert state(database) == "voided"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("tail", ["", "/khong-dung"])
def test_a_link_that_nobody_made(
    app: Flask, cast: Cast, learner: FlaskClient, act: int, method: str, tail: str
):
    for token in ("nonsense", "3f-1-aaaaaaaaaaaaaaaa", link(app, act)[3:-1] + "2", link(app, 999)[3:]):
        assert getattr(learner, method)(f"/x/{token}{tail}").status_code == 404


def test_a_signed_in_neighbour_may_lend_the_phone(
    app: Flask, cast: Cast, client: FlaskClient, sign_in: SignIn, database: Database, act: int
):
    sign_in(client, cast.bob)
    assert client.post(link(app, act)).status_code == 303
    with database.session(write=False) as session:
        assert session.scalars(select(Confirmation.account_id)).one() == cast.bob.account_id


# ── recording ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_form_comes_filled_in_from_the_last_time(
    alice: FlaskClient, filled: dict[str, object], database: Database
):
    with database.session(write=False) as session:
        ward = session.scalars(select(Unit.ward_code).where(Unit.ward_code.is_not(None))).first()
    alice.post("/ghi-nhan", data=filled | {"place": "market", "ward_code": ward})
    page = alice.get("/ghi-nhan").get_data(as_text=True)
    for mark in (
        'value="market" id="place-2" checked',
        'value="2026-11-22"',
        f'<option selected value="{ward}">',
        "Hôm nay · Ngoài chợ",
    ):
        assert mark in page
    assert f'value="{filled["skills"][0]}" id="skills-0" checked' in page  # type: ignore[index]


WRONG: list[tuple[dict[str, object], str]] = [
    ({"full_name": ""}, "Hãy viết họ tên."),
    ({"full_name": "0905123456"}, "Họ tên phải có chữ cái."),
    ({"skills": []}, "Hãy chọn ít nhất một việc đã dạy."),
    ({"skills": ["99999"]}, "Hãy chọn một mục trong danh sách."),
    ({"skills": ["x"]}, "Hãy chọn một mục trong danh sách."),
    ({"taught_on": "2026-11-23"}, "Ngày này chưa đến."),
    ({"taught_on": "31/02/2026"}, "Không có ngày này trong lịch."),
    ({"taught_on": ""}, "Hãy viết ngày như 22/11/2026."),
    ({"taught_on": "2019-01-01"}, "từ năm 2020"),
    ({"phone": "12"}, "Số điện thoại còn thiếu chữ số."),
    ({"ward_code": "nowhere"}, "Hãy chọn một mục trong danh sách."),
    ({"place": "moon"}, "Hãy chọn một mục trong danh sách."),
]


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    alice: FlaskClient, database: Database, filled: dict[str, object]
):
    for change, said in WRONG:
        answer = alice.post("/ghi-nhan", data={**filled, "phone": "0905 123 456", **change})
        assert answer.status_code == 422, change
        assert said in words(answer)
        assert "Còn vài chỗ cần sửa" in words(answer)
        if "full_name" not in change:
            assert 'value="Trần Thị Hoa"' in answer.get_data(as_text=True)
        assert "Field must be" not in words(answer)
    assert alice.post("/ghi-nhan", data=filled | {"client_uuid": "x" * 99}).status_code == 422
    assert count(database, Teaching) == 0


def test_days_are_read_as_people_write_them(
    alice: FlaskClient, database: Database, filled: dict[str, object]
):
    assert alice.post("/ghi-nhan", data=filled | {"taught_on": "21/11/2026"}).status_code == 303
    with database.session(write=False) as session:
        assert str(session.scalars(select(Teaching.taught_on)).one()) == "2026-11-21"


def test_the_same_name_asks_and_the_answer_is_taken(
    alice: FlaskClient, database: Database, filled: dict[str, object]
):
    alice.post("/ghi-nhan", data=filled)
    second = filled | {"client_uuid": "22222222-2222-4222-8222-222222222222", "taught_on": "2026-11-21"}
    asked = alice.post("/ghi-nhan", data=second)
    assert asked.status_code == 422
    assert "Có phải người này không?" in words(asked)
    with database.session(write=False) as session:
        learner_id = session.scalars(select(Teaching.learner_id)).one()
    chosen = second | {"learner": str(learner_id)}
    broken = alice.post("/ghi-nhan", data=chosen | {"skills": []})
    assert f'value="{learner_id}" id="learner-0" checked' in broken.get_data(as_text=True)
    assert alice.post("/ghi-nhan", data=chosen).status_code == 303
    apart = second | {"learner": "other", "client_uuid": "33333333-3333-4333-8333-333333333333"}
    assert alice.post("/ghi-nhan", data=apart).status_code == 303
    with database.session(write=False) as session:
        assert len(set(session.scalars(select(Teaching.learner_id)))) == 2


def test_a_double_tap_and_a_changed_form(alice: FlaskClient, database: Database, filled: dict[str, object]):
    first, second = (alice.post("/ghi-nhan", data=filled) for _ in range(2))
    assert first.location == second.location
    changed = alice.post("/ghi-nhan", data=filled | {"full_name": "Lê Văn Mười"})
    assert changed.status_code == 409
    assert "lần nữa để lưu" in words(changed)
    page = changed.get_data(as_text=True)
    mark = re.search(r'name="client_uuid" type="hidden" value="([^"]+)"', page)
    assert mark is not None
    assert mark[1] != filled["client_uuid"]
    assert (
        alice.post(
            "/ghi-nhan", data=filled | {"full_name": "Lê Văn Mười", "client_uuid": mark[1]}
        ).status_code
        == 303
    )
    assert count(database, Teaching) == 2


def test_the_same_day_twice_is_told(alice: FlaskClient, database: Database, filled: dict[str, object]):
    alice.post("/ghi-nhan", data=filled)
    with database.session(write=False) as session:
        learner_id = session.scalars(select(Teaching.learner_id)).one()
    again = alice.post("/ghi-nhan", data=filled | {"client_uuid": "", "learner": str(learner_id)})
    assert again.status_code == 303
    assert "bạn đã ghi lượt dạy người này rồi" in words(alice.get(again.location))


# ── who sees what ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", ["/ghi-nhan", "/nguoi-hoc", "/cay", "/cay/1", "/luot-day/1"])
def test_guests_are_sent_to_sign_in(learner: FlaskClient, cast: Cast, path: str):
    answer = learner.get(path)
    assert answer.status_code == 303
    assert "/dang-nhap" in answer.location


@pytest.mark.parametrize("who", ["bob", "erin", "frank"])
def test_foreign_ids_are_not_found(
    client: FlaskClient, cast: Cast, sign_in: SignIn, act: int, database: Database, who: str
):
    sign_in(client, cast[who])
    for path in (
        f"/luot-day/{act}",
        f"/luot-day/{act}/trang-thai",
        f"/luot-day/{act}/rut-lai",
        "/luot-day/999",
    ):
        assert client.get(path).status_code == 404
    assert client.post(f"/luot-day/{act}/rut-lai", data={"reason": "x"}).status_code == 404
    assert client.post(f"/luot-day/{act}/ma-moi").status_code in (403, 404)
    assert state(database) == "recorded"


def test_a_coordinator_sees_no_code_and_strikes_out_with_a_reason(
    app: Flask,
    client: FlaskClient,
    cast: Cast,
    sign_in: SignIn,
    act: int,
    database: Database,
    clock: FixedClock,
):
    with database.session(write=True) as session:
        confirming.confirm(session, ANYONE, confirming.Evidence(Door(act, 1)), clock.now())
        session.commit()
    sign_in(client, cast.carol)
    page = client.get(f"/luot-day/{act}").get_data(as_text=True)
    assert "/x/" not in page
    assert client.post(f"/luot-day/{act}/rut-lai", data={"reason": ""}).status_code == 422
    assert client.post(f"/luot-day/{act}/rut-lai", data={"reason": "Ghi trùng"}).status_code == 303
    assert state(database) == "voided"


def test_the_teacher_cannot_take_back_what_was_confirmed(
    app: Flask, alice: FlaskClient, learner: FlaskClient, database: Database, act: int
):
    learner.post(link(app, act))
    assert alice.get(f"/luot-day/{act}/rut-lai").status_code == 404
    assert alice.post(f"/luot-day/{act}/rut-lai", data={"reason": "x"}).status_code == 404
    assert state(database) == "confirmed"


def test_my_learners_by_what_is_to_do(app: Flask, alice: FlaskClient, learner: FlaskClient, act: int):
    assert "Trần Thị Hoa" in words(alice.get("/nguoi-hoc?xem=cho"))
    assert "Trần Thị Hoa" not in words(alice.get("/nguoi-hoc?xem=xac-nhan"))
    learner.post(link(app, act))
    assert "Không còn ai chờ xác nhận" in words(alice.get("/nguoi-hoc?xem=cho"))
    assert "Trần Thị Hoa" in words(alice.get("/nguoi-hoc?q=tran+hoa"))
    assert "Không thấy ai tên như vậy" in words(alice.get("/nguoi-hoc?q=zzz"))
    assert alice.get("/nguoi-hoc?xem=nonsense&sau=nonsense").status_code == 200


def test_empty_pages_teach(alice: FlaskClient):
    assert "Bắt đầu từ một người gần bạn" in words(alice.get("/nguoi-hoc"))
    assert "Cây của bạn bắt đầu từ một người" in words(alice.get("/cay"))


def test_the_tree_names_my_own_learners_alone(
    app: Flask, alice: FlaskClient, cast: Cast, database: Database, clock: FixedClock
):
    with database.session(write=True) as session:
        story = Story(session, clock, house(app).box)
        hoa, muoi = story.person("Trần Thị Hoa"), story.person("Lê Văn Mười")
        story.taught(cast.alice.person_id, hoa)
        story.taught(hoa, muoi)
        story.told()
        session.commit()
    page = words(alice.get("/cay"))
    assert "Trần Thị Hoa" in page
    assert "Lê Văn Mười" not in page
    assert "Người học của Hoa" in page
    assert "2 người, 2 thế hệ" in page


def test_whose_tree_one_may_see(app: Flask, cast: Cast, sign_in: SignIn):
    seen = {"alice": 200, "carol": 200, "frank": 200, "bob": 404, "erin": 404, "olga": 404}
    for who, status in seen.items():
        client = sign_in(app.test_client(), cast[who])
        assert client.get(f"/cay/{cast.alice.person_id}").status_code == status, who
        assert client.get("/cay/99999").status_code == 404


def test_a_learner_who_taught_nobody_is_not_found_by_trying_numbers(
    app: Flask, cast: Cast, sign_in: SignIn, database: Database, clock: FixedClock
):
    """Communication staff see the trees of those who teach; learners are strangers to them."""
    with database.session(write=True) as session:
        story = Story(session, clock, house(app).box)
        hoa, muoi = story.person("Trần Thị Hoa"), story.person("Lê Văn Mười")
        story.taught(cast.alice.person_id, hoa)
        story.taught(hoa, muoi)
        story.told()
        session.commit()
    seen = {"frank": (200, 404), "carol": (404, 404), "alice": (404, 404), "olga": (404, 404)}
    for who, statuses in seen.items():
        client = sign_in(app.test_client(), cast[who])
        assert tuple(client.get(f"/cay/{one}").status_code for one in (hoa, muoi)) == statuses, who


def test_pages_speak_english(app: Flask, alice: FlaskClient, learner: FlaskClient, act: int):
    for browser, path in (
        (alice, "/ghi-nhan"),
        (alice, f"/luot-day/{act}"),
        (learner, link(app, act)),
        (learner, "/x"),
    ):
        browser.set_cookie("lang", "en")
        answer = browser.get(path)
        assert answer.status_code == 200
        assert '<html lang="en"' in answer.get_data(as_text=True)


def test_whoever_is_no_volunteer_has_no_pages_of_a_volunteer(
    client: FlaskClient, cast: Cast, sign_in: SignIn
):
    sign_in(client, cast.frank)
    for path in ("/ghi-nhan", "/nguoi-hoc", "/cay"):
        assert client.get(path).status_code == 403
