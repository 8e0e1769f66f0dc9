"""From the characters of a text to its rows: which sign separates, what quotes hold together."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from core.errors import Invalid
from referrals.importing.rosters.bounds import MAX_CELL, Gate, trimmed
from referrals.importing.rosters.grids import Row

_SIGNS = (";", "\t", ",", "|")
_DIRECTIVE = re.compile(r'"?sep=([^\r\n"])"?[;,\t|]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_SAMPLE = 65_536
_SAMPLE_ROWS = 200
_END = "\x1e the end \x1e"  # swallowed by a quote that nobody closed


@dataclass(frozen=True, slots=True)
class Separated:
    """The rows of a text, and the sign that stood between the cells; None: one column."""

    rows: list[Row]
    delimiter: str | None


def read_rows(text: str) -> Separated:
    r"""Read the rows of a text: blank lines count, and so does a first line `sep=;`, as an empty row.

    >>> read_rows('sep=;\nSTT;Họ tên\n\n1;"Lê; Ba"\n')
    Separated(rows=[(), ('STT', 'Họ tên'), (), ('1', 'Lê; Ba')], delimiter=';')
    >>> read_rows("Lê Thị Đào\r\nHồ Văn Tú").rows
    [('Lê Thị Đào',), ('Hồ Văn Tú',)]
    """
    gate, rows = Gate(), []
    directive = _DIRECTIVE.match(text)
    if directive:
        delimiter: str | None = directive.group(1)
        text = text[directive.end() :]
        rows.append(gate.row(()))
    else:
        delimiter = separator(text)
    before = csv.field_size_limit(MAX_CELL * 2)
    try:
        found = list(_quoted(text, delimiter, gate))
        if found and found[-1] == (_END,):
            return Separated(trimmed(rows + found[:-1]), delimiter)
        # A quote that nobody closed took the rest of the file: here quotes are plain characters.
        return Separated(trimmed(rows + list(_unquoted(text, delimiter, Gate()))), delimiter)
    finally:
        csv.field_size_limit(before)


def _quoted(text: str, delimiter: str | None, gate: Gate) -> Iterator[Row]:
    if delimiter is None:
        yield from _unquoted(text, None, gate)
        yield (_END,)
        return
    end = "" if text.endswith(("\n", "\r")) else "\n"
    lines = io.StringIO(f"{text}{end}{_END}\n", newline="")
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for cells in reader:
            yield (_END,) if cells == [_END] else gate.row(cells)
    except csv.Error:
        return  # a cell beyond all bounds: perhaps a quote was never closed
    except Invalid as fault:
        if fault.code != "cell_too_long":
            raise


def _unquoted(text: str, delimiter: str | None, gate: Gate) -> Iterator[Row]:
    for line in io.StringIO(text, newline=""):
        bare = line.rstrip("\r\n")
        cells = bare.split(delimiter) if delimiter else [bare]
        yield gate.row(map(_bare, cells))


def _bare(cell: str) -> str:
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell


def separator(text: str) -> str | None:
    r"""Return the sign that cuts most rows into the same number of cells, None when none does.

    >>> separator("STT,Họ tên\n1,Lê Ba\n"), separator("Danh sách, lớp 1\n\nSTT;Tên\n1;A\n2;B, C")
    (',', ';')
    """
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE and (cut := sample.rfind("\n")) > 0:
        sample = sample[: cut + 1]
    return _most_even(sample, csv.QUOTE_MINIMAL) or _most_even(sample, csv.QUOTE_NONE)


def _most_even(sample: str, quoting: Literal[0, 3]) -> str | None:
    best: tuple[int, int] = (0, 0)
    chosen = None
    for sign in _SIGNS:
        widths = _widths(sample, sign, quoting)
        total = sum(widths.values())
        split = {width: count for width, count in widths.items() if width > 1}
        if not split:
            continue
        width, count = max(split.items(), key=lambda item: (item[1], item[0]))
        if sum(split.values()) * 5 >= total and (count, width) > best:
            best, chosen = (count, width), sign
    return chosen


def _widths(sample: str, sign: str, quoting: Literal[0, 3]) -> Counter[int]:
    """Count the rows of each number of cells, blank rows left out."""
    before = csv.field_size_limit(_SAMPLE)
    widths: Counter[int] = Counter()
    try:
        for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=sign, quoting=quoting):
            if any(cell.strip() for cell in cells):
                widths[len(cells)] += 1
            if sum(widths.values()) >= _SAMPLE_ROWS:
                break
    except csv.Error:  # one cell beyond all bounds: what was counted before it must do
        pass
    finally:
        csv.field_size_limit(before)
    return widths
