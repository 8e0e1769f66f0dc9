"""My learners in a real browser: find, correct, withdraw, take along; and the administrator's skills."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from core.clock import FixedClock
from core.database import Database
from core.web import house
from tests.journeys.story import say
from tests.journeys.surfing import Screen, Surfer
from tests.support.cast import Cast
from tests.support.story import Story

pytestmark = pytest.mark.browser

NAMES = ("Trần Thị Hoa", "Lê Văn Mười", "Đỗ Thị Ánh")


@pytest.fixture
def acts(guarded_app: object, cast: Cast, database: Database, clock: FixedClock) -> None:
    """Three people whom Alice taught today; one of them confirmed."""
    with database.session(write=True) as session:
        story = Story(session, clock, house(guarded_app).box)  # type: ignore[arg-type]
        made = [story.record(cast.alice, name) for name in NAMES]
        story.confirm(made[2])
        session.commit()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("screen", [Screen(360, "vi", "light"), Screen(1280, "en", "dark")], ids=str)
def test_find_correct_withdraw_and_take_along(
    surfer: Callable[[Screen], Surfer], acts: None, cast: Cast, screen: Screen
) -> None:
    def word(text: str, **values: str) -> str:
        return say(screen.language, text, **values)

    alice = surfer(screen)
    alice.sign_in(cast.alice)
    page = alice.open("/nguoi-hoc")
    expect(page.locator("#learners a.person-name")).to_have_count(3)
    alice.look()
    page.locator("#search-q").fill("hoa")
    expect(page.get_by_role("link", name="Lê Văn Mười")).to_be_hidden()
    page.locator("#search-q").press("Enter")
    page.wait_for_url("**/nguoi-hoc?q=hoa*")
    expect(page.locator("#learners a.person-name")).to_have_text(["Trần Thị Hoa"])
    page.get_by_role("link", name="Trần Thị Hoa").click()
    expect(page.locator("h1")).to_have_text("Trần Thị Hoa")
    alice.look()

    # The name was mistyped: mended, and the history says so.
    page.locator("a[href*='/luot-day/']").first.click()
    page.locator("a[href$='/sua']").click()
    alice.look()
    page.locator("#full_name").fill("Trần Thị Hòa Bình")
    page.get_by_role("button", name=word("Lưu"), exact=True).click()
    page.wait_for_url(re.compile(r"/luot-day/\d+$"))
    expect(page.locator("h1")).to_have_text("Trần Thị Hòa Bình")
    expect(page.locator(".timeline")).to_contain_text("họ tên")
    alice.look(axe=False)

    # Another was recorded twice: taken back with a tap on a reason.
    page = alice.open("/nguoi-hoc?q=muoi")
    page.get_by_role("link", name="Lê Văn Mười").click()
    page.locator("a.person-name[href*='/luot-day/']").first.click()
    page.locator("a[href$='/rut-lai']").click()
    alice.look()
    page.locator("label.chip", has_text=word("Ghi trùng")).click()
    page.get_by_role("button", name=word("Rút lại"), exact=True).click()
    page.wait_for_url("**/nguoi-hoc")
    expect(page.locator("#learners a.person-name")).to_have_text(["Đỗ Thị Ánh", "Trần Thị Hòa Bình"])

    with page.expect_download() as begun:
        page.locator("a[href*='/nguoi-hoc/tai-ve']").first.click()
    assert begun.value.suggested_filename == "nguoi-hoc-2026-11-22.xlsx"


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_an_administrator_edits_a_skill(surfer: Callable[[Screen], Surfer], acts: None, cast: Cast) -> None:
    olga = surfer(Screen(1280, "vi", "light"))
    olga.sign_in(cast.olga)
    page = olga.open("/quan-tri/ky-nang")
    olga.look()
    page.locator("main .card a.button").first.click()
    olga.look()
    page.locator("#name_vi").fill("Dùng điện thoại cho quen tay")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.locator("aside")).to_contain_text("Dùng điện thoại cho quen tay")
    page.get_by_role("button", name="Lưu").click()
    page.wait_for_url("**/quan-tri/ky-nang")
    first = page.locator("main h2 a").first
    expect(first).to_have_text("Dùng điện thoại cho quen tay")
    page.locator("main .card").first.locator("button[value=xuong]").click()
    expect(page.locator("main h2 a").nth(1)).to_have_text("Dùng điện thoại cho quen tay")
    page.goto(f"{olga.home}/quan-tri/nhom-doi-tuong")
    olga.resize(360)
    olga.look()
    # The learner of an act reads the new name, and what was taught.
    alice = surfer(Screen(360, "vi"))
    alice.sign_in(cast.alice)
    act = alice.open("/nguoi-hoc?q=hoa")
    act.locator("#learners a.button[href*='/luot-day/']").first.click()
    expect(act.locator("main")).to_contain_text("Dùng điện thoại cho quen tay")
