"""What is refused, and how: a page with a sentence, never a traceback, never somebody else's record."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.journeys.story import Act, csrf, id_of, link_of, skill_of
from tests.journeys.walker import Page, Walker
from tests.support.cast import PASSWORD, Cast

STAFF_PAGES = (
    "/don-vi",
    "/guong-sang",
    "/de-cu",
    "/de-cu/1",
    "/quan-tri/tai-khoan",
    "/quan-tri/don-vi",
    "/quan-tri/nhat-ky",
)
OWN_PAGES = (
    "/hom-nay",
    "/ghi-nhan",
    "/nguoi-hoc",
    "/cay",
    "/huy-hieu",
    "/toi",
    "/vinh-danh/cua-toi",
    "/luot-day/1",
)
NUMBERS = ("0", "999999999", "9223372036854775807", "9223372036854775808", "9" * 40)


def is_a_refusal(page: Page, status: int) -> None:
    """A page of ours with a title and advice, with the status, and nothing of the machinery."""
    assert page.status == status, f"{page.url}: {page.status} {page.words[:400]}"
    assert page.title
    for leaked in ("Traceback", "sqlalchemy", "psycopg", "sqlite3", "werkzeug", "SELECT "):
        assert leaked not in page.source


# ── who may see what ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", OWN_PAGES)
def test_a_guest_is_asked_to_sign_in_and_arrives(act: Act, cast: Cast, path: str) -> None:
    guest = act.somebody()
    door = guest.open(path)
    assert "/dang-nhap" in door.url
    arrived = guest.send(door, "/dang-nhap", {"name": cast.alice.email or "", "password": PASSWORD})
    assert arrived.url.endswith(path)


def test_a_volunteer_on_the_pages_of_staff(act: Act, cast: Cast) -> None:
    alice = act.signed_in(cast.alice)
    for path in STAFF_PAGES:
        is_a_refusal(alice.open(path), 403)
    token = csrf(alice.open("/hom-nay"))
    for path in (
        f"/guong-sang/{cast.bob.person_id}/de-cu",
        "/de-cu/1/dang",
        "/de-cu/1/dong-y",
        "/de-cu/1/cau-chuyen",
        "/de-cu/1/rut",
        "/quan-tri/tai-khoan/1/vai-tro",
        "/quan-tri/tai-khoan/1/khoa",
        "/quan-tri/don-vi/1",
    ):
        is_a_refusal(alice.post(path, token), 403)


def test_somebody_elses_records_are_not_there(act: Act, cast: Cast) -> None:
    alice, erin, bob = act.signed_in(cast.alice), act.signed_in(cast.erin), act.signed_in(cast.bob)
    act.taught(alice, "Trần Thị Hoa")
    waiting = act.record(alice, "Lê Văn Tám")
    celebration = alice.open(alice.open("/hom-nay").link("/chuc-mung/"))
    for other in (erin, bob):
        token = csrf(other.open("/hom-nay"))
        for path in ("", "/trang-thai", "/rut-lai"):
            is_a_refusal(other.open(waiting.url + path), 404)
        is_a_refusal(other.post(f"{waiting.url}/rut-lai", token), 404)
        is_a_refusal(other.post(f"{waiting.url}/ma-moi", token), 404)
        is_a_refusal(other.open(celebration.url), 404)
        is_a_refusal(other.post(celebration.url, token), 404)
        is_a_refusal(other.open(f"/cay/{cast.alice.person_id}"), 404)
    assert link_of(alice.open(waiting.url)) == link_of(waiting), "nobody has touched it"


def test_a_coordinator_sees_the_own_unit_and_no_other(act: Act, cast: Cast) -> None:
    alice, erin = act.signed_in(cast.alice), act.signed_in(cast.erin)
    carol = act.signed_in(cast.carol)
    own, foreign = act.record(alice, "Trần Thị Hoa"), act.record(erin, "Lê Văn Tám")
    assert carol.open(own.url).status == 200
    assert carol.open(f"/don-vi?don_vi={cast.units['one']}").status == 200
    assert carol.open(f"/cay/{cast.alice.person_id}").status == 200
    is_a_refusal(carol.open(foreign.url), 404)
    is_a_refusal(carol.open(f"{foreign.url}/rut-lai"), 404)
    is_a_refusal(carol.open(f"/don-vi?don_vi={cast.units['students']}"), 404)
    is_a_refusal(carol.open(f"/cay/{cast.erin.person_id}"), 404)
    for secret in ("/x/", "digit"):
        assert f'class="{secret}' not in carol.open(own.url).source
    assert not any("/x/" in link for link in carol.open(own.url).links), (
        "the learner's link is the teacher's to give"
    )


def test_somebody_elses_nomination_cannot_be_answered(act: Act, cast: Cast) -> None:
    act.taught_five(act.signed_in(cast.alice))
    frank = act.signed_in(cast.frank)
    nomination = frank.send(frank.open("/guong-sang"), f"/{cast.alice.person_id}/de-cu")
    frank.send(nomination, "/cau-chuyen$", {"story": "Chiều nào An cũng mang ghế ra đầu kiệt."})
    bob = act.signed_in(cast.bob)
    page = bob.open("/vinh-danh/cua-toi")
    forged = csrf(page) | {"nomination": str(id_of(nomination)), "edition": "1", "answer": "yes"}
    is_a_refusal(bob.post("/vinh-danh/cua-toi", forged), 404)
    assert not frank.open(nomination.url).has_sheet("/dang$")


def routes_with_numbers(app: Flask) -> Iterator[Rule]:
    return (
        rule for rule in app.url_map.iter_rules() if "<int:" in rule.rule and "GET" in (rule.methods or ())
    )


def test_numbers_that_no_record_has(guarded_app: Flask, act: Act, cast: Cast) -> None:
    people = [act.somebody(), *(act.signed_in(cast[key]) for key in ("alice", "carol", "frank", "olga"))]
    rules = [re.sub(r"<int:\w+>", "%s", rule.rule) for rule in routes_with_numbers(guarded_app)]
    assert len(rules) > 5
    for person in people:
        for rule in rules:
            for number in NUMBERS:
                page = person.open(rule % number)
                assert page.status in (403, 404) or "/dang-nhap" in page.url, f"{page.url}: {page.status}"
    for path in (
        "/don-vi?don_vi=%s",
        "/bang-xep-hang?duoi=%s&trang=%s",
        "/guong-sang?so=%s",
        "/quan-tri/tai-khoan?sau=%s",
    ):
        for number in (*NUMBERS, "-1", "abc", "%00", ""):
            for person in people:
                assert person.open(path.replace("%s", number)).status < 500, path


# ── hostile requests ────────────────────────────────────────────────────────────────────────────────────


def test_a_form_without_its_token_or_with_anothers(act: Act, cast: Cast) -> None:
    alice = act.signed_in(cast.alice)
    form = alice.open("/ghi-nhan")
    values = {"full_name": "Trần Thị Hoa", "skills": skill_of(form)}
    is_a_refusal(alice.post("/ghi-nhan", values), 400)
    is_a_refusal(alice.post("/ghi-nhan", values | csrf(act.somebody().open("/dang-nhap"))), 400)
    is_a_refusal(alice.post("/ghi-nhan", values | {"csrf_token": "x" * 5000}), 400)
    is_a_refusal(act.somebody().post("/dang-nhap", {"name": "a", "password": "b"}), 400)
    link = link_of(act.record(alice, "Lê Văn Tám"))
    is_a_refusal(act.somebody().post(link, {}), 400)
    assert "Trần Thị Hoa" not in alice.open("/nguoi-hoc").words


def test_a_request_that_is_far_too_large(act: Act, cast: Cast) -> None:
    alice = act.signed_in(cast.alice)
    form = alice.open("/ghi-nhan")
    large = csrf(form) | {"full_name": "a" * 3_000_000}
    is_a_refusal(alice.post("/ghi-nhan", large), 413)
    is_a_refusal(act.somebody().post("/dang-nhap", large), 413)
    assert alice.open("/hom-nay").status == 200


def test_guessing_a_password_or_a_code_is_slowed_down(act: Act, cast: Cast) -> None:
    digits = [f"{number:06}" for number in range(12)]
    learner = act.somebody()
    statuses = [
        learner.send(learner.open("/x"), "/x$", {"digits": each, "given_name": "Hoa"}).status
        for each in digits
    ]
    assert statuses[:10] == [422] * 10
    assert statuses[-1] == 429
    guest = act.somebody()
    for _ in range(5):
        wrong = guest.send(
            guest.open("/dang-nhap"), "/dang-nhap", {"name": cast.bob.email or "", "password": "sai"}
        )
        assert wrong.status == 422
    form = guest.open("/dang-nhap")
    refused = guest.send(form, "/dang-nhap", {"name": cast.bob.email or "", "password": PASSWORD})
    is_a_refusal(refused, 429)
    again = guest.client.post(
        "/dang-nhap", data=csrf(form) | {"name": cast.bob.email or "", "password": "sai"}
    )
    assert int(again.headers["Retry-After"]) > 0


def test_one_is_never_sent_to_another_host(act: Act, cast: Cast) -> None:
    for target in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
    ):
        guest = act.somebody()
        page = guest.client.get("/dang-nhap", query_string={"next": target})
        form = Page(page.status_code, "/dang-nhap", page.get_data(as_text=True))
        answer = guest.client.post(
            "/dang-nhap",
            data=form.sheet("/dang-nhap").fields.to_dict()
            | {"next": target, "name": "alice@example.org", "password": PASSWORD},
        )
        assert answer.status_code == 303
        assert answer.location.startswith("/")
        assert "evil" not in answer.location
        assert "evil" not in answer.headers["Location"]


def test_every_page_carries_its_headers(act: Act, cast: Cast) -> None:
    alice = act.signed_in(cast.alice)
    link = link_of(act.record(alice, "Trần Thị Hoa"))
    for walker, path in (
        (alice, "/hom-nay"),
        (act.somebody(), "/"),
        (act.somebody(), link),
        (act.somebody(), "/khong-co"),
    ):
        headers = walker.client.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == ("no-cache" if path == "/" else "private, no-store")
        for cookie in headers.getlist("Set-Cookie"):
            assert "HttpOnly" in cookie
            assert "SameSite=Lax" in cookie


def test_the_wrong_method_is_a_page_too(act: Act, cast: Cast) -> None:
    walker = act.somebody()
    is_a_refusal(Walker.open(walker, "/dang-xuat"), 405)
    answer = walker.client.put("/")
    assert answer.status_code in (400, 405)
    assert "</html>" in answer.get_data(as_text=True)


def test_json_is_answered_with_a_problem(act: Act, cast: Cast) -> None:
    answer = act.signed_in(cast.alice).client.get("/luot-day/999", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["code"] == "not_found"
