"""Bytes of the record page, and when a slow phone shows it: Chromium with a slowed processor and network.

The profile is the one that Lighthouse calls mobile: processor × 4, 150 ms to and fro, 1.6 Mbit/s down.
"""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from bench.measure import Line, show
from bench.pages import city, signed_in
from core.web import house
from tests.journeys.surfing import NoBrowser, chromium, served

ROUNDS = 5
NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
EMPTY = "data:text/html,<!doctype html><title>-</title><p>Xin chào"
PAGES = (("record form", "/ghi-nhan", True), ("several", "/ghi-nhan/nhieu-nguoi", True), ("home", "/", False))


def run(folder: Path) -> None:
    """Open each page as a first visit and again, and print medians."""
    app = city(folder)
    name, _, cookie = signed_in(app).partition("=")
    lines = []
    try:
        with chromium() as browser, served(app) as home:
            floor = statistics.median(visit(browser, EMPTY, [])[0][0] for _ in range(ROUNDS))
            for what, path, needs in PAGES:
                cookies = [{"name": name, "value": cookie, "url": home}] if needs else []
                rounds = [visit(browser, home + path, cookies) for _ in range(ROUNDS)]
                for which, at in (("first visit", 0), ("again", 1)):
                    paint = statistics.median(found[at][0] for found in rounds)
                    size = statistics.median(found[at][1] for found in rounds) / 1e3
                    target = 60 if at == 0 else 15
                    lines += [
                        Line(f"{what}, {which}: first paint", paint, floor, "ms"),
                        Line("  bytes on the wire", size, target, "kB", f"≤ {target}", "floor: the target"),
                    ]
    except NoBrowser as missing:
        print(f"\n{missing}")
    else:
        show(
            "A slow phone (processor × 4, 150 ms, 1.6 Mbit/s; floor: a page of one word without network)",
            lines,
        )
    house(app).work.database.dispose()


def visit(browser: Browser, address: str, cookies: list[Any]) -> list[tuple[float, float]]:
    """Open an address for the first time and once more; return (milliseconds to paint, bytes) of each."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, device_scale_factor=2, is_mobile=True, service_workers="block"
    )
    context.add_cookies(cookies)
    found = [_open(context, address) for _ in range(2)]
    context.close()
    return found


def _open(context: BrowserContext, address: str) -> tuple[float, float]:
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", NETWORK)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda said: sizes.append(said["encodedDataLength"]))
    page.goto(address, wait_until="load")
    page.wait_for_function(f"({PAINT}) > 0")
    paint = float(page.evaluate(PAINT))
    page.wait_for_load_state("networkidle")
    page.close()
    return paint, sum(sizes)
