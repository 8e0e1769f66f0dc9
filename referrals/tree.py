"""A person's part of the teaching tree: its shape, its figures, and the part of it that fits a picture.

Words, those of `networkx` first
--------------------------------
branching
    a directed graph without circles in which nobody has more than one parent. The whole forest is one.
arborescence
    a branching in one piece: one root, everybody else below it. What stands below a person is one.
root
    a person without a parent.
direct
    the learners whose parent one is: the out-degree.
reach
    all people below, at any distance: the number of `networkx.descendants`.
generation
    the distance from the root; in a slice, from the person whose slice it is (generation 0).
depth
    the largest generation below a person, 0 for a leaf. Elsewhere called the height of a node.

A page never builds the forest. A query loads a bounded *slice*: the chain above a person and the people
below, and everything here works on that. Nothing here recurses: a chain of any length is fine.

>>> lan = slice_of(1, [(1, None), (2, 1), (3, 1), (4, 2)], above=(9,))
>>> figures(lan)
Figures(generations=(1, 2, 1), reach=3, depth=2, direct=2, exact=True)
>>> nx.is_arborescence(to_graph(lan))
True
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import networkx as nx

PICTURE_NODES: Final = 200
PICTURE_GENERATIONS: Final = 3
PICTURE_CHILDREN: Final = 12


class Node(NamedTuple):
    """One person of a slice. `reach` and `direct` are those of the whole tree, where the query knows them."""

    id: int
    parent_id: int | None
    generation: int
    reach: int | None = None
    direct: int | None = None


@dataclass(frozen=True, slots=True)
class TreeSlice:
    """The loaded part of the tree around one person.

    `nodes` begin with the person (generation 0, parent None) and come generation by generation, so that every
    parent stands before their children. `above` runs from the root of the whole tree down to the person's
    parent. `below_cut` and `above_cut` say that there are more people than were loaded.
    """

    root: int
    nodes: tuple[Node, ...]
    above: tuple[int, ...] = ()
    below_cut: bool = False
    above_cut: bool = False


class Figures(NamedTuple):
    """What is said of a slice: people per generation (the person first), reach, depth, direct.

    `exact` is False where the slice was cut: then these are lower bounds, and the snapshot knows better.
    """

    generations: tuple[int, ...]
    reach: int
    depth: int
    direct: int
    exact: bool


def slice_of(
    root: int,
    pairs: Iterable[tuple[int, int | None]],
    above: Iterable[int] = (),
    *,
    below_cut: bool = False,
    above_cut: bool = False,
    reach: Mapping[int, int] | None = None,
    direct: Mapping[int, int] | None = None,
) -> TreeSlice:
    """Make a slice of (person, parent) pairs in any order; the pair of the root itself may be missing.

    Children keep the order in which they come. Raises ValueError when a person comes twice, or does not hang
    below the root: for then the rows are no arborescence.

    >>> slice_of(1, [(3, 2), (2, 1)]).nodes[-1]
    Node(id=3, parent_id=2, generation=2, reach=None, direct=None)
    >>> slice_of(1, [(2, 1), (4, 5)])
    Traceback (most recent call last):
    ...
    ValueError: not below 1: 4
    """
    children: defaultdict[int, list[int]] = defaultdict(list)
    people: set[int] = {root}
    for person, parent in pairs:
        if person == root:
            continue
        if person in people:
            raise ValueError(f"twice in one slice: {person}")
        people.add(person)
        if parent is not None:
            children[parent].append(person)
    known_reach, known_direct = reach or {}, direct or {}
    nodes = [Node(root, None, 0, known_reach.get(root), known_direct.get(root))]
    for node in nodes:  # grows while it is walked: breadth first
        nodes += [
            Node(child, node.id, node.generation + 1, known_reach.get(child), known_direct.get(child))
            for child in children.get(node.id, ())
        ]
    if len(nodes) < len(people):
        lost = sorted(people.difference(node.id for node in nodes))
        raise ValueError(f"not below {root}: {', '.join(map(str, lost[:10]))}")
    return TreeSlice(root, tuple(nodes), tuple(above), below_cut, above_cut)


def to_graph(part: TreeSlice) -> nx.DiGraph[int]:
    """The people below (not the chain above) as a NetworkX graph; edges run from teacher to learner.

    >>> sorted(nx.descendants(to_graph(slice_of(1, [(2, 1), (3, 2)])), 1))
    [2, 3]
    """
    graph: nx.DiGraph[int] = nx.DiGraph()
    for node in part.nodes:
        graph.add_node(node.id, generation=node.generation)
        if node.parent_id is not None:
            graph.add_edge(node.parent_id, node.id)
    return graph


def figures(part: TreeSlice) -> Figures:
    """The figures of the person whose slice it is. See the words at the top of the module."""
    generations: list[int] = []
    for node in part.nodes:
        if node.generation == len(generations):
            generations.append(0)
        generations[node.generation] += 1
    direct = generations[1] if len(generations) > 1 else 0
    return Figures(
        tuple(generations), len(part.nodes) - 1, len(generations) - 1, direct, exact=not part.below_cut
    )


def reaches(part: TreeSlice) -> dict[int, int]:
    """Everybody's reach within the slice, in one walk from the leaves up.

    >>> reaches(slice_of(1, [(2, 1), (3, 2)]))
    {1: 2, 2: 1, 3: 0}
    """
    reach = dict.fromkeys((node.id for node in part.nodes), 0)
    for node in reversed(part.nodes):
        if node.parent_id is not None:
            reach[node.parent_id] += reach[node.id] + 1
    return reach


def direct_learners(part: TreeSlice) -> list[Node]:
    """The person's own learners in this slice, in its order."""
    return [node for node in part.nodes if node.generation == 1]


