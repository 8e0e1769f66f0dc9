"""My learners through HTTP: the list, one of them, a correction, a withdrawal, the files."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from core.clock import FixedClock
from core.database import Database
from core.web import house
from people.models import Person
from referrals.models.acts import Teaching, TeachingMove
from referrals.routes import learners as learner_pages
from tests.support.application import SignIn
from tests.support.cast import Cast
from tests.support.story import Story

NAUGHTY = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad_input" / "blns.json"
pytestmark = pytest.mark.usefixtures("reference")


def words(answer: object) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))  # type: ignore[attr-defined]
    return " ".join(html.unescape(text).split())


def field(page: object, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.get_data(as_text=True))  # type: ignore[attr-defined]
    assert found
    return html.unescape(found[1])


@pytest.fixture
def alice(client: FlaskClient, cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(client, cast.alice)


@pytest.fixture
def acts(app: Flask, cast: Cast, database: Database, clock: FixedClock) -> dict[str, Teaching]:
    """Hoa waits, Mười's code is over, Bốn says no, Năm was sent back, Sáu confirmed."""
    with database.session(write=True) as session:
        story = Story(session, clock, house(app).box)
        made = {
            "hoa": story.record(cast.alice, "Trần Thị Hoa", phone="0905123512"),
            "muoi": story.record(cast.alice, "Lê Văn Mười"),
            "bon": story.record(cast.alice, "Phan Thị Bốn"),
            "nam": story.record(cast.alice, "Ngô Thị Năm"),
            "sau": story.confirm(story.record(cast.alice, "Đỗ Thị Sáu")),
        }
        made["muoi"].state, made["bon"].state, made["nam"].state = "expired", "disputed", "returned"
        session.commit()
        return made


def test_the_list_says_what_to_do_next(alice: FlaskClient, acts: dict[str, Teaching]) -> None:
    page = words(alice.get("/nguoi-hoc"))
    assert "chờ người học trả lời từ hôm nay Cho xem mã" in page
    assert "Mã hết hạn chờ bạn tạo mã mới Tạo mã mới" in page
    assert "Báo không đúng chờ bạn hỏi lại người học Xem vì sao" in page
    assert "Cần sửa lại chờ bạn sửa Xem và sửa" in page
    assert "••• 512" in page
    assert "0905" not in page
    assert "Lê Văn Mười" in words(alice.get("/nguoi-hoc?xem=het-han"))
    assert "Trần Thị Hoa" not in words(alice.get("/nguoi-hoc?xem=het-han"))
    assert "Trần Thị Hoa" in words(alice.get("/nguoi-hoc?q=0905+123+512"))
    longest = words(alice.get("/nguoi-hoc?xep=cho-lau"))
    assert longest.index("Trần Thị Hoa") < longest.index("Ngô Thị Năm")
    assert "Đỗ Thị Sáu" not in longest
    kept = alice.get("/nguoi-hoc?xem=cho&q=hoa&xep=ten&ky=nam").get_data(as_text=True)
    assert "xem=xac-nhan" in kept
    assert "q=hoa" in kept
    assert "Không thấy ai như vậy" in words(alice.get("/nguoi-hoc?phuong=20194"))
    renewed = alice.post(f"/luot-day/{acts['muoi'].id}/ma-moi")
    assert renewed.status_code == 303


def test_all_about_one_learner(
    app: Flask, alice: FlaskClient, acts: dict[str, Teaching], cast: Cast, sign_in: SignIn
) -> None:
    path = f"/nguoi-hoc/{acts['hoa'].learner_id}"
    page = words(alice.get(path))
    assert "Trần Thị Hoa" in page
    assert "••• 512" in page
    assert "Cho xem mã" in page
    assert alice.get("/nguoi-hoc/999999").status_code == 404
    assert sign_in(app.test_client(), cast.bob).get(path).status_code == 404


