"""Every form that can be walked to, with nonsense in each of its fields: no accident, no markup come back.

The walk finds the forms by itself, so a new page is tried from the day it is linked.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from urllib.parse import urljoin, urlsplit

import pytest
from werkzeug.datastructures import MultiDict

from tests.journeys.story import Act
from tests.journeys.test_bad_input_http import harmless
from tests.journeys.walker import Page, Sheet, Walker
from tests.support.cast import Cast

ON_ONE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
TYPED = (
    "", "\x00", "a\x00b", "\ufeff\u200b", "\u202eabc", "-1", "9" * 30, "1e9", "2026-02-31", "\uff19\uff19",
    "' OR 1=1 --", "{{ 7*7 }}", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>',
    "../../etc/passwd", "=HYPERLINK(1)", "\U0001f3f3\ufe0f" * 40, "a" * 5000, "x\n" * 300,
    "00000000-0000-4000-8000-000000000000",
)  # fmt: skip
PARTS = 4
PAGES_EACH = 60
# These end what the walk stands on; they have tests of their own.
LEFT_ALONE = re.compile(r"/dang-xuat|/toi/mat-khau|/dang-nhap|/khoa$|/xoa|/mat-khau$|/ngon-ngu/")
# Files, not pages.
FILES = re.compile(r"/tai-ve|/mau|\.(xlsx|csv|svg|png|webmanifest)")


def shape(address: str) -> str:
    """An address without its numbers and keys: `/luot-day/7` and `/luot-day/8` are one page.

    >>> shape("/luot-day/7?sau=3"), shape("/x/3f-1-aaaaaaaaaaaaaaaa")
    ('/luot-day/#', '/x/#')
    """
    path = urlsplit(address).path
    return re.sub(r"/(?=[^/]*\d)[^/]+", "/#", path)


def forms_of(person: Walker, start: str) -> dict[str, tuple[Page, Sheet]]:
    """Walk from a page; return each kind of form with the page where it stands."""
    found: dict[str, tuple[Page, Sheet]] = {}
    seen: set[str] = set()
    shapes: Counter[str] = Counter()
    ahead = deque([(start, start)])
    while ahead and len(seen) < PAGES_EACH:
        address, linked_from = ahead.popleft()
        if address in seen or shapes[shape(address)] >= 2 or LEFT_ALONE.search(address):
            continue
        if FILES.search(address):
            continue
        seen.add(address)
        shapes[shape(address)] += 1
        page = person.open(address)
        assert page.status == 200, f"{linked_from} leads to {address}: {page.status}"
        for sheet in page.sheets:
            action = urljoin(page.url, sheet.action)
            if not LEFT_ALONE.search(urlsplit(action).path):
                found.setdefault(f"{sheet.method} {shape(action)} {sorted(sheet.known)}", (page, sheet))
        ahead.extend(
            (urlsplit(urljoin(page.url, link))._replace(fragment="").geturl(), address)
            for link in page.links
            if urlsplit(urljoin("http://localhost/", link)).hostname == "localhost"
        )
    return found


def sent(person: Walker, page: Page, sheet: Sheet, name: str, typed: str) -> Page:
    """Send a form with one of its fields changed."""
    data: MultiDict[str, str] = sheet.fields.copy()
    data.setlist(name, [typed])
    address = urljoin(page.url, sheet.action)
    if sheet.method == "get":
        return person.open(urlsplit(address).path, query_string=data)
    return person.post(address, data)


@ON_ONE
@pytest.mark.parametrize(
    ("key", "start", "least"),
    [(None, "/", 2), ("alice", "/hom-nay", 8), ("carol", "/don-vi", 4), ("frank", "/guong-sang", 2),
     ("olga", "/quan-tri/tai-khoan", 4)],
)  # fmt: skip
def test_nonsense_in_every_field(act: Act, cast: Cast, key: str | None, start: str, least: int) -> None:
    alice = act.signed_in(cast.alice)
    act.taught_five(alice)
    act.record(alice, "Đỗ Thị Mười")
    person = act.signed_in(cast[key]) if key else act.somebody()
    forms = forms_of(person, start)
    assert len(forms) >= least, sorted(forms)
    for number, (page, sheet) in enumerate(forms.values()):
        for turn, name in enumerate(sorted(sheet.known - {"csrf_token", ""}), number):
            # A part of the strings for each field, another part for the next: together all of them.
            for typed in TYPED[turn % PARTS :: PARTS]:
                # Each from an address of its own: this is about words, not about guessing.
                person.client.environ_base["REMOTE_ADDR"] = f"198.51.{number % 250}.{len(typed) % 250}"
                answer = sent(person, page, sheet, name, typed)
                harmless(answer, typed)
                assert answer.status < 500, f"{sheet.action} {name}={typed[:40]!r}"
    assert person.open(start).status == 200
