"""The picture of a teaching tree: circles with letters, smooth links, and names where they may be seen.

A picture is made for a width on the screen in CSS pixels, 360 unless told otherwise, and is drawn in those
units: at that width nothing is scaled, a letter is 12 px or more, and a circle that is a link is at least
24 px across. Three ways to place the nodes (see `referrals.layout`), the first that fits:

layered
    the root on top, a generation below the other. For the trees of most people.
radial
    generations on rings around the root. For wide trees; far generations become dots without letters.
sideways
    the root at the left, names beside the circles, a row for each leaf. Only where names are wanted and there
    is room for them (`names=True`, 640 px or more).

A picture says nothing that the nested list of `referrals.tree.nested` does not say: that list carries every
link and name, for those who do not see the picture or whose thumb is wider than a dot.

>>> from referrals.tree import prune, slice_of
>>> faces = {1: Face("L", "Lan"), 2: Face("M", "Minh", href="/p/2")}
>>> picture = draw(prune(slice_of(1, [(2, 1)])), faces)
>>> [(node.label, node.level, node.x, node.y, node.href) for node in picture.nodes]
[('L', 0, 180.0, 26.0, None), ('M', 1, 180.0, 86.0, '/p/2')]
>>> picture.links[0].d
'M180 44C180 57.5 180 57.5 180 71'
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from referrals.layout import children_of, radial, tidy
from referrals.picture import (
    Face,
    Picture,
    PictureLink,
    PictureNode,
    Polar,
    Spot,
    cut_name,
    faces_of,
    horizontal,
    initial,
    ray,
    stub_label,
    text_width,
    vertical,
)
from referrals.svg import svg
from referrals.tree import Twig

__all__ = ["Face", "Picture", "PictureLink", "PictureNode", "draw", "faces_of", "initial", "svg"]

FONT: Final = 12  # CSS pixels: the smallest letter
TAP: Final = 12  # the smallest radius of a circle that is a link (WCAG 2.2, 2.5.8: 24 px across)
NAME_FONT: Final = 14
NAMES_FROM: Final = 640
_PAD: Final = 8

# Radii by generation (the last goes for all further ones) and the gap, from roomy to tight.
_LAYERED: Final = (
    ((18.0, 15.0, 12.0), 10.0),
    ((16.0, 13.0, 10.0), 8.0),
    ((16.0, 13.0, 9.0, 7.0), 6.0),
    ((15.0, 12.0, 6.0, 5.0), 5.0),
)
# Radii and gaps by generation, at the roomiest and at the tightest, which holds the widest of pruned trees:
# 13 + 168 + 18 nodes on rings of 58, 116 and 174 px.
_ROOMY: Final = ((18.0, 6.0), (15.0, 6.0), (12.0, 5.0), (10.0, 4.0))
_TIGHT: Final = ((12.0, 4.0), (7.0, 1.0), (1.6, 0.8), (1.4, 0.8))
_STEPS: Final = 16


def draw(
    twigs: Sequence[Twig], faces: Mapping[int, Face], *, width: int = 360, names: bool = False
) -> Picture:
    """Lay a pruned tree out for a width in CSS pixels.

    Whoever has no face in `faces` becomes a circle without a letter. What `referrals.tree.prune` gives by
    default always fits into 360 px; a larger or deeper tree makes a wider picture, to be scrolled or zoomed,
    and its letters are as large as ever.
    """
    parents = [twig.parent for twig in twigs]
    if names and width >= NAMES_FROM:
        return _draw_sideways(twigs, parents, faces)
    return (
        _draw_layered(twigs, parents, faces, width)
        or _draw_radial(twigs, parents, faces, width)
        or _draw_radial(twigs, parents, faces, _room_for(twigs))
        or _widest(twigs, parents, faces)
    )


def _radius(twig: Twig, radii: Sequence[float]) -> float:
    """The radius of a node; a stub is made large enough for its "+n"."""
    r = radii[min(twig.generation, len(radii) - 1)]
    if twig.more and r >= 10:
        r = max(r, math.ceil(text_width(stub_label(twig.more), FONT) / 2 + 3))
    return r


def _draw_layered(
    twigs: Sequence[Twig], parents: Sequence[int], faces: Mapping[int, Face], width: float | None
) -> Picture | None:
    crowd = max(Counter(twig.generation for twig in twigs).values())
    for radii, gap in _LAYERED if width else _LAYERED[:1]:
        if width and crowd * 2 * radii[-1] > width:
            continue  # most wide trees are refused without being laid out
        sizes = [_radius(twig, radii) for twig in twigs]
        across, needed = tidy(parents, [2 * r for r in sizes], gap, 1.6 * gap)
        if width and needed > width - 2 * _PAD:
            continue
        room = width or needed + 2 * _PAD
        shift = (room - needed) / 2
        levels = _lines(_largest(twigs, sizes), 27.0)
        spots = [
            Spot(x + shift, levels[twig.generation], r)
            for x, twig, r in zip(across, twigs, sizes, strict=True)
        ]
        links = [
            vertical(spots[parent], spots[child], twigs[child].generation)
            for child, parent in enumerate(parents)
            if parent >= 0
        ]
        height = max(spot.y + spot.r for spot in spots) + _PAD
        return _picture("layered", room, height, twigs, spots, links, faces)
    return None


def _widest(twigs: Sequence[Twig], parents: Sequence[int], faces: Mapping[int, Face]) -> Picture:
    picture = _draw_layered(twigs, parents, faces, None)
    assert picture is not None, "without a width everything fits"
    return picture


def _largest(twigs: Sequence[Twig], sizes: Sequence[float]) -> list[float]:
    """The largest radius of each generation."""
    largest: list[float] = []
    for twig, r in zip(twigs, sizes, strict=True):
        if twig.generation == len(largest):
            largest.append(0.0)
        largest[twig.generation] = max(largest[twig.generation], r)
    return largest


def _lines(largest: Sequence[float], between: float) -> list[float]:
    """The y of each generation: its circles stand `between` below those of the one above."""
    lines = [largest[0] + _PAD]
    for above, here in pairwise(largest):
        lines.append(lines[-1] + above + between + here)
    return lines


def _room_for(twigs: Sequence[Twig]) -> float:
    """A width in which the rings of a deep tree have their distance."""
    return 2 * (_PAD + 40.0 * max(1, twigs[-1].generation) + len(twigs))


class _Rings(NamedTuple):
    """Nodes on rings `step` apart: the radius and the angle of each."""

    sizes: list[float]
    step: float
    angles: list[float]


def _on_rings(
    twigs: Sequence[Twig], parents: Sequence[int], width: float, inner: int, outer: int
) -> _Rings | None:
    """The rings, with the first two generations and the others as tight as told (0 … _STEPS), if they fit."""
    depth = twigs[-1].generation
    shares = [(inner if generation < 2 else outer) / _STEPS for generation in range(len(_ROOMY))]
    radii = [a + (b - a) * share for (a, _), (b, _), share in zip(_ROOMY, _TIGHT, shares, strict=True)]
    gaps = [a + (b - a) * share for (_, a), (_, b), share in zip(_ROOMY, _TIGHT, shares, strict=True)]
    sizes = [_radius(twig, radii) for twig in twigs]
    largest = _largest(twigs, sizes)
    step = min((width / 2 - _PAD / 2 - largest[-1]) / depth, 110.0 if depth == 1 else 90.0)
    if any(a + b + 1 > step for a, b in pairwise(largest)):
        return None
    seen = [r + gaps[min(twig.generation, 3)] / 2 for twig, r in zip(twigs, sizes, strict=True)]
    angles = radial(parents, seen, [step * generation for generation in range(depth + 1)])
    return None if angles is None else _Rings(sizes, step, angles)


def _roomiest(fits: Callable[[int], _Rings | None]) -> tuple[int, _Rings] | None:
    """The smallest tightness that fits, by halving; None where not even the tightest does."""
    rings = fits(_STEPS)
    if rings is None:
        return None
    low, high = -1, _STEPS
    while high - low > 1:
        halfway = (low + high) // 2
        if looser := fits(halfway):
            rings, high = looser, halfway
        else:
            low = halfway
    return high, rings


def _draw_radial(
    twigs: Sequence[Twig], parents: Sequence[int], faces: Mapping[int, Face], width: float
) -> Picture | None:
    if not twigs[-1].generation:
        return None
    # The outer generations give way first; where that is not enough the inner ones do, and the outer relax.
    best = _roomiest(lambda outer: _on_rings(twigs, parents, width, 0, outer))
    if best is None:
        inner = _roomiest(lambda inner: _on_rings(twigs, parents, width, inner, _STEPS))
        if inner is None:
            return None
        best = _roomiest(lambda outer: _on_rings(twigs, parents, width, inner[0], outer)) or inner
    sizes, step, angles = best[1]
    ways = [(math.sin(angle), -math.cos(angle)) for angle in angles]
    around = [
        Spot(x * step * twig.generation, y * step * twig.generation, r)
        for twig, (x, y), r in zip(twigs, ways, sizes, strict=True)
    ]
    # A link bends at half a step beyond its parent: no curve leaves these bounds.
    bends = [
        Spot(x * step * (twig.generation + 0.5), y * step * (twig.generation + 0.5), 2.0)
        for twig, (x, y) in zip(
            (twigs[parent] for parent in parents[1:]), (ways[p] for p in parents[1:]), strict=True
        )
    ]
    everything = around + bends
    top = min(spot.y - spot.r for spot in everything)
    height = max(spot.y + spot.r for spot in everything) - top + _PAD
    middle_x = (max(s.x + s.r for s in everything) + min(s.x - s.r for s in everything)) / 2
    spots = [Spot(s.x - middle_x + width / 2, s.y - top + _PAD / 2, s.r) for s in around]
    polar = [Polar(angle, r) for angle, r in zip(angles, sizes, strict=True)]
    links = [
        ray(spots[0], step, polar[parent], polar[child], twigs[child].generation)
        for child, parent in enumerate(parents)
        if parent >= 0
    ]
    return _picture("radial", width, height, twigs, spots, links, faces)


def _draw_sideways(twigs: Sequence[Twig], parents: Sequence[int], faces: Mapping[int, Face]) -> Picture:
    radii = (18.0, 15.0, 12.0)
    sizes = [_radius(twig, radii) for twig in twigs]
    down, needed = tidy(parents, [2 * r for r in sizes], 8.0, 14.0)
    names = [cut_name(face.name) if (face := _face(twig, faces)) else "" for twig in twigs]
    lengths = [text_width(name, NAME_FONT) for name in names]
    ends = [0.0] * (max(twig.generation for twig in twigs) + 1)  # how far a generation goes beyond its line
    for twig, r, length in zip(twigs, sizes, lengths, strict=True):
        ends[twig.generation] = max(ends[twig.generation], r + (length + 6 if length else 0))
    lines = [_PAD + sizes[0]]
    for end in ends[:-1]:
        lines.append(lines[-1] + end + 64.0)
    spots = [Spot(lines[twig.generation], y + _PAD, r) for twig, y, r in zip(twigs, down, sizes, strict=True)]
    children = children_of(parents)
    links = []
    for parent, own in enumerate(children):
        spot = spots[parent]
        start = spot.x + spot.r + (lengths[parent] + 12 if lengths[parent] else 0)
        # All links of a generation leave from one line, so that the bends stand below one another.
        bend = lines[twigs[parent].generation] + ends[twigs[parent].generation] + 8
        links += [horizontal(start, bend, spot.y, spots[child], twigs[child].generation) for child in own]
    room = lines[-1] + ends[-1] + _PAD
    return _picture("sideways", room, needed + 2 * _PAD, twigs, spots, links, faces, names)


def _face(twig: Twig, faces: Mapping[int, Face]) -> Face | None:
    return None if twig.id is None else faces.get(twig.id)


def _picture(
    kind: str,
    width: float,
    height: float,
    twigs: Sequence[Twig],
    spots: Sequence[Spot],
    links: Sequence[PictureLink],
    faces: Mapping[int, Face],
    names: Sequence[str] | None = None,
) -> Picture:
    nodes = []
    for index, (twig, spot) in enumerate(zip(twigs, spots, strict=True)):
        face = _face(twig, faces)
        label = stub_label(twig.more) if twig.more else (face.letter if face else "")
        font = float(max(FONT, min(18, round(spot.r * 0.95)))) if not twig.more else float(FONT)
        nodes.append(
            PictureNode(
                id=twig.id,
                x=round(spot.x, 1),
                y=round(spot.y, 1),
                r=round(spot.r, 1),
                label=label if text_width(label, font) <= 2 * spot.r - 2 and spot.r >= font * 0.8 else "",
                level=twig.generation,
                font=font,
                href=face.href if face and spot.r >= TAP else None,
                title=face.title if face else stub_label(twig.more) if twig.more else "",
                more=twig.more,
                hidden=twig.hidden,
                name=names[index] if names else "",
                name_x=round(spot.x + spot.r + 6, 1),
            )
        )
    return Picture(kind, round(width, 1), round(height, 1), tuple(nodes), tuple(links))
