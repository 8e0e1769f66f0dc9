"""The learner's answer and the teacher's form: twice, at once, too late, by the wrong person, by code."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from badges.models import Award
from core.clock import FixedClock
from core.database import Database
from leaderboards.models import LedgerEntry
from referrals.models.acts import Confirmation, Teaching
from referrals.models.tree import Credit, Lineage
from tests.journeys.story import LEARNERS, Act, count, csrf, digits_of, link_of, ring, say, skill_of
from tests.support.cast import Cast

# ── the learner's answer ────────────────────────────────────────────────────────────────────────────────


def test_looking_changes_nothing_however_often(act: Act, cast: Cast, database: Database) -> None:
    link = link_of(act.record(act.signed_in(cast.alice), "Trần Thị Hoa"))
    for _ in range(3):
        phone = act.somebody()
        assert phone.open(link).status == 200
        assert phone.client.head(link).status_code == 200
        assert phone.client.options(link).status_code == 200
    assert phone.client.get(link).headers["X-Robots-Tag"] == "noindex, nofollow"
    assert count(database, Confirmation) == 0


def test_a_second_yes_is_thanked_like_the_first(act: Act, cast: Cast, database: Database) -> None:
    link = link_of(act.record(act.signed_in(cast.alice), "Trần Thị Hoa"))
    phone, other = act.somebody(), act.somebody()
    here, there = phone.open(link), other.open(link)
    first, second, third = phone.send(here, "/x/"), other.send(there, "/x/"), phone.send(here, "/x/")
    assert (first.status, second.status, third.status) == (200, 200, 200)
    assert first.title == second.title == third.title == "Cảm ơn Hoa!"
    assert act.somebody().open(link).title == "Cảm ơn Hoa!"
    assert (count(database, Confirmation), count(database, Credit)) == (1, 1)


def test_five_phones_at_the_same_moment(act: Act, cast: Cast, database: Database) -> None:
    alice = act.signed_in(cast.alice)
    links = [link_of(act.record(alice, name)) for name in LEARNERS]
    pages = [(phone, phone.open(link)) for link in (*links, *links) for phone in [act.somebody()]]
    with ThreadPoolExecutor(max_workers=10) as crowd:
        answers = list(crowd.map(lambda pair: pair[0].send(pair[1], "/x/"), pages))
    assert [page.status for page in answers] == [200] * 10
    assert (count(database, Confirmation), count(database, Credit), count(database, Lineage)) == (5, 5, 5)
    today = alice.open("/hom-nay")
    assert ring(today) == "5"
    assert count(database, Award) == 2


def test_the_six_digits_lead_to_the_question(act: Act, cast: Cast) -> None:
    alice = act.signed_in(cast.alice)
    digits = digits_of(act.record(alice, "Trần Thị Hoa"))
    learner = act.somebody()
    form = learner.open("/x")
    wrong = learner.send(form, "/x$", {"digits": digits, "given_name": "Lan"})
    assert wrong.status == 422
    assert f'value="{digits}"' in wrong.source, "what was typed is kept"
    question = learner.send(wrong, "/x$", {"digits": f"{digits[:3]} {digits[3:]}", "given_name": " hoa "})
    assert question.title == "Chào Hoa. Có đúng như thế này không?"
    assert learner.send(question, "/x/").title == "Cảm ơn Hoa!"
    assert ring(alice.open("/hom-nay")) == "1"
    assert learner.send(form, "/x$", {"digits": digits, "given_name": "Hoa"}).status == 422, "used once"


def test_a_no_is_taken_with_its_reason_and_counts_nowhere(act: Act, cast: Cast) -> None:
    alice = act.signed_in(cast.alice)
    page = act.record(alice, "Trần Thị Hoa")
    learner = act.somebody()
    question = learner.open(link_of(page))
    why = learner.open(question.link("/khong-dung$"))
    done = learner.send(why, "/khong-dung$", {"note": "Tôi không quen <b>người này</b>."})
    assert done.title == "Đã ghi lại: không đúng"
    told = alice.open(page.url)
    assert "Tôi không quen <b>người này</b>." in told.words
    assert "<b>người" not in told.source
    today = alice.open("/hom-nay")
    assert ring(today) == "0"
    assert "Mã QR" not in today.words, "there is nothing to scan any more"
    assert learner.send(question, "/x/").title == "Đã ghi lại: không đúng", (
        "an old page confirms nothing any more"
    )


def test_a_yes_may_be_taken_back(act: Act, cast: Cast, database: Database) -> None:
    alice = act.signed_in(cast.alice)
    page = act.taught(alice, "Trần Thị Hoa")
    learner = act.somebody()
    thanks = learner.open(link_of(page))
    back = learner.send(learner.open(thanks.link("/khong-dung$")), "/khong-dung$")
    assert back.title == "Đã ghi lại: không đúng"
    assert ring(alice.open("/hom-nay")) == "0"
    assert (count(database, Credit), count(database, Lineage)) == (0, 0)
    with database.session(write=False) as session:
        assert session.scalar(select(func.sum(LedgerEntry.amount))) == 0


def test_the_teacher_cannot_answer_for_the_learner(act: Act, cast: Cast, database: Database) -> None:
    alice = act.signed_in(cast.alice)
    page = act.record(alice, "Trần Thị Hoa")
    own = alice.open(link_of(page))
    assert not own.has_sheet("/x/")
    assert alice.post(link_of(page), csrf(alice.open("/toi"))).status == 403
    assert alice.open(f"{link_of(page)}/khong-dung").status == 403
    assert count(database, Confirmation) == 0


def test_a_link_that_was_never_made_is_not_found(act: Act, cast: Cast) -> None:
    link = link_of(act.record(act.signed_in(cast.alice), "Trần Thị Hoa"))
    learner = act.somebody()
    for wrong in (
        link[:-1],
        link[:-1] + "2",
        link.replace("/x/1-1-", "/x/2-1-"),
        "/x/" + "a" * 500,
        "/x/%00",
    ):
        assert wrong == link or learner.open(wrong).status == 404, wrong


def test_a_link_too_old_asks_for_a_new_one(
    act: Act, cast: Cast, clock: FixedClock, database: Database
) -> None:
    alice = act.signed_in(cast.alice)
    page = act.record(alice, "Trần Thị Hoa")
    learner = act.somebody()
    question = learner.open(link_of(page))
    clock.advance(days=31)
    late = learner.send(question, "/x/")
    assert (late.status, late.title) == (409, "Đường dẫn này đã hết hạn")
    assert count(database, Confirmation) == 0
    again = act.signed_in(cast.alice)
    renewed = again.send(again.open(page.url), "/ma-moi$")
    assert link_of(renewed) != link_of(page)
    assert learner.open(link_of(page)).title == "Đã có mã mới hơn"
    act.confirm(link_of(renewed))
    assert ring(again.open("/hom-nay")) == "1"


# ── the teacher's form ──────────────────────────────────────────────────────────────────────────────────


def test_a_double_tap_records_once(act: Act, cast: Cast, database: Database) -> None:
    alice = act.signed_in(cast.alice)
    form = alice.open("/ghi-nhan")
    values = {"full_name": "Trần Thị Hoa", "skills": skill_of(form)}
    first, second = alice.send(form, "/ghi-nhan$", values), alice.send(form, "/ghi-nhan$", values)
    assert first.url == second.url
    assert count(database, Teaching) == 1


def test_a_double_tap_at_the_same_moment_records_once(act: Act, cast: Cast, database: Database) -> None:
    alice = act.signed_in(cast.alice)
    form = alice.open("/ghi-nhan")
    values = {"full_name": "Trần Thị Hoa", "skills": skill_of(form)}
    twins = [act.signed_in(cast.alice) for _ in range(4)]
    token = [csrf(twin.open("/ghi-nhan")) for twin in twins]
    with ThreadPoolExecutor(max_workers=4) as fingers:
        pages = list(
            fingers.map(
                lambda pair: pair[0].send(form, "/ghi-nhan$", values | pair[1]),
                zip(twins, token, strict=True),
            )
        )
    assert {page.status for page in pages} == {200}, [page.words for page in pages]
    assert len({page.url for page in pages}) == 1
    assert count(database, Teaching) == 1


def test_the_back_button_and_another_name_records_another_person(
    act: Act, cast: Cast, database: Database
) -> None:
    alice = act.signed_in(cast.alice)
    form = alice.open("/ghi-nhan")
    skill = skill_of(form)
    alice.send(form, "/ghi-nhan$", {"full_name": "Trần Thị Hoa", "skills": skill})
    again = alice.send(form, "/ghi-nhan$", {"full_name": "Lê Văn Tám", "skills": skill})
    assert again.status == 409
    assert 'value="Lê Văn Tám"' in again.source, "what was typed is kept"
    assert alice.send(again, "/ghi-nhan$").title == "Lê Văn Tám"
    assert count(database, Teaching) == 2


def test_what_is_missing_is_said_beside_the_field_and_nothing_typed_is_lost(act: Act, cast: Cast) -> None:
    alice = act.signed_in(cast.alice)
    typed = {"full_name": "Trần Thị Hoa", "taught_on": "2026-11-30", "phone": "0905 12", "age_band": "60_74"}
    page = alice.send(alice.open("/ghi-nhan"), "/ghi-nhan$", typed)
    assert page.status == 422
    assert "Hãy chọn ít nhất một việc đã dạy." in page.words
    assert "Ngày này chưa đến." in page.words
    assert 'href="#taught_on"' in page.source
    assert page.sheet("/ghi-nhan$").fields.to_dict() | typed == page.sheet("/ghi-nhan$").fields.to_dict()


def test_a_namesake_is_asked_about(act: Act, cast: Cast, database: Database) -> None:
    alice = act.signed_in(cast.alice)
    act.taught(alice, "Trần Thị Hoa")
    form = alice.open("/ghi-nhan")
    question = alice.send(
        form, "/ghi-nhan$", {"full_name": "trần thị hoa", "skills": skill_of(form), "taught_on": "2026-11-20"}
    )
    assert question.status == 422
    assert "Có phải người này không?" in question.words
    known = re.search(r'name="learner" value="(\d+)"', question.source)
    assert known
    page = alice.send(question, "/ghi-nhan$", {"learner": known[1]})
    act.confirm(link_of(page))
    today = alice.open("/hom-nay")
    assert ring(today) == "1"
    assert (
        say("vi", "%(people)s người đã xác nhận · %(contacts)s lượt dạy", people=1, contacts=2) in today.words
    )


def test_a_teaching_is_taken_back_after_one_question(act: Act, cast: Cast) -> None:
    alice = act.signed_in(cast.alice)
    page = act.record(alice, "Trần Thị Hoa")
    sure = alice.open(page.link("/rut-lai$"))
    done = alice.send(sure, "/rut-lai$")
    assert done.url.endswith("/nguoi-hoc")
    assert act.somebody().open(link_of(page)).title == "Lượt này đã được rút lại"
