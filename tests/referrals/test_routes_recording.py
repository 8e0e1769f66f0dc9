"""Recording through HTTP: one person with the hint, several at once, and everything that must not be lost."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core.clock import FixedClock
from core.database import Database
from core.secrets_box import SecretsBox
from learning.models import Skill
from people.models import Person
from referrals.models.acts import ConfirmationCode, Teaching
from tests.support.application import SignIn
from tests.support.cast import Cast
from tests.support.story import Story

pytestmark = pytest.mark.usefixtures("reference")

MARK = "11111111-1111-4111-8111-111111111111"
BLNS = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad_input" / "blns.json"
HOSTILE = [
    "\x00",
    "Lê\x07Thị",
    "\u202eLan",
    "😀 Lan",
    "x" * 300,
    "Ý",
    "<script>alert(1)</script>",
    "=1+1",
    "'; --",
]


@pytest.fixture
def alice(client: FlaskClient, cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(client, cast.alice)


@pytest.fixture
def skill_id(database: Database) -> int:
    with database.session(write=False) as session:
        return session.scalars(select(Skill.id).order_by(Skill.position)).first() or 0


@pytest.fixture
def hoa(cast: Cast, database: Database, clock: FixedClock, box: SecretsBox) -> int:
    """Somebody whom Alice taught yesterday; the id."""
    with database.session(write=True) as session:
        story = Story(session, clock, box)
        day = story.wish().taught_on.replace(day=21)
        act = story.record(cast.alice, "Trần Thị Hoà", phone="0905123456", taught_on=day)
        session.commit()
        return act.learner_id


def one(skill_id: int, **changes: Any) -> dict[str, Any]:
    form = {
        "full_name": "Trần Thị Hoa", "skills": [skill_id], "taught_on": "2026-11-22", "place": "home",
        "ward_code": "", "phone": "", "client_uuid": MARK,
    }  # fmt: skip
    return form | changes


def several(skill_id: int, names: str, **changes: Any) -> dict[str, Any]:
    form = {
        "names": names, "skills": [skill_id], "taught_on": "2026-11-22", "place": "home", "ward_code": "",
        "client_uuid": MARK, "step": "save",
    }  # fmt: skip
    return form | changes


def text_of(answer: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def count(database: Database, table: Any = Teaching) -> int:
    with database.session(write=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def fields_of(page: str, value: str) -> list[str]:
    """The names of the radios that have this value."""
    return re.findall(rf'type="radio" name="(line-[^"]+)" value="{value}"', page)


# ── the hint ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_hint_knows_my_learner(alice: FlaskClient, hoa: int):
    answer = alice.get("/ghi-nhan/goi-y", query_string={"full_name": "tran thi hoa"}).get_json()
    assert answer["question"] == "Có phải một người không?"
    assert answer["candidates"] == [
        {"id": hoa, "text": "Trần Thị Hoà · điện thoại ••• 456 · bạn đã dạy ngày 21/11/2026"}
    ]
    other = alice.get("/ghi-nhan/goi-y", query_string={"full_name": "Trần Thị Hoa Mai"}).get_json()
    assert other["question"] == ""


def test_the_hint_tells_of_strangers_only_what_was_typed(
    client: FlaskClient, cast: Cast, sign_in: SignIn, hoa: int
):
    bob = sign_in(client, cast.bob)
    assert bob.get("/ghi-nhan/goi-y?full_name=Trần Thị Hoà").get_json()["candidates"] == []
    found = bob.get("/ghi-nhan/goi-y?full_name=Trần Thị Hoà&phone=0905 123 456").get_json()
    assert found["candidates"] == [
        {"id": hoa, "text": "Trần Thị Hoà · điện thoại ••• 456 · đã có trong chương trình"}
    ]


@pytest.mark.parametrize("key", ["carol", "frank", "olga"])
def test_the_hint_is_for_those_who_record(client: FlaskClient, cast: Cast, sign_in: SignIn, key: str):
    assert sign_in(client, cast[key]).get("/ghi-nhan/goi-y?full_name=Lan").status_code == 403
    assert sign_in(client, cast[key]).get("/ghi-nhan/nhieu-nguoi").status_code == 403


def test_the_hint_answers_anything(alice: FlaskClient):
    for text in HOSTILE:
        query = {"full_name": text, "phone": text, "ward_code": text, "age_band": text, "taught_on": text}
        assert alice.get("/ghi-nhan/goi-y", query_string=query).status_code == 200


# ── one person ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_question_comes_without_scripts(
    alice: FlaskClient, database: Database, skill_id: int, hoa: int
):
    asked = alice.post("/ghi-nhan", data=one(skill_id))
    assert asked.status_code == 422
    assert "bạn đã dạy ngày 21/11/2026" in text_of(asked)
    assert "Không, đây là người khác" in text_of(asked)
    assert alice.post("/ghi-nhan", data=one(skill_id, learner=str(hoa))).status_code == 303
    with database.session(write=False) as session:
        assert session.scalars(select(Teaching.learner_id)).all() == [hoa, hoa]


def test_several_in_a_row_keep_the_day(alice: FlaskClient, database: Database, skill_id: int):
    sent = alice.post("/ghi-nhan", data=one(skill_id, taught_on="2026-11-20", then="next"))
    assert sent.status_code == 303
    page = alice.get(sent.location)
    assert "Đã ghi nhận Trần Thị Hoa. Mời bạn ghi người tiếp theo." in text_of(page)
    assert 'value="2026-11-20"' in page.get_data(as_text=True)
    assert f'name="skills" value="{skill_id}" id="skills-0" checked' in page.get_data(as_text=True)
    assert alice.get("/ghi-nhan?vua=999&ngay=31/02/2026").status_code == 200


# ── several at once ──────────────────────────────────────────────────────────────────────────────────────

NAMES = "1. Lê Văn Mười 0905 000 111\n\n2. Trần Thị Hoà\n3. 0912\n4. Võ Thị Ba 12345"


def test_a_list_is_shown_before_it_is_written(
    alice: FlaskClient, database: Database, skill_id: int, hoa: int
):
    page = alice.post("/ghi-nhan/nhieu-nguoi", data=several(skill_id, NAMES, step="look"))
    said = text_of(page)
    assert page.status_code == 200
    assert "Cần bạn trả lời 1" in said
    assert "Cùng một người: Trần Thị Hoà · điện thoại ••• 456" in said
    assert "Chưa ghi được 1" in said
    assert "Người mới 2" in said
    assert "Số điện thoại còn thiếu chữ số. Vẫn ghi người này, chỉ bỏ phần ấy." in said
    assert count(database) == 1


def test_nothing_is_written_before_what_is_doubtful_is_answered(
    alice: FlaskClient, database: Database, skill_id: int, hoa: int
):
    page = alice.post("/ghi-nhan/nhieu-nguoi", data=several(skill_id, NAMES))
    assert page.status_code == 422
    assert "Còn 1 dòng cần bạn trả lời." in text_of(page)
    assert count(database) == 1
    assert NAMES.splitlines()[0] in html.unescape(page.get_data(as_text=True))


def test_a_list_is_written_and_what_is_left_stays(
    alice: FlaskClient, database: Database, skill_id: int, hoa: int
):
    form = several(skill_id, NAMES)
    preview = alice.post("/ghi-nhan/nhieu-nguoi", data=form | {"step": "look"}).get_data(as_text=True)
    (field,) = fields_of(preview, f"same:{hoa}")
    for _ in range(2):  # a double tap
        page = alice.post("/ghi-nhan/nhieu-nguoi", data=form | {field: f"same:{hoa}"})
        assert page.status_code == 200
        assert "Đã ghi nhận 3 người." in text_of(page)
        box = re.search(r"<textarea[^>]*>([^<]*)</textarea>", page.get_data(as_text=True))
        assert box is not None
        assert html.unescape(box[1]).strip() == "3. 0912"
        assert count(database) == 4
        assert count(database, Person) == 9 + 3

    done = alice.get(f"/ghi-nhan/nhieu-nguoi/{MARK}")
    assert len(re.findall(r"\d{3} \d{3}", text_of(done))) >= 3


def test_a_list_without_a_rest_goes_on_to_the_codes(alice: FlaskClient, skill_id: int, database: Database):
    sent = alice.post("/ghi-nhan/nhieu-nguoi", data=several(skill_id, "Lê Văn Mười\nVõ Thị Ba"))
    assert sent.status_code == 303
    assert sent.location.endswith(MARK)
    again = alice.post("/ghi-nhan/nhieu-nguoi", data=several(skill_id, "Lê Văn Mười\nVõ Thị Ba"))
    assert again.location == sent.location
    other = several(skill_id, "Lê Văn Mười\nVõ Thị Ba", client_uuid="")
    assert alice.post("/ghi-nhan/nhieu-nguoi", data=other).location.endswith("/nguoi-hoc")
    assert count(database) == 2


def test_a_long_list_gets_its_digits_when_asked(alice: FlaskClient, skill_id: int, database: Database):
    names = "\n".join(f"Lê Văn {'H' + 'o' * n}" for n in range(1, 41))
    done = alice.post("/ghi-nhan/nhieu-nguoi", data=several(skill_id, names)).location
    assert "Tạo mã sáu số cho 40 người" in text_of(alice.get(done))
    assert alice.post(f"{done}/ma").status_code == 303
    assert "Tạo mã" not in text_of(alice.get(done))
    with database.session(write=False) as session:
        digits = session.scalars(select(ConfirmationCode.digits_hash)).all()
    assert len(set(digits)) == 40
    assert None not in digits


def test_the_codes_are_for_the_teacher_alone(client: FlaskClient, cast: Cast, sign_in: SignIn, skill_id: int):
    done = sign_in(client, cast.alice).post(
        "/ghi-nhan/nhieu-nguoi", data=several(skill_id, "Lê Văn Mười")
    ).location  # fmt: skip
    assert client.get(done).status_code == 200
    assert sign_in(client, cast.bob).get(done).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"names": ""}, "Hãy viết ít nhất một người, mỗi người một dòng."),
        ({"names": " \n--\n"}, "Hãy viết ít nhất một người, mỗi người một dòng."),
        ({"names": "Lan\n" * 201}, "Mỗi lần nhiều nhất 200 người, ở đây có 201."),
        ({"names": "x" * 40_001}, "Danh sách dài quá. Hãy chia làm nhiều lần."),
        ({"taught_on": "31/02/2026"}, "Không có ngày này trong lịch."),
    ],
)
def test_what_is_wrong_with_the_form_is_said(
    alice: FlaskClient, database: Database, skill_id: int, changes: dict[str, Any], words: str
):
    page = alice.post("/ghi-nhan/nhieu-nguoi", data=several(skill_id, "Lan") | changes)
    assert page.status_code == 422
    assert words in text_of(page)
    assert count(database) == 0


def test_an_edited_line_asks_again(alice: FlaskClient, database: Database, skill_id: int, hoa: int):
    preview = alice.post("/ghi-nhan/nhieu-nguoi", data=several(skill_id, "Trần Thị Hoà", step="look"))
    (field,) = fields_of(preview.get_data(as_text=True), "apart")
    edited = several(skill_id, "Tran Thi Hoa") | {field: "apart"}
    assert alice.post("/ghi-nhan/nhieu-nguoi", data=edited).status_code == 422
    assert count(database) == 1


def test_any_text_is_kept_or_refused_as_text(alice: FlaskClient, database: Database, skill_id: int):
    texts = HOSTILE + (json.loads(BLNS.read_text("utf-8")) if BLNS.exists() else [])
    for start in range(0, len(texts), 150):
        names = "\n".join(" ".join(text.split("\n")) for text in texts[start : start + 150])
        answer = alice.post("/ghi-nhan/nhieu-nguoi", data=several(skill_id, names, step="look"))
        assert answer.status_code in (200, 422)
        assert "<script>alert(" not in answer.get_data(as_text=True)
    for text in HOSTILE:
        for field in (
            "full_name",
            "phone",
            "ward_code",
            "learner",
            "place",
            "age_band",
            "taught_on",
            "client_uuid",
        ):
            answer = alice.post("/ghi-nhan", data=one(skill_id, **{field: text}))
            assert answer.status_code in (303, 422, 409), (field, text)
            assert "<script>alert(" not in answer.get_data(as_text=True)
        for field in ("names", "taught_on", "place", "ward_code", "client_uuid", "step", "skills"):
            answer = alice.post("/ghi-nhan/nhieu-nguoi", data=several(skill_id, "Lan") | {field: text})
            assert answer.status_code in (200, 303, 422), (field, text)
