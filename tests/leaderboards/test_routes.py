"""Pages of the boards, through HTTP."""

from __future__ import annotations

import html
import re
from itertools import product

import pytest
from flask.testing import FlaskClient

from leaderboards.boards import BOARDS
from tests.support.story import Story


@pytest.fixture
def told(uow, cast, clock, box):
    """Alice of chapter One taught two, Dave of Two one."""
    with uow.begin() as session:
        story = Story(session, clock, box)
        story.taught(cast.alice.person_id, cast.heidi.person_id)
        story.taught(cast.alice.person_id, cast.grace.person_id)
        story.taught(cast.dave.person_id, cast.heidi.person_id)
    return cast


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    text = re.sub(r"<(head|svg).*?</\1>|<[^>]+>", " ", answer.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


def test_a_guest_sees_the_month_with_people_and_contacts_and_no_name_of_a_person(client, told):
    page = read(client, "/bang-xep-hang")
    assert "Tháng 11/2026" in page
    assert "Chi đoàn Một" in page
    assert "Người học" in page
    assert "Lượt dạy" in page
    assert "đơn vị của bạn" not in page
    for key in ("alice", "dave", "heidi", "grace"):
        assert told[key].full_name not in page


def test_a_member_sees_the_own_chapter_marked(client, told, sign_in):
    page = read(sign_in(client, told.alice), "/bang-xep-hang")
    assert "Chi đoàn Một · đơn vị của bạn" in page
    assert "Đang dẫn đầu" in page


def test_a_chapter_that_is_not_ranked_says_why(client, told):
    page = read(client, "/bang-xep-hang")
    assert "Chi đoàn Hai chưa đủ 3 đoàn viên" in page


def test_every_board_answers_in_every_period(client, told):
    for board, period in product(BOARDS, ("2026-11", "2026-Q4", "2026", "all")):
        assert board.title in read(client, f"/bang-xep-hang?bang={board.code}&ky={period}")


def test_an_empty_board_says_what_to_do(client, cast):
    page = read(client, "/bang-xep-hang")
    assert "Chưa có đơn vị nào trên bảng này" in page
    assert "Xem tháng 10/2026" in page


def test_a_board_below_one_unit(client, told):
    page = read(client, f"/bang-xep-hang?duoi={told.units['schools']}")
    assert "Chỉ trong Khối các trường" in page
    assert "Chi đoàn Một" not in page


def test_a_unit_explains_its_numbers(client, told):
    page = read(client, f"/bang-xep-hang/{told.units['one']}")
    assert "Đang dẫn đầu" in page
    assert "(2 + 6,7) ÷ (3 + 10) × 100 ≈ 66,7" in page
    assert "2 người khác nhau" in page
    for unit in told.units.values():
        read(client, f"/bang-xep-hang/{unit}?ky=all")


def test_what_is_not_there_is_not_found(client, cast):
    for address in (
        "/bang-xep-hang?bang=nguoi",
        "/bang-xep-hang?ky=2026-13",
        "/bang-xep-hang?ky=2030-01",
        "/bang-xep-hang?ky=2026-W12",
        "/bang-xep-hang?duoi=999999",
        "/bang-xep-hang/999999",
    ):
        assert client.get(address).status_code == 404, address


def test_odd_queries_do_no_harm(client, told):
    for query in ("trang=-4", "trang=9999999999", "trang=x", "duoi=x", "ky="):
        read(client, f"/bang-xep-hang?{query}")
