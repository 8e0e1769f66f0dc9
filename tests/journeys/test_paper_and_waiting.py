"""Paper that comes back, and somebody who waits and is taken by one of two at once: in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from core.database import Database
from people.models import Unit
from referrals.models.papers import PaperSlip
from referrals.models.waiting import WaitingLearner
from tests.journeys.surfing import Screen, Surfer
from tests.support.cast import Cast, Member

pytestmark = pytest.mark.browser

ON_ONE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
SCREENS = [Screen(360, "vi", "light"), Screen(1280, "en", "dark")]
HOA, TAM = "Trần Thị Hoa", "Lê Văn Tám"
WARD = "20194"
A4 = {"format": "A4", "prefer_css_page_size": True}


def tick(page: Page, name: str) -> None:
    box = page.locator(f"input[name='{name}']").first
    if not box.is_checked():
        page.locator("label", has=page.locator(f"input[name='{name}']")).first.click()


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@ON_ONE
@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_paper_comes_back_once(
    surfer: Callable[[Screen], Surfer], cast: Cast, database: Database, screen: Screen
) -> None:
    alice, carol = surfer(screen), surfer(screen)
    page = alice.sign_in(cast.alice)
    alice.open("/giay")
    alice.look()
    page.locator("form[method=post][action='/giay'] button[type=submit]").click()
    page.wait_for_url(re.compile(r"/giay/\w+/in$"))
    alice.look()
    assert pages_of(page.pdf(**A4)) == 1  # type: ignore[arg-type]
    serial = page.url.split("/")[-2]
    alice.open(f"/giay/{serial}/in?kieu=phieu")
    alice.look()
    assert pages_of(page.pdf(**A4)) == 2  # type: ignore[arg-type]

    desk = carol.sign_in(cast.carol)
    carol.open(f"/giay/{serial}")
    for one in (page, desk):
        one.goto(f"/giay/{serial}")
        tick(one, "skills")
        one.locator("#ten-1").fill(HOA)
        tick(one, "ky-1")
        one.locator("button[name=lam][value=xem]").click()
        expect(one.locator("#nghi-1")).to_be_visible()
    page.locator("#ten-2").fill(TAM)
    alice.look()
    page.locator("button[name=lam][value=luu]").click()
    page.wait_for_url(f"**/giay/{serial}")
    expect(page.locator("#dong-1 .pill")).to_be_visible()
    alice.look()

    # The coordinator typed the same line: told by whom and when; the other line is not lost.
    desk.locator("#ten-3").fill("Võ Thị Mười")
    desk.locator("button[name=lam][value=luu]").click()
    expect(desk.locator(".notice-warn")).to_contain_text(cast.alice.full_name)
    expect(desk.locator("#ten-3")).to_have_value("Võ Thị Mười")
    carol.look()
    carol.faults = [fault for fault in carol.faults if "Failed to load resource" not in fault]
    desk.locator("button[name=lam]").first.click()
    expect(desk.locator("#nghi-3")).to_be_visible()
    desk.locator("button[name=lam][value=luu]").click()
    expect(desk.locator("#dong-3.paper-done")).to_be_visible()

    page.goto(f"/giay/{serial}")
    page.locator("#dong-1 a").click()
    expect(page.locator("main")).to_contain_text(cast.alice.full_name)
    alice.look()
    with database.session(write=False) as session:
        slip = session.scalars(select(PaperSlip.code).where(PaperSlip.line == 5)).one()
    alice.open(f"/giay/{slip}")
    expect(page.locator("#ten-5")).to_be_visible()
    expect(page.locator("#ten-6")).to_have_count(0)
    wrong = ("2" if serial[1] != "2" else "3").join((serial[0], serial[2:]))
    alice.open("/giay")
    page.locator("#ma").fill(wrong.lower())
    page.locator("form[method=get] button[type=submit]").first.click()
    expect(page.locator("#ma-error")).to_contain_text("2")
    alice.look()


@ON_ONE
@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_one_who_waits_is_taken_by_one(
    surfer: Callable[[Screen], Surfer], cast: Cast, database: Database, screen: Screen
) -> None:
    with database.session(write=True) as session:
        session.execute(update(Unit).where(Unit.id == cast.units["haichau"]).values(ward_code=WARD))
        session.commit()
    stranger = surfer(screen)
    public = stranger.open("/")
    public.locator("a[href='/muon-hoc']").first.click()
    stranger.look()
    public.locator("#full_name").fill(HOA)
    public.locator("#phone").fill("0905 123 456")
    public.locator("#ward_code").select_option(WARD)
    public.locator("main button[type=submit]").click()
    expect(public.locator(".errors")).to_be_visible()
    stranger.look()
    stranger.faults = [fault for fault in stranger.faults if "Failed to load resource" not in fault]
    tick(public, "agree")
    public.locator("main button[type=submit]").click()
    public.wait_for_url(re.compile(r"/muon-hoc/\d+-"))
    stranger.look()

    carol = surfer(screen)
    carol.sign_in(cast.carol)
    carol.open("/cho-hoc/don-vi")
    carol.look()
    carol.open("/cho-hoc/them")
    carol.look()
    with database.session(write=False) as session:
        wish = session.scalars(select(WaitingLearner.id)).one()
    carol.open(f"/cho-hoc/{wish}/giao")
    carol.look()

    members: tuple[Member, ...] = (cast.alice, cast.bob)
    people = [surfer(screen) for _ in members]
    for person, member in zip(people, members, strict=True):
        page = person.sign_in(member)
        person.open("/cho-hoc")
        expect(page.locator(f"form[action='/cho-hoc/{wish}/nhan']")).to_be_visible()
        expect(page.locator("main")).not_to_contain_text(HOA)
        person.look()

    # Both send at the same moment, neither waits for the other's answer.
    press = "(form) => setTimeout(() => document.querySelector(form).requestSubmit(), 100)"
    for person in people:
        person.page.evaluate(press, f"form[action='/cho-hoc/{wish}/nhan']")
    for person in people:
        expect(person.page.locator(".notices .notice")).to_be_visible()
        person.look(axe=False)
    seen = [person.open("/cho-hoc").locator(f"#nhan-{wish}").count() for person in people]
    assert sorted(seen) == [0, 1]
    taker = people[seen.index(1)]
    page = taker.page
    expect(page.locator("a[href='tel:+84905123456']")).to_be_visible()
    taker.look()
    expect(people[seen.index(0)].page.locator("main")).not_to_contain_text(HOA)

    page.locator(f"a[href='/ghi-nhan?cho={wish}']").click()
    expect(page.locator("#full_name")).to_have_value(HOA)
    tick(page, "skills")
    page.locator("main form[action='/ghi-nhan'] button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/luot-day/\d+"))
    taker.open("/cho-hoc")
    expect(page.locator("main")).not_to_contain_text(HOA)
    taker.look()
    with database.session(write=False) as session:
        assert session.scalars(select(WaitingLearner.state)).one() == "taught"
