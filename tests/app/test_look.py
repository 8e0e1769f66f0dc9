"""The laws of every template, the contrast of the colours, and the weight of what a first visit fetches."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
CSS = ROOT / "static" / "css"
ALL = sorted(TEMPLATES.rglob("*.html"))
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))


# ── Laws of every template ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_no_inline_style_or_script_stands_in_a_template(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"[\s\"']on[a-z]+\s*=\s*[\"']", text)
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert "javascript:" not in text


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_nothing_comes_from_another_host(path: Path) -> None:
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.name)
def test_words_are_not_frozen_while_a_component_is_loaded(path: Path) -> None:
    """A module-level `set` runs once for all languages: no translation may stand there."""
    outside = re.sub(r"{%-? macro.*?endmacro -?%}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert "_(" not in outside


def test_what_a_first_visit_fetches_is_light() -> None:
    styles = sum(len(gzip.compress((CSS / name).read_bytes(), 9)) for name in ("app.css", "components.css"))
    script = len(gzip.compress((ROOT / "static" / "js" / "app.js").read_bytes(), 9))

    assert styles <= 10 * 1024
    assert script <= 5 * 1024


# ── Colours ─────────────────────────────────────────────────────────────────────────────────────────────


def tokens(block_of: str) -> dict[str, str]:
    """Return the custom properties of one block of the style sheet."""
    return {name: value.strip() for name, value in re.findall(r"(?<![\w-])--([\w-]+):\s*([^;]+);", block_of)}


def themes() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Return the tokens of the light theme, of the chosen dark one and of the system's dark one."""
    text = (CSS / "app.css").read_text(encoding="utf-8")
    light = re.search(r":root {(.*?)}", text, re.DOTALL)
    chosen = re.search(r":root\[data-theme=\"dark\"\] {(.*?)}", text, re.DOTALL)
    system = re.search(r":root:not\(\[data-theme=\"light\"\]\) {(.*?)}", text, re.DOTALL)
    assert light
    assert chosen
    assert system
    return tokens(light[1]), tokens(chosen[1]), tokens(system[1])


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rgb` or `#rrggbb` (WCAG 2.2)."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


BODY = [
    ("ink", "ground"), ("ink", "surface"), ("muted", "surface"), ("muted", "ground"), ("link", "surface"),
    ("link", "ground"), ("ink", "brand-soft"), ("ink", "accent-soft"), ("ink", "good-soft"),
    ("ink", "bad-soft"),
    ("brand-ink", "brand-soft"), ("accent-ink", "accent-soft"), ("good-ink", "good-soft"),
    ("bad-ink", "bad-soft"), ("bad-ink", "surface"), ("on-brand", "brand"), ("on-hero", "hero"),
    ("on-hero", "hero-2"), ("ink", "sunken"), ("on-accent", "accent"),
]  # fmt: skip
LARGE = [
    ("on-good", "good"), ("bad", "surface"), ("good", "surface"), ("bad", "accent-soft"),
    ("good", "accent-soft"),
    ("muted", "brand-soft"), ("hero-muted", "hero"), ("link", "brand-soft"), ("on-brand", "step-1"),
]  # fmt: skip
SHAPES = [("edge", "surface"), ("brand", "sunken"), ("focus", "surface"), ("focus", "ground")]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_words_stand_out_from_their_ground(theme: int) -> None:
    colours = themes()[theme]
    weak = [
        f"{one} on {other}: {contrast(colours[one], colours[other]):.2f}, wanted {least}"
        for pairs, least in ((BODY, 7), (LARGE, 4.5), (SHAPES, 3))
        for one, other in pairs
        if contrast(colours[one], colours[other]) < least
    ]

    assert weak == []


def test_the_two_dark_blocks_are_alike_and_name_every_colour() -> None:
    light, chosen, system = themes()
    colours = {name for name, value in light.items() if value.startswith("#")}

    assert chosen == system
    assert colours <= set(chosen)
