"""Pages of badges, through HTTP."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from badges import queries
from badges.catalogue import CATALOGUE
from tests.support.story import Story


@pytest.fixture
def told(uow, cast, clock, box):
    """Alice taught five; one more waits."""
    with uow.begin() as session:
        story = Story(session, clock, box)
        for number in range(5):
            story.taught(cast.alice.person_id, story.person(f"Người học {number}"))
        story.record(cast.alice, "Ngô Thị Chờ")
    return cast


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    text = re.sub(r"<(head|svg).*?</\1>|<[^>]+>", " ", answer.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


def awards(database, person_id):
    with database.session(write=False) as session:
        return queries.unseen(session, person_id)


def test_my_badges_and_the_next_one(client, told, sign_in):
    page = read(sign_in(client, told.alice), "/huy-hieu")
    assert "Bạn đã có 2 huy hiệu" in page
    assert "Huy hiệu mới: Người gieo hạt" in page
    assert "Cần thêm 15 người xác nhận." in page


def test_without_a_badge_the_page_says_how_to_begin(client, told, sign_in):
    page = read(sign_in(client, told.bob), "/huy-hieu")
    assert "Huy hiệu đầu tiên đang chờ bạn" in page


def test_why_not_yet_counts_what_counts_and_what_does_not(client, told, sign_in):
    page = read(sign_in(client, told.alice), "/huy-hieu/twenty_learners")
    assert "Cần thêm 15 người xác nhận." in page
    assert "5 trên 20" in page
    assert "5 người học đã xác nhận" in page
    assert "1 lượt đang chờ người học xác nhận" in page


def test_why_there_says_when(client, told, sign_in):
    page = read(sign_in(client, told.alice), "/huy-hieu/five_learners")
    assert "Bạn đã có huy hiệu này" in page
    assert "10:00 22/11/2026" in page


def test_every_badge_has_its_page(client, told, sign_in):
    sign_in(client, told.alice)
    for badge in CATALOGUE:
        assert badge.name in read(client, f"/huy-hieu/{badge.code}")


def test_the_celebration_is_shown_until_it_was_seen(client, told, sign_in, database):
    sign_in(client, told.alice)
    first, second = awards(database, told.alice.person_id)
    page = read(client, f"/chuc-mung/{first.award_id}")
    assert "Chúc mừng An!" in page
    assert "Người gieo hạt" in page
    assert len(awards(database, told.alice.person_id)) == 2  # Looking writes nothing.
    answer = client.post(f"/chuc-mung/{first.award_id}")
    assert (answer.status_code, answer.location) == (303, f"/chuc-mung/{second.award_id}")
    answer = client.post(f"/chuc-mung/{second.award_id}")
    assert answer.location == "/huy-hieu"
    assert awards(database, told.alice.person_id) == []
    assert "Về huy hiệu của tôi" in read(client, f"/chuc-mung/{first.award_id}")


def test_the_celebration_of_another_is_not_there(client, told, sign_in, database):
    award = awards(database, told.alice.person_id)[0]
    sign_in(client, told.bob)
    assert client.get(f"/chuc-mung/{award.award_id}").status_code == 404
    assert client.post(f"/chuc-mung/{award.award_id}").status_code == 404
    assert client.get("/huy-hieu/no_such_badge").status_code == 404
    assert len(awards(database, told.alice.person_id)) == 2


def test_a_guest_is_asked_to_sign_in(client, cast):
    for address in ("/huy-hieu", "/huy-hieu/five_learners", "/chuc-mung/1"):
        answer = client.get(address)
        assert answer.status_code == 303
        assert "/dang-nhap" in answer.location
