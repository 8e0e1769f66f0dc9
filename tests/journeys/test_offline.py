"""Without signal, in a real Chromium, the network really cut: the server is down and the browser offline."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Dialog, Locator, Page, expect
from sqlalchemy import func, select
from werkzeug.serving import BaseWSGIServer, make_server

from core.web import house
from learning.models import ClassSession
from people.models import Person
from referrals.models.acts import Teaching
from referrals.models.sent import SentEntry
from referrals.routes import offline
from tests.journeys.surfing import Quiet, Screen, Surfer
from tests.support.cast import Cast

pytestmark = [
    pytest.mark.browser,
    # What a phone keeps does not depend on the database of the server.
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
PHONE = Screen(360, worker=True)
CONTROLLED = "() => navigator.serviceWorker.controller !== null"
KEPT = "async () => (await caches.keys()).filter((name) => name.startsWith('ngoai-tuyen-'))"
# What a page says of a request that found no way.
NO_WAY = ("Failed to load resource", "net::ERR_")


class Line:
    """The way between the phones and the server: it can be cut, and mended at the same address."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._server: BaseWSGIServer | None = None
        self.port = 0
        self.mend()

    def mend(self) -> None:
        """Let the server answer."""
        self._server = make_server("127.0.0.1", self.port, self.app, threaded=True, request_handler=Quiet)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """Let nobody answer: a connection is refused."""
        if self._server is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = None

    @property
    def address(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def line(guarded_app: Flask) -> Iterator[Line]:
    """A server that can go away and come back."""
    made = Line(guarded_app)
    yield made
    made.cut()


@pytest.fixture
def phone(browser: Browser, line: Line) -> Iterator[Callable[[Screen], Surfer]]:
    """`phone(PHONE)`: a phone; at the end no page had a fault but requests that found no way."""
    everybody: list[Surfer] = []

    def take(screen: Screen) -> Surfer:
        everybody.append(Surfer(browser, line.address, screen))
        return everybody[-1]

    yield take
    for one in everybody:
        one.close()
    faults = [fault for one in everybody for fault in one.faults if not any(word in fault for word in NO_WAY)]
    assert not faults, "\n".join(faults)


@contextmanager
def no_signal(one: Surfer, line: Line) -> Iterator[None]:
    """Cut the network for good: no server, and a browser that knows it is offline."""
    one.context.set_offline(True)
    line.cut()
    yield
    line.mend()
    one.context.set_offline(False)


def signed_in(one: Surfer, cast: Cast, key: str = "alice") -> Page:
    page = one.sign_in(cast[key])
    page.wait_for_function(CONTROLLED)
    return page


def new_tab(one: Surfer) -> Page:
    """Close the tab and open another: the page starts from nothing."""
    one.page.close()
    one.page = one.context.new_page()
    one.page.set_default_timeout(30_000)
    one._listen(one.page)
    return one.page


def room(page: Page, name: str) -> Locator:
    shown = page.locator(f"[data-room={name}]")
    expect(shown).to_be_visible()
    return shown


def keep(shown: Locator) -> None:
    """Choose the first skill where none is, and keep the entry on the phone."""
    skills = shown.locator("label.chip", has=shown.page.locator("input[name=skills]"))
    if not skills.locator("input:checked").count():
        skills.first.click()
    shown.locator("form > .submit-row button").click()
    expect(shown.page.locator("[data-kept]")).to_be_visible()


def cards(page: Page, state: str | None = None) -> Locator:
    return page.locator("[data-outbox-list] > li" + (f"[data-state={state}]" if state else ""))


def count(app: Flask, table: type) -> int:
    with house(app).work.begin(write=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def names(app: Flask) -> set[str]:
    with house(app).work.begin(write=False) as session:
        return set(session.scalars(select(Person.full_name).join(Teaching, Teaching.learner_id == Person.id)))


def test_three_ways_of_recording_wait_and_go_out_by_themselves(
    phone: Callable[[Screen], Surfer], line: Line, guarded_app: Flask, cast: Cast
) -> None:
    alice = phone(PHONE)
    signed_in(alice, cast)
    with no_signal(alice, line):
        page = new_tab(alice)
        page.goto("/hom-nay")
        room(page, "home")
        alice.look()
        page.locator("a.line-link[href='/ghi-nhan']").click()
        one = room(page, "one")
        one.locator("form > .submit-row button").click()
        expect(one.locator("[data-wrong=full_name]")).to_be_visible()
        alice.look()
        one.locator("#one-full_name").fill("Đỗ Thị Mười")
        keep(one)
        expect(one.locator("#one-full_name")).to_have_value("")
        page.goto("/ghi-nhan/nhieu-nguoi")
        several = room(page, "several")
        # What was chosen the last time is chosen again.
        expect(several.locator("input[name=skills]:checked")).to_have_count(1)
        several.locator("#several-lines").fill("Bùi Văn Hai, 0905 123 456\nMai Thị Ba\nMai Thị Ba")
        keep(several)
        page.goto("/lop-hoc/moi")
        held = room(page, "class")
        alice.look()
        held.locator("#class-place").fill("Chợ Cồn")
        held.locator("#class-lines").fill("Lê Văn Tư")
        keep(held)
        page = new_tab(alice)
        page.goto("/cho-gui")
        expect(cards(page, "waiting")).to_have_count(3)
        expect(page.locator("[data-outbox-count]")).to_contain_text("3")
        alice.look()
        assert count(guarded_app, Teaching) == 0
        # In the other language, with no server to ask.
        page.locator("a[data-language=en]").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(cards(page, "waiting")).to_have_count(3)
        alice.look()
        page.goto("/ghi-nhan")
        room(page, "one")
        alice.look()
    expect(page.locator("[data-outbox-count] [aria-hidden]")).to_have_text("↑ 1")
    assert names(guarded_app) == {"Đỗ Thị Mười", "Bùi Văn Hai", "Mai Thị Ba", "Lê Văn Tư"}
    assert (count(guarded_app, Teaching), count(guarded_app, ClassSession)) == (4, 1)
    # The sign of what waits fits into the header of a full page, in the wider language too.
    page.goto("/ngon-ngu/en?next=/hom-nay")
    expect(page.locator("[data-outbox-count] [aria-hidden]")).to_have_text("↑ 1")
    alice.look(axe=False)
    # The line that needs a word of hers is asked about.
    page.goto("/cho-gui")
    expect(cards(page, "sent")).to_have_count(3)
    question = cards(page, "asks")
    expect(question).to_have_count(1)
    alice.look()
    question.locator("label.choice").first.click()
    question.locator("button.button-primary").click()
    expect(cards(page, "sent")).to_have_count(4)
    expect(cards(page, "asks")).to_have_count(0)
    assert count(guarded_app, Teaching) == 5
    # Nothing of whom it was about stays on the phone but a line.
    kept = page.evaluate("() => outbox.store.all()")
    assert all("content" not in entry for entry in kept)
    assert "0905" not in str(kept)


def test_a_form_that_finds_no_signal_is_kept_and_not_told_twice(
    phone: Callable[[Screen], Surfer], line: Line, guarded_app: Flask, cast: Cast
) -> None:
    alice = phone(PHONE)
    page = signed_in(alice, cast)
    page.goto("/ghi-nhan")
    page.locator("#full_name").fill("Đỗ Thị Mười")
    if not page.locator("input[name=skills]:checked").count():
        page.locator("label.chip", has=page.locator("input[name=skills]")).first.click()
    mark = page.locator("input[name=client_uuid]").input_value()
    with no_signal(alice, line):
        page.locator("main form .submit-row button").first.click()
        page.wait_for_url(f"**/cho-gui?giu={mark}")
        expect(page.locator("[data-kept-note]")).to_be_visible()
        expect(cards(page, "waiting")).to_have_count(1)
    expect(cards(page, "sent")).to_have_count(1)
    assert names(guarded_app) == {"Đỗ Thị Mười"}
    # The very same entry again, another content under its mark, and a wrong forgery token.
    entry = {
        "kind": "one",
        "version": 1,
        "made_at": "2026-11-22T03:00:00Z",
        "content": {"full_name": "Bùi Văn Hai", "skills": [1], "taught_on": "2026-11-20"},
    }
    other = str(uuid.uuid4())
    assert sent(page, other, entry) == (200, None)
    assert sent(page, other, entry) == (200, None)
    changed = {**entry, "content": {**entry["content"], "full_name": "Mai Thị Ba"}}  # type: ignore[dict-item]
    assert sent(page, other, changed) == (409, "changed_resend")
    assert sent(page, other, entry, token="no") == (400, "csrf")
    assert count(guarded_app, Teaching) == 2
    assert count(guarded_app, SentEntry) == 2
    # A list that was only to be looked at is kept, too.
    page.goto("/ghi-nhan/nhieu-nguoi")
    page.locator("#names").fill("Hồ Văn Năm\nTạ Thị Sáu")
    with no_signal(alice, line):
        page.locator("#several-form button[value=look]").click()
        page.wait_for_url("**/cho-gui?giu=*")
    expect(cards(page, "sent")).to_have_count(2)
    assert count(guarded_app, Teaching) == 4
    # In the outbox a conflict is told, and can be sent as another act.
    page.evaluate(
        """async ([uuid, entry]) => outbox.store.put(
            {...entry, uuid, account: outbox.who(), order: Date.now(), state: "waiting"})""",
        [other, changed],
    )
    page.locator("[data-send-now]").click()
    refused = cards(page, "refused")
    expect(refused).to_have_count(1)
    alice.look()
    refused.locator(".actions button.button-secondary").click()
    expect(cards(page, "sent")).to_have_count(3)
    assert count(guarded_app, Teaching) == 5


def sent(page: Page, mark: str, entry: dict[str, Any], token: str | None = None) -> tuple[int, str | None]:
    """Send an entry by hand, from the page; the status and the code of the refusal."""
    status, code = page.evaluate(
        """async ([mark, entry, token]) => {
            const who = await (await fetch("/api/v1/session")).json();
            const answer = await fetch(`/api/v1/outbox/${mark}`, {method: "PUT", headers: {
                "Content-Type": "application/json", "X-CSRFToken": token || who.csrf},
                body: JSON.stringify({...entry, account: who.account})});
            return [answer.status, (await answer.json()).code || null];
        }""",
        [mark, entry, token],
    )
    return status, code


def test_on_a_shared_phone_nobody_sends_or_sees_what_another_wrote(
    phone: Callable[[Screen], Surfer], line: Line, guarded_app: Flask, cast: Cast
) -> None:
    shared = phone(PHONE)
    page = signed_in(shared, cast)
    with no_signal(shared, line):
        page.goto("/ghi-nhan")
        one = room(page, "one")
        one.locator("#one-full_name").fill("Đỗ Thị Mười")
        keep(one)
        # The browser is killed while it sends.
        page.evaluate("async () => outbox.store.put({...(await outbox.store.all())[0], state: 'sending'})")
        page = new_tab(shared)
        # Signed out meanwhile.
        shared.context.clear_cookies(name="phien")
        page.goto("/cho-gui")
        expect(cards(page)).to_have_count(1)
    expect(page.locator("[data-outbox-signed-out]")).to_be_visible()
    shared.look()
    assert count(guarded_app, Teaching) == 0
    # Somebody else signs in: her entry is a number to him.
    page = signed_in(shared, cast, "bob")
    page.goto("/cho-gui")
    expect(page.locator("[data-outbox-others]")).to_contain_text("1 mục của người khác")
    expect(cards(page)).to_have_count(0)
    expect(page.locator("main")).not_to_contain_text("Mười")
    shared.look()
    page.goto("/hom-nay")
    page.locator(".top details.menu summary").last.click()
    page.locator("form[action='/dang-xuat'] button").click()
    page.wait_for_url(re.compile(r"^(?!.*hom-nay)"))
    # Written while nobody is signed in: it asks whose it is.
    with no_signal(shared, line):
        page.goto("/ghi-nhan")
        one = room(page, "one")
        one.locator("#one-full_name").fill("Bùi Văn Hai")
        keep(one)
    assert count(guarded_app, Teaching) == 0
    page = signed_in(shared, cast)
    page.goto("/cho-gui")
    expect(cards(page, "sent")).to_have_count(1)
    assert names(guarded_app) == {"Đỗ Thị Mười"}
    whose = cards(page, "waiting")
    expect(whose).not_to_contain_text("Hai")
    shared.look()
    whose.locator("button.button-primary").click()
    expect(cards(page, "sent")).to_have_count(2)
    assert names(guarded_app) == {"Đỗ Thị Mười", "Bùi Văn Hai"}
    # With something unsent, leaving is asked about.
    with no_signal(shared, line):
        page.goto("/ghi-nhan")
        one = room(page, "one")
        one.locator("#one-full_name").fill("123")
        keep(one)
    page.goto("/cho-gui")
    refused = cards(page, "refused")
    expect(refused).to_have_count(1)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", stay)
    page.locator(".top details.menu summary").last.click()
    page.locator("form[action='/dang-xuat'] button").click()
    assert len(asked) == 1
    expect(refused).to_be_visible()
    # Mended, it goes; what was typed is there again.
    page.keyboard.press("Escape")
    refused.locator("a[href^='/ngoai-tuyen#sua=']").click()
    one = room(page, "one")
    expect(one.locator("#one-full_name")).to_have_value("123")
    expect(one.locator("[data-wrong=full_name]")).to_be_visible()
    one.locator("#one-full_name").fill("Mai Thị Ba")
    one.locator("form > .submit-row button").click()
    page.wait_for_url("**/cho-gui")
    expect(cards(page, "sent")).to_have_count(3)


FULL = "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }"
PRIVATE = "Object.defineProperty(self, 'indexedDB', {value: undefined})"


@pytest.mark.parametrize("broken", [FULL, PRIVATE], ids=["full", "private"])
def test_a_phone_that_keeps_nothing_says_so_and_loses_nothing(
    phone: Callable[[Screen], Surfer], line: Line, cast: Cast, broken: str
) -> None:
    alice = phone(PHONE)
    page = signed_in(alice, cast)
    alice.context.add_init_script(broken)
    with no_signal(alice, line):
        page.goto("/ghi-nhan")
        one = room(page, "one")
        if broken is PRIVATE:
            expect(page.locator("[data-no-store]")).to_be_visible()
        one.locator("#one-full_name").fill("Đỗ Thị Mười")
        one.locator("label.chip", has=page.locator("input[name=skills]")).first.click()
        one.locator("form > .submit-row button").click()
        expect(page.locator("[data-no-store]")).to_be_visible()
        expect(one.locator("#one-full_name")).to_have_value("Đỗ Thị Mười")
        expect(page.locator("[data-kept]")).to_be_hidden()
        page.locator("[data-copy-typed]").click()
        expect(page.locator("[data-typed]")).to_have_value(re.compile("Đỗ Thị Mười"))
        alice.look()


def test_two_tabs_and_a_newer_version_lose_nothing_and_send_once(
    phone: Callable[[Screen], Surfer],
    line: Line,
    guarded_app: Flask,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alice = phone(PHONE)
    page = signed_in(alice, cast)
    sendings: list[str] = []
    alice.context.on("request", lambda one: sendings.append(one.url) if one.method == "PUT" else None)
    with no_signal(alice, line):
        page.goto("/ghi-nhan")
        one = room(page, "one")
        for name in ("Đỗ Thị Mười", "123"):
            one.locator("#one-full_name").fill(name)
            keep(one)
        page.goto("/cho-gui")
        other = alice.context.new_page()
        other.goto("/cho-gui")
        for tab in (page, other):
            expect(cards(tab, "waiting")).to_have_count(2)
    for tab in (page, other):
        expect(cards(tab, "sent")).to_have_count(1)
        expect(cards(tab, "refused")).to_have_count(1)
    assert count(guarded_app, Teaching) == 1
    assert len(sendings) == len(set(sendings)) == 2
    # The app is updated: the new worker waits until the last page of the old one is closed.
    monkeypatch.setattr(offline, "PARTS", (*offline.PARTS, "img/icon-512.png"))
    waiting = "async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting)"
    page.evaluate("async () => { await (await navigator.serviceWorker.getRegistration()).update(); }")
    page.wait_for_function(waiting)
    page.goto("/cho-gui")
    expect(cards(page, "refused")).to_have_count(1)
    assert page.evaluate(waiting)
    other.close()
    page = new_tab(alice)
    page.goto("/cho-gui")
    page.wait_for_function(f"async () => !(await ({waiting})())")
    assert len(page.evaluate(KEPT)) == 2
    expect(cards(page, "refused")).to_have_count(1)
    # A page of tomorrow has added a room to the store: the pages of today go on.
    page.evaluate(
        """() => new Promise((yes, no) => {
            const asked = indexedDB.open("cho-gui", 2);
            asked.onupgradeneeded = () => asked.result.createObjectStore("tomorrow");
            asked.onsuccess = () => { asked.result.close(); yes(); };
            asked.onerror = no;
        })"""
    )
    page.goto("/cho-gui")
    expect(cards(page, "refused")).to_have_count(1)
    cards(page, "refused").locator("button", has_text="Xóa").click()
    cards(page, "refused").locator("button.button-bad").click()
    expect(cards(page)).to_have_count(1)


def test_no_page_of_a_person_is_kept_by_the_phone(
    phone: Callable[[Screen], Surfer], cast: Cast, line: Line
) -> None:
    alice = phone(PHONE)
    page = signed_in(alice, cast)
    for path in ("/hom-nay", "/nguoi-hoc", "/cho-gui", "/ngoai-tuyen", "/toi"):
        page.goto(path)
    kept = page.evaluate(
        """async () => {
            const found = [];
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const request of await cache.keys()) {
                    const text = await (await cache.match(request)).text();
                    found.push([new URL(request.url).pathname, text]);
                }
            }
            return found;
        }"""
    )
    pages = {path for path, _ in kept if not path.startswith("/static/")}
    assert pages == {"/ngoai-tuyen", "/language", "/asked"}
    key = page.locator("meta[name=outbox]").get_attribute("content")
    assert key
    for path, text in kept:
        for private in (cast.alice.full_name, 'csrf_token" value', key):
            assert private not in text, f"{private} in {path}"
