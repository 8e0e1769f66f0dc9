"""Paper through HTTP: print, find by code, type in, be told who was quicker; and whatever is typed."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core.database import Database
from learning.models import Skill
from people.models import Person
from referrals.models.acts import Teaching
from referrals.models.papers import PaperSheet, PaperSlip
from referrals.papers import spaced
from tests.journeys.test_bad_input_http import naughty
from tests.support.application import SignIn
from tests.support.cast import Cast

pytestmark = pytest.mark.usefixtures("reference")

HOA = "Trần Thị Hoa"
Filled = dict[str, object]


def words(answer: object) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))  # type: ignore[attr-defined]
    return " ".join(html.unescape(text).split())


@pytest.fixture
def alice(app: Flask, cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(app.test_client(), cast.alice)


@pytest.fixture
def carol(app: Flask, cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(app.test_client(), cast.carol)


@pytest.fixture
def sheet(alice: FlaskClient, cast: Cast) -> str:
    """A sheet of Alice with twelve lines; its serial."""
    answer = alice.post("/giay", data={"teacher_id": cast.alice.person_id, "class_id": "", "lines": 12})
    assert answer.status_code == 303
    return str(answer.location).split("/")[2]


@pytest.fixture
def filled(database: Database) -> Filled:
    with database.session(write=False) as session:
        skill = session.scalars(select(Skill.id).order_by(Skill.position)).first()
    return {"taught_on": "2026-11-22", "skills": [skill], "place": "home", "ward_code": "", "lam": "luu"}


def slips(database: Database) -> list[str]:
    with database.session(write=False) as session:
        return list(session.scalars(select(PaperSlip.code).order_by(PaperSlip.line)))


def acts(database: Database) -> dict[str, str]:
    with database.session(write=False) as session:
        rows = session.execute(select(Person.full_name, Teaching.state).join(Teaching.learner))
        return {row[0]: row[1] for row in rows}


def test_the_printed_sheet_has_all_that_is_needed_on_paper(
    alice: FlaskClient, sheet: str, database: Database
):
    page = alice.get(f"/giay/{sheet}/in")
    for said in (spaced(sheet), "Nguyễn Thị An", "Ký tên hoặc điểm chỉ", "(không bắt buộc)", "Tôi đồng ý"):
        assert said in words(page)
    source = page.get_data(as_text=True)
    assert source.count("<svg") >= 1
    assert source.count('<th scope="row">') == 12
    slip_page = alice.get(f"/giay/{sheet}/in?kieu=phieu")
    for code in slips(database):
        assert spaced(code) in words(slip_page)
    assert slip_page.get_data(as_text=True).count('class="slip"') == 12


def test_a_sheet_is_found_by_its_code_and_a_slip_leads_to_its_line(
    alice: FlaskClient, sheet: str, database: Database
):
    assert alice.get("/giay", query_string={"ma": spaced(sheet).lower()}).location == f"/giay/{sheet}"
    code = slips(database)[4]
    there = f"/giay/{sheet}?dong=5#dong-5"
    assert alice.get("/giay", query_string={"ma": spaced(code)}).location == there
    assert alice.get(f"/giay/{code}").location == there
    page = alice.get(there).get_data(as_text=True)
    assert 'name="ten-5"' in page
    assert 'name="ten-4"' not in page
    assert alice.get(f"/giay/{sheet}?dong=99").status_code == 200


def test_a_slip_of_the_pen_says_which_letter(alice: FlaskClient, sheet: str):
    other = "2" if sheet[3] != "2" else "3"
    typed = sheet[:3] + other + sheet[4:]
    asked = alice.get("/giay", query_string={"ma": typed})
    assert "xem lại chữ thứ 4" in words(asked)
    assert f'value="{typed}"' in asked.get_data(as_text=True)
    assert alice.get(f"/giay/{typed}").location == f"/giay?ma={typed}"
    assert "còn thiếu chữ" in words(alice.get("/giay?ma=K7"))
    assert "thừa chữ" in words(alice.get("/giay?ma=K7K7K7K7K7K7"))
    assert "Hãy gõ mã" in words(alice.get("/giay?ma="))
    assert "số 0, 1" in words(alice.get("/giay?ma=0000"))
    assert "Không có tờ giấy nào" in words(alice.get("/giay?ma=22222222"))


def test_preview_then_save(alice: FlaskClient, sheet: str, filled: Filled, database: Database):
    typed = filled | {"ten-1": HOA, "ky-1": "1", "ten-2": "Lê Văn Tám", "so-2": "12", "ten-3": " "}
    seen = alice.post(f"/giay/{sheet}", data=typed | {"lam": "xem"})
    assert seen.status_code == 200
    assert words(seen).count("Người mới") == 2
    assert "Sẽ lưu không kèm số" in words(seen)
    assert acts(database) == {}
    done = alice.post(f"/giay/{sheet}", data=typed, follow_redirects=True)
    assert "Đã nhập 2 dòng. 1 người đã ký" in words(done)
    assert "Dòng 2 đã lưu nhưng không có số điện thoại" in words(done)
    assert acts(database) == {HOA: "confirmed", "Lê Văn Tám": "recorded"}
    assert "còn 10 trên 12 dòng" in words(done)
    assert "2 trên 12 dòng" in words(alice.get("/giay"))
    link = re.search(r'href="(/luot-day/\d+)">Trần Thị Hoa', done.get_data(as_text=True))
    assert link
    assert "Xác nhận trên giấy, do Nguyễn Thị An nhập ngày 22/11/2026." in words(alice.get(link[1]))


def test_skills_of_one_line(alice: FlaskClient, sheet: str, filled: Filled, database: Database):
    with database.session(write=False) as session:
        other = session.scalars(select(Skill.id).order_by(Skill.position)).all()[3]
    alice.post(f"/giay/{sheet}", data=filled | {"ten-1": HOA, "ten-2": "Lê Văn Tám", "viec-2": [other]})
    with database.session(write=False) as session:
        taught = {
            one.learner.full_name: [skill.id for skill in one.skills]
            for one in session.scalars(select(Teaching))
        }
    assert taught == {HOA: filled["skills"], "Lê Văn Tám": [other]}


def test_the_second_is_told_who_and_when_and_loses_nothing(
    alice: FlaskClient, carol: FlaskClient, sheet: str, filled: Filled, database: Database
):
    assert carol.post(f"/giay/{sheet}", data=filled | {"ten-1": HOA, "ky-1": "1"}).status_code == 303
    typed = filled | {
        "ten-1": "Trần Thị Hoà",
        "so-1": "0905 111 222",
        "ten-2": "Lê Văn Tám",
        "so-2": "0905 333 444",
    }
    late = alice.post(f"/giay/{sheet}", data=typed)
    assert late.status_code == 409
    assert "Dòng 1: Lê Thị Châu nhập lúc 10:00 22/11/2026." in words(late)
    assert "Bạn đã gõ: Trần Thị Hoà, 0905 111 222" in words(late)
    assert 'value="Lê Văn Tám"' in late.get_data(as_text=True)
    assert 'value="0905 333 444"' in late.get_data(as_text=True)
    assert acts(database) == {HOA: "confirmed"}
    rest = {key: value for key, value in typed.items() if not key.endswith("-1")}
    assert alice.post(f"/giay/{sheet}", data=rest).status_code == 303
    assert len(acts(database)) == 2


def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    alice: FlaskClient, sheet: str, filled: Filled, database: Database
):
    for change, said in (
        ({"taught_on": "31/02/2026"}, "Không có ngày này trong lịch."),
        ({"taught_on": "2026-11-23"}, "Ngày này chưa đến."),
        ({"skills": []}, "Hãy chọn ít nhất một việc đã dạy."),
        ({"ward_code": "nowhere"}, "Hãy chọn một mục trong danh sách."),
        ({"ten-2": "0905"}, "Họ tên phải có chữ cái."),
    ):
        answer = alice.post(f"/giay/{sheet}", data=filled | {"ten-1": HOA, "so-1": "0905 1"} | change)
        assert answer.status_code == 422, change
        assert said in words(answer)
        assert f'value="{HOA}"' in answer.get_data(as_text=True)
        assert 'value="0905 1"' in answer.get_data(as_text=True)
    assert "ít nhất một dòng" in words(alice.post(f"/giay/{sheet}", data=filled))
    assert acts(database) == {}
    closed = alice.post(f"/giay/{sheet}", data=filled | {"finished": "y"}, follow_redirects=True)
    assert "để trống" in words(closed)
    assert "Xong" in words(alice.get("/giay"))


def test_one_name_twice_asks(alice: FlaskClient, sheet: str, filled: Filled, database: Database):
    typed = filled | {"ten-1": HOA, "ten-2": HOA}
    asked = alice.post(f"/giay/{sheet}", data=typed)
    assert asked.status_code == 422
    assert "Tên này có hai lần trên tờ" in words(asked)
    assert 'name="chon-2" value="apart"' in asked.get_data(as_text=True)
    assert alice.post(f"/giay/{sheet}", data=typed | {"chon-2": "apart"}).status_code == 303
    with database.session(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Teaching)) == 2


@pytest.mark.parametrize(("key", "status"), [("bob", 404), ("dave", 404), ("erin", 404), ("frank", 404),
                                             ("olga", 404), ("carol", 200)])  # fmt: skip
def test_strangers_find_nothing(
    app: Flask,
    cast: Cast,
    sign_in: SignIn,
    sheet: str,
    database: Database,
    filled: Filled,
    key: str,
    status: int,
):
    client = sign_in(app.test_client(), cast[key])
    for path in (f"/giay/{sheet}", f"/giay/{sheet}/in"):
        assert client.get(path).status_code == status
    assert client.get(f"/giay/{slips(database)[0]}").status_code == (404 if status == 404 else 302)
    answer = client.post(f"/giay/{sheet}", data=filled | {"ten-1": HOA})
    assert answer.status_code == (404 if status == 404 else 303)


def test_guests_sign_in_and_come_back_and_others_have_no_paper(
    app: Flask, cast: Cast, sign_in: SignIn, sheet: str
):
    guest = app.test_client().get(f"/giay/{sheet}")
    assert guest.status_code == 303
    assert f"/giay/{sheet}" in guest.location.replace("%2F", "/")
    frank = sign_in(app.test_client(), cast.frank)
    assert frank.get("/giay").status_code == 403
    assert frank.post("/giay", data={}).status_code == 403


def test_a_coordinator_prints_for_the_unit_alone(
    carol: FlaskClient, alice: FlaskClient, cast: Cast, database: Database
):
    def send(who: FlaskClient, teacher: int) -> int:
        return who.post("/giay", data={"teacher_id": teacher, "class_id": "", "lines": 8}).status_code

    assert send(carol, cast.bob.person_id) == 303
    assert send(carol, cast.erin.person_id) == 422
    assert send(alice, cast.bob.person_id) == 422
    assert send(alice, 10**30) == 422
    with database.session(write=False) as session:
        assert list(session.scalars(select(PaperSheet.teacher_id))) == [cast.bob.person_id]
    assert "Trần Văn Bình" in words(carol.get("/giay"))
    assert "Võ Thị Én" not in words(carol.get("/giay"))


def test_pages_speak_english(alice: FlaskClient, sheet: str):
    alice.set_cookie("lang", "en")
    for path in ("/giay", f"/giay/{sheet}", f"/giay/{sheet}/in", f"/giay/{sheet}/in?kieu=phieu"):
        answer = alice.get(path)
        assert answer.status_code == 200
        assert '<html lang="en"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("lam", ["xem", "luu"])
def test_whatever_is_typed_on_the_lines(alice: FlaskClient, sheet: str, filled: Filled, lam: str):
    everything = naughty(*range(8))
    for start in range(0, len(everything), 12):
        some = everything[start : start + 12]
        values: Filled = dict(filled) | {"lam": lam}
        for number, typed in enumerate(some, 1):
            values |= {f"ten-{number}": typed, f"so-{number}": typed}
        answer = alice.post(f"/giay/{sheet}", data=values)
        assert answer.status_code in (200, 303, 409, 422), some
        for typed in some:
            if re.search(r"<[a-z!/]", typed, re.IGNORECASE) and len(typed) > 12:
                assert typed.strip() not in answer.get_data(as_text=True)
    assert alice.get(f"/giay/{sheet}").status_code == 200


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_whatever_is_typed_elsewhere(alice: FlaskClient, sheet: str, filled: Filled):
    names = ("viec-1", "chon-1", "ky-1", "taught_on", "skills", "place", "ward_code", "finished", "lam")
    for number, typed in enumerate(naughty(*range(8))):
        values = filled | {"ten-1": HOA, "lam": "xem"} | {names[number % len(names)]: typed}
        answer = alice.post(f"/giay/{sheet}?dong=1", data=values)
        assert answer.status_code in (200, 303, 422), typed[:60]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_whatever_is_asked_for(alice: FlaskClient, sheet: str, cast: Cast):
    for typed in naughty(3):
        assert alice.get("/giay", query_string={"ma": typed, "lop": typed}).status_code in (200, 302, 404)
        assert alice.get(f"/giay/{sheet}", query_string={"dong": typed}).status_code in (200, 404)
        for name in ("teacher_id", "class_id", "lines"):
            values = {"teacher_id": cast.alice.person_id, "class_id": "", "lines": 8} | {name: typed}
            assert alice.post("/giay", data=values).status_code in (303, 422)
