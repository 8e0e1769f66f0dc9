"""A list of people as somebody types or pastes it: one a line, a phone beside the name where there is one.

What people really send is taken: numbers and bullets before the name, a dash, a comma or a semicolon before
the phone, tabs of a spreadsheet with its heading. Nothing is judged here: whether a name is a name, and a
phone a phone, is asked later, and what fits nowhere is handed on as `rest`, so that it can be shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.vietnamese import fold

MOST_LINES: Final = 200
"""More people than that come in a file."""
MOST_CHARACTERS: Final = 40_000

_LINE_END = re.compile(r"\r\n|\r|\n")
_BULLET = re.compile(
    r"^\s*(?:[-–—•*·+>○●▪✓✔]+\s*)*(?:\(?\d{1,4}\s*[.)/:\]\-–]+(?!\d)\s*|\d{1,4}\s+(?=[^\W\d_]))?[-–—•*·+>]*\s*"
)
_CELLS = re.compile(r"\t|;|\||(?<!\d)\s*,|,\s*(?!\d)|\s+[-–—]+\s+|\s*[:–—]\s+|\s+[/:]\s*")
_EDGES: Final = " \t,;:.-–—/|•*"
# A year has four digits; more of them after a name are a phone, or what is left of one.
_PHONE_DIGITS: Final = 5
_NAME_HEADS = frozenset(
    {"ho va ten", "ho ten", "ten", "ho va ten dem", "ho dem", "ho", "nguoi hoc", "full name", "name"}
)
_PHONE_HEADS = frozenset(
    {"sdt", "so dien thoai", "dien thoai", "so dt", "dt", "phone", "zalo", "di dong", "so di dong"}
)
_NUMBER_HEADS = frozenset({"stt", "tt", "so tt", "so thu tu", "no", "#"})


@dataclass(frozen=True)
class Typed:
    """One person of a list: `row` counts lines from 1, empty ones too; `raw` is the line as it was typed."""

    row: int
    full_name: str
    phone: str
    rest: str
    raw: str


def read_names(text: str) -> list[Typed]:
    r"""Return the people of a list, in its order; empty lines and headings are passed over.

    >>> [(one.row, one.full_name, one.phone) for one in read_names("Nguyễn Văn A 0905123456\n\n2) Lê Thị B")]
    [(1, 'Nguyễn Văn A', '0905123456'), (3, 'Lê Thị B', '')]
    >>> one = read_names("1. Trần Thị B – 0912 345 678,")[0]
    >>> one.full_name, one.phone
    ('Trần Thị B', '0912 345 678')
    >>> [(one.full_name, one.phone) for one in read_names("STT\tHọ đệm\tTên\tSĐT\n1\tLê Văn\tSáu\t905123456")]
    [('Lê Văn Sáu', '905123456')]
    >>> read_names("• H'Hen Niê; +84905123456; tổ 5")[0].rest
    'tổ 5'
    """
    people: list[Typed] = []
    heads: list[str] = []
    for row, raw in enumerate(_LINE_END.split(text), start=1):
        if not raw.strip(_EDGES):
            continue
        if found := _heads(raw):
            heads = found
            continue
        people.append(_typed(row, raw, heads))
    return people


def _heads(raw: str) -> list[str]:
    """The kinds of the columns, if this line is a heading: name, phone, number or other."""
    cells = [fold(cell).strip(_EDGES + "()") for cell in re.split(r"[\t;|,]", raw)]
    kinds = [
        "name" if cell in _NAME_HEADS else "phone" if cell in _PHONE_HEADS
        else "number" if cell in _NUMBER_HEADS else "other"
        for cell in cells
    ]  # fmt: skip
    if "name" not in kinds or (len(cells) == 1 and cells[0] == "ho"):
        return []
    return kinds if len(cells) > 1 or len(cells[0]) > 3 else []


def _typed(row: int, raw: str, heads: Sequence[str]) -> Typed:
    if heads and "\t" in raw:
        cells = raw.split("\t")
        if len(cells) <= len(heads):
            return _by_columns(row, raw, cells, heads)
    name, phone, rest = "", "", []
    for place, cell in enumerate(_CELLS.split(raw)):
        text = (_BULLET.sub("", cell) if place == 0 or not name else cell).strip(_EDGES)
        if not text:
            continue
        if not name and any(map(str.isalpha, text)):
            name, found, after = _apart(text)
            phone = phone or found
            rest += [after] if after else []
        elif not phone and _digits(text) >= _PHONE_DIGITS:
            phone = text
        elif name or _digits(text) > 4:
            rest.append(text)
    return Typed(row, name, phone, "; ".join(rest), raw.strip())


def _by_columns(row: int, raw: str, cells: Sequence[str], heads: Sequence[str]) -> Typed:
    parts: dict[str, list[str]] = {"name": [], "phone": [], "other": [], "number": []}
    for cell, kind in zip(cells, heads, strict=False):
        if cell.strip():
            parts[kind].append(cell.strip())
    phones = parts["phone"]
    return Typed(
        row,
        " ".join(parts["name"]),
        phones[0] if phones else "",
        "; ".join(parts["other"] + phones[1:]),
        raw.strip(),
    )


def _apart(text: str) -> tuple[str, str, str]:
    """A cell that begins with a name: the name, the phone after it, and what stands after that."""
    words = text.split()
    first = next((place for place, word in enumerate(words) if _digits(word)), len(words))
    last = first
    while last < len(words) and (_digits(words[last]) or not any(map(str.isalpha, words[last]))):
        last += 1
    phone = " ".join(words[first:last])
    if _digits(phone) < _PHONE_DIGITS:
        return text, "", ""
    if first == 0:
        return " ".join(words[last:]).strip(_EDGES), phone.strip(_EDGES + "()"), ""
    return (
        " ".join(words[:first]).strip(_EDGES + "("),
        phone.strip(_EDGES + "()"),
        " ".join(words[last:]).strip(_EDGES),
    )


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))