def test_a_mistake_is_put_right_and_the_later_tab_is_told(
    app: Flask, alice: FlaskClient, acts: dict[str, Teaching], database: Database
) -> None:
    act = acts["hoa"].id
    path = f"/luot-day/{act}/sua"
    assert "Sửa chỗ gõ nhầm" in words(alice.get(f"/luot-day/{act}"))
    opened = alice.get(path)
    assert "Đang giữ số ••• 512" in words(opened)
    skill = re.search(r'name="skills" value="(\d+)"[^>]* checked', opened.get_data(as_text=True))
    assert skill
    sent = {
        "full_name": "Trần Thị Hòa",
        "skills": skill[1],
        "taught_on": "2026-11-21",
        "place": "market",
        "ward_code": "",
        "phone": "",
        "mark": field(opened, "mark"),
    }
    assert alice.post(path, data=sent).status_code == 303
    page = words(alice.get(f"/luot-day/{act}"))
    assert "Đã sửa lại Sửa lại: họ tên, ngày dạy, nơi dạy" in page
    later = alice.post(path, data=sent | {"full_name": "Trần Thị Hoan"})
    assert (later.status_code, "vừa được sửa ở một trang khác" in words(later)) == (409, True)
    assert field(later, "full_name") == "Trần Thị Hoan"
    again = sent | {"full_name": "Trần Thị Hoan", "mark": field(later, "mark")}
    assert alice.post(path, data=again).status_code == 303
    bad = alice.post(path, data=again | {"full_name": "Hoan 2", "taught_on": "32/1/2026"})
    assert bad.status_code == 422
    fresh = again | {"mark": field(alice.get(path), "mark")}
    twin = alice.post(path, data=fresh | {"full_name": "Lê Văn Mười"})
    assert (twin.status_code, "hai người khác nhau" in words(twin)) == (422, True)
    with database.session(write=False) as session:
        assert session.get_one(Person, acts["hoa"].learner_id).full_name == "Trần Thị Hoan"


def test_what_may_not_be_put_right_is_said(
    app: Flask, alice: FlaskClient, acts: dict[str, Teaching], cast: Cast, sign_in: SignIn, database: Database
) -> None:
    done = alice.get(f"/luot-day/{acts['sau'].id}/sua")
    assert (done.status_code, done.location) == (303, f"/luot-day/{acts['sau'].id}")
    path = f"/luot-day/{acts['hoa'].id}/sua"
    for member, status in ((cast.bob, 404), (cast.frank, 404), (cast.carol, 200)):
        assert sign_in(app.test_client(), member).get(path).status_code == status
    with database.session(write=True) as session:
        session.add(
            Teaching(
                teacher_id=cast.bob.person_id,
                learner_id=acts["hoa"].learner_id,
                taught_on=acts["hoa"].taught_on,
                state="recorded",
                recorded_at=acts["hoa"].recorded_at,
            )
        )
        session.commit()
    page = alice.get(path)
    assert "còn học với Đại sứ số khác" in words(page)
    assert 'name="full_name"' not in page.get_data(as_text=True)


def test_a_reason_is_one_tap(
    app: Flask, alice: FlaskClient, acts: dict[str, Teaching], cast: Cast, sign_in: SignIn, database: Database
) -> None:
    act = acts["hoa"].id
    assert "Ghi trùng" in words(alice.get(f"/luot-day/{act}/rut-lai"))
    gone = alice.post(
        f"/luot-day/{act}/rut-lai", data={"why": "twice", "reason": "hai lần"}, follow_redirects=True
    )
    assert "Đã rút lại lượt dạy này. Nếu rút nhầm, hãy ghi nhận lại." in words(gone)
    with database.session(write=False) as session:
        moves = session.query(TeachingMove).filter_by(teaching_id=act, to_state="voided").all()
        assert [move.reason for move in moves] == ["Ghi trùng. hai lần"]
    carol = sign_in(app.test_client(), cast.carol)
    asked = carol.post(f"/luot-day/{acts['sau'].id}/rut-lai", data={})
    assert (asked.status_code, "chọn hoặc viết một lý do" in words(asked)) == (422, True)
    assert carol.post(f"/luot-day/{acts['sau'].id}/rut-lai", data={"why": "not_held"}).status_code == 303