# ── What fits a picture ──────────────────────────────────────────────────────────────────────────────────


class Twig(NamedTuple):
    """One node of a picture: a person, or a stub that stands for `more` learners who are not shown.

    `parent` is the index of the parent among the twigs (-1 for the root). `hidden` counts a person's direct
    learners who are neither shown nor told by a stub, for the picture ends there.
    """

    id: int | None
    parent: int
    generation: int
    reach: int = 0
    more: int = 0
    hidden: int = 0


def prune(
    part: TreeSlice,
    *,
    nodes: int = PICTURE_NODES,
    generations: int = PICTURE_GENERATIONS,
    children: int = PICTURE_CHILDREN,
) -> tuple[Twig, ...]:
    """The part of a slice that a picture shows, parents before children, siblings in the slice's order.

    At most `nodes` in all, stubs included; `generations` below the person; and of each person's learners
    the `children` with the largest reach (then the smallest id), the rest told by one "+n" stub after them.
    Where a generation does not fit into what is left of `nodes`, all its parents show fewer learners, alike.

    >>> star = slice_of(1, [(n, 1) for n in range(2, 20)])
    >>> twigs = prune(star, children=3)
    >>> [twig.id for twig in twigs], twigs[-1].more
    ([1, 2, 3, 4, None], 15)
    >>> [twig.id for twig in prune(star, generations=0)], prune(star, generations=0)[0].hidden
    ([1], 18)
    """
    inside = reaches(part)
    learners: defaultdict[int, list[Node]] = defaultdict(list)
    for node in part.nodes:
        if node.parent_id is not None:
            learners[node.parent_id].append(node)

    def reach_of(node: Node) -> int:
        return max(inside[node.id], node.reach or 0)

    def direct_of(node: Node) -> int:
        return max(len(learners.get(node.id, ())), node.direct or 0)

    root = part.nodes[0]
    twigs = [Twig(root.id, -1, 0, reach_of(root))]
    shown: list[tuple[int, Node]] = [(0, root)]  # of the generation in hand: index of the twig, and its node
    for generation in range(1, generations + 1):
        cap = _cap([direct_of(node) for _, node in shown], nodes - len(twigs), children)
        if cap == 0:
            break
        below: list[tuple[int, Node]] = []
        for index, node in shown:
            here = learners.get(node.id, [])
            if len(here) > cap:
                chosen = {n.id for n in sorted(here, key=lambda n: (-reach_of(n), n.id))[:cap]}
                here = [n for n in here if n.id in chosen]
            for child in here:
                below.append((len(twigs), child))
                twigs.append(Twig(child.id, index, generation, reach_of(child)))
            more = direct_of(node) - len(here)
            if more:
                twigs.append(Twig(None, index, generation, more=more))
        shown = below
    for index, node in shown:  # here the picture ends
        twigs[index] = twigs[index]._replace(hidden=direct_of(node))
    return tuple(twigs)


def _cap(direct: Sequence[int], room: int, most: int) -> int:
    """The largest number of learners, up to `most`, that each parent can show within `room`, stubs too."""
    for cap in range(most, 0, -1):
        if sum(n if n <= cap else cap + 1 for n in direct) <= room:
            return cap
    return 0


# ── What a screen reader reads ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the nested list: a person with the people below, or a stub for `more` of them."""

    id: int | None
    reach: int
    more: int = 0
    hidden: int = 0
    items: list[Item] = field(default_factory=list)


def nested(twigs: Sequence[Twig]) -> Item:
    """The same twigs as the picture's, as a list in a list, for those who hear the tree.

    >>> tree = nested(prune(slice_of(1, [(2, 1), (3, 2), (4, 1)])))
    >>> [(item.id, [below.id for below in item.items]) for item in tree.items]
    [(2, [3]), (4, [])]
    """
    items = [Item(twig.id, twig.reach, twig.more, twig.hidden) for twig in twigs]
    for twig, item in zip(twigs, items, strict=True):
        if twig.parent >= 0:
            items[twig.parent].items.append(item)
    return items[0]
