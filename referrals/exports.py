"""A person's tree as text that leaves the house: a table, a dict for JSON, CSV, GraphML.

Everything takes a slice of the tree and the lines of its people, the chain above included. Whoever has no
line is told by the id alone: an anonymous node, so that the sums stand. (`referrals.svg` draws the picture.)

>>> from referrals.tree import slice_of
>>> part = slice_of(1, [(2, 1), (3, 1), (4, 2)])
>>> names = {1: "Trần Lan", 2: "Lê Minh", 3: "Hồ Tâm"}
>>> people = {person: PersonLine(person, f"A{person}", name) for person, name in names.items()}
>>> print(as_table(part, people))
Trần Lan
1 · 2 · 1 → 3 người trong 2 thế hệ
<BLANKLINE>
Họ và tên   Thế hệ  Trực tiếp  Sức lan tỏa  Mã  Mã ở nguồn
Trần Lan         0          2            3   1  A1
  Lê Minh        1          1            1   2  A2
    4            2          0            0   4
  Hồ Tâm         1          0            0   3  A3
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import networkx as nx

from core.i18n import N_
from referrals.svg import xml_safe
from referrals.tree import Node, TreeSlice, direct_learners, figures, reaches, to_graph

__all__ = ["PersonLine", "as_csv", "as_graphml", "as_json", "as_table", "guard", "text_columns"]

CSV_COLUMNS: Final = ("generation", "id", "source_id", "full_name", "parent_id", "direct", "reach")
_HEADS: Final = (
    N_("Họ và tên"),
    N_("Thế hệ"),
    N_("Trực tiếp"),
    N_("Sức lan tỏa"),
    N_("Mã"),
    N_("Mã ở nguồn"),
)
_SUMMARY: Final = N_("%(generations)s → %(reach)s người trong %(depth)s thế hệ")
_ABOVE: Final = N_("Phía trên: %(names)s")
_CUT: Final = N_("Cây lớn hơn phần hiện ở đây.")
_INDENT_MOST: Final = 16  # generations: beyond that a chain of a thousand would be a page of spaces

# What a spreadsheet takes for a formula at the start of a cell; the full-width twins work in some of them.
_FORMULA: Final = re.compile("^[=+\\-@\t\r\n＝＋－＠]")


class PersonLine(NamedTuple):
    """What an export says of a person; never a phone."""

    id: int
    source_id: str | None
    full_name: str


def guard(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: a dangerous first character gets a ' before it (OWASP).

    >>> guard("=HYPERLINK(0)"), guard("-1"), guard("Trần Lan")
    ("'=HYPERLINK(0)", "'-1", 'Trần Lan')
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


class _Known(NamedTuple):
    """A node with what is told of it everywhere."""

    node: Node
    line: PersonLine
    direct: int
    reach: int


def _known(part: TreeSlice, people: Mapping[int, PersonLine]) -> list[_Known]:
    """The nodes in the order of the slice; where the tree was cut, the figures that the query gave count."""
    inside = reaches(part)
    children = Counter(node.parent_id for node in part.nodes)
    return [
        _Known(
            node,
            people.get(node.id) or PersonLine(node.id, None, ""),
            max(children[node.id], node.direct or 0),
            max(inside[node.id], node.reach or 0),
        )
        for node in part.nodes
    ]


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────────


def as_json(part: TreeSlice, people: Mapping[int, PersonLine]) -> dict[str, Any]:
    """The tree as plain dicts, lists, texts and numbers.

    `above` runs from the root of the whole tree down to the parent; `generations[0]` is the person alone;
    direct learners come by reach, largest first; nodes generation by generation, the person first. `complete`
    is False where the slice was cut, and the figures are lower bounds.

    >>> from referrals.tree import slice_of
    >>> tree = as_json(slice_of(2, [(3, 2)], above=(1,)), {2: PersonLine(2, "b", "Lê Minh")})
    >>> tree["person"], tree["generations"]
    ({'id': 2, 'source_id': 'b', 'full_name': 'Lê Minh'}, [1, 1])
    >>> tree["above"]
    [{'id': 1, 'source_id': None, 'full_name': ''}]
    >>> tree["nodes"][1]
    {'id': 3, 'source_id': None, 'full_name': '', 'parent_id': 2, 'generation': 1}
    """
    known = _known(part, people)
    sums = figures(part)
    reach = {one.node.id: one.reach for one in known}
    direct = sorted(direct_learners(part), key=lambda node: (-reach[node.id], node.id))

    def told(person: int) -> dict[str, Any]:
        return (people.get(person) or PersonLine(person, None, ""))._asdict()

    return {
        "person": told(part.root),
        "generations": list(sums.generations),
        "reach": sums.reach,
        "depth": sums.depth,
        "direct": sums.direct,
        "complete": sums.exact,
        "direct_learners": [told(node.id) | {"reach": reach[node.id]} for node in direct],
        "above": [told(person) for person in part.above],
        "nodes": [
            told(node.id) | {"parent_id": node.parent_id, "generation": node.generation}
            for node in part.nodes
        ],
    }


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────────────────


def as_csv(part: TreeSlice, people: Mapping[int, PersonLine]) -> str:
    r"""The people as lines of CSV with a heading, generation by generation, safe to open in a spreadsheet.

    The text carries no byte-order mark; whoever writes the file encodes it as `utf-8-sig` for Excel.

    >>> from referrals.tree import slice_of
    >>> as_csv(slice_of(1, []), {1: PersonLine(1, "@7", "Trần, Lan")}).splitlines()[1]
    '0,1,\'@7,"Trần, Lan",,0,0'
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    for node, line, direct, reach in _known(part, people):
        name, source = guard(line.full_name), guard(line.source_id or "")
        parent = "" if node.parent_id is None else node.parent_id
        writer.writerow((node.generation, node.id, source, name, parent, direct, reach))
    return out.getvalue()


