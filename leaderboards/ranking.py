"""Ranks with ties, movement between two periods, and what is missing to the next place.

Two units that show the same value share a rank, and the next rank is skipped ("1, 2, 2, 4"): the standard
competition ranking. Values are compared as they are printed, to one decimal, so that no two rows with the
same number have different ranks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from leaderboards.metrics import Figures, Metric, total_of

LEAST_MEMBERS: Final = 3
MOST_MISSING: Final = 1 << 20

FEW_MEMBERS: Final = "few_members"
NOTHING_YET: Final = "nothing_yet"

NONE: Final = Figures()


@dataclass(frozen=True, slots=True)
class Entrant:
    """A unit before ranking; `before` are its figures of the previous period."""

    unit_id: int
    name: str
    sort_key: str
    figures: Figures
    before: Figures = NONE
    parent_name: str | None = None
    declared_members: int | None = None

    @property
    def size(self) -> str:
        """Return 'small', 'medium' or 'large', by members."""
        return size_of(self.figures.members)


@dataclass(frozen=True, slots=True)
class Place:
    """A ranked unit. `movement` is how many ranks were gained; None: not ranked in the previous period."""

    rank: int
    value: float
    entrant: Entrant
    movement: int | None = None

    @property
    def unit_id(self) -> int:
        """Return the unit's id."""
        return self.entrant.unit_id

    @property
    def name(self) -> str:
        """Return the unit's name."""
        return self.entrant.name

    @property
    def parent_name(self) -> str | None:
        """Return the name of the unit above."""
        return self.entrant.parent_name

    @property
    def size(self) -> str:
        """Return 'small', 'medium' or 'large', by members."""
        return self.entrant.size

    @property
    def figures(self) -> Figures:
        """Return the unit's figures of the period."""
        return self.entrant.figures

    @property
    def members(self) -> int:
        """Return how many members the unit has."""
        return self.entrant.figures.members

    @property
    def learners(self) -> int:
        """Return how many learners count in the period."""
        return self.entrant.figures.learners

    @property
    def contacts(self) -> int:
        """Return how many confirmed acts fall into the period."""
        return self.entrant.figures.contacts

    @property
    def reached_five(self) -> int:
        """Return how many members have taught five or more, whenever."""
        return self.entrant.figures.reached_five


@dataclass(frozen=True, slots=True)
class Unranked:
    """A unit without a place, and why: 'few_members' or 'nothing_yet'."""

    entrant: Entrant
    reason: str


@dataclass(frozen=True)
class Standings:
    """The places, best first; those without one; and the sums of all units that may be ranked."""

    places: tuple[Place, ...]
    unranked: tuple[Unranked, ...]
    every: Figures


@dataclass(frozen=True)
class Gap:
    """How many more learners make a unit equal to the one before it."""

    learners: int
    ahead: Place

    @property
    def other_name(self) -> str:
        """Return the name of the unit before."""
        return self.ahead.name


def size_of(members: int) -> str:
    """Return the word of a size.

    >>> [size_of(n) for n in (3, 19, 20, 99, 100)]
    ['small', 'small', 'medium', 'medium', 'large']
    """
    return "small" if members < 20 else "medium" if members < 100 else "large"


def competition_ranks(values: Sequence[float]) -> list[int]:
    """Return the rank of each value of a list that falls or stays equal.

    >>> competition_ranks([9.0, 7.5, 7.5, 3.0])
    [1, 2, 2, 4]
    """
    ranks: list[int] = []
    for index, value in enumerate(values):
        ranks.append(ranks[-1] if index and value == values[index - 1] else index + 1)
    return ranks


def standings(entrants: Iterable[Entrant], metric: Metric) -> Standings:
    """Rank the units by a metric, and say how each moved since the previous period.

    Rows of one rank stand by their learners, then by name, then by id, so that the order never flickers.
    """
    entrants = list(entrants)
    ranked, every = _ranked(entrants, metric, lambda entrant: entrant.figures)
    earlier, _ = _ranked(entrants, metric, lambda entrant: entrant.before)
    ranks_before = {entrant.unit_id: rank for rank, _, entrant in earlier}
    places = tuple(
        Place(rank, value, entrant, _moved(ranks_before.get(entrant.unit_id), rank))
        for rank, value, entrant in ranked
    )
    placed = {place.unit_id for place in places}
    unranked = tuple(
        Unranked(entrant, NOTHING_YET if entrant.figures.members >= LEAST_MEMBERS else FEW_MEMBERS)
        for entrant in sorted(entrants, key=lambda entrant: (entrant.sort_key, entrant.unit_id))
        if entrant.unit_id not in placed
    )
    return Standings(places, unranked, every)


def gap_to_next(found: Standings, unit_id: int, metric: Metric) -> Gap | None:
    """Return how many more learners make the unit equal to the nearest better one; None at the top.

    Each new learner also lifts the common rate a little; that is part of the sum.
    """
    mine = next((place for place in found.places if place.unit_id == unit_id), None)
    if mine is None or mine.rank == 1:
        return None
    ahead = [place for place in found.places if place.rank < mine.rank][-1]

    def equal_with(more: int) -> bool:
        every = replace(found.every, learners=found.every.learners + more)
        own = replace(mine.figures, learners=mine.figures.learners + more)
        return metric.value(own, every) >= metric.value(ahead.figures, every)

    if not equal_with(MOST_MISSING):
        return None
    low, high = 0, MOST_MISSING
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if equal_with(middle) else (middle, high)
    return Gap(high, ahead)


def _ranked(
    entrants: list[Entrant], metric: Metric, figures_of: Callable[[Entrant], Figures]
) -> tuple[list[tuple[int, float, Entrant]], Figures]:
    large_enough = [entrant for entrant in entrants if figures_of(entrant).members >= LEAST_MEMBERS]
    every = total_of([figures_of(entrant) for entrant in large_enough])
    rows = [
        (metric.value(figures_of(entrant), every), entrant)
        for entrant in large_enough
        if metric.counted(figures_of(entrant)) > 0
    ]
    rows.sort(key=lambda row: (-row[0], -figures_of(row[1]).learners, row[1].sort_key, row[1].unit_id))
    ranks = competition_ranks([value for value, _ in rows])
    return [(rank, value, entrant) for rank, (value, entrant) in zip(ranks, rows, strict=True)], every


def _moved(before: int | None, rank: int) -> int | None:
    return None if before is None else before - rank
