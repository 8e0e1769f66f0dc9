"""A second, naive computation of a network's figures from its CSV files: csv and NetworkX, nothing of ours.

It is written from the words of the rules, not from the product's code, so that the two can disagree.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import networkx as nx

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
ABSENT = "by design: no ../shared/data beside the checkout"


def read(path: Path) -> Iterator[dict[str, str]]:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    yield from csv.DictReader(io.StringIO(raw.decode("utf-8")))


def moment(date: str) -> datetime:
    """What has no date comes after everything."""
    for shape in ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y"):
        try:
            return datetime.strptime(date, shape)  # noqa: DTZ007  # all of one file have one shape
        except ValueError:
            continue
    assert not date, date
    return datetime.max  # noqa: DTZ901


def figures_of(people: Path, taught: Path) -> dict[str, Any]:
    """The figures that `flask referrals figures --as json` must print, all acts being confirmed."""
    acts: dict[tuple[str, str, datetime], int] = {}
    everybody = {row["id"] for row in read(people)}
    for place, row in enumerate(read(taught)):
        teacher, learner = row["teacher_id"], row["learner_id"]
        everybody |= {teacher, learner} if teacher != learner else set()
        if teacher != learner:
            acts.setdefault((teacher, learner, moment(row["date"])), place)
    tree: nx.DiGraph[str] = nx.DiGraph()
    tree.add_nodes_from(everybody)
    taught_by: defaultdict[str, set[str]] = defaultdict(set)
    for teacher, learner, _ in sorted(acts, key=lambda act: (act[2], acts[act])):
        if learner in chain_above(tree, teacher):
            continue
        taught_by[teacher].add(learner)
        if tree.in_degree(learner) == 0:
            tree.add_edge(teacher, learner)
    assert nx.is_forest(tree)
    generation: dict[str, int] = {}
    reach: Counter[str] = Counter()
    order = list(nx.topological_sort(tree))
    for person in order:
        above = next(tree.predecessors(person), None)
        generation[person] = 0 if above is None else generation[above] + 1
    for person in reversed(order):
        for above in tree.predecessors(person):
            reach[above] += reach[person] + 1
    generations = Counter(generation.values())
    return {
        "people": len(everybody),
        "contacts": len(acts),
        "unique_people": len({learner for _, learner, _ in acts}),
        "roots": generations[0],
        "placed": tree.number_of_edges(),
        "alone": nx.number_of_isolates(tree),
        "generations": [generations[level] for level in range(len(generations))],
        "taught_five": sum(1 for learners in taught_by.values() if len(learners) >= 5),
        "largest": sorted(
            ((reach[person], tree.out_degree(person), person) for person in order if reach[person]),
            key=lambda one: (-one[0], -one[1]),
        )[:10],
    }


def chain_above(tree: nx.DiGraph[str], person: str) -> set[str]:
    above = set()
    while (one := next(tree.predecessors(person), None)) is not None:
        above.add(one)
        person = one
    return above


def same_largest(ours: list[dict[str, Any]], theirs: list[tuple[int, int, str]]) -> bool:
    """Equal reaches and direct learners in one order; among equals anybody may come first."""
    shown = [(large["reach"], large["direct"]) for large in ours]
    last = theirs[-1][:2] if theirs else None
    firm = {
        (large["reach"], large["direct"], large["source_id"])
        for large in ours
        if (large["reach"], large["direct"]) != last
    }
    return shown == [one[:2] for one in theirs] and firm == {one for one in theirs if one[:2] != last}
