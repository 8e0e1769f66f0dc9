"""Pages of lists: who may open them, what they refuse, what they give back."""

from __future__ import annotations

import csv
import gc
import io
import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core.database import Database
from referrals.models.acts import Teaching
from referrals.models.rosters import RosterImport
from referrals.rosters import LARGEST_FILE
from referrals.services.rosters import intake
from tests.referrals.test_rosters import HEADER, MANY, NAMES, people, workbook
from tests.support.application import SignIn
from tests.support.cast import Cast

BLNS = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad_input" / "blns.json"
FORM = {"skills": "1", "taught_on": "2026-11-21", "place": "home"}


@pytest.fixture
def alice(client: FlaskClient, sign_in: SignIn, reference: None, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.alice)


def send(client: FlaskClient, data: bytes, name: str = "ds.xlsx", **more: Any) -> Any:
    form = {"file": (io.BytesIO(data), name), **FORM, **more}
    return client.post("/danh-sach", data=form, content_type="multipart/form-data")


def stored(database: Database, table: type) -> int:
    with database.session(write=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_list_from_upload_to_the_rows_to_mend(alice: FlaskClient, database: Database) -> None:
    rows = [HEADER, *((at, name, f"090511122{at}") for at, name in enumerate(NAMES)), (4, "0905 111 222", "")]
    sent = send(alice, workbook(rows))
    assert sent.status_code == 303, sent.text
    preview = alice.get(sent.location)
    assert "Ghi nhận 3 người" in preview.text
    assert "0905111220" not in preview.text
    assert stored(database, Teaching) == 0
    assert alice.post(f"{sent.location}/ghi").status_code == 303
    report = alice.get(sent.location)
    assert "Tải tệp các dòng cần sửa" in report.text
    assert stored(database, Teaching) == 3
    mend = alice.get(f"{sent.location}/can-sua.csv").data.decode("utf-8-sig").splitlines()
    assert mend[0] == "STT,Họ và tên,Số điện thoại,Lý do"
    assert mend[1].startswith("4,0905 111 222,,")
    book = alice.get(f"{sent.location}/can-sua.xlsx")
    assert book.data[:2] == b"PK"
    assert book.headers["Content-Disposition"].startswith("attachment")
    # The mended file: the one who was refused is new now, and nobody else is in it.
    again = send(alice, book.data.replace(b"x", b"x"))
    assert again.status_code == 303


def test_pasted_rows_are_a_list_too(alice: FlaskClient) -> None:
    form = {**FORM, "pasted": "Họ tên\tSĐT\nTrần Thị Hoa\t0905111222\nLê Văn Hùng\t\n"}
    sent = alice.post("/danh-sach", data=form)
    assert sent.status_code == 303, sent.text
    assert "Ghi nhận 2 người" in alice.get(sent.location).text


def test_what_is_no_list_is_refused_with_a_sentence(alice: FlaskClient, database: Database) -> None:
    for data, words in ((b"%PDF-1.7 x", "không phải bảng tính"), (b" ", "không có chữ nào")):
        answer = send(alice, data)
        assert answer.status_code == 422
        assert words in answer.text
    answer = alice.post("/danh-sach", data={**FORM, "skills": "", "pasted": "Họ tên\nTrần Thị Hoa"})
    assert answer.status_code == 422
    assert stored(database, RosterImport) == 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_too_large_is_a_page_and_other_pages_keep_their_limit(alice: FlaskClient, database: Database) -> None:
    answer = send(alice, b"x" * (LARGEST_FILE + 3 * 1024 * 1024))
    assert answer.status_code == 413
    assert "20 MB" in answer.text
    answer = send(alice, b"x" * (LARGEST_FILE + 10))
    assert answer.status_code == 413
    large = {"full_name": "x" * (3 * 1024 * 1024)}
    assert alice.post("/ghi-nhan", data=large, content_type="multipart/form-data").status_code == 413
    assert stored(database, RosterImport) == 0
    gc.collect()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_line_that_breaks_leaves_nothing(alice: FlaskClient, database: Database) -> None:
    whole = people(*NAMES)
    head = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n"
    )
    answer = alice.post(
        "/danh-sach",
        input_stream=io.BytesIO(head + whole[:500]),
        content_length=len(head) + len(whole),
        content_type="multipart/form-data; boundary=b",
    )
    assert answer.status_code >= 400
    assert stored(database, RosterImport) == 0
    # Werkzeug leaves the file of a broken upload to the collector.
    gc.collect()


