"""Pages of honours, through HTTP."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.clock import FixedClock
from core.secrets_box import SecretsBox
from core.unit_of_work import UnitOfWork
from honors import services
from honors.models import Nomination
from tests.honors.conftest import WORDS, Scene
from tests.support.cast import Cast, Member

Stage = Callable[[], AbstractContextManager[Scene]]
SignIn = Callable[[FlaskClient, Member], FlaskClient]

HOSTILE = """<script>alert(1)</script> "><img src=x onerror=alert(2)> {{ 7*7 }} ${7*7} bác ơi"""


@pytest.fixture
def stage(uow: UnitOfWork, cast: Cast, clock: FixedClock, box: SecretsBox) -> Stage:
    """`with stage() as scene: …` commits what happened."""

    @contextmanager
    def play() -> Iterator[Scene]:
        with uow.begin() as session:
            yield Scene(session, cast, clock, box)

    return play


@pytest.fixture
def told(stage: Stage, cast: Cast) -> int:
    """Alice has five learners, is nominated and has a story: the id of the nomination."""
    with stage() as scene:
        scene.learners(cast.alice, 5)
        return scene.nominated(cast.alice).id


@pytest.fixture
def staff(client: FlaskClient, cast: Cast, sign_in: SignIn) -> FlaskClient:
    """Frank's browser."""
    return sign_in(client, cast.frank)


@pytest.fixture
def other(app, cast: Cast, sign_in: SignIn) -> Callable[[Member | None], FlaskClient]:
    """Another browser, of somebody or of a guest."""

    def open_one(member: Member | None = None) -> FlaskClient:
        fresh = app.test_client()
        return fresh if member is None else sign_in(fresh, member)

    return open_one


def words(answer: TestResponse) -> str:
    text = re.sub(r"<(head|svg).*?</\1>|<[^>]+>", " ", answer.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


def say(browser: FlaskClient, nomination_id: int, answer: str, edition: int = 1, **more: str) -> TestResponse:
    data = {"answer": answer, "how": "in_person", "edition": str(edition)} | more
    return browser.post(f"/de-cu/{nomination_id}/dong-y", data=data)


# ── who may ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("address", ["/guong-sang", "/de-cu", "/de-cu/1", "/de-cu/1/rut"])
def test_the_desk_is_for_communication_staff(other, cast: Cast, told: int, address: str) -> None:
    assert other().get(address).status_code == 303
    for member in (cast.alice, cast.carol, cast.olga):
        assert other(member).get(address).status_code == 403
    assert other(cast.frank).get(address.replace("1", str(told))).status_code == 200


@pytest.mark.parametrize("path", ["cau-chuyen", "dong-y", "dang", "rut"])
def test_nobody_else_writes(other, cast: Cast, told: int, path: str) -> None:
    for member in (cast.alice, cast.carol, cast.olga):
        assert other(member).post(f"/de-cu/{told}/{path}").status_code == 403


@pytest.mark.parametrize("path", ["", "/cau-chuyen", "/dong-y", "/dang", "/rut"])
def test_a_foreign_id_is_not_there(staff: FlaskClient, told: int, path: str) -> None:
    data = {"story": WORDS, "answer": "no", "how": "phone", "edition": "1"}
    if path != "":
        assert staff.post(f"/de-cu/999999{path}", data=data).status_code == 404
    if path in ("", "/rut"):
        assert staff.get(f"/de-cu/999999{path}").status_code == 404
    assert staff.post("/guong-sang/999999/de-cu").status_code == 404
    assert staff.get(f"/de-cu/{10**30}").status_code == 404


def test_an_unknown_honoree_is_not_there(client: FlaskClient, cast: Cast) -> None:
    for slug in ("nobody-1", "..%2F..", "%00", "a" * 500):
        assert client.get(f"/vinh-danh/{slug}").status_code == 404


# ── the whole way ───────────────────────────────────────────────────────────────────────────────────────


def test_from_a_candidate_to_the_wall_and_off_it_again(
    staff: FlaskClient, other, stage: Stage, cast: Cast
) -> None:
    with stage() as scene:
        scene.learners(cast.alice, 5)
    found = words(staff.get("/guong-sang"))
    assert "Nguyễn Thị An" in found
    assert "5 người học tự xác nhận" in found

    nominated = staff.post(f"/guong-sang/{cast.alice.person_id}/de-cu")
    assert nominated.status_code == 303
    again = staff.post(f"/guong-sang/{cast.alice.person_id}/de-cu")
    assert again.location == nominated.location
    page = nominated.location
    assert "Viết câu chuyện trước" in words(staff.get(page))

    number = int(page.rsplit("/", 1)[1])
    alice, guest = other(cast.alice), other()
    assert "Chưa có đề cử nào dành cho bạn" in words(alice.get("/vinh-danh/cua-toi"))
    assert staff.post(f"{page}/cau-chuyen", data={"story": WORDS}).status_code == 303
    assert "Đăng lên bảng vinh danh" not in words(staff.get(page))
    assert WORDS in words(alice.get("/vinh-danh/cua-toi"))

    mine = {"nomination": str(number), "edition": "1", "answer": "yes"}
    assert alice.post("/vinh-danh/cua-toi", data=mine).status_code == 303
    assert "Đăng lên bảng vinh danh" in words(staff.get(page))
    published = staff.post(f"{page}/dang")
    assert published.status_code == 303
    assert staff.post(f"{page}/dang").location == published.location

    shown = words(guest.get(published.location))
    assert "Nguyễn Thị An" in shown
    assert WORDS in shown
    assert "Nguyễn Thị An" in words(guest.get("/vinh-danh"))
    assert "Nguyễn Thị An" in words(guest.get("/"))

    assert alice.post("/vinh-danh/cua-toi", data=mine | {"answer": "no"}).status_code == 303
    assert guest.get(published.location).status_code == 404
    assert "Nguyễn Thị An" not in words(guest.get("/vinh-danh"))
    assert "Nguyễn Thị An" not in words(guest.get("/"))
    assert staff.post(f"{page}/dang").status_code == 409

    assert staff.get(f"{page}/rut").status_code == 200
    for _tap in range(2):
        assert staff.post(f"{page}/rut").location == "/de-cu"
    assert staff.get(page).status_code == 404
    assert "Từng từ chối đăng tên" in words(staff.get("/guong-sang"))


def test_of_two_staff_at_once_the_second_reads_why(
    staff: FlaskClient, told: int, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "open_nomination", lambda _session, _person: None)
    answer = staff.post(f"/guong-sang/{cast.alice.person_id}/de-cu")
    assert answer.status_code == 409
    assert "đã có trong danh sách đề cử" in words(answer)


# ── forms that fail ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("story", "sentence"),
    [
        ("Gọi cô theo số 0905 123 456 nhé.", "số điện thoại"),
        ("Xem https://example.org", "đường dẫn"),
        ("a" * 1201, "rút gọn"),
        ("a" * 9000, "rút gọn"),
    ],
)
def test_a_story_that_may_not_stand_is_kept_in_the_form(
    staff: FlaskClient, told: int, story: str, sentence: str
) -> None:
    answer = staff.post(f"/de-cu/{told}/cau-chuyen", data={"story": story})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert story in answer.get_data(as_text=True)
    assert WORDS in words(staff.get(f"/de-cu/{told}"))


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"answer": "yes"},
        {"how": "phone"},
        {"answer": "maybe", "how": "phone"},
        {"answer": "yes", "how": "link"},
    ],
)
def test_an_answer_is_never_guessed(staff: FlaskClient, told: int, data: dict[str, str]) -> None:
    answer = staff.post(f"/de-cu/{told}/dong-y", data={"edition": "1"} | data)
    assert answer.status_code == 422
    assert "Chưa trả lời" in words(staff.get(f"/de-cu/{told}"))


