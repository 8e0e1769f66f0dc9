"""A class in a real Chromium: opened with a helper, filled by list, by a check-in and by its screen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.surfing import Screen, Surfer
from tests.support.cast import Cast

pytestmark = [
    pytest.mark.browser,
    # What a page looks like does not depend on the database.
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
SCREENS = [Screen(360, "vi", "light"), Screen(1280, "en", "dark")]


def tick(page: Page, name: str) -> None:
    """Tap the first chip of a field unless one is chosen already."""
    if not page.locator(f"input[name={name}]:checked").count():
        page.locator("label.chip", has=page.locator(f"input[name={name}]")).first.click()


def open_class(alice: Surfer, cast: Cast) -> str:
    """Open a class with Bob's help; the path of its page."""
    page = alice.open("/lop-hoc")
    alice.look()
    page.locator("main a[href='/lop-hoc/moi']").first.click()
    page.wait_for_url("**/lop-hoc/moi")
    tick(page, "skills")
    page.locator("#place").fill("Nhà văn hóa thôn 2")
    page.locator("main form details summary").first.click()
    page.locator("label.chip", has=page.locator(f"input[name=helpers][value='{cast.bob.person_id}']")).click()
    alice.look()
    page.locator("#helper_name").fill("vo thi en")
    page.locator("button[name=find][value=helper]").click()
    expect(page.locator("input[name=helpers]:checked")).to_have_count(2)
    page.locator(".submit-row button").click()
    page.wait_for_url(re.compile(r"/lop-hoc/\d+$"))
    expect(page.locator("main")).to_contain_text("Võ Thị Én")
    alice.look()
    return "/lop-hoc/" + page.url.rsplit("/", 1)[-1]


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_class_fills_itself(surfer: Callable[[Screen], Surfer], cast: Cast, screen: Screen) -> None:
    alice, learner = surfer(screen), surfer(Screen(360, screen.language, screen.scheme))
    alice.sign_in(cast.alice)
    path = open_class(alice, cast)

    page = alice.open(f"{path}/danh-sach")
    page.locator("#people").fill("1. Trần Thị Hoa 0905 123 456\n2. Lê Văn Tám\n3. 12345")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("input[name=seen]")).to_have_count(1)
    alice.look()
    page.locator("main form button.button-big").click()
    page.wait_for_url(f"**{path}")
    expect(page.locator("main .person")).to_have_count(2)

    page = alice.open(f"{path}/diem-danh")
    alice.look()
    page.locator("main form button[type=submit]").click()
    link = page.locator("a[href*='/l/']").first
    expect(link).to_be_visible()
    alice.look()
    address = link.get_attribute("href")
    assert address
    here = page.locator("[data-turning] [data-number]")
    expect(here).to_have_attribute("data-number", "0")

    form = learner.open(address)
    learner.look()
    form.locator("#full_name").fill("tran thi hoa")
    form.locator("main form button[type=submit]").click()
    form.wait_for_url(re.compile(r"/x/"))
    expect(form.locator("h1")).to_contain_text("Hoa")
    learner.look()
    # The screen shows it by itself.
    expect(here).to_have_attribute("data-number", "1")
    expect(page.locator(".check-in-names")).to_contain_text("Hoa")
    alice.look()

    # Somebody else of that name, on another phone, is asked.
    other = surfer(Screen(360, screen.language, screen.scheme))
    asked = other.open(address)
    asked.locator("#full_name").fill("Trần Thị Hoa")
    asked.locator("main form button[type=submit]").click()
    expect(asked.locator("input[name=who]")).to_have_count(2)
    other.look()
    asked.locator("label.choice", has=asked.locator("input[name=who][value=apart]")).click()
    asked.locator("main form button[type=submit]").click()
    asked.wait_for_url(re.compile(r"/x/"))
    expect(here).to_have_attribute("data-number", "2")

    page = alice.open(path)
    expect(page.locator("main .person")).to_have_count(3)
    page.locator("#headcount").fill("12")
    page.locator("#so-nguoi summary").click()
    page.locator("#elderly").fill("9")
    alice.look()
    page.locator("#so-nguoi button[type=submit]").click()
    expect(page.locator("#headcount")).to_have_value("12")

    for rest in ("/sua", "/chon", "/huy"):
        alice.open(path + rest)
        alice.look()
    learner.open("/l")
    learner.look()
    learner.open(address[:-2])
    learner.look()
    bob = surfer(screen)
    bob.sign_in(cast.bob)
    expect(bob.open(path).locator(f"a[href='{path}/danh-sach']").first).to_be_visible()
    bob.look()
    for one in (learner, other):
        # The browser itself tells of an answer above 400; these were asked for.
        one.faults = [fault for fault in one.faults if "Failed to load resource" not in fault]


def test_the_screen_without_scripts(surfer: Callable[[Screen], Surfer], cast: Cast) -> None:
    quiet = Screen(360, scripts=False)
    alice, learner = surfer(quiet), surfer(quiet)
    alice.sign_in(cast.alice)
    page = alice.open("/lop-hoc/moi")
    tick(page, "skills")
    page.locator(".submit-row button").click()
    page.wait_for_url(re.compile(r"/lop-hoc/\d+$"))
    path = "/lop-hoc/" + page.url.rsplit("/", 1)[-1]
    page = alice.open(f"{path}/diem-danh")
    page.locator("main form button[type=submit]").click()
    address = page.locator("a[href*='/l/']").first.get_attribute("href")
    assert address
    assert 'http-equiv="refresh"' in page.content()
    form = learner.open(address)
    form.locator("#full_name").fill("Lê Văn Tám")
    form.locator("main form button[type=submit]").click()
    form.wait_for_url(re.compile(r"/x/"))
    expect(alice.open(f"{path}/diem-danh").locator(".check-in-names")).to_contain_text("Tám")