def test_a_hostile_name_of_a_file_is_escaped(alice: FlaskClient) -> None:
    sent = send(alice, people(*NAMES), "<script>alert(1)</script>.xlsx")
    page = alice.get(sent.location).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_list_of_another_is_not_found(alice: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    where = send(alice, people(*NAMES)).location
    bob = sign_in(alice.application.test_client(), cast.bob)
    for path in ("", "/tien-do", "/thoi", "/can-sua.csv"):
        assert bob.get(where + path).status_code == 404
    for path in ("/ghi", "/cot", "/chon", "/thoi", "/thu-lai"):
        assert bob.post(where + path).status_code == 404
    frank = sign_in(alice.application.test_client(), cast.frank)
    assert frank.get("/danh-sach").status_code == 403
    assert alice.application.test_client().get("/danh-sach").status_code == 303


def test_nonsense_in_every_field(alice: FlaskClient) -> None:
    where = send(alice, people("Trần Thị Hoa", "Trần Thị Hoa", phones=False)).location
    assert alice.get(f"{where}?xem=x&sau=%00y").status_code in (200, 404)
    assert (
        alice.post(f"{where}/chon", data={"choice-99999999999999999": "same-1", "choice-x": "y"}).status_code
        == 303
    )
    assert alice.post(f"{where}/cot", data={"header-0": "99999999999", "field-0-1": "<b>"}).status_code == 303
    assert alice.get(where).status_code == 200
    assert alice.get("/danh-sach?lop=99999999999999999999&ten=%27%22%3C").status_code in (200, 404)


def test_a_long_list_goes_to_the_background(alice: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "SMALL_FILE", 0)
    where = send(alice, people(*NAMES)).location
    # The queue of the tests works at once.
    assert alice.get(f"{where}/tien-do").json == {"state": "ready", "done": 3, "total": 3}
    assert "Ghi nhận 3 người" in alice.get(where).text


def test_the_page_of_progress(alice: FlaskClient, database: Database) -> None:
    where = send(alice, people(*NAMES)).location
    with database.session(write=True) as session:
        roster = session.scalars(select(RosterImport)).one()
        roster.state, roster.total, roster.done = "writing", 40_000, 12_000
        session.commit()
    page = alice.get(where).text
    assert 'max="40000" value="12000"' in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page


def test_a_list_that_was_written_can_be_taken_out_again(alice: FlaskClient, database: Database) -> None:
    where = send(alice, people(*NAMES)).location
    alice.post(f"{where}/ghi")
    assert "lấy ra" in alice.get(f"{where}/thoi").text
    assert alice.post(f"{where}/thoi").status_code == 303
    assert stored(database, Teaching) == 0
    assert "Đã rút lại" in alice.get(where).text


def test_a_coordinator_names_the_ambassador(
    client: FlaskClient, sign_in: SignIn, reference: None, cast: Cast
) -> None:
    carol = sign_in(client, cast.carol)
    page = carol.get("/danh-sach?ten=binh").text
    assert "Trần Văn Bình" in page
    assert "Võ Thị Én" not in carol.get("/danh-sach?ten=en").text
    sent = send(carol, people(*NAMES), teacher=str(cast.bob.person_id))
    assert sent.status_code == 303
    assert carol.post(f"{sent.location}/ghi").status_code == 303
    assert send(carol, people(*NAMES), teacher=str(cast.erin.person_id)).status_code == 404


def test_the_template_is_a_list_without_people(alice: FlaskClient) -> None:
    book = alice.get("/danh-sach/mau.xlsx")
    assert book.data[:2] == b"PK"
    sent = send(alice, book.data, "mau.xlsx")
    assert sent.status_code == 303
    assert "Chưa thấy người nào" in alice.get(sent.location).text


# ── strings that nobody should type ─────────────────────────────────────────────────────────────────────

NAUGHTY = [
    "=1+1",
    "@SUM(1)",
    "\u202eabc",
    "<b>x</b>",
    "' OR 1=1 --",
    "{{7*7}}",
    "\ud800",
    "a\x00b",
    "😀",
    "A",
    "x" * 300,
]


def naughty() -> list[str]:
    listed = json.loads(BLNS.read_text(encoding="utf-8")) if BLNS.exists() else []
    return [*NAUGHTY, *listed]


def test_naughty_cells_are_kept_shown_and_given_back_as_text(alice: FlaskClient) -> None:
    cells = [text.replace("\x00", "").encode("utf-8", "ignore").decode() for text in naughty()]
    rows = [("Họ và tên", "SĐT", "Ghi chú", "Phường", "Ngày dạy", "Kỹ năng", "Đại sứ số")]
    rows += [(text, text, text, text, text, text, "") for text in cells]
    rows += [(name, "", text, "", "", "", text) for name, text in zip(MANY, cells, strict=False)]
    sent = send(alice, workbook(rows))
    assert sent.status_code == 303, sent.text
    for view in ("", "?xem=new", "?xem=refused", "?xem=doubtful"):
        page = alice.get(sent.location + view)
        assert page.status_code == 200
        assert "<b>x</b>" not in page.text
        assert "<script>alert" not in page.text
    assert alice.post(f"{sent.location}/ghi").status_code == 303
    assert alice.get(sent.location).status_code == 200
    mend = alice.get(f"{sent.location}/can-sua.csv").data.decode("utf-8-sig")
    given = [cell for row in csv.reader(io.StringIO(mend)) for cell in row]
    assert not [cell for cell in given if cell[:1] in "=+-@" and cell]
    assert alice.get(f"{sent.location}/can-sua.xlsx").status_code == 200


def test_naughty_pasted_rows_and_fields(alice: FlaskClient) -> None:
    for text in NAUGHTY:
        answer = alice.post(
            "/danh-sach", data={**FORM, "pasted": f"Họ tên\n{text}".encode("utf-8", "ignore").decode()}
        )
        assert answer.status_code in (303, 422)
    for field in ("skills", "taught_on", "place", "ward_code", "class_id", "teacher"):
        answer = alice.post(
            "/danh-sach", data={**FORM, "pasted": "Họ tên\nTrần Thị Hoa", field: "<b>x</b>' OR 1"}
        )
        assert answer.status_code in (303, 422, 404), field
