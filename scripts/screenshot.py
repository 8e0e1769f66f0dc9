"""`make screenshot`: draw docs/img/tour.png from a demonstration city of its own."""

import base64
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from chromium import NAMES
from playwright.sync_api import Browser, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "img" / "tour.png"
PORT = os.environ.get("PORT", "8765")
HOUSE = f"http://127.0.0.1:{PORT}"
PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1160, height=844)
AMBASSADOR = ("lan@demo.vn", "binh-dan-hoc-vu")

SHEET = """<!doctype html><style>
  body {{ margin: 0; padding: 26px; background: #dfe7ef; display: inline-flex; gap: 20px }}
  img {{ height: 456px; border-radius: 12px; box-shadow: 0 6px 24px #0004 }}
</style><body>{pictures}"""


def chromium() -> str:
    """Return the Chromium of this machine."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    return found or sys.exit("No Chromium here: see scripts/chromium.py")


def start(folder: str) -> "subprocess.Popen[str]":
    """Start the product on data of its own and wait until it serves."""
    environ = {**os.environ, "DATA_DIR": folder, "DATABASE_URL": "", "PORT": PORT, "DEMO": "yes"}
    child = subprocess.Popen(
        [sys.executable, "scripts/run.py"], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    for line in child.stdout:
        if line.startswith("Ready"):
            return child
    sys.exit("The product did not start.")


def shoot(browser: Browser) -> list[bytes]:
    """Return pictures of the home page, an ambassador's day and the chapter board."""
    pictures = []
    desk = browser.new_context(viewport=DESK, device_scale_factor=1.5, reduced_motion="reduce").new_page()
    phone = browser.new_context(viewport=PHONE, device_scale_factor=1.5, reduced_motion="reduce").new_page()
    desk.goto(HOUSE)
    pictures.append(desk.screenshot())
    phone.goto(f"{HOUSE}/dang-nhap")
    phone.fill("[name=name]", AMBASSADOR[0])
    phone.fill("[name=password]", AMBASSADOR[1])
    phone.press("[name=password]", "Enter")
    phone.wait_for_url("**/hom-nay")
    pictures.append(phone.screenshot())
    desk.goto(f"{HOUSE}/bang-xep-hang")
    pictures.append(desk.screenshot())
    return pictures


def compose(browser: Browser, pictures: list[bytes]) -> bytes:
    """Return one picture with all of them side by side."""
    shown = "".join(
        f'<img src="data:image/png;base64,{base64.b64encode(picture).decode()}">' for picture in pictures
    )
    page = browser.new_page(viewport={"width": 1640, "height": 510})
    page.set_content(SHEET.format(pictures=shown))
    return page.locator("body").screenshot()


def main() -> None:
    """Start, draw, stop."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        child = start(folder)
        try:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            pictures = shoot(browser)
            PICTURE.parent.mkdir(parents=True, exist_ok=True)
            PICTURE.write_bytes(compose(browser, pictures))
            browser.close()
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(timeout=30)
    print(f"{PICTURE.relative_to(ROOT)} is drawn ({PICTURE.stat().st_size / 1000:.0f} kB)")


if __name__ == "__main__":
    main()
