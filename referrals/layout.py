"""Where the nodes of a tree go: a tidy layered tree, and a radial one. Numbers in, numbers out.

A tree is given by `parents`: for each node the index of its parent, parents before children, -1 for the root.
Both layouts promise that no two nodes overlap, and keep siblings in their order.

Sources of the ideas: E. Reingold and J. Tilford, "Tidier drawings of trees" (1981): outlines of subtrees
pushed together, a parent above the middle of its children, the mirrored tree drawn as the mirror image;
C. Buchheim, M. Jünger and S. Leipert, "Improving Walker's algorithm to run in linear time" (2002): small
subtrees between large ones are spread evenly; A. van der Ploeg, "Drawing non-layered tidy trees in linear
time" (2014): nodes of different sizes; P. Eades, "Drawing free trees" (1992): wedges of a radial tree that
never cross.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


class Outline(NamedTuple):
    """The left and right edge of a subtree, generation by generation, seen from its root at 0."""

    left: list[float]
    right: list[float]

    def mirrored(self) -> Outline:
        """The outline of the mirror image."""
        return Outline([-edge for edge in self.right], [-edge for edge in self.left])


def children_of(parents: Sequence[int]) -> list[list[int]]:
    """For each node its children, in order.

    >>> children_of([-1, 0, 0, 1])
    [[1, 2], [3], [], []]
    """
    children: list[list[int]] = [[] for _ in parents]
    for node, parent in enumerate(parents):
        if parent >= 0:
            children[parent].append(node)
    return children


def tidy(
    parents: Sequence[int], sizes: Sequence[float], gap: float, cousin_gap: float
) -> tuple[list[float], float]:
    """Places along the line of a generation, and the whole width; the leftmost edge is at 0.

    `sizes` are the widths of the nodes; `gap` is kept between siblings, `cousin_gap` between nodes of one
    generation with different parents. Costs O(nodes · generations).

    >>> tidy([-1, 0, 0], [10, 10, 10], gap=5, cousin_gap=8)
    ([12.5, 5.0, 20.0], 25.0)
    """
    children = children_of(parents)
    offsets = [0.0] * len(parents)
    outlines: list[Outline] = [Outline([], [])] * len(parents)
    for node in range(len(parents) - 1, -1, -1):
        half = sizes[node] / 2
        below = [outlines[child] for child in children[node]]
        places = _spread(below, gap, cousin_gap)
        for child, place in zip(children[node], places, strict=True):
            offsets[child] = place
            outlines[child] = Outline([], [])  # no longer needed
        left, right = [-half], [half]
        for generation in range(max((len(outline.left) for outline in below), default=0)):
            reaching = [pair for pair in zip(below, places, strict=True) if len(pair[0].left) > generation]
            left.append(min(outline.left[generation] + place for outline, place in reaching))
            right.append(max(outline.right[generation] + place for outline, place in reaching))
        outlines[node] = Outline(left, right)
    shift = -min(outlines[0].left)
    at = [shift] * len(parents)
    for node, parent in enumerate(parents):
        if parent >= 0:
            at[node] = at[parent] + offsets[node]
    return at, shift + max(outlines[0].right)


def _spread(outlines: Sequence[Outline], gap: float, cousin_gap: float) -> list[float]:
    """Places of sibling subtrees around their parent at 0.

    Packed to the left, then packed to the right within the same width, then the mean of both: the rules are
    all of the form "b stands at least so far right of a", so the mean keeps them as well, spreads what is
    loose evenly, and is symmetric.
    """
    if not outlines:
        return []
    leftmost = _packed(outlines, gap, cousin_gap)
    mirrored = _packed([outline.mirrored() for outline in reversed(outlines)], gap, cousin_gap)
    width = leftmost[-1]
    return [(a + width - b) / 2 - width / 2 for a, b in zip(leftmost, reversed(mirrored), strict=True)]


def _packed(outlines: Sequence[Outline], gap: float, cousin_gap: float) -> list[float]:
    places = [0.0]
    edge = outlines[0].right
    for left, right in outlines[1:]:
        place = edge[0] - left[0] + gap
        for far, near in zip(edge[1:], left[1:], strict=False):
            place = max(place, far - near + cousin_gap)
        places.append(place)
        edge = [place + far for far in right] + edge[len(right) :]
    return places


def radial(parents: Sequence[int], sizes: Sequence[float], rings: Sequence[float]) -> list[float] | None:
    """The angle of each node on its ring, in radians clockwise from the top; None where they do not fit.

    `sizes` are radii with half of the gap to keep; `rings[g]` is the distance of generation g from the
    middle (the root's is 0). A node needs the angle under which it is seen from the middle, a subtree at
    least what its children need together; the rest is shared in proportion, but no subtree spreads over
    more than the wedge in which its links cannot cross its neighbours' (Eades). Two neighbours, α and β being
    half the angles they need, stand at least R·(sin α + sin β) apart, which is the sum of their sizes.

    >>> [round(angle, 3) for angle in radial([-1, 0, 0], [5, 5, 5], [0, 50])]
    [0.0, 1.571, 4.712]
    >>> radial([-1] + [0] * 30, [5] * 31, [0, 20]) is None
    True
    """
    children = children_of(parents)
    generation = [0] * len(parents)
    for node, parent in enumerate(parents):
        if parent >= 0:
            generation[node] = generation[parent] + 1
    need = [0.0] * len(parents)  # of the node with all below
    under = [0.0] * len(parents)  # of all below
    for node in range(len(parents) - 1, 0, -1):
        seen = sizes[node] / rings[generation[node]]
        if seen > 1:
            return None
        need[node] = max(2 * math.asin(seen), under[node])
        under[parents[node]] += need[node]
    if under[0] > math.tau:
        return None
    angle, span = [0.0] * len(parents), [math.tau] * len(parents)
    for node, own in enumerate(children):
        if not own:
            continue
        width = span[node]
        if node:
            ring = generation[node]
            wedge = 2 * math.acos(rings[ring] / rings[ring + 1])
            width = min(width, max(under[node], wedge))
        start = angle[node] - width / 2 if node else 0.0
        for child in own:
            span[child] = width * need[child] / under[node]
            angle[child] = start + span[child] / 2
            start += span[child]
    return angle
