"""The rules of credit and place, against a slow and obvious replay on NetworkX."""

from __future__ import annotations

import csv
import gzip
import itertools
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from random import Random

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.lineage import Act, Lineage, Why, act_order, check, grow, judge, successor

TREES = Path(__file__).resolve().parents[3] / "shared" / "data" / "trees"

people = st.integers(0, 9)
acts_of_a_village = st.lists(st.tuples(people, people), max_size=60)


def replay(acts: Iterable[tuple[int, int]]) -> tuple[nx.DiGraph[int], set[tuple[int, int]], list[str]]:
    """The rules word by word, with a graph search for every act: O(n²), and plain to see."""
    tree: nx.DiGraph[int] = nx.DiGraph()
    credit: set[tuple[int, int]] = set()
    reasons: list[str] = []
    for teacher, learner in acts:
        tree.add_nodes_from((teacher, learner))
        if teacher == learner:
            reasons.append("self")
        elif teacher in nx.descendants(tree, learner):
            reasons.append("learner_above")
        elif (teacher, learner) in credit:
            reasons.append("again")
        else:
            credit.add((teacher, learner))
            if tree.in_degree(learner):
                reasons.append("also_taught")
            else:
                tree.add_edge(teacher, learner)
                reasons.append("founding")
    return tree, credit, reasons


@given(acts_of_a_village)
def test_growing_equals_the_naive_replay(acts: list[tuple[int, int]]) -> None:
    tree = Lineage()
    verdicts = list(grow(acts, tree))
    naive, credit, reasons = replay(acts)
    assert [verdict.why.value for verdict in verdicts] == reasons
    assert {(parent, learner) for learner, parent in tree.pairs()} == set(naive.edges)
    credited = [act for act, verdict in zip(acts, verdicts, strict=True) if verdict.credited]
    assert len(credited) == len(set(credited))
    assert set(credited) == credit
    assert tree.placed == naive.number_of_edges()


@given(acts_of_a_village)
def test_the_result_is_always_a_branching_and_everybody_eligible_has_a_place(
    acts: list[tuple[int, int]],
) -> None:
    tree = Lineage()
    verdicts = list(grow(acts, tree))
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(10))
    graph.add_edges_from((parent, learner) for learner, parent in tree.pairs())
    assert nx.is_branching(graph)
    assert check(dict(tree.pairs())) == []
    eligible = {
        learner
        for (_, learner), verdict in zip(acts, verdicts, strict=True)
        if verdict.why not in {Why.SELF, Why.LEARNER_ABOVE}
    }
    assert {learner for learner, _ in tree.pairs()} == eligible


@given(acts_of_a_village)
def test_above_is_what_networkx_calls_an_ancestor(acts: list[tuple[int, int]]) -> None:
    tree = Lineage()
    for _ in grow(acts, tree):
        pass
    naive, _, _ = replay(acts)
    naive.add_nodes_from(range(10))
    for a, b in itertools.product(range(10), repeat=2):
        assert tree.is_above(a, b) is (a in nx.ancestors(naive, b))
    for person in range(10):
        assert set(tree.above(person)) == nx.ancestors(naive, person)


@given(acts_of_a_village, st.integers(0, 60))
def test_resuming_in_the_middle_changes_nothing(acts: list[tuple[int, int]], cut: int) -> None:
    whole = Lineage()
    verdicts = list(grow(acts, whole))
    half = Lineage()
    first = list(grow(acts[:cut], half))
    credited = [act for act, verdict in zip(acts[:cut], first, strict=True) if verdict.credited]
    resumed = Lineage.from_parents(half.pairs(), credited)
    assert first + list(grow(acts[cut:], resumed)) == verdicts
    assert list(resumed.pairs()) == list(whole.pairs())
    assert resumed.placed == whole.placed


