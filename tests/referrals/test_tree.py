"""Slices of the tree: shape, figures, what fits a picture, and the list that is read aloud."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.tree import (
    Item,
    TreeSlice,
    direct_learners,
    figures,
    nested,
    prune,
    reaches,
    slice_of,
    to_graph,
)


@st.composite
def slices(draw: st.DrawFn) -> TreeSlice:
    """Trees of up to 60 people with scattered ids, their rows in any order."""
    size = draw(st.integers(1, 60))
    ids = draw(st.lists(st.integers(1, 10_000), min_size=size, max_size=size, unique=True))
    pairs = [(ids[n], ids[draw(st.integers(0, n - 1))]) for n in range(1, size)]
    return slice_of(ids[0], draw(st.permutations(pairs)))


@given(slices())
def test_a_slice_is_an_arborescence_with_parents_first(part: TreeSlice) -> None:
    graph = to_graph(part)
    assert nx.is_arborescence(graph)
    assert part.nodes[0].id == part.root
    seen: set[int] = set()
    generation = 0
    for node in part.nodes:
        assert node.generation >= generation
        generation = node.generation
        assert node.parent_id is None or node.parent_id in seen
        seen.add(node.id)


@given(slices())
def test_figures_are_those_of_networkx(part: TreeSlice) -> None:
    graph = to_graph(part)
    distance = nx.single_source_shortest_path_length(graph, part.root)
    counted = figures(part)
    assert dict(enumerate(counted.generations)) == Counter(distance.values())
    assert counted.reach == len(nx.descendants(graph, part.root)) == sum(counted.generations) - 1
    assert counted.depth == nx.dag_longest_path_length(graph) == max(distance.values())
    assert counted.direct == graph.out_degree(part.root) == len(direct_learners(part))
    assert counted.exact
    assert reaches(part) == {person: len(nx.descendants(graph, person)) for person in graph}
    assert {node.id: node.generation for node in part.nodes} == distance


def test_a_person_alone() -> None:
    part = slice_of(7, [])
    assert figures(part) == ((1,), 0, 0, 0, True)
    assert nx.is_arborescence(to_graph(part))
    assert nested(prune(part)) == Item(7, 0)


def test_a_cut_slice_says_that_its_figures_are_not_exact() -> None:
    part = slice_of(1, [(2, 1)], above=(8, 9), below_cut=True, above_cut=True)
    assert not figures(part).exact
    assert part.above == (8, 9)


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([(2, 1), (2, 1)], "twice in one slice: 2"),
        ([(2, 1), (3, 4), (4, 3)], "not below 1: 3, 4"),
        ([(2, None)], "not below 1: 2"),
    ],
)
def test_rows_that_are_no_tree_are_refused(pairs: list[tuple[int, int | None]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        slice_of(1, pairs)


@given(slices(), st.integers(1, 30), st.integers(0, 4), st.integers(1, 6))
def test_pruning_keeps_its_limits_and_loses_nobody(
    part: TreeSlice, nodes: int, generations: int, children: int
) -> None:
    twigs = prune(part, nodes=nodes, generations=generations, children=children)
    graph = to_graph(part)
    assert len(twigs) <= nodes
    assert max(twig.generation for twig in twigs) <= generations
    shown = [twig for twig in twigs if twig.id is not None]
    for index, twig in enumerate(twigs):
        assert (twig.parent == -1) is (index == 0)
        assert twig.parent < index
        below = [other for other in twigs if other.parent == index]
        if twig.id is None:
            assert twig.more > 0
            assert below == []
            continue
        people = [other for other in below if other.id is not None]
        assert len(people) <= children
        assert len(below) - len(people) <= 1
        assert twig.reach == len(nx.descendants(graph, twig.id))
        # Whoever is not drawn is told by a stub or by `hidden`.
        assert len(people) + sum(other.more for other in below) + twig.hidden == graph.out_degree(twig.id)
        left_out = set(graph.successors(twig.id)) - {other.id for other in people}
        if people and left_out:
            reach = reaches(part)
            kept_least = min((reach[n], -n) for n in (other.id for other in people) if n is not None)
            assert kept_least > max((reach[n], -n) for n in left_out)
    assert len({twig.id for twig in shown}) == len(shown)


def test_siblings_keep_their_order_and_a_new_leaf_comes_last() -> None:
    before = slice_of(1, [(5, 1), (3, 1), (9, 3)])
    after = slice_of(1, [(5, 1), (3, 1), (9, 3), (12, 1)])
    assert [t.id for t in prune(before)] == [1, 5, 3, 9]
    assert [t.id for t in prune(after)] == [1, 5, 3, 12, 9]


def test_the_whole_trees_reach_decides_where_the_slice_was_cut() -> None:
    part = slice_of(
        1,
        [(2, 1), (3, 1), (4, 1), (5, 2)],
        reach={3: 40, 4: 50},
        direct={1: 30, 3: 6},
        below_cut=True,
    )
    twigs = prune(part, children=2, generations=1)
    assert [(t.id, t.more, t.hidden) for t in twigs] == [(1, 0, 0), (3, 0, 6), (4, 0, 0), (None, 28, 0)]


def test_a_wide_generation_is_thinned_alike_for_all() -> None:
    part = slice_of(
        0, [(n, 0) for n in range(1, 13)] + [(100 * p + n, p) for p in range(1, 13) for n in range(20)]
    )
    twigs = prune(part)
    assert len(twigs) <= 200
    shown = Counter(twig.parent for twig in twigs if twig.generation == 2 and twig.id is not None)
    assert set(shown.values()) == {12}
    tight = prune(part, nodes=60)
    shown = Counter(twig.parent for twig in tight if twig.generation == 2 and twig.id is not None)
    assert set(shown.values()) == {2}
    assert {twig.more for twig in tight if twig.id is None} == {18}


@given(slices())
def test_the_list_for_the_ear_is_the_picture(part: TreeSlice) -> None:
    twigs = prune(part)
    heard: list[tuple[int | None, int]] = []
    stack = [nested(twigs)]
    while stack:
        item = stack.pop()
        heard.append((item.id, item.more))
        stack += item.items
    assert Counter(heard) == Counter((twig.id, twig.more) for twig in twigs)


@pytest.mark.parametrize("shape", ["chain", "star"])
def test_100_000_people_without_recursion(shape: str) -> None:
    parents = range(100_000) if shape == "chain" else [0] * 100_000
    part = slice_of(0, [(n + 1, parent) for n, parent in enumerate(parents)])
    counted = figures(part)
    assert counted.reach == 100_000
    assert counted.depth == (100_000 if shape == "chain" else 1)
    assert len(prune(part)) == (4 if shape == "chain" else 14)
    deep = nested(prune(part, generations=100_000, nodes=100_001))
    assert deep.reach == 100_000
