"""The main job in a real Chromium: phone and office, both languages and databases, scripts or none."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.story import LEARNERS, TALE, say
from tests.journeys.surfing import Screen, Surfer
from tests.support.cast import Cast

pytestmark = pytest.mark.browser

SCREENS = [Screen(360, "vi", "light"), Screen(1280, "en", "dark")]


def record(teacher: Surfer, name: str) -> str:
    """Record somebody by tapping; the link for the learner."""
    page = teacher.open("/ghi-nhan")
    page.locator("#full_name").fill(name)
    first_skill = page.locator("input[name=skills]").first
    if not first_skill.is_checked():
        page.locator("label.chip", has=page.locator("input[name=skills]")).first.click()
    page.get_by_role("button", name=say(teacher.screen.language, "Ghi nhận"), exact=True).click()
    page.wait_for_url(re.compile(r"/luot-day/\d+$"))
    expect(page.locator("h1")).to_have_text(name)
    link = page.locator("a[href*='/x/']").first.get_attribute("href")
    assert link
    return link


def heading(page: Page, text: str) -> None:
    expect(page.locator("h1")).to_have_text(text)


@pytest.mark.parametrize(
    ("database_kind", "screen"),
    [("sqlite", SCREENS[0]), ("postgresql", SCREENS[0]), ("sqlite", SCREENS[1])],
    indirect=["database_kind"],
    ids=str,
)
def test_the_whole_thread(surfer: Callable[[Screen], Surfer], cast: Cast, screen: Screen) -> None:
    walk(surfer, cast, screen)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_whole_thread_without_scripts(surfer: Callable[[Screen], Surfer], cast: Cast) -> None:
    walk(surfer, cast, Screen(360, scripts=False))


def walk(surfer: Callable[[Screen], Surfer], cast: Cast, screen: Screen) -> None:
    """Everything from the first record to the wall and off it again."""
    speak = screen.language
    alice = surfer(screen)
    today = alice.sign_in(cast.alice)
    expect(today.locator(".ring-value")).to_have_text("0")
    for number, name in enumerate(LEARNERS, start=1):
        link = record(alice, name)
        alice.look(axe=False)
        # Only the first time she stays: the page of a teaching changes by itself, right into the next step.
        stays = number == 1 and screen.scripts
        if not stays:
            expect(alice.open("/hom-nay").get_by_role("link", name=name)).to_be_visible()
        learner = surfer(screen)
        question = learner.open(link)
        heading(question, say(speak, "Chào %(name)s. Có đúng như thế này không?", name=name.split()[-1]))
        learner.look(axe=False)
        question.get_by_role("button", name=say(speak, "Đúng rồi")).click()
        heading(question, say(speak, "Cảm ơn %(name)s!", name=name.split()[-1]))
        learner.look(axe=False)
        if stays:
            expect(today.locator("[data-poll]")).to_have_count(0)
            expect(today.locator(".notice-good")).to_be_visible()
        today = alice.open("/hom-nay")
        expect(today.locator(".ring-value")).to_have_text(str(number))
        expect(today.locator(".tree-level-1")).to_have_count(number)
    alice.look(axe=False)

    today.locator("a[href*='/chuc-mung/']").click()
    heading(today, say(speak, "Người gieo hạt"))
    alice.look(axe=False)
    today.locator("form[action*='/chuc-mung/'] button").click()
    heading(today, say(speak, "Người khơi mạch"))
    today.locator("form[action*='/chuc-mung/'] button").click()
    today.wait_for_url("**/huy-hieu")

    board = surfer(screen)
    expect(board.open("/bang-xep-hang").get_by_role("link", name="Chi đoàn Một").first).to_be_visible()
    board.look(axe=False)

    frank = surfer(screen)
    desk = frank.sign_in(cast.frank)
    expect(desk.locator("main")).to_contain_text(say(speak, "%(n)s người học tự xác nhận đã học được", n=5))
    frank.look(axe=False)
    desk.locator(f"form[action='/guong-sang/{cast.alice.person_id}/de-cu'] button").click()
    desk.wait_for_url("**/de-cu/1")
    desk.locator("textarea[name=story]").fill(TALE)
    desk.locator("form[action$='/cau-chuyen'] button[type=submit]").click()
    expect(desk.locator("form[action$='/dong-y']")).to_have_count(1)
    frank.look(axe=False)

    answer = alice.open("/vinh-danh/cua-toi")
    alice.look(axe=False)
    answer.locator("button[name=answer][value=yes]").click()
    expect(answer.locator("button[name=answer][value=no]")).to_be_visible()

    frank.open("/de-cu/1").locator("form[action$='/dang'] button").click()
    desk.wait_for_url(re.compile(r"/vinh-danh/[a-z]"))
    frank.look(axe=False)
    public = surfer(screen)
    expect(public.open("/vinh-danh").locator("main")).to_contain_text("Nguyễn Thị An")
    public.look(axe=False)

    answer.locator("button[name=answer][value=no]").click()
    expect(answer.locator("button[name=answer][value=no]")).to_have_count(0)
    expect(public.open("/vinh-danh").locator("main")).not_to_contain_text("Nguyễn Thị An")
