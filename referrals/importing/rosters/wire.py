"""How a book travels from the child process: lines of JSON, bounded, and nothing in them can run.

First the book, then each sheet followed by its rows in chunks, then the end; or one refusal. A day or a
moment is a pair: its letter and its ISO form.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from referrals.importing.rosters.grids import Book, Cell, Row, Sheet
from referrals.importing.rosters.refusals import REFUSALS, refuse

MAX_LINE = 64 * 1024 * 1024  # one row at its widest
MAX_WIRE = 512 * 1024 * 1024
_CHUNK = 500
_READERS: dict[str, Callable[[str], Cell]] = {
    "m": dt.datetime.fromisoformat,
    "d": dt.date.fromisoformat,
    "t": dt.time.fromisoformat,
}


def lines_of(book: Book) -> Iterator[bytes]:
    """Write a book as lines.

    >>> json.loads([*lines_of(Book("csv", (Sheet("a", True, [("x", dt.date(2026, 3, 1))]),)))][2])
    [['x', ['d', '2026-03-01']]]
    """
    yield _line({"kind": book.kind, "encoding": book.encoding, "delimiter": book.delimiter})
    for sheet in book.sheets:
        yield _line({"sheet": sheet.name, "visible": sheet.visible})
        for place in range(0, len(sheet.rows), _CHUNK):
            yield _line(sheet.rows[place : place + _CHUNK])
    yield _line({"end": sum(len(sheet.rows) for sheet in book.sheets)})


def refusal_line(code: str) -> bytes:
    """Write that a file is not read, and why."""
    return _line({"refused": code})


def _line(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_moment)
    return text.encode("utf-8", "replace") + b"\n"


def _moment(value: object) -> list[str]:
    if isinstance(value, dt.datetime):
        return ["m", value.isoformat()]
    if isinstance(value, dt.date):
        return ["d", value.isoformat()]
    if isinstance(value, dt.time):
        return ["t", value.isoformat()]
    raise TypeError(type(value).__name__)


def book_of(lines: Iterable[bytes]) -> Book:
    """Read a book back. Raises `Invalid`: what the child refused, or file_damaged where lines break off.

    >>> sent = Book("txt", (Sheet("a", True, [(), (1, None, dt.time(7, 5))]),), "utf-8")
    >>> book_of(lines_of(sent)) == sent
    True
    """
    head: dict[str, Any] = {}
    sheets: list[Sheet] = []
    size = count = 0
    for line in lines:
        size += len(line)
        if size > MAX_WIRE:
            raise refuse("file_bomb")
        try:
            said = json.loads(line)
            if isinstance(said, list):
                rows = [_row(cells) for cells in said]
                sheets[-1].rows.extend(rows)
                count += len(rows)
            elif "refused" in said:
                raise refuse(said["refused"] if said["refused"] in REFUSALS else "file_damaged")
            elif "sheet" in said:
                sheets.append(Sheet(str(said["sheet"]), bool(said["visible"]), []))
            elif "end" in said:
                return _whole(head, sheets, count == said["end"])
            else:
                head = said
        except (ValueError, TypeError, KeyError, IndexError, RecursionError) as fault:
            raise refuse("file_damaged") from fault
    raise refuse("file_damaged")


def _whole(head: dict[str, Any], sheets: list[Sheet], complete: bool) -> Book:
    if not complete:
        raise refuse("file_damaged")
    return Book(head["kind"], tuple(sheets), head["encoding"], head["delimiter"])


def _row(cells: list[Any]) -> Row:
    if list in map(type, cells):
        return tuple(_READERS[cell[0]](cell[1]) if isinstance(cell, list) else cell for cell in cells)
    return tuple(cells)
