"""A real Chromium for journeys: started once, a context of its own for each person, every page looked at.

What a page does wrong is kept in `Surfer.faults`: words on the console, an accident of a script, a request to
another host, a page wider than the screen, what axe finds (WCAG 2.2 AA).
"""

from __future__ import annotations

import os
import runpy
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.support.cast import PASSWORD, Member

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# The same names that `make test` looks for.
NAMES = runpy.run_path(str(Path(__file__).resolve().parents[2] / "scripts" / "chromium.py"))["NAMES"]
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
PATIENCE = 30_000  # milliseconds that a page of a busy machine may take
AXE = Axe()
# What Playwright says of a service worker that it keeps away.
BLOCKED = "Service Worker registration blocked by Playwright"


class NoBrowser(Exception):
    """There is no Chromium; the message says how to get one."""


def executable() -> str:
    """Return the path of the Chromium on this machine. Raises NoBrowser."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        raise NoBrowser("no Chromium: install it (Debian: apt install chromium) or set CHROMIUM")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium, and end it. Raises NoBrowser."""
    path = executable()
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS), timeout=120_000)
        yield browser
        browser.close()


class Quiet(WSGIRequestHandler):
    """Serves without a line for each request."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  # the library's own name
        """Say nothing."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application on a free port of this machine; yields its address."""
    server = make_server("127.0.0.1", 0, read_whole(app), threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def read_whole(app: Flask) -> WSGIApplication:
    """Answer as the application does, with everything read and closed before it is sent.

    This server forgets to close an answer whose reader went away in the middle.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = app(environ, start_response)
        try:
            return [b"".join(body)]
        finally:
            body.close()  # type: ignore[attr-defined]  # a response of Flask can be closed

    return answer


@dataclass(frozen=True)
class Screen:
    """What somebody holds in the hand, and how it is set."""

    width: int = 360
    language: str = "vi"
    scheme: Literal["light", "dark"] = "light"
    scripts: bool = True
    # Where it is not asked for, no service worker stands between a page and the server.
    worker: bool = False

    def __str__(self) -> str:
        return f"{self.language}-{self.width}-{self.scheme}{'' if self.scripts else '-no-scripts'}"


class Surfer:
    """One person with a browser of their own, signed out."""

    def __init__(self, browser: Browser, home: str, screen: Screen) -> None:
        self.home = home
        self.screen = screen
        self.faults: list[str] = []
        self.context = browser.new_context(
            base_url=home,
            viewport={"width": screen.width, "height": 800 if screen.width < 800 else 900},
            color_scheme=screen.scheme,
            locale="vi-VN",
            java_script_enabled=screen.scripts,
            reduced_motion="reduce",
            has_touch=screen.width < 800,
            service_workers="allow" if screen.worker else "block",
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.add_cookies([{"name": "lang", "value": screen.language, "url": home}])
        self.page = self.context.new_page()
        self._listen(self.page)

    def _listen(self, page: Page) -> None:
        def spoke(message: object) -> None:
            if BLOCKED in message.text:  # type: ignore[attr-defined]
                return
            if message.type in ("error", "warning"):  # type: ignore[attr-defined]
                self.faults.append(f"{page.url}: the console says {message.text}")  # type: ignore[attr-defined]

        def asked(request: object) -> None:
            url = urlsplit(request.url)  # type: ignore[attr-defined]
            if url.scheme in ("http", "https") and not request.url.startswith(f"{self.home}/"):  # type: ignore[attr-defined]
                self.faults.append(f"{page.url}: asks another host for {request.url}")  # type: ignore[attr-defined]

        page.on("console", spoke)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("request", asked)

    def open(self, path: str) -> Page:
        """Open a page."""
        self.page.goto(path)
        return self.page

    def sign_in(self, member: Member) -> Page:
        """Come through the sign-in page."""
        page = self.open("/dang-nhap")
        page.locator("#name").fill(member.email or "")
        page.locator("#password").fill(PASSWORD)
        page.locator("form[action='/dang-nhap'] button[type=submit]").click()
        page.wait_for_url(lambda url: not url.endswith("/dang-nhap"))
        return page

    def resize(self, width: int) -> None:
        """Make the window wider or narrower."""
        self.page.set_viewport_size({"width": width, "height": 800})

    def look(self, *, axe: bool = True) -> None:
        """Look at the page as it stands: its width, its accessibility."""
        if not self.screen.scripts:
            return
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wide > 0:
            self.faults.append(f"{self.page.url} ({self.screen}): {wide} px wider than the screen")
        if axe:
            for found in AXE.run(self.page, options=RULES).response["violations"]:
                at = "; ".join(f"{node['target']} {node['html'][:160]}" for node in found["nodes"][:3])
                self.faults.append(f"{self.page.url} ({self.screen}): {found['id']}: {found['help']}: {at}")

    def close(self) -> None:
        """Put the browser away."""
        self.context.close()