@pytest.mark.parametrize("edition", ["0", "2", "x", ""])
def test_a_yes_to_other_words_is_refused_with_the_new_words(
    staff: FlaskClient, told: int, edition: str
) -> None:
    answer = staff.post(f"/de-cu/{told}/dong-y", data={"answer": "yes", "how": "phone", "edition": edition})
    assert answer.status_code in (409, 422)
    assert WORDS in words(answer)
    assert "Chưa trả lời" in words(staff.get(f"/de-cu/{told}"))


def test_a_childs_yes_needs_a_guardian_and_shows_a_given_name(
    staff: FlaskClient, other, stage: Stage, told: int, cast: Cast
) -> None:
    with stage() as scene:
        scene.person(cast.alice).age_band = "under_16"
    answer = say(staff, told, "yes")
    assert answer.status_code == 422
    assert "cần có tên người giám hộ" in words(answer)
    alone = {"nomination": str(told), "edition": "1", "answer": "yes"}
    assert other(cast.alice).post("/vinh-danh/cua-toi", data=alone).status_code == 409
    assert say(staff, told, "yes", guardian_name="Nguyễn Thị Mẹ").status_code == 303
    address = staff.post(f"/de-cu/{told}/dang").location
    assert address == f"/vinh-danh/an-{told}"
    for page in (address, "/vinh-danh", "/"):
        text = other().get(page).get_data(as_text=True)
        assert "Nguyễn Thị" not in text
        assert "An" in words(other().get(page))


def test_the_persons_own_answer_must_be_whole_and_their_own(other, cast: Cast, told: int) -> None:
    mine = {"nomination": str(told), "edition": "1", "answer": "yes"}
    alice = other(cast.alice)
    for wrong in ({"answer": "maybe"}, {"answer": ""}, {"nomination": "x"}, {"edition": ""}):
        assert alice.post("/vinh-danh/cua-toi", data=mine | wrong).status_code == 400
    assert other(cast.bob).post("/vinh-danh/cua-toi", data=mine).status_code == 404
    assert alice.post("/vinh-danh/cua-toi", data=mine | {"edition": "7"}).status_code == 409
    assert other().post("/vinh-danh/cua-toi", data=mine).status_code == 303