@given(acts_of_a_village)
def test_the_single_step_rule_is_the_same_rule(acts: list[tuple[int, int]]) -> None:
    """What the live service does act by act ends where the import does."""
    tree = Lineage()
    parents: dict[int, int] = {}
    credit: set[tuple[int, int]] = set()

    def stands_above(a: int, b: int) -> bool:
        while b in parents:
            b = parents[b]
            if a == b:
                return True
        return False

    for teacher, learner in acts:
        verdict = judge(
            teacher,
            learner,
            learner_has_parent=learner in parents,
            learner_is_above_teacher=stands_above(learner, teacher),
            already_credited=(teacher, learner) in credit,
        )
        assert tree.take(teacher, learner) == verdict
        if verdict.credited:
            credit.add((teacher, learner))
        if verdict.becomes_parent:
            parents[learner] = teacher
    assert dict(tree.pairs()) == parents


def test_a_pair_refused_once_may_count_after_a_void() -> None:
    """The learner stood above the teacher; it is an act's own moment that counts."""
    founding = Act(1, teacher_id=1, learner_id=2, taught_on=date(2026, 1, 1))
    assert [v.why.value for v in grow([(1, 2), (2, 1)])] == ["founding", "learner_above"]
    # The founding act is voided and nobody takes the place over; the same pair may now found one.
    assert successor(2, [], stands_below=lambda person: False) is None
    tree = Lineage.from_parents([])
    assert tree.take(2, 1).why is Why.FOUNDING
    assert tree.take(founding.teacher_id, founding.learner_id).why is Why.LEARNER_ABOVE


