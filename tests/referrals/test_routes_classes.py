"""The pages of classes through HTTP: who sees what, what is refused, every bad string in every field."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core.clock import FixedClock
from core.database import Database
from core.web import house
from learning.models import ClassSession, Skill
from referrals.models.acts import Confirmation, Teaching
from referrals.turning_codes import Screen, pass_of, spoken_code, token_of, window_of
from tests.support.application import SignIn
from tests.support.cast import Cast, Member
from tests.support.classes import came, checks_in, door, on, opened
from tests.support.story import Story

pytestmark = pytest.mark.usefixtures("reference")

MARK = "33333333-3333-4333-8333-333333333333"
NASTY = [
    "<script>alert(1)</script>",
    "Robert'); DROP TABLE class_session;--",
    "\u202e\u200b\u0000",
    "Ω≈ç√∫˜µ≤≥÷ ﷽ \U0001f600",
    "%s%n {{7*7}} ${7*7}",
    "9" * 5000,
    "-1",
    "1e309",
    "../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "Z" * 60_000,
]


def words(answer: object) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))  # type: ignore[attr-defined]
    return " ".join(html.unescape(text).split())


class Town:
    """A class in the database, and people who open pages."""

    def __init__(
        self, app: Flask, database: Database, cast: Cast, clock: FixedClock, sign_in: SignIn
    ) -> None:
        self.app, self.database, self.cast, self.clock, self._sign_in = app, database, cast, clock, sign_in
        with database.session(write=True) as session:
            story = self.story(session)
            self.skill_id = story.skill.id
            held = opened(story, cast.alice, cast.bob, title="Lớp chợ Cồn")
            self.class_id = held.id
            session.commit()

    def story(self, session: object) -> Story:
        return Story(session, self.clock, house(self.app).box)  # type: ignore[arg-type]

    def browser(self, member: Member | None = None) -> FlaskClient:
        client = self.app.test_client()
        return self._sign_in(client, member) if member else client

    def path(self, rest: str = "") -> str:
        return f"/lop-hoc/{self.class_id}{rest}"

    def open_door(self) -> None:
        with self.database.session(write=True) as session:
            door(self.story(session), session.get_one(ClassSession, self.class_id), self.cast.alice)
            session.commit()

    def token(self, member: Member) -> str:
        screen = Screen(self.class_id, member.person_id)
        return token_of(house(self.app).box, screen, window_of(self.clock.now()))

    def count(self, table: type) -> int:
        with self.database.session(write=False) as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def form(self, **changes: object) -> dict[str, object]:
        return {
            "kind": "home_visit",
            "title": "",
            "skills": [self.skill_id],
            "held_on": "2026-11-22",
            "place": "nhà bác Sáu",
            "client_uuid": MARK,
        } | changes


@pytest.fixture
def town(app: Flask, database: Database, cast: Cast, clock: FixedClock, sign_in: SignIn) -> Town:
    return Town(app, database, cast, clock, sign_in)


def test_a_class_is_opened_with_a_title_made_for_it(town: Town, cast: Cast):
    alice = town.browser(cast.alice)
    assert "Lớp chợ Cồn" in words(alice.get("/lop-hoc"))
    assert "Trần Văn Bình" in words(alice.get("/lop-hoc/moi"))
    first = alice.post("/lop-hoc/moi", data=town.form(helpers=[cast.bob.person_id]))
    second = alice.post("/lop-hoc/moi", data=town.form(helpers=[cast.bob.person_id]))
    assert (first.status_code, first.location) == (303, second.location)
    page = alice.get(first.location)
    assert "Hướng dẫn tại nhà · nhà bác Sáu · 22/11/2026" in words(page)
    assert town.count(ClassSession) == 2
    other = alice.post("/lop-hoc/moi", data=town.form(title="Khác"))
    assert other.status_code == 409


def test_an_empty_list_teaches(town: Town, cast: Cast):
    page = town.browser(cast.erin).get("/lop-hoc")
    assert "Mở lớp đầu tiên" in words(page)


def test_a_helper_is_found_by_the_whole_name_alone(town: Town, cast: Cast):
    alice = town.browser(cast.alice)
    found = alice.post("/lop-hoc/moi", data=town.form(find="helper", helper_name="vo thi en"))
    assert found.status_code == 200
    assert "Võ Thị Én (Chi đoàn Sinh viên)" in words(found)
    missing = alice.post("/lop-hoc/moi", data=town.form(find="helper", helper_name="Võ Thị"))
    assert "Chưa thấy Đại sứ số nào tên như vậy" in words(missing)
    assert town.count(ClassSession) == 1


def test_a_coordinator_opens_a_class_for_an_ambassador(town: Town, cast: Cast):
    carol = town.browser(cast.carol)
    found = carol.post("/lop-hoc/moi", data=town.form(find="lead", lead_name="Phạm Văn Dũng"))
    assert f'name="lead" value="{cast.dave.person_id}"' in found.get_data(as_text=True)
    beyond = carol.post("/lop-hoc/moi", data=town.form(find="lead", lead_name="Võ Thị Én"))
    assert "Chưa thấy Đại sứ số nào" in words(beyond)
    done = carol.post("/lop-hoc/moi", data=town.form(lead=str(cast.dave.person_id)))
    assert done.status_code == 303
    refused = carol.post("/lop-hoc/moi", data=town.form(lead=str(cast.erin.person_id), client_uuid=""))
    assert refused.status_code == 422


def test_another_units_class_is_not_there(town: Town, cast: Cast):
    for member in (cast.dave, cast.erin, cast.frank, cast.olga):
        client = town.browser(member)
        for rest in ("", "/sua", "/danh-sach", "/chon", "/diem-danh", "/diem-danh/ma", "/huy"):
            assert client.get(town.path(rest)).status_code in (403, 404), rest
        assert client.get(town.path()).status_code == 404
    assert town.browser(cast.alice).get("/lop-hoc/999999").status_code == 404
    assert town.browser().get(town.path()).status_code in (302, 303)


def test_what_a_helper_may_do(town: Town, cast: Cast):
    bob = town.browser(cast.bob)
    page = words(bob.get(town.path()))
    assert "Ghi những người đến" in page
    assert "Hủy lớp" not in page
    for rest, data in (("/xong", {}), ("/huy", {"reason": "x"}), ("/so-nguoi", {"headcount": "3"})):
        assert bob.post(town.path(rest), data=data).status_code == 403
    for rest in ("/sua", "/huy"):
        assert bob.get(town.path(rest)).status_code == 403
    assert town.browser(cast.carol).post(town.path("/xong")).status_code == 303


def test_a_list_is_shown_before_it_is_written(town: Town, cast: Cast):
    alice = town.browser(cast.alice)
    data = {"people": "Trần Thị Hoa 0905123456\nLê Văn Tám\n12345", "teacher_id": str(cast.alice.person_id)}
    preview = alice.post(town.path("/danh-sach"), data=data)
    assert preview.status_code == 200
    assert "2 người mới, 0 người đã biết, 0 cần bạn xem, 1 chưa ghi được" in words(preview)
    assert town.count(Teaching) == 0
    seen = re.search(r'name="seen" value="(\w+)"', preview.get_data(as_text=True))
    assert seen is not None
    other = alice.post(town.path("/danh-sach"), data=data | {"seen": seen[1], "people": "Ai Khác"})
    assert (other.status_code, town.count(Teaching)) == (200, 0)
    done = alice.post(town.path("/danh-sach"), data=data | {"seen": seen[1]})
    assert (done.status_code, town.count(Teaching)) == (303, 2)
    page = words(alice.get(town.path()))
    assert "Đã ghi 2 người." in page
    assert "1 dòng chưa ghi được." in page
    assert "Trần Thị Hoa" in page


def test_a_doubtful_line_waits_for_an_answer(town: Town, cast: Cast):
    alice = town.browser(cast.alice)
    data = {"people": "Trần Thị Hoa\nTrần Thị Hoa", "teacher_id": str(cast.alice.person_id)}
    preview = alice.post(town.path("/danh-sach"), data=data)
    assert "1 cần bạn xem" in words(preview)
    seen = re.search(r'name="seen" value="(\w+)"', preview.get_data(as_text=True))
    assert seen is not None
    asked = alice.post(town.path("/danh-sach"), data=data | {"seen": seen[1]})
    assert "Mỗi dòng “Cần bạn xem” hãy chọn" in words(asked)
    done = alice.post(town.path("/danh-sach"), data=data | {"seen": seen[1], "row-2": "apart"})
    assert (done.status_code, town.count(Teaching)) == (303, 2)


def test_ticks(town: Town, cast: Cast):
    with town.database.session(write=True) as session:
        learner = town.story(session).record(cast.alice, "Trần Thị Hoa", taught_on=on(3)).learner_id
        session.commit()
    alice = town.browser(cast.alice)
    assert "Trần Thị Hoa" in words(alice.get(town.path("/chon")))
    assert alice.post(town.path("/chon"), data={}).status_code == 422
    assert alice.post(town.path("/chon"), data={"people": [cast.dave.person_id]}).status_code == 422
    assert alice.post(town.path("/chon"), data={"people": [learner]}).status_code == 303
    assert "Chưa có ai để chọn" in words(alice.get(town.path("/chon")))
    act = alice.get(town.path()).get_data(as_text=True)
    found = re.search(r"/luot-day/(\d+)/rut-lai", act)
    assert found is not None
    assert "Lớp chợ Cồn" in words(alice.get(f"/luot-day/{found[1]}"))
    gone = alice.post(f"/luot-day/{found[1]}/rut-lai", data={"reason": ""})
    assert gone.location == town.path()


def test_counts_and_what_is_wrong_with_them(town: Town, cast: Cast):
    alice = town.browser(cast.alice)
    wrong = alice.post(town.path("/so-nguoi"), data={"headcount": "5", "elderly": "6"})
    assert wrong.status_code == 422
    assert "Số này nhiều hơn tất cả số người đến." in words(wrong)
    assert alice.post(town.path("/so-nguoi"), data={"headcount": "6", "elderly": "6"}).status_code == 303
    assert 'value="6"' in alice.get(town.path()).get_data(as_text=True)


def test_changing_closing_and_calling_off(town: Town, cast: Cast):
    alice = town.browser(cast.alice)
    with town.database.session(write=True) as session:
        came(town.story(session), session.get_one(ClassSession, town.class_id), cast.alice, "Trần Thị Hoa")
        session.commit()
    assert 'value="Lớp chợ Cồn"' in alice.get(town.path("/sua")).get_data(as_text=True)
    changed = alice.post(town.path("/sua"), data=town.form(held_on="20/11/2026", title="Lớp mới"))
    assert changed.status_code == 303
    page = words(alice.get(town.path()))
    assert "1 lượt chưa xác nhận đổi ngày theo lớp." in page
    assert alice.post(town.path("/xong")).status_code == 303
    assert alice.post(town.path("/danh-sach"), data={"people": "Ai Đó"}).status_code == 409
    assert alice.post(town.path("/mo-lai")).status_code == 303
    assert "1 người chưa xác nhận sẽ không còn" in words(alice.get(town.path("/huy")))
    assert alice.post(town.path("/huy"), data={"reason": " "}).status_code == 422
    assert alice.post(town.path("/huy"), data={"reason": "Mưa to"}).status_code == 303
    assert "Lớp đã hủy" in words(alice.get(town.path()))
    assert alice.post(town.path("/huy"), data={"reason": "Mưa to"}).status_code == 409


# ── the door ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_screen_turns_and_shows_who_is_here(town: Town, cast: Cast):
    alice, learner = town.browser(cast.alice), town.browser()
    assert "Mở điểm danh" in words(alice.get(town.path("/diem-danh")))
    assert alice.post(town.path("/diem-danh"), data={"hours": "99"}).status_code == 422
    assert alice.post(town.path("/diem-danh"), data={"hours": "2"}).status_code == 303
    first = alice.get(town.path("/diem-danh/ma"))
    assert first.headers["Cache-Control"] == "no-store"
    link = re.search(r'href="[^"]*(/l/[^"]+)"', first.get_data(as_text=True))
    assert link is not None
    town.clock.advance(minutes=1)
    assert link[1] not in alice.get(town.path("/diem-danh/ma")).get_data(as_text=True)
    form = learner.get(link[1])
    assert "Chào bạn! Bạn tên là gì?" in words(form)
    assert form.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert town.count(Teaching) == 0
    given = re.search(r'name="given_pass"[^>]*value="([^"]+)"', form.get_data(as_text=True))
    assert given is not None
    # Typing the name takes its time: the pass outlives the code.
    town.clock.advance(minutes=15)
    done = learner.post(link[1], data={"full_name": "Trần Thị Hoa", "given_pass": given[1]})
    assert done.status_code == 303
    assert "Cảm ơn Hoa!" in words(learner.get(done.location))
    again = learner.post(link[1], data={"full_name": "tran thi hoa", "given_pass": given[1]})
    assert again.location == done.location
    assert town.count(Teaching) == 1
    told = words(alice.get(town.path("/diem-danh/ma")))
    assert "1 người đã điểm danh" in told
    assert "Hoa" in told
    assert "Trần Thị Hoa" not in told
    back = learner.get(done.location).get_data(as_text=True)
    assert "/khong-dung" in back
    assert alice.post(town.path("/diem-danh/dong")).status_code == 303
    assert (
        town.browser().post(link[1], data={"full_name": "Ai Đó", "given_pass": given[1]}).status_code == 409
    )


def test_a_name_twice_on_two_phones_is_asked_about(town: Town, cast: Cast):
    town.open_door()
    token = town.token(cast.alice)
    phones = [town.browser(), town.browser()]
    for phone in phones:
        phone.get(f"/l/{token}")
    assert phones[0].post(f"/l/{token}", data={"full_name": "Trần Thị Hoa"}).status_code == 303
    asked = phones[1].post(f"/l/{token}", data={"full_name": "Trần Thị Hoa"})
    assert asked.status_code == 422
    assert "Đã có một người tên này điểm danh. Đó là bạn?" in words(asked)
    same = phones[1].post(f"/l/{token}", data={"full_name": "Trần Thị Hoa", "who": "same"})
    assert "Bạn đã có tên trong lớp" in words(same)
    assert "/x/" not in same.get_data(as_text=True)
    apart = phones[1].post(f"/l/{token}", data={"full_name": "Trần Thị Hoa", "who": "apart", "tail": "512"})
    assert apart.status_code == 303
    assert town.count(Confirmation) == 2


def test_old_foreign_and_cut_codes_have_a_kind_page(town: Town, cast: Cast):
    town.open_door()
    token = town.token(cast.alice)
    learner = town.browser()
    assert "Mã điểm danh này không đúng" in words(learner.get(f"/l/{token[:-1]}"))
    town.clock.advance(minutes=3)
    old = learner.get(f"/l/{token}")
    assert old.status_code == 404
    assert "Mã đã đổi" in words(old)
    assert "Mã đã đổi" in words(learner.post(f"/l/{token}", data={"full_name": "Trần Thị Hoa"}))
    stranger = town.token(cast.erin)
    assert learner.get(f"/l/{stranger}").status_code == 404
    assert town.count(Teaching) == 0


def test_teachers_are_sent_back(town: Town, cast: Cast):
    town.open_door()
    for member in (cast.alice, cast.bob):
        client = town.browser(member)
        assert client.get(f"/l/{town.token(cast.alice)}").status_code == 403
        refused = client.post(f"/l/{town.token(cast.alice)}", data={"full_name": "Ai Đó"})
        assert "Bạn là người dạy của lớp này" in words(refused)
    assert town.count(Teaching) == 0


def test_the_spoken_code(town: Town, cast: Cast):
    town.open_door()
    learner = town.browser()
    digits = spoken_code(
        house(town.app).box, Screen(town.class_id, cast.bob.person_id), window_of(town.clock.now())
    )
    led = learner.post("/l", data={"digits": f"{digits[:3]} {digits[3:]}"})
    assert led.status_code == 303
    assert "Trần Văn Bình" in words(learner.get(led.location))
    for wrong in ("000", "", "abcdef", str((int(digits) + 1) % 10**6).zfill(6)):
        assert learner.post("/l", data={"digits": wrong}).status_code == 422


def test_misses_are_counted_and_a_class_behind_one_address_is_not(town: Town, cast: Cast):
    town.open_door()
    statuses = [town.browser().post("/l", data={"digits": "000000"}).status_code for _ in range(21)]
    assert statuses[:20] == [422] * 20
    assert statuses[20] == 429
    token = town.token(cast.alice)
    for number in range(65):
        phone = town.browser()
        assert phone.get(f"/l/{token}").status_code == 200
        name = f"Nguyễn Văn {'ABCDEFGH'[number % 8]}{'aeioumnpt'[number // 8]}"
        assert phone.post(f"/l/{token}", data={"full_name": name}).status_code == 303, number


# ── every bad string in every field ──────────────────────────────────────────────────────────────────────


def bad_strings() -> list[str]:
    """The strings of the practice set where it is at hand, and ours."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad_input"
    found: list[str] = []
    for file in sorted(folder.glob("blns*.json")) if folder.is_dir() else []:
        found += [one for one in json.loads(file.read_text("utf-8")) if isinstance(one, str)]
    return NASTY + found[::40]


