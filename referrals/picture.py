"""What a picture of the tree is made of: circles, links, letters. See `referrals.drawing` for the picture."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, sin
from typing import Final, NamedTuple

NAME_LENGTH: Final = 24


class Face(NamedTuple):
    """What a node shows of a person: the letter, the words on hovering, and, where allowed, name and link."""

    letter: str
    title: str = ""
    name: str = ""
    href: str | None = None


class PictureNode(NamedTuple):
    """A circle. `label` is "" where it would not be readable; `more` > 0 marks a stub for that many learners;
    `hidden` direct learners are not shown below it; `name` is drawn from (`name_x`, `y`), sideways only.
    """

    id: int | None
    x: float
    y: float
    r: float
    label: str
    level: int
    font: float
    href: str | None = None
    title: str = ""
    more: int = 0
    hidden: int = 0
    name: str = ""
    name_x: float = 0.0


class PictureLink(NamedTuple):
    """A smooth line to a child of generation `level`: `d` is the path of SVG, `width` that of the stroke."""

    d: str
    level: int
    width: float = 2.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A tree ready to be drawn, in units of CSS pixels. `kind` is "layered", "radial" or "sideways"."""

    kind: str
    width: float
    height: float
    nodes: tuple[PictureNode, ...]
    links: tuple[PictureLink, ...]

    @property
    def view_box(self) -> str:
        """The attribute of the same name."""
        return f"0 0 {short(self.width)} {short(self.height)}"


class Spot(NamedTuple):
    """A circle: its middle and its radius."""

    x: float
    y: float
    r: float


class Polar(NamedTuple):
    """The angle of a node, clockwise from the top, and its radius."""

    angle: float
    r: float


# ── Links: cubic Bézier curves that leave and arrive straight ────────────────────────────────────────────


def vertical(parent: Spot, child: Spot, level: int) -> PictureLink:
    """From below the parent to above the child."""
    start, end = parent.y + parent.r, child.y - child.r
    half = (start + end) / 2
    return PictureLink(
        _path(parent.x, start, parent.x, half, child.x, half, child.x, end), level, _stroke(child.r)
    )


def horizontal(start: float, bend: float, y: float, child: Spot, level: int) -> PictureLink:
    """From `start`, right of the parent and its name, straight to `bend`, then down or up to the child."""
    end = child.x - child.r
    half = (bend + end) / 2
    straight = f"M{short(start)} {short(y)}H{short(bend)}"
    return PictureLink(straight + _path(bend, y, half, y, half, child.y, end, child.y, moved=True), level)


def ray(middle: Spot, step: float, parent: Polar, child: Polar, level: int) -> PictureLink:
    """From the parent's rim outwards to the child's rim; from the root straight towards the child.

    `step` is the distance between two rings.
    """
    away = parent.angle if level > 1 else child.angle
    start, end = step * (level - 1) + parent.r, step * level - child.r
    half = (start + end) / 2
    points = [(away, start), (away, half), (child.angle, half), (child.angle, end)]
    flat = [(middle.x + r * sin(angle), middle.y - r * cos(angle)) for angle, r in points]
    return PictureLink(_path(*(value for point in flat for value in point)), level, _stroke(child.r))


def _stroke(r: float) -> float:
    """Thinner towards dots, which must not drown in their links."""
    return round(max(0.7, min(2.0, r / 4)), 1)


def _path(*numbers: float, moved: bool = False) -> str:
    x, y, *rest = (short(number) for number in numbers)
    return ("" if moved else f"M{x} {y}") + f"C{' '.join(rest)}"


def short(number: float) -> str:
    """A coordinate with at most one decimal.

    >>> short(12.04), short(0.26)
    ('12', '0.3')
    """
    return f"{number:.1f}".removesuffix(".0")


# ── Letters and names ────────────────────────────────────────────────────────────────────────────────────


def text_width(text: str, size: float) -> float:
    """About how wide a text is in a system sans-serif font, on the safe side, in the unit of `size`.

    >>> round(text_width("Minh", 10), 1), text_width("", 10)
    (24.8, 0.0)
    """
    width = 0.0
    for sign in unicodedata.normalize("NFC", text):
        if unicodedata.combining(sign):
            continue
        base = unicodedata.normalize("NFD", sign)[0]
        if base in "iljtfrI.,:;'|()[] ":
            width += 0.36
        elif base in "mwMW@%":
            width += 0.92
        elif unicodedata.east_asian_width(sign) in "WF":
            width += 1.05
        else:
            width += 0.72 if base.isupper() else 0.6
    return width * size


def initial(full_name: str) -> str:
    """The letter of a person: the first of the given name, which stands last.

    >>> initial("Trần Thị Hoa"), initial("Zơrâm Thị Ánh"), initial("  ")
    ('H', 'Á', '')
    """
    words = unicodedata.normalize("NFC", full_name).split()
    return words[-1][0].upper() if words else ""


def faces_of(names: Mapping[int, str], links: Mapping[int, str] | None = None) -> dict[int, Face]:
    """Faces of people who may be named: full names by person, and the addresses of those who have a page.

    >>> faces_of({7: "Trần Thị Hoa"}, {7: "/nguoi/7"})
    {7: Face(letter='H', title='Trần Thị Hoa', name='Trần Thị Hoa', href='/nguoi/7')}
    """
    known = links or {}
    return {
        person: Face(initial(name), title=name, name=name, href=known.get(person))
        for person, name in names.items()
    }


def cut_name(name: str) -> str:
    """A name that fits beside its circle."""
    name = unicodedata.normalize("NFC", name)
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1].rstrip() + "…"


def stub_label(more: int) -> str:
    """The words in the circle of a stub.

    >>> stub_label(12), stub_label(12_345)
    ('+12', '+12k')
    """
    return f"+{more}" if more < 1000 else f"+{more // 1000}k"