def test_a_resumed_tree_knows_credit_without_a_place() -> None:
    tree = Lineage.from_parents([], credited=[(5, 6)])
    verdict = tree.take(5, 6)
    assert (verdict.credited, verdict.becomes_parent) == (False, True)
    assert tree.take(5, 6).why is Why.AGAIN


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([(2, 1), (2, 3)], "2 has two parents: 1 and 3"),
        ([(2, 1), (3, 2), (1, 3)], "closes a circle"),
        ([(4, 4)], "closes a circle"),
    ],
)
def test_resuming_refuses_what_is_no_branching(pairs: list[tuple[int, int]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Lineage.from_parents(pairs)


@pytest.mark.parametrize("act", [(-1, 2), (2, -1), (Lineage.LIMIT, 0), (0, Lineage.LIMIT)])
def test_a_wild_key_is_refused_before_memory_is(act: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="a key must be within"):
        Lineage().take(*act)


def test_a_person_never_seen_stands_nowhere() -> None:
    tree = Lineage()
    assert tree.parent(7) is None
    assert tree.parent(-1) is None
    assert list(tree.above(7)) == []
    assert not tree.is_above(7, 8)
    assert not tree.is_above(7, 7)


# ── Successors ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_earliest_that_fits_takes_the_place_over() -> None:
    acts = [
        Act(9, teacher_id=40, learner_id=2, taught_on=date.max),
        Act(8, teacher_id=30, learner_id=2, taught_on=date(2026, 2, 1), taught_second=100),
        Act(7, teacher_id=31, learner_id=2, taught_on=date(2026, 2, 1), taught_second=99),
        Act(6, teacher_id=2, learner_id=2, taught_on=date(2020, 1, 1)),
        Act(5, teacher_id=50, learner_id=3, taught_on=date(2020, 1, 1)),
    ]
    asked: list[int] = []

    def stands_below(person: int) -> bool:
        asked.append(person)
        return person == 31

    assert successor(2, acts, stands_below) == acts[1]
    assert asked == [31, 30], "no question further than needed"


@given(st.permutations(range(6)))
def test_the_order_of_the_rows_does_not_matter(order: list[int]) -> None:
    days = [date(2026, 1, 2), date(2026, 1, 1), date(2026, 1, 1), date.max, date.max, date(2026, 1, 3)]
    acts = [Act(number, 100 + number, 1, days[number]) for number in range(6)]
    assert successor(1, [acts[i] for i in order], lambda person: False) == acts[1]


# ── Problems ─────────────────────────────────────────────────────────────────────────────────────────────


@given(st.dictionaries(st.integers(0, 12), st.integers(0, 12), max_size=13))
def test_check_finds_exactly_the_circles(parents: dict[int, int]) -> None:
    graph: nx.DiGraph[int] = nx.DiGraph(list(parents.items()))
    expected = {frozenset(circle) for circle in nx.simple_cycles(graph)}
    problems = check(parents)
    assert {frozenset(problem.members) for problem in problems} == expected
    assert len(problems) == len(expected)
    for kind, members in problems:
        assert kind == ("self" if len(members) == 1 else "circle")
        assert members[0] == min(members)
        assert all(parents[a] == b for a, b in itertools.pairwise((*members, members[0])))


# ── Size ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("order", ["downwards", "upwards", "shuffled"])
def test_a_chain_of_100_000_in_any_order(order: str) -> None:
    acts = [(n, n + 1) for n in range(100_000)]
    if order == "upwards":
        acts.reverse()
    elif order == "shuffled":
        Random(5).shuffle(acts)
    tree = Lineage()
    assert sum(verdict.becomes_parent for verdict in grow(acts, tree)) == 100_000
    assert tree.is_above(0, 100_000)
    assert tree.take(100_000, 0).why is Why.LEARNER_ABOVE
    assert check(dict(tree.pairs())) == []


def test_pieces_of_a_chain_joined_below_one_another_stay_fast() -> None:
    """Each joined piece has learners of its own: without the shortcut to the root, 2.5·10⁹ steps."""
    pieces = [(2 * n, 2 * n + 1) for n in range(50_000)]
    joints = [(2 * n + 1, 2 * n + 2) for n in range(49_999)]
    tree = Lineage()
    assert all(verdict.becomes_parent for verdict in grow(pieces + joints, tree))
    assert tree.placed == 99_999


def test_a_star_of_100_000_taught_twice() -> None:
    acts = [(0, n) for n in range(1, 100_001)]
    verdicts = list(grow(acts + acts))
    assert sum(verdict.credited for verdict in verdicts) == 100_000
    assert {verdict.why for verdict in verdicts[100_000:]} == {Why.AGAIN}


def test_memory_is_a_few_bytes_a_person() -> None:
    tree = Lineage()
    for learner in range(1, 100_001):
        tree.take(learner // 3, learner)
    parts = (tree._parent, tree._link, tree._teaches, tree._second)
    assert sum(sys.getsizeof(part) for part in parts) < 20 * 1.2 * 100_000


# ── Real networks ────────────────────────────────────────────────────────────────────────────────────────


def rows(name: str) -> Iterator[dict[str, str]]:
    path = next((TREES / end for end in (name, f"{name}.gz") if (TREES / end).exists()), None)
    if path is None:
        pytest.skip(f"the network {name} is not beside the checkout")
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open() as lines:
        yield from csv.DictReader(lines)


def when(text: str) -> tuple[date, int]:
    if not text:
        return date.max, 0
    if len(text) == 4:
        return date(int(text), 1, 1), 0
    moment = datetime.fromisoformat(text)
    return moment.date(), moment.hour * 3600 + moment.minute * 60 + moment.second


@pytest.mark.parametrize("name", ["statisticians", "rds_faux", "rds_fauxtime"])
def test_a_real_network_equals_the_naive_replay(name: str) -> None:
    batch = [
        (act_order(*when(row["date"]), number), (int(row["teacher_id"]), int(row["learner_id"])))
        for number, row in enumerate(rows(f"{name}_edges.csv"))
    ]
    acts = [act for _, act in sorted(batch)]
    tree = Lineage()
    reasons = [verdict.why.value for verdict in grow(acts, tree)]
    naive, credit, expected = replay(acts)
    assert reasons == expected
    assert {(parent, learner) for learner, parent in tree.pairs()} == set(naive.edges)
    assert reasons.count("founding") + reasons.count("also_taught") == len(credit)
    assert nx.is_branching(naive)
    # Whoever was ever taught by another has a place, unless everyone who taught them stood below.
    taught = {learner for teacher, learner in acts if teacher != learner}
    for root in taught - {learner for learner, _ in tree.pairs()}:
        assert all(tree.is_above(root, t) for t, learner in acts if learner == root and t != root)
