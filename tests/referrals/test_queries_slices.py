"""Slices of the tree against NetworkX, and which names a viewer sees in them."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from people.permissions import HOUSE, Actor, Role
from referrals.models.tree import PersonFigures
from referrals.queries import slices
from referrals.queries.tree_view import tree_view
from referrals.tree import figures, to_graph
from tests.support.story import Story


def chain(story: Story, *people: int) -> None:
    for teacher, learner in pairwise(people):
        story.taught(teacher, learner)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(parents=st.lists(st.integers(0, 30), min_size=1, max_size=20))
def test_a_slice_is_what_networkx_finds(story: Story, cast, parents: list[int]):
    people = [story.person("Người A") for _ in range(len(parents) + 1)]
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(people)
    for child, parent in enumerate(parents, 1):
        teacher = people[parent % child]
        story.taught(teacher, people[child])
        graph.add_edge(teacher, people[child])
    for person in people:
        part = slices.lineage_slice(story.session, person)
        below = nx.descendants(graph, person)
        assert {node.id for node in part.nodes} == below | {person}
        assert nx.utils.graphs_equal(
            nx.DiGraph(to_graph(part).edges), nx.DiGraph(graph.subgraph(below | {person}).edges)
        )
        assert list(part.above) == _up(graph, person)[::-1]
        found = figures(part)
        assert (found.reach, found.direct, found.exact) == (len(below), graph.out_degree(person), True)
        for other in people:
            assert slices.stands_above(story.session, person, other) == (other in below)


def _up(graph: nx.DiGraph[int], person: int) -> list[int]:
    chain = []
    while above := list(graph.predecessors(person)):
        person = above[0]
        chain.append(person)
    return chain


def test_somebody_alone_is_a_slice_of_one(story: Story, cast):
    part = slices.lineage_slice(story.session, cast.alice.person_id)
    assert [node.id for node in part.nodes] == [cast.alice.person_id]
    assert part.above == ()


def test_a_cut_slice_says_so_and_takes_figures_from_the_snapshot(story: Story, cast):
    root, *rest = (story.person("Người B") for _ in range(9))
    for learner in rest:
        story.taught(root, learner)
    story.session.add(PersonFigures(person_id=root, direct=8, reach=8, depth=1, generation=0))
    story.session.flush()
    part = slices.lineage_slice(story.session, root, nodes=5)
    assert (len(part.nodes), part.below_cut) == (5, True)
    assert (part.nodes[0].reach, part.nodes[0].direct) == (8, 8)
    whole = slices.lineage_slice(story.session, root, nodes=10)
    assert (len(whole.nodes), whole.below_cut) == (9, False)


def test_a_slice_takes_two_statements(story: Story, cast):
    chain(story, *(story.person("Người C") for _ in range(5)))
    seen: list[str] = []
    engine = story.session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    slices.lineage_slice(story.session, cast.alice.person_id)
    assert len(seen) == 2


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def family(story: Story, cast):
    """Bob taught Alice; Alice taught Hoa, Hoa taught Mười."""
    hoa, muoi = story.person("Trần Thị Hoa"), story.person("Lê Văn Mười")
    chain(story, cast.bob.person_id, cast.alice.person_id, hoa, muoi)
    return hoa, muoi


def seen_by(story: Story, actor: Actor, root: int) -> set[int]:
    part = slices.lineage_slice(story.session, root)
    everyone = [node.id for node in part.nodes] + list(part.above)
    return set(slices.names_for(story.session, actor, part, everyone))


def test_a_volunteer_sees_herself_her_learners_and_her_teacher(story: Story, cast, family):
    hoa, _ = family
    alice, bob = cast.alice.person_id, cast.bob.person_id
    assert seen_by(story, cast.alice.actor, alice) == {alice, hoa, bob}
    assert seen_by(story, cast.bob.actor, bob) == {bob, alice}


def test_staff_see_what_is_theirs(story: Story, cast, family):
    hoa, muoi = family
    alice, bob = cast.alice.person_id, cast.bob.person_id
    assert seen_by(story, cast.carol.actor, alice) == {alice, bob, hoa}
    assert seen_by(story, cast.frank.actor, alice) == {alice, bob}
    assert seen_by(story, HOUSE, alice) == {alice, bob, hoa, muoi}
    stranger = Actor(99, 99, frozenset({Role.COORDINATOR}), frozenset({cast.units["students"]}))
    assert seen_by(story, stranger, alice) == set()


def test_the_view_tells_names_and_ways(story: Story, cast, family):
    hoa, muoi = family
    view = tree_view(story.session, cast.alice.actor, cast.alice.person_id)
    assert view.told[hoa].name == "Trần Thị Hoa"
    assert (view.told[muoi].name, view.told[muoi].through) == ("", "Hoa")
    assert (view.teacher, view.above, view.facts.reach, view.figures.generations) == (
        cast.bob.full_name,
        1,
        2,
        (1, 1, 1),
    )
