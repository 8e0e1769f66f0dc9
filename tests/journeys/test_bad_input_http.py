"""Names, stories and searches that nobody should type: each is refused with a reason, or shown as it is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from markupsafe import escape

from tests.journeys.story import LEARNERS, Act, csrf, skill_of
from tests.journeys.walker import Page
from tests.support.cast import Cast

# The list of naughty strings (MIT) where it lies beside the checkout; else only some of the same kinds.
BLNS = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad_input" / "blns.json"
OWN = [
    "", " ", "\t\r\n", "\x00", "a\x00b", "\ud7ff\U0010ffff", "\u202e\u2066", "\ufeff\u200b", "\u202eabc",
    "NaN", "0", "null", "1;DROP TABLE person", "' OR 1=1 --", "%", "_", "\\", "%s%s%n", "{{ 7*7 }}",
    "${7*7}", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)",
    "../../etc/passwd", "=HYPERLINK(1)", "T\u033a\u033a\u0315o\u035e", "\ufdfa", "\U0001f3f3\ufe0f" * 40,
    "a" * 5000, "Nguyễn " * 400, "\uff19\uff19\uff19", "\u0130", "ß",
]  # fmt: skip


def naughty(*parts: int) -> list[str]:
    """Some eighths of the list: together the tests go through all of it."""
    listed = json.loads(BLNS.read_text(encoding="utf-8")) if BLNS.exists() else []
    return OWN + [typed for part in parts for typed in listed[part::8]]


def harmless(page: Page, typed: str) -> None:
    """No accident, and no markup of the typist's in the page."""
    assert page.status < 500, f"{typed[:80]!r}: {page.status} {page.words[:300]}"
    if re.search(r"<[a-z!/]", typed, re.IGNORECASE) and typed.strip() in page.source:
        assert str(escape(typed.strip())) == typed.strip(), f"{typed[:80]!r} came back as markup"


def test_names_of_learners(act: Act, cast: Cast) -> None:
    alice = act.signed_in(cast.alice)
    form = alice.open("/ghi-nhan")
    skill = skill_of(form)
    for number, typed in enumerate(naughty(0, 1, 7)):
        mark = {"client_uuid": f"00000000-0000-4000-8000-{number:012}"}
        page = alice.send(form, "/ghi-nhan$", {"full_name": typed, "skills": skill} | mark)
        harmless(page, typed)
        assert page.status in (200, 409, 422)
    everybody = alice.open("/nguoi-hoc")
    assert everybody.status == 200
    assert alice.open("/hom-nay").status == 200


@pytest.mark.parametrize(
    "name", ["phone", "taught_on", "ward_code", "place", "age_band", "client_uuid", "learner", "skills"]
)
def test_every_other_field_of_the_record_form(act: Act, cast: Cast, name: str) -> None:
    alice = act.signed_in(cast.alice)
    form = alice.open("/ghi-nhan")
    token = csrf(form)
    for number, typed in enumerate(
        [*OWN, "9" * 30, "-1", "2026-02-31", "31/02/2026", "0000-00-00", "1e9", "\uff12"]
    ):
        values = (
            {"full_name": LEARNERS[0], "skills": skill_of(form), "taught_on": "2026-11-01"}
            | token
            | {name: typed}
        )
        if name != "client_uuid":
            values["client_uuid"] = f"00000000-0000-4000-8000-{number:012}"
        harmless(alice.post("/ghi-nhan", values), typed)


def test_searches(act: Act, cast: Cast) -> None:
    pages = {
        cast.alice.key: (
            "/nguoi-hoc?q",
            "/nguoi-hoc?xem",
            "/nguoi-hoc?sau",
            "/bang-xep-hang?ky",
            "/bang-xep-hang?bang",
        ),
        cast.frank.key: ("/guong-sang?q", "/guong-sang?phuong-xa", "/vinh-danh?phuong-xa", "/vinh-danh?sau"),
        cast.olga.key: ("/quan-tri/tai-khoan?q", "/quan-tri/tai-khoan?sau", "/quan-tri/nhat-ky?sau"),
    }
    for key, addresses in pages.items():
        person = act.signed_in(cast[key])
        for address in addresses:
            path, name = address.split("?")
            for typed in (
                naughty({"/nguoi-hoc?q": 4, "/guong-sang?q": 5}.get(address, 6)) if name == "q" else OWN
            ):
                harmless(person.open(path, query_string={name: typed}), typed)


def test_what_a_stranger_types(act: Act, cast: Cast) -> None:
    stranger = act.somebody()
    token = csrf(stranger.open("/x"))
    for number, typed in enumerate(OWN):
        # Each from an address of its own: this is about words, not about guessing.
        there = {"environ_base": {"REMOTE_ADDR": f"192.0.2.{number + 1}"}}
        for path, values in (
            ("/x", {"digits": "123456", "given_name": typed}),
            ("/x", {"digits": typed, "given_name": "Hoa"}),
            ("/dang-nhap", {"name": typed, "password": typed, "next": typed}),
        ):
            answer = stranger.client.post(path, data=values | token, **there)
            harmless(Page(answer.status_code, path, answer.get_data(as_text=True)), typed)
    for typed in OWN:
        for path in ("/vinh-danh/", "/x/", "/huy-hieu/", "/ngon-ngu/"):
            assert stranger.client.get(path + quote(typed, safe="")).status_code < 500, typed
        answer = stranger.client.get("/ngon-ngu/vi", query_string={"next": typed})
        assert (answer.status_code, answer.location) == (303, "/")


def test_stories_and_reasons(act: Act, cast: Cast) -> None:
    act.taught_five(act.signed_in(cast.alice))
    frank = act.signed_in(cast.frank)
    page = frank.send(frank.open("/guong-sang"), f"/{cast.alice.person_id}/de-cu")
    for typed in naughty(2, 3):
        told = frank.send(page, "/cau-chuyen$", {"story": typed})
        harmless(told, typed)
        assert told.status in (200, 422)
    assert frank.open("/de-cu").status == 200
    alice = act.signed_in(cast.alice)
    assert alice.open("/vinh-danh/cua-toi").status == 200