def test_bad_strings_are_refused_or_shown_as_text(town: Town, cast: Cast):
    town.open_door()
    alice, learner = town.browser(cast.alice), town.browser()
    token = town.token(cast.alice)
    given = pass_of(
        house(town.app).box, Screen(town.class_id, cast.alice.person_id), window_of(town.clock.now())
    )
    for text in bad_strings():
        answers = [
            alice.post("/lop-hoc/moi", data=dict.fromkeys(
                ("kind", "title", "skills", "held_on", "place", "ward_code", "group_id", "helpers", "note",
                 "lead", "lead_name", "helper_name", "client_uuid"), text)),
            alice.post("/lop-hoc/moi", data=town.form(
                title=text[:120], place=text[:120], note=text[:500], client_uuid="")),
            alice.post("/lop-hoc/moi", data=town.form(find="helper", helper_name=text)),
            alice.post(town.path("/sua"), data=town.form(title=text[:120], place=text[:120], find="")),
            alice.post(town.path("/danh-sach"), data=dict.fromkeys(
                ("people", "teacher_id", "seen", "row-1"), text)),
            alice.post(town.path("/danh-sach"), data={"people": text}),
            alice.post(town.path("/chon"), data=dict.fromkeys(("people", "teacher_id"), text)),
            alice.get(town.path("/chon"), query_string={"q": text[:3000], "teacher_id": text[:3000]}),
            alice.post(town.path("/so-nguoi"), data=dict.fromkeys(
                ("headcount", "elderly", "disabled", "poor", "minority"), text)),
            alice.post(town.path("/huy"), data={"reason": ""}),
            alice.post(town.path("/diem-danh"), data={"hours": text}),
            alice.get("/lop-hoc", query_string={"sau": text[:3000]}),
            learner.post("/l", data={"digits": text}),
            learner.post(f"/l/{token}", data=dict.fromkeys(
                ("full_name", "who", "tail", "ward_code", "age_band", "given_pass"), text)),
            learner.post(f"/l/{token}", data={"full_name": text, "given_pass": given}),
        ]  # fmt: skip
        for number, answer in enumerate(answers):
            assert answer.status_code in (200, 303, 404, 409, 422, 429), (
                number,
                text[:40],
                answer.status_code,
            )
            assert "<script>alert" not in answer.get_data(as_text=True)
    page = alice.get("/lop-hoc")
    assert page.status_code == 200
    assert "<script>alert" not in page.get_data(as_text=True)
    assert town.count(Skill) > 0


def test_a_list_of_the_class_shows_names_as_text(town: Town, cast: Cast):
    with town.database.session(write=True) as session:
        story = town.story(session)
        held = session.get_one(ClassSession, town.class_id)
        door(story, held, cast.alice)
        checks_in(story, held, cast.alice, "H'Hen Niê")
        session.commit()
    page = town.browser(cast.alice).get(town.path())
    assert "H&#39;Hen Niê" in page.get_data(as_text=True)
