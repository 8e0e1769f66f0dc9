"""The figures of the whole forest, against NetworkX, and at sizes where a careless way would not end."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.forest import CircleError, ForestFigures, Ids, figures
from referrals.tree import figures as slice_figures
from referrals.tree import slice_of


def ids(values: list[int]) -> Ids:
    return np.array(values, dtype=np.int64)


@st.composite
def forests(draw: st.DrawFn) -> tuple[dict[int, int], list[int]]:
    """Parents and people: scattered ids in any order, some alone."""
    size = draw(st.integers(0, 50))
    people = draw(st.lists(st.integers(1, 10**15), min_size=size, max_size=size, unique=True))
    parents = {}
    for n in range(1, size):
        above = draw(st.integers(-1, n - 1))
        if above >= 0:
            parents[people[n]] = people[above]
    return parents, draw(st.permutations(people))


def forest_of(parents: dict[int, int], people: list[int]) -> ForestFigures:
    return figures(ids(list(parents)), ids(list(parents.values())), ids(people))


@given(forests())
def test_everyones_figures_are_those_of_networkx(drawn: tuple[dict[int, int], list[int]]) -> None:
    parents, people = drawn
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(people)
    graph.add_edges_from((above, below) for below, above in parents.items())
    forest = forest_of(parents, people)
    for slot, person in enumerate(people):
        below = nx.single_source_shortest_path_length(graph, person)
        assert forest.reach[slot] == len(nx.descendants(graph, person))
        assert forest.depth[slot] == max(below.values())
        assert forest.direct[slot] == graph.out_degree(person)
        assert forest.generation[slot] == len(nx.ancestors(graph, person))
    roots = [person for person in people if not graph.in_degree(person)]
    assert forest.roots == len(roots)
    assert forest.placed == len(parents)
    assert forest.alone == nx.number_of_isolates(graph)
    assert sum(forest.generations) == len(people) == forest.roots + forest.placed
    assert forest.generations[:1] == ((len(roots),) if people else ())
    ranked = sorted(
        (-len(nx.descendants(graph, person)), -graph.out_degree(person), person)
        for person in people
        if graph.out_degree(person)
    )
    assert [(-one.reach, -one.direct, one.id) for one in forest.largest] == ranked[:10]


@given(forests())
def test_one_persons_slice_tells_the_same(drawn: tuple[dict[int, int], list[int]]) -> None:
    parents, people = drawn
    forest = forest_of(parents, people)
    for slot, person in enumerate(people):
        if person in parents:
            continue
        below = [(p, above) for p, above in parents.items() if root_of(parents, p) == person]
        own = slice_figures(slice_of(person, below))
        assert (own.reach, own.depth, own.direct) == (
            forest.reach[slot],
            forest.depth[slot],
            forest.direct[slot],
        )


def root_of(parents: dict[int, int], person: int) -> int:
    while person in parents:
        person = parents[person]
    return person


def test_nobody_at_all() -> None:
    forest = forest_of({}, [])
    assert (forest.generations, forest.roots, forest.placed, forest.alone, forest.largest) == (
        (),
        0,
        0,
        0,
        (),
    )
    assert len(forest.reach) == 0


def test_ties_go_to_more_direct_learners_then_to_the_smaller_id() -> None:
    parents = {n: n // 10 for n in range(50, 180) if n % 10 < 2} | {6001: 6000, 6002: 6001}
    people = sorted({*parents, *parents.values()})
    forest = forest_of(parents, people)
    best = [(one.id, one.reach, one.direct) for one in forest.largest]
    assert best == sorted(best, key=lambda row: (-row[1], -row[2], row[0]))
    assert (6000, 2, 1) not in best, "the tie at the tenth place goes to those with two direct learners"
    assert len(best) == 10


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_a_circle_is_named(size: int) -> None:
    circle = {1000 + n: 1000 + (n + 1) % size for n in range(size)}
    tail = {5: 1000, 6: 5, 8: 7}
    with pytest.raises(CircleError) as caught:
        forest_of(circle | tail, [5, 6, 7, 8, *circle])
    assert caught.value.members == tuple(1000 + n for n in range(size))
    assert f"a circle of {size} in the table of parents: 1000" in str(caught.value)


@pytest.mark.parametrize(
    ("learners", "parents", "people", "message"),
    [
        ([2], [1, 1], [1, 2], "1 learners with 2 parents"),
        ([2], [1], [1, 2, 2], "twice among the people: 2"),
        ([2, 2], [1, 3], [1, 2, 3], "a learner with two parents: 2"),
        ([4], [1], [1, 2], "a learner who is not among the people: 4"),
        ([2], [0], [1, 2], "a parent who is not among the people: 0"),
        ([2], [1], [], "a learner who is not among the people: 2"),
    ],
)
def test_a_wrong_table_is_refused(
    learners: list[int], parents: list[int], people: list[int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        figures(ids(learners), ids(parents), ids(people))


def test_a_chain_of_100_000() -> None:
    people = np.arange(100_001, dtype=np.int64)
    forest = figures(people[1:], people[:-1], people)
    assert forest.reach.tolist() == list(range(100_000, -1, -1))
    assert (forest.depth == forest.reach).all()
    assert (forest.generation == people).all()
    assert forest.generations == (1,) * 100_001


def test_a_star_of_100_000() -> None:
    people = np.arange(100_001, dtype=np.int64)
    forest = figures(people[1:], np.zeros(100_000, dtype=np.int64), people)
    assert (forest.reach[0], forest.depth[0], forest.direct[0]) == (100_000, 1, 100_000)
    assert forest.generations == (1, 100_000)
    assert [one.id for one in forest.largest] == [0]


@pytest.mark.parametrize("thin", [0, 10**9])
def test_both_ways_of_adding_up_agree(thin: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = np.random.default_rng(11)
    people = dice.permutation(np.arange(5_000, dtype=np.int64) * 7)
    above = (dice.random(4_999) * np.arange(1, 5_000)).astype(np.int64)
    usual = figures(people[1:], people[above], people)
    monkeypatch.setattr("referrals.forest._THIN_LEVEL", thin)
    forced = figures(people[1:], people[above], people)
    assert (usual.reach == forced.reach).all()
    assert (usual.depth == forced.depth).all()