def test_nobody_publishes_themself(staff: FlaskClient, other, stage: Stage, cast: Cast) -> None:
    with stage() as scene:
        scene.learners(cast.frank, 5)
        scene.learners(cast.alice, 5)
        nomination = Nomination(
            person_id=cast.frank.person_id, reasons=[], story=WORDS, edition=1, nominated_at=scene.now
        )
        scene.session.add(nomination)
        scene.session.flush()
        number = nomination.id
    own = f"/guong-sang/{cast.frank.person_id}/de-cu"
    assert own not in staff.get("/guong-sang").get_data(as_text=True)
    assert staff.post(own).status_code == 409
    assert say(staff, number, "yes").status_code == 303
    page = staff.get(f"/de-cu/{number}")
    assert "đề cử của chính bạn" in words(page)
    assert f"/de-cu/{number}/dang" not in page.get_data(as_text=True)
    refused = staff.post(f"/de-cu/{number}/dang")
    assert refused.status_code == 409
    assert "nhờ đồng nghiệp" in words(refused)
    assert (
        staff.post(f"/de-cu/{number}/cau-chuyen", data={"story": "Tôi giỏi lắm, ai cũng biết."}).status_code
        == 409
    )
    assert "Đặng Văn Phúc" not in words(other().get("/vinh-danh"))


# ── what is shown ───────────────────────────────────────────────────────────────────────────────────────


def test_a_hostile_story_is_words_and_nothing_else(staff: FlaskClient, other, told: int, cast: Cast) -> None:
    assert staff.post(f"/de-cu/{told}/cau-chuyen", data={"story": HOSTILE}).status_code == 303
    assert say(staff, told, "yes", edition=2).status_code == 303
    address = staff.post(f"/de-cu/{told}/dang").location
    pages = [other().get(address), other().get("/vinh-danh"), other().get("/"), staff.get(f"/de-cu/{told}")]
    pages.append(other(cast.alice).get("/vinh-danh/cua-toi"))
    for page in pages:
        text = page.get_data(as_text=True)
        assert page.status_code == 200
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "alert(1)" in text


def test_changing_published_words_says_that_the_page_left_the_wall(
    staff: FlaskClient, other, stage: Stage, cast: Cast
) -> None:
    with stage() as scene:
        scene.learners(cast.alice, 5)
        number = scene.published(cast.alice).id
    answer = staff.post(
        f"/de-cu/{number}/cau-chuyen", data={"story": WORDS + " Thêm."}, follow_redirects=True
    )
    assert "tạm rời bảng vinh danh" in words(answer)
    assert "Nguyễn Thị An" not in words(other().get("/vinh-danh"))


@pytest.mark.parametrize(
    "address",
    [
        "/vinh-danh?phuong-xa=x&ly-do=zzz&sau=!!!",
        "/vinh-danh?ly-do=elders",
        "/vinh-danh?phuong-xa=%00",
        "/guong-sang?phuong-xa=zzz&ly-do=zzz&q=%25&so=-5",
        "/guong-sang?phuong-xa=%00&q=%00a",
        "/guong-sang?so=99999999999999999999&q=%F0%9F%98%80",
        "/guong-sang?ly-do=raised&q=" + "a" * 3000,
    ],
)
def test_odd_filters_show_a_page(staff: FlaskClient, told: int, address: str) -> None:
    assert staff.get(address).status_code == 200


def test_empty_pages_say_what_to_do(staff: FlaskClient, cast: Cast) -> None:
    assert "Chưa có gương mặt mới" in words(staff.get("/guong-sang"))
    assert "Bỏ lọc" in words(staff.get("/guong-sang?q=zzz"))
    assert "Tìm gương sáng" in words(staff.get("/de-cu"))
    assert "đang chờ những cái tên đầu tiên" in words(staff.get("/vinh-danh"))


def test_the_list_opens_twenty_at_a_time(staff: FlaskClient, stage: Stage, cast: Cast) -> None:
    with stage() as scene:
        learners = scene.learners(cast.alice, 5)
        for number in range(21):
            teacher = scene.story.person(f"Người Dạy {'ABCDEFGHIJKLMNOPQRSTUV'[number]}")
            for learner in learners:
                scene.story.taught(teacher, learner)
    first = staff.get("/guong-sang").get_data(as_text=True)
    assert first.count('/de-cu"') >= 20
    assert "so=40" in first
    assert "so=60" not in staff.get("/guong-sang?so=40").get_data(as_text=True)


def test_the_shortlist_compares_numbers(staff: FlaskClient, told: int) -> None:
    page = words(staff.get("/de-cu"))
    assert "Nguyễn Thị An" in page
    assert "Chờ trả lời" in page


@pytest.mark.parametrize("address", ["/vinh-danh", "/guong-sang", "/de-cu"])
def test_pages_speak_english_too(staff: FlaskClient, told: int, address: str) -> None:
    staff.set_cookie("lang", "en")
    page = staff.get(address)
    assert page.status_code == 200
    assert '<html lang="en"' in page.get_data(as_text=True)
