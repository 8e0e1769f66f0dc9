"""The screen of a class and its door through HTTP; every bad string in every field of classes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from core.web import house
from learning.models import Skill
from referrals.models.acts import Confirmation, Teaching
from referrals.turning_codes import Screen, pass_of, spoken_code, window_of
from tests.support.cast import Cast
from tests.support.class_town import Town, words

pytestmark = pytest.mark.usefixtures("reference")

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