def rows_of(answer: object) -> list[list[str]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data())).get_sheet_by_index(0)  # type: ignore[attr-defined]
    return [[str(cell) for cell in row] for row in sheet.to_python()]


def test_the_list_as_a_file(alice: FlaskClient, acts: dict[str, Teaching], database: Database) -> None:
    with database.session(write=True) as session:
        # A name from before the rules of names: harmless in both kinds of file.
        session.get_one(Person, acts["bon"].learner_id).full_name = "=HYPERLINK(0)"
        session.commit()
    book = alice.get("/nguoi-hoc/tai-ve")
    assert book.headers["Content-Disposition"] == 'attachment; filename="nguoi-hoc-2026-11-22.xlsx"'
    head, *rows = rows_of(book)
    assert head[4:7] == ["Số người được tính", "Số lượt đã xác nhận", "Số lượt còn chờ"]
    assert [row[0] for row in rows] == [
        "Đỗ Thị Sáu", "Ngô Thị Năm", "=HYPERLINK(0)", "Lê Văn Mười", "Trần Thị Hoa",
    ]  # fmt: skip
    assert rows[0][4:8] == ["1.0", "1.0", "0.0", "0.0"]
    assert rows[-1][3] == "••• 512"
    text = alice.get("/nguoi-hoc/tai-ve?dang=csv&xem=cho").get_data(as_text=True)
    assert text.startswith("\ufeffHọ và tên,")
    lines = list(csv.reader(io.StringIO(text[1:])))
    assert len(lines) == 5
    assert "'=HYPERLINK(0)" in {line[0] for line in lines}
    assert alice.head("/nguoi-hoc/tai-ve").status_code == 200
    nobody = alice.get("/nguoi-hoc/tai-ve?q=zzz")
    assert rows_of(nobody)[1][0] == "Chưa có ai trong danh sách này."
    empty = alice.get("/nguoi-hoc/tai-ve?dang=csv&q=zzz").get_data(as_text=True)
    assert empty.splitlines()[1] == "Chưa có ai trong danh sách này."


def test_a_long_list_goes_as_csv(
    alice: FlaskClient, acts: dict[str, Teaching], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learner_pages, "MOST_IN_A_BOOK", 2)
    answer = alice.get("/nguoi-hoc/tai-ve?xem=cho", follow_redirects=True)
    assert answer.request.path == "/nguoi-hoc"
    assert "Hãy tải tệp CSV" in words(answer)
    assert alice.get("/nguoi-hoc/tai-ve?xem=xac-nhan").status_code == 200


def test_who_may_not(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    for member in (cast.carol, cast.olga, cast.frank):
        assert sign_in(app.test_client(), member).get("/nguoi-hoc/tai-ve").status_code == 403
    assert app.test_client().get("/nguoi-hoc/tai-ve").status_code in {302, 303}


@pytest.mark.skipif(not NAUGHTY.exists(), reason="no ../shared/data/bad_input/blns.json beside the checkout")
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_naughty_strings_in_every_field(
    alice: FlaskClient, acts: dict[str, Teaching], database: Database
) -> None:
    act = acts["hoa"].id
    path = f"/luot-day/{act}/sua"
    names = ("full_name", "skills", "taught_on", "place", "ward_code", "age_band", "phone", "mark", "apart")
    for number, text in enumerate(json.loads(NAUGHTY.read_text(encoding="utf-8"))):
        answer = alice.post(path, data=dict.fromkeys(names, text))
        assert answer.status_code in {409, 422}
        assert "<script>alert" not in answer.get_data(as_text=True)
        if number % 16 == 0:
            asked = dict.fromkeys(("q", "xem", "ky-nang", "phuong", "ky", "xep", "sau"), text)
            assert alice.get("/nguoi-hoc", query_string=asked).status_code == 200
            assert alice.get("/nguoi-hoc/tai-ve", query_string=asked | {"dang": "csv"}).status_code == 200
    with database.session(write=False) as session:
        assert session.get_one(Person, acts["hoa"].learner_id).full_name == "Trần Thị Hoa"
