"""The tree as table, JSON, CSV and GraphML: nothing lost, nothing that harms a spreadsheet or a terminal."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.exports import (
    CSV_COLUMNS,
    PersonLine,
    as_csv,
    as_graphml,
    as_json,
    as_table,
    guard,
    text_columns,
)
from referrals.tree import TreeSlice, reaches, slice_of, to_graph

BAD_INPUT = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad_input" / "blns.json"
ANY_NAME = st.text(st.characters(), max_size=15)


@st.composite
def trees(draw: st.DrawFn) -> tuple[TreeSlice, dict[int, PersonLine]]:
    size = draw(st.integers(1, 12))
    pairs = [(n, draw(st.integers(1, n - 1))) for n in range(2, size + 1)]
    named = draw(st.lists(st.integers(1, size + 2), unique=True))
    people = {n: PersonLine(n, draw(st.none() | ANY_NAME), draw(ANY_NAME)) for n in named}
    return slice_of(1, pairs, above=(size + 1, size + 2)), people


@given(trees())
def test_json_holds_the_whole_tree(drawn: tuple[TreeSlice, dict[int, PersonLine]]) -> None:
    part, people = drawn
    tree = json.loads(json.dumps(as_json(part, people)))
    assert list(tree) == [
        "person",
        "generations",
        "reach",
        "depth",
        "direct",
        "complete",
        "direct_learners",
        "above",
        "nodes",
    ]
    edges = {(node["parent_id"], node["id"]) for node in tree["nodes"][1:]}
    assert edges == set(to_graph(part).edges)
    assert tree["reach"] == len(part.nodes) - 1 == sum(tree["generations"]) - 1
    assert tree["depth"] == len(tree["generations"]) - 1
    assert tree["direct"] == len(tree["direct_learners"])
    order = [(-one["reach"], one["id"]) for one in tree["direct_learners"]]
    assert order == sorted(order)
    assert {one["id"]: one["reach"] for one in tree["direct_learners"]}.items() <= reaches(part).items()
    assert [one["id"] for one in tree["above"]] == list(part.above)
    assert tree["complete"] is True
    assert tree["person"]["id"] == tree["nodes"][0]["id"] == part.root
    for node in tree["nodes"]:
        line = people.get(node["id"], PersonLine(node["id"], None, ""))
        assert (node["source_id"], node["full_name"]) == (line.source_id, line.full_name)


def test_a_cut_tree_says_so_and_trusts_the_known_reach() -> None:
    part = slice_of(
        1, [(2, 1), (3, 1)], below_cut=True, above_cut=True, above=(9,), reach={3: 70}, direct={3: 5}
    )
    tree = as_json(part, {})
    assert tree["complete"] is False
    assert [(one["id"], one["reach"]) for one in tree["direct_learners"]] == [(3, 70), (2, 0)]
    assert "1,3,,,1,5,70" in as_csv(part, {}).splitlines()
    table = as_table(part, {})
    assert "Phía trên: … → 9" in table
    assert "Cây lớn hơn phần hiện ở đây." in table


@given(trees())
def test_csv_comes_back_whole_and_is_safe(drawn: tuple[TreeSlice, dict[int, PersonLine]]) -> None:
    part, people = drawn
    rows = list(csv.DictReader(io.StringIO(as_csv(part, people), newline="")))
    assert len(rows) == len(part.nodes)
    assert tuple(rows[0]) == CSV_COLUMNS
    for row, node in zip(rows, part.nodes, strict=True):
        line = people.get(node.id, PersonLine(node.id, None, ""))
        assert row["full_name"] == guard(line.full_name)
        assert row["source_id"] == guard(line.source_id or "")
        assert row["parent_id"] == ("" if node.parent_id is None else str(node.parent_id))
        assert not row["full_name"].startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])
def test_a_formula_becomes_words(cell: str) -> None:
    assert guard(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "Trần Lan", "1-2", "a=b", "'=1", " =1"])
def test_words_stay_words(cell: str) -> None:
    assert guard(cell) == cell


@given(trees())
def test_graphml_is_read_by_networkx(drawn: tuple[TreeSlice, dict[int, PersonLine]]) -> None:
    part, people = drawn
    graph = nx.parse_graphml(as_graphml(part, people), node_type=int)
    assert set(graph.edges) == set(to_graph(part).edges)
    assert nx.is_arborescence(graph)
    for node in part.nodes:
        assert graph.nodes[node.id]["generation"] == node.generation
        assert graph.nodes[node.id]["reach"] == reaches(part)[node.id]
        assert ("source_id" in graph.nodes[node.id]) is (
            node.id in people and people[node.id].source_id is not None
        )


def test_graphml_keeps_vietnamese_and_signs() -> None:
    people = {1: PersonLine(1, "<&\x00>", 'Nguyễn "Ánh" & <Đỗ>')}
    graph = nx.parse_graphml(as_graphml(slice_of(1, []), people), node_type=int)
    assert graph.nodes[1] == {
        "generation": 0,
        "full_name": 'Nguyễn "Ánh" & <Đỗ>',
        "source_id": "<&>",
        "direct": 0,
        "reach": 0,
    }


@given(trees())
def test_the_table_is_a_line_for_each_person_whatever_the_names(
    drawn: tuple[TreeSlice, dict[int, PersonLine]],
) -> None:
    part, people = drawn
    lines = as_table(part, people).split("\n")
    assert len(lines) == 4 + 1 + len(part.nodes)
    assert not any(unicodedata.category(sign) == "Cc" for line in lines for sign in line)


def test_the_table_reads_like_the_tree() -> None:
    people = {1: PersonLine(1, "x", "Trần Lan"), 3: PersonLine(3, None, "Zơrâm Thị Hạnh")}
    table = as_table(slice_of(1, [(2, 1), (3, 1), (4, 2)], above=(9, 8)), people)
    assert table.split("\n") == [
        "Trần Lan",
        "Phía trên: 9 → 8",
        "1 · 2 · 1 → 3 người trong 2 thế hệ",
        "",
        "Họ và tên         Thế hệ  Trực tiếp  Sức lan tỏa  Mã  Mã ở nguồn",
        "Trần Lan               0          2            3   1  x",
        "  2                    1          1            1   2",
        "    4                  2          0            0   4",
        "  Zơrâm Thị Hạnh       1          0            0   3",
    ]


def test_the_table_speaks_the_readers_language() -> None:
    english = {
        "Họ và tên": "Full name",
        "%(generations)s → %(reach)s người trong %(depth)s thế hệ": "%(reach)s people, %(depth)s generations",
    }
    table = as_table(slice_of(1, [(2, 1)]), {}, lambda text: english.get(text, text))
    assert "1 people, 1 generations" in table
    assert "Full name" in table


def test_decomposed_and_composed_names_line_up() -> None:
    names = [unicodedata.normalize(form, "Nguyễn Thị Hường") for form in ("NFC", "NFD")]
    one, two = text_columns([[name, "|"] for name in names])
    assert unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", two)
    wide, narrow = text_columns([["漢字", "|"], ["abcd", "|"]])
    assert wide.index("|") + 2 == narrow.index("|")


def test_a_chain_of_100_000_is_written_line_by_line() -> None:
    part = slice_of(0, [(n, n - 1) for n in range(1, 100_001)])
    table = as_table(part, {})
    assert table.count("\n") == 100_004
    assert len(table) < 10_000_000, "the indentation ends somewhere"
    assert len(as_json(part, {})["nodes"]) == 100_001
    assert as_csv(part, {}).count("\n") == 100_002


def test_naughty_strings_pass_through_every_format() -> None:
    if not BAD_INPUT.exists():
        pytest.skip("the list of naughty strings is not beside the checkout")
    naughty: list[str] = json.loads(BAD_INPUT.read_text(encoding="utf-8"))
    people = {n: PersonLine(n, text, text) for n, text in enumerate(naughty, 1)}
    part = slice_of(1, [(n, 1) for n in range(2, len(naughty) + 1)])
    assert len(as_table(part, people).split("\n")) == len(naughty) + 4
    assert len(list(csv.reader(io.StringIO(as_csv(part, people), newline="")))) == len(naughty) + 1
    assert len(nx.parse_graphml(as_graphml(part, people))) == len(naughty)
    assert [node["full_name"] for node in as_json(part, people)["nodes"]] == naughty