# ── GraphML ──────────────────────────────────────────────────────────────────────────────────────────────


def as_graphml(part: TreeSlice, people: Mapping[int, PersonLine]) -> str:
    """The tree as GraphML, for Gephi, yEd, igraph and NetworkX itself; edges run from teacher to learner.

    Characters that XML cannot hold are left out.

    >>> from referrals.tree import slice_of
    >>> text = as_graphml(slice_of(1, [(2, 1)]), {})
    >>> nx.parse_graphml(text, node_type=int).edges
    OutEdgeView([(1, 2)])
    """
    graph = to_graph(part)
    for node, line, direct, reach in _known(part, people):
        about = graph.nodes[node.id]
        about |= {"full_name": xml_safe(line.full_name), "direct": direct, "reach": reach}
        if line.source_id is not None:
            about["source_id"] = xml_safe(line.source_id)
    return "\n".join(nx.generate_graphml(graph)) + "\n"


# ── A table for the terminal ─────────────────────────────────────────────────────────────────────────────


def as_table(part: TreeSlice, people: Mapping[int, PersonLine], translate: Callable[[str], str] = str) -> str:
    """The tree as aligned text: each person below the one who taught them, indented by generation.

    `translate` turns the Vietnamese headings into the reader's language.
    """
    sums = figures(part)
    known = {one.node.id: one for one in _known(part, people)}

    def name_of(person: int) -> str:
        line = people.get(person)
        return _tame(line.full_name if line and line.full_name else str(person))

    head = [name_of(part.root)]
    if part.above:
        names = ("… → " if part.above_cut else "") + " → ".join(map(name_of, part.above))
        head.append(translate(_ABOVE) % {"names": names})
    spread = " · ".join(map(str, sums.generations[:20])) + (" · …" if len(sums.generations) > 20 else "")
    head.append(translate(_SUMMARY) % {"generations": spread, "reach": sums.reach, "depth": sums.depth})
    if not sums.exact:
        head.append(translate(_CUT))
    rows = [
        (
            "  " * min(node.generation, _INDENT_MOST) + name_of(node.id),
            str(node.generation),
            str(known[node.id].direct),
            str(known[node.id].reach),
            str(node.id),
            _tame(known[node.id].line.source_id or ""),
        )
        for node in _depth_first(part)
    ]
    heads = [translate(one) for one in _HEADS]
    return "\n".join([*head, "", *text_columns([heads, *rows], right=(1, 2, 3, 4))])


def text_columns(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """Rows as lines of equal columns, two spaces apart; the columns in `right` are aligned to the right.

    Widths are those of a terminal: a combining accent takes no room, an East Asian wide sign two cells, so
    composed and decomposed Vietnamese line up alike.

    >>> for line in text_columns([["Hòa", "1"], ["Nguyễn", "12"]], right=[1]):
    ...     print(line)
    Hòa      1
    Nguyễn  12
    """
    widths = [max(map(_cells, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = []
        for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
            space = " " * (width - _cells(cell))
            cells.append(space + cell if index in right else cell + space)
        lines.append("  ".join(cells).rstrip())
    return lines


def _cells(text: str) -> int:
    return sum(
        0
        if unicodedata.combining(sign) or unicodedata.category(sign) in {"Mn", "Me", "Cf"}
        else 2
        if unicodedata.east_asian_width(sign) in "WF"
        else 1
        for sign in text
    )


def _tame(text: str) -> str:
    """One line that can neither move the cursor nor turn the text round."""
    return "".join(
        " " if unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} else sign
        for sign in unicodedata.normalize("NFC", text)
        if unicodedata.bidirectional(sign)
        not in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    )


def _depth_first(part: TreeSlice) -> Iterator[Node]:
    """Everybody right after their teacher and the learners before them."""
    children: dict[int | None, list[Node]] = {}
    for node in part.nodes:
        children.setdefault(node.parent_id, []).append(node)
    stack = [part.nodes[0]]
    while stack:
        node = stack.pop()
        yield node
        stack += reversed(children.get(node.id, []))
