"""Every page in a real Chromium: a quiet console, nothing too wide, nothing that axe finds; its weight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, CDPSession

from tests.journeys.story import Act, id_of, link_of
from tests.journeys.surfing import Screen, Surfer
from tests.support.cast import Cast

pytestmark = pytest.mark.browser

# What a page looks like does not depend on the database.
ON_ONE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
SCREENS = (Screen(360, "vi", "light"), Screen(1280, "en", "dark"))
FIRST_VISIT = 60 * 1024
LATER_VISIT = 15 * 1024
STORY = "Chiều nào An cũng mang ghế ra đầu kiệt, chỉ cho từng cô bác cách trả tiền bằng mã QR."


@dataclass(frozen=True)
class Town:
    """Addresses in a small town where something of everything has happened."""

    pages: dict[str, tuple[str, ...]]


@pytest.fixture
def town(act: Act, cast: Cast) -> Town:
    """Five confirmed learners, one who waits, one who said no, one taken back; a nomination on the wall."""
    alice, frank = act.signed_in(cast.alice), act.signed_in(cast.frank)
    act.taught_five(alice)
    waits, denied, taken = (act.record(alice, name) for name in ("Đỗ Thị Mười", "Bùi Văn Hai", "Mai Thị Ba"))
    no = act.somebody()
    no.send(no.open(f"{link_of(denied)}/khong-dung"), "/khong-dung$", {"note": "Tôi chưa học."})
    alice.send(alice.open(taken.link("/rut-lai$")), "/rut-lai$")
    nomination = frank.send(frank.open("/guong-sang"), f"/{cast.alice.person_id}/de-cu")
    frank.send(nomination, "/cau-chuyen$", {"story": STORY})
    alice.send(alice.open("/vinh-danh/cua-toi"), "/vinh-danh/cua-toi$", {"answer": "yes"})
    slug = urlsplit(frank.send(frank.open(nomination.url), "/dang$").url).path
    first, open_link = f"/luot-day/{id_of(waits) - 5}", link_of(waits)
    one, unions = cast.units["one"], "/bang-xep-hang?bang=phuong-xa&ky=2026"
    return Town(
        {
            "": (
                "/", "/vinh-danh", slug, "/bang-xep-hang", unions, "/bang-xep-hang?bang=dat-nam",
                "/bang-xep-hang?ky=2025", f"/bang-xep-hang/{one}", "/quyen-rieng-tu", "/cho-gui",
                "/ngoai-tuyen", "/dang-nhap", "/x", "/l", "/muon-hoc",
                open_link, f"{open_link}/khong-dung", link_of(denied), link_of(taken), "/khong-co-trang-nay",
                "/mau-giao-dien",
            ),
            "alice": (
                "/hom-nay", "/ghi-nhan", first, waits.url, denied.url, taken.url, f"{waits.url}/rut-lai",
                f"{waits.url}/sua", "/nguoi-hoc", "/nguoi-hoc?xem=cho", "/nguoi-hoc?q=khong-ai",
                "/nguoi-hoc?xep=cho-lau", "/cay", "/huy-hieu",
                "/huy-hieu/five_learners", "/huy-hieu/fifty_learners", "/chuc-mung/2", "/toi",
                "/vinh-danh/cua-toi", "/bang-xep-hang", open_link, "/quan-tri/nhat-ky",
                "/ghi-nhan/nhieu-nguoi", "/lop-hoc", "/lop-hoc/moi", "/danh-sach", "/giay", "/cho-hoc",
                "/cho-hoc/them",
            ),
            "erin": ("/hom-nay", "/nguoi-hoc", "/cay", "/huy-hieu", "/vinh-danh/cua-toi"),
            "carol": ("/don-vi", f"/don-vi?don_vi={one}", waits.url, first, f"{first}/rut-lai",
                      f"/cay/{cast.alice.person_id}", "/lop-hoc", "/lop-hoc/moi", "/danh-sach", "/giay",
                      "/cho-hoc/don-vi"),
            "frank": ("/guong-sang", "/guong-sang?q=khong-ai", "/de-cu", nomination.url,
                      f"{nomination.url}/rut"),
            "olga": ("/quan-tri/tai-khoan", "/quan-tri/tai-khoan/moi", "/quan-tri/tai-khoan/1",
                     "/quan-tri/don-vi", f"/quan-tri/don-vi/{one}", "/quan-tri/nhat-ky", "/quan-tri/ky-nang",
                     "/quan-tri/ky-nang/1", "/quan-tri/nhom-doi-tuong", "/quan-tri/nhom-doi-tuong/1"),
        }
    )  # fmt: skip


@ON_ONE
@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_every_page(surfer: Callable[[Screen], Surfer], town: Town, cast: Cast, screen: Screen) -> None:
    for key, paths in town.pages.items():
        person = surfer(screen)
        if key:
            person.sign_in(cast[key])
        for path in paths:
            person.open(path)
            person.look()
            # The same words have to fit the other width, too.
            person.resize(1280 if screen.width == 360 else 360)
            person.look(axe=False)
            person.resize(screen.width)
        # The browser itself tells of an answer above 400; these two are asked for.
        person.faults = [fault for fault in person.faults if not meant(fault)]


def meant(fault: str) -> bool:
    return "Failed to load resource" in fault and (
        "/khong-co-trang-nay" in fault or "/quan-tri/nhat-ky" in fault
    )


@ON_ONE
@pytest.mark.parametrize("screen", [Screen(360), Screen(1280, "en")], ids=str)
def test_what_is_wrong_in_a_form_is_told(
    surfer: Callable[[Screen], Surfer], cast: Cast, screen: Screen
) -> None:
    stranger, alice = surfer(screen), surfer(screen)
    page = stranger.open("/x")
    page.locator("main button[type=submit]").click()
    page.locator(".errors").wait_for()
    stranger.look()
    page = stranger.open("/dang-nhap")
    page.locator("main button[type=submit]").click()
    page.locator(".errors").wait_for()
    stranger.look()
    page = alice.sign_in(cast.alice)
    alice.open("/ghi-nhan")
    page.locator("main button[type=submit]").last.click()
    page.locator(".errors").wait_for()
    assert page.evaluate("document.activeElement.classList.contains('errors')"), "the summary is read first"
    alice.look()
    for one in (stranger, alice):
        one.faults = [fault for fault in one.faults if "Failed to load resource" not in fault]


class Scales:
    """Weighs what comes over the wire."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes = 0
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._loaded)

    def _loaded(self, event: dict[str, float]) -> None:
        self.bytes += int(event["encodedDataLength"])


