"""Recording in a real Chromium: one person in a few taps, several at once, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from core.clock import FixedClock, local_day
from core.web import house
from referrals.models.acts import Teaching
from tests.journeys.surfing import Screen, Surfer
from tests.support.cast import Cast
from tests.support.story import Story

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]

SCREENS = [Screen(360, "vi", "light"), Screen(1280, "en", "dark"), Screen(360, scripts=False)]
DONE = re.compile(r"/luot-day/\d+$")
MOST_TAPS = 4


class Finger:
    """Taps, and counts them."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, target: Locator) -> None:
        """Tap on something."""
        self.taps += 1
        target.click()


@pytest.fixture
def hoa(guarded_app: Flask, cast: Cast, clock: FixedClock) -> int:
    """Somebody whom Alice taught yesterday; the id."""
    with house(guarded_app).work.begin() as session:
        story = Story(session, clock, house(guarded_app).box)
        yesterday = local_day(clock.now()) - timedelta(days=1)
        act = story.record(cast.alice, "Trần Thị Hoà", phone="0905123456", taught_on=yesterday)
        return act.learner_id


def learners(app: Flask) -> list[int]:
    """The learner of each act, in the order of recording."""
    with house(app).work.begin(write=False) as session:
        return list(session.scalars(select(Teaching.learner_id).order_by(Teaching.id)))


def forgive_the_question(surfer: Surfer) -> None:
    """A form that comes back with a question is an error to Chromium's console, and to nobody else."""
    surfer.faults[:] = [fault for fault in surfer.faults if "status of 422" not in fault]


def send(page: Page) -> Locator:
    return page.locator("#record-form button.button-big")


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_one_person_in_a_few_taps(
    surfer: Callable[[Screen], Surfer], guarded_app: Flask, cast: Cast, hoa: int, screen: Screen
) -> None:
    alice, finger = surfer(screen), Finger()
    alice.sign_in(cast.alice)
    page = alice.open("/ghi-nhan")
    expect(page.locator(".ways [aria-current=page]")).to_have_count(1)
    # The skills of the last time, the day, the place: all chosen. The name, and who it is: that is all.
    page.locator("#full_name").fill("tran thi hoa")
    if screen.scripts:
        question = page.locator("[data-hint]")
        expect(question).to_be_visible()
        expect(question).to_contain_text("••• 456")
        alice.look()
        finger.tap(question.get_by_role("button").first)
        expect(question.locator("input[name=learner]")).to_have_value(str(hoa))
    else:
        finger.tap(send(page))
        finger.tap(page.locator("label", has=page.locator(f"input[name=learner][value='{hoa}']")))
    finger.tap(send(page))
    page.wait_for_url(DONE)
    assert finger.taps <= MOST_TAPS
    assert learners(guarded_app) == [hoa, hoa]

    # Taught again the same day: shown what stands, and no accident.
    page = alice.open("/ghi-nhan")
    page.locator("#full_name").fill("Trần Thị Hoà")
    if screen.scripts:
        page.locator("[data-hint] button").first.click()
    else:
        send(page).click()
        page.locator("label", has=page.locator(f"input[name=learner][value='{hoa}']")).click()
    send(page).click()
    page.wait_for_url(DONE)
    assert learners(guarded_app) == [hoa, hoa]

    # Somebody else of that name, and on to the next one with all that was chosen.
    page = alice.open("/ghi-nhan")
    page.locator("#full_name").fill("Trần Thị Hoà")
    if screen.scripts:
        page.locator("[data-hint] button").last.click()
    else:
        send(page).click()
        page.locator("label", has=page.locator("input[name=learner][value='other']")).click()
    page.locator("#record-form button[name=then]").click()
    page.wait_for_url(re.compile(r"/ghi-nhan\?vua=\d+"))
    expect(page.locator("#full_name")).to_have_value("")
    assert page.locator("input[name=skills]:checked").count() == 1
    alice.look()
    assert len(set(learners(guarded_app))) == 2
    forgive_the_question(alice)
    assert alice.faults == []


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_several_at_once(
    surfer: Callable[[Screen], Surfer], guarded_app: Flask, cast: Cast, hoa: int, screen: Screen
) -> None:
    alice = surfer(screen)
    alice.sign_in(cast.alice)
    page = alice.open("/ghi-nhan/nhieu-nguoi")
    alice.look()
    page.locator("#names").fill("1. Lê Văn Mười – 0905 000 111\n2. Trần Thị Hoà\n3. 0912\n4. Võ Thị Ba")
    page.locator("button[value=look]").click()
    expect(page.locator(".list-line")).to_have_count(4)
    alice.look()
    page.locator("button[value=save]").click()
    expect(page.locator(".errors")).to_be_visible()
    assert learners(guarded_app) == [hoa]
    page.locator("label", has=page.locator(f"input[value='same:{hoa}']")).click()
    page.locator("button[value=save]").click()
    expect(page.locator("#names")).to_have_value("3. 0912")
    alice.look()
    assert len(learners(guarded_app)) == 4
    assert learners(guarded_app).count(hoa) == 2

    page.locator(".notice a[href*='/ghi-nhan/nhieu-nguoi/']").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    alice.look()
    forgive_the_question(alice)
    assert alice.faults == []
