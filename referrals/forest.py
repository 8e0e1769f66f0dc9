"""The figures of the whole forest, for everyone at once: one function, O(n) over arrays.

The words are those of `referrals.tree`: reach (all below), generation (distance from one's root, which has
0), depth (generations below), direct (own learners). The job that keeps the snapshot calls this and nothing
else, so that each derived number has one source.

>>> forest = figures(np.array([2, 3, 4]), np.array([1, 1, 2]), np.array([1, 2, 3, 4, 9]))
>>> forest.reach.tolist(), forest.depth.tolist(), forest.generation.tolist(), forest.direct.tolist()
([3, 1, 0, 0, 0], [2, 1, 0, 0, 0], [0, 1, 1, 2, 0], [2, 1, 0, 0, 0])
>>> forest.generations, forest.roots, forest.placed, forest.alone
((2, 2, 1), 2, 3, 1)
>>> forest.largest
(Large(id=1, reach=3, direct=2), Large(id=2, reach=1, direct=1))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Counts = NDArray[np.int32]

LARGEST: Final = 10

# Below this many people a level on average, a plain loop beats a handful of array calls for each level.
_THIN_LEVEL: Final = 24


class CircleError(ValueError):
    """The table of parents holds a circle; `members` are its people, each followed by their own parent."""

    def __init__(self, members: tuple[int, ...]) -> None:
        self.members = members
        names = " → ".join(map(str, members[:20])) + (" → …" if len(members) > 20 else "")
        super().__init__(f"a circle of {len(members)} in the table of parents: {names}")


class Large(NamedTuple):
    """One of the largest reaches."""

    id: int
    reach: int
    direct: int


@dataclass(frozen=True, slots=True, eq=False)
class ForestFigures:
    """Figures of everyone: arrays of one length, in the order of `people`, and the sums over them.

    `generations[g]` counts the people of generation g; `roots` have no parent, `alone` are the roots who have
    no learner either, `placed` have a parent. roots + placed = people = sum(generations).
    """

    people: Ids
    generation: Counts
    reach: Counts
    depth: Counts
    direct: Counts
    generations: tuple[int, ...]
    roots: int
    placed: int
    alone: int
    largest: tuple[Large, ...]


def figures(learners: Ids, parents: Ids, people: Ids) -> ForestFigures:
    """Compute the figures of the whole forest.

    Parameters
    ----------
    learners, parents
        int64 of one length: each learner once, with the parent.
    people
        int64, everybody once, those without a place included, in any order.

    Raises
    ------
    CircleError
        there is a circle; its members are named.
    ValueError
        lengths differ, a person or a learner comes twice, or somebody in the tree is not among the people.

    Notes
    -----
    Generations come by pointer doubling (Wyllie 1979): every round each person skips to the ancestor of their
    ancestor, so a forest of depth d takes log₂ d rounds over the arrays, and whoever is still on the way
    after log₂ n rounds goes round in a circle. Then reach and depth are added up level by level from the
    deepest, each person touched once; a forest of many thin levels (a chain) takes a plain loop in the same
    order.
    """
    parent = _parent_slots(learners, parents, people)
    size = len(people)
    generation = _generations(parent, people)
    direct = np.bincount(parent[parent >= 0], minlength=size).astype(np.int32)
    by_generation = np.bincount(generation) if size else np.zeros(0, dtype=np.int64)
    reach, depth = _sums(parent, generation, by_generation)
    roots = int(by_generation[0]) if size else 0
    return ForestFigures(
        people=people,
        generation=generation,
        reach=reach,
        depth=depth,
        direct=direct,
        generations=tuple(by_generation.tolist()),
        roots=roots,
        placed=size - roots,
        alone=int(np.count_nonzero((parent < 0) & (direct == 0))),
        largest=_largest(people, reach, direct),
    )


def _parent_slots(learners: Ids, parents: Ids, people: Ids) -> Counts:
    """For each position in `people` the position of the parent, or -1."""
    if len(learners) != len(parents):
        raise ValueError(f"{len(learners)} learners with {len(parents)} parents")
    size = len(people)
    order = np.argsort(people, kind="stable")
    ordered = people[order]
    if size and (twice := ordered[1:][ordered[1:] == ordered[:-1]]).size:
        raise ValueError(f"twice among the people: {twice[0]}")

    def slots(ids: Ids, what: str) -> NDArray[np.int64]:
        found = np.searchsorted(ordered, ids)
        missing = found == size
        if size:
            missing |= ordered[np.minimum(found, size - 1)] != ids
        if missing.any():
            raise ValueError(f"a {what} who is not among the people: {ids[missing][0]}")
        return order[found]

    below, above = slots(learners, "learner"), slots(parents, "parent")
    parent = np.full(size, -1, dtype=np.int32)
    parent[below] = above
    if int(np.count_nonzero(parent >= 0)) != len(learners):
        seen, counts = np.unique(learners, return_counts=True)
        raise ValueError(f"a learner with two parents: {seen[counts > 1][0]}")
    return parent


def _generations(parent: Counts, people: Ids) -> Counts:
    """Distance from the root, by pointer doubling."""
    size = len(parent)
    generation = (parent >= 0).astype(np.int32)
    ancestor = np.where(parent >= 0, parent, np.arange(size, dtype=np.int32))
    for _ in range(size.bit_length() + 1):
        further = generation[ancestor]
        if not further.any():
            return generation
        generation += further
        ancestor = ancestor[ancestor]
    # No root within n steps: an ancestor reached by more steps than there are people is on a circle.
    start = int(ancestor[np.flatnonzero(generation[ancestor])[0]])
    members = [start]
    while (one := int(parent[members[-1]])) != start:
        members.append(one)
    ids = people[members].tolist()
    least = ids.index(min(ids))
    raise CircleError(tuple(ids[least:] + ids[:least]))


def _sums(parent: Counts, generation: Counts, by_generation: NDArray[np.int64]) -> tuple[Counts, Counts]:
    """Reach and depth of everyone, from the deepest level up."""
    size, levels = len(parent), len(by_generation)
    # A stable sort of small integers is a radix sort: linear.
    key = generation.astype(np.uint16) if levels <= 1 << 16 else generation
    order = np.argsort(key, kind="stable")
    if levels * _THIN_LEVEL > size:
        return _sums_one_by_one(parent, order)
    reach = np.zeros(size, dtype=np.int32)
    depth = np.zeros(size, dtype=np.int32)
    ends = np.cumsum(by_generation)
    for level in range(levels - 1, 0, -1):
        here = order[ends[level - 1] : ends[level]]
        above = parent[here]
        np.add.at(reach, above, reach[here] + 1)
        np.maximum.at(depth, above, depth[here] + 1)
    return reach, depth


def _sums_one_by_one(parent: Counts, order: NDArray[np.int64]) -> tuple[Counts, Counts]:
    parents = parent.tolist()
    reach, depth = [0] * len(parents), [0] * len(parents)
    for one in reversed(order.tolist()):
        above = parents[one]
        if above >= 0:
            reach[above] += reach[one] + 1
            depth[above] = max(depth[above], depth[one] + 1)
    return np.array(reach, dtype=np.int32), np.array(depth, dtype=np.int32)


def _largest(people: Ids, reach: Counts, direct: Counts) -> tuple[Large, ...]:
    """The largest reaches: by reach, then direct, then the smallest id. Nobody without learners is large."""
    candidates = np.flatnonzero(reach > 0)
    if len(candidates) > LARGEST:
        # All who reach as far as the tenth: ties are settled below, without sorting everybody.
        tenth = np.partition(reach[candidates], -LARGEST)[-LARGEST]
        candidates = candidates[reach[candidates] >= tenth]
    ranked = np.lexsort((people[candidates], -direct[candidates], -reach[candidates]))[:LARGEST]
    return tuple(Large(int(people[n]), int(reach[n]), int(direct[n])) for n in candidates[ranked])