@ON_ONE
def test_pages_are_light(
    browser: Browser, site: str, town: Town, cast: Cast, surfer: Callable[[Screen], Surfer]
) -> None:
    heavy = []
    staff = {"/quan-tri/nhat-ky", "/mau-giao-dien"}
    for key in ("", "alice"):
        known = surfer(Screen(360))
        if key:
            known.sign_in(cast[key])
        cookies = known.context.cookies()
        for path in {path for path in town.pages[key] if "?" not in path} - staff:
            context = browser.new_context(base_url=site, viewport={"width": 360, "height": 800})
            context.add_cookies(cookies)  # type: ignore[arg-type]  # what one context gives, another takes
            page = context.new_page()
            scales = Scales(context.new_cdp_session(page))
            page.goto(path, wait_until="load")
            first, scales.bytes = scales.bytes, 0
            page.goto(path, wait_until="load")
            if not 3000 < first <= FIRST_VISIT or scales.bytes > LATER_VISIT:
                heavy.append(f"{path}: {first} bytes, then {scales.bytes}")
            context.close()
        known.faults.clear()
    assert not heavy


def test_a_fault_is_seen(browser: Browser) -> None:
    one = Surfer(browser, "http://127.0.0.1:9", Screen(360))
    one.page.set_content(
        "<title>t</title><img src='data:,'><p>.</p><script>console.error('oh'); throw 1</script>"
        "<svg width='900' height='9'></svg><p><font color='#ccc'>pale</font></p>"
    )
    one.look()
    told = " ".join(one.faults)
    one.close()
    for fault in ("image-alt", "html-has-lang", "color-contrast", "wider than the screen", "oh"):
        assert fault in told, fault
