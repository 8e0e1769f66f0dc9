"""A sent file, read into rows that can be judged one part at a time, and into what its columns seem to mean.

What is said of columns is kept in JSON, by the name of the sheet: `read` (whether the sheet is read at all),
`header_row` (its number, from 1, or None for the guess) and `fields` (place of the column from 0 → field).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from core.vietnamese import fold
from people.phones import mask
from referrals.batches import Line
from referrals.importing.rosters.grids import Book, Cell, Sheet
from referrals.importing.rosters.opening import open_book
from referrals.importing.rosters.shapes import (
    FIELDS,
    HALF_FIELDS,
    Roster,
    RosterPerson,
    RosterSheet,
)
from referrals.importing.rosters.understanding import read_book
from referrals.rosters import LONGEST_CELL, MOST_CELLS, KeptRow

Said = Mapping[str, Mapping[str, Any]]

SAMPLES: Final = 3
LONGEST_SHEET: Final = 90
_COLUMNS_SHOWN = 60
_LONGEST_SAMPLE = 60
# The header of the reasons, in either language.
_ADDED = frozenset({"ly do", "reason"})
# Tables that may stand side by side in one sheet.
_SIDES = 7
_PHONES = ("phone", "phone_2")


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row: its sheet and number, packed as it will be sealed, and what is to be said about it."""

    sheet: str
    row: int
    packed: str
    refused: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadList:
    """A whole file. `sheets` is what the page of columns shows, without any cell; `samples` are the cells."""

    sheets: list[dict[str, Any]]
    samples: dict[str, dict[str, list[str]]]
    rows: list[ReadRow] = field(default_factory=list)

    @property
    def shape(self) -> str:
        """The shape of the first sheet that is read."""
        return next((sheet["shape"] for sheet in self.sheets if sheet["read"]), "")


def read_list(
    data: bytes,
    file_name: str,
    said: Said,
    today: date,
    skills: Sequence[str] = (),
    remembered: Callable[[str], Mapping[str, Any] | None] = lambda _shape: None,
) -> ReadList:
    """Read a file. `remembered` gives what was said before of a sheet of a shape; it is asked where nobody
    has said anything of this file yet.

    Raises `Invalid` with a code of `importing.rosters.refusals`.
    """
    book = open_book(data, file_name)
    roster = _understood(book, said, today, skills)
    if said:
        return _as_list(book, roster, roster, frozenset())
    memory: dict[str, dict[str, Any]] = {}
    for sheet in roster.sheets:
        kept = remembered(shape_of(sheet)) if sheet.shape else None
        if kept:
            row = kept.get("header_row")
            below = kept.get("below", 0)
            header = 0 if row == 0 else (sheet.header_row or 0) + below if below else None
            memory[sheet.name] = {"fields": kept["fields"], "header_row": header}
    again = _understood(book, memory, today, skills) if memory else roster
    return _as_list(book, roster, again, frozenset(memory))


def shape_of(sheet: RosterSheet) -> str:
    """Return by what a sheet with the same headers is known again; rows that came back with a reason are no
    other list.

    >>> from referrals.importing.rosters.shapes import Column
    >>> columns = (Column(0, "Họ tên", "full_name"), Column(1, "Lý do", "ignored"))
    >>> shape_of(RosterSheet("1", header_row=1, columns=columns, shape="x")) == shape_of(
    ...     RosterSheet("2", header_row=4, columns=columns[:1], shape="y"))
    True
    """
    if not sheet.header_row:
        return sheet.shape
    headers = [f"{fold(one.header)}@{one.index}" for one in sheet.columns if fold(one.header) not in _ADDED]
    return hashlib.sha256("\x1f".join(headers).encode()).hexdigest()


def file_hash(data: bytes) -> str:
    """Return by what the same file is known again: 64 hexadecimal digits.

    >>> file_hash(b"Lan")[:8]
    '1ac65711'
    """
    return hashlib.sha256(data).hexdigest()


def _understood(book: Book, said: Said, today: date, skills: Sequence[str]) -> Roster:
    sheets = tuple(
        replace(sheet, visible=bool(said.get(sheet.name, {}).get("read", sheet.visible)))
        for sheet in book.sheets
    )
    fields = {
        name: {int(place): what for place, what in about["fields"].items() if what in (*FIELDS, *HALF_FIELDS)}
        for name, about in said.items()
        if about.get("fields")
    }
    headers = {
        name: int(about["header_row"]) for name, about in said.items() if about.get("header_row") is not None
    }
    return read_book(replace(book, sheets=sheets), fields, headers, today=today, skills=skills)


def _as_list(book: Book, guessed: Roster, roster: Roster, remembered: frozenset[str]) -> ReadList:
    """`guessed` is the list before what was remembered: by its shapes a list of the kind is known again."""
    sheets: list[dict[str, Any]] = []
    samples: dict[str, dict[str, list[str]]] = {}
    rows: list[ReadRow] = []
    names = {original: kept for kept, original in sheet_names([one.name for one in book.sheets]).items()}
    for place, (grid, guess, sheet) in enumerate(
        zip(book.sheets, guessed.sheets, roster.sheets, strict=True)
    ):
        columns = sheet.columns[:_COLUMNS_SHOWN]
        sheets.append(
            {
                "name": sheet.name,
                "read": sheet.visible,
                "hidden": not grid.visible,
                "header_row": sheet.header_row,
                "guessed_row": guess.header_row,
                "shape": shape_of(guess),
                "title": sheet.title[:LONGEST_CELL],
                "people": len(sheet.people),
                "refused": len(sheet.refused),
                "remembered": sheet.name in remembered,
                "columns": [
                    {"index": one.index, "header": one.header[:LONGEST_CELL], "field": one.field}
                    for one in columns
                ],
            }
        )
        samples[str(place)] = {str(one.index): _samples(grid, sheet, one.index, one.field) for one in columns}
        rows += _rows(grid, sheet, names[sheet.name])
    return ReadList(sheets, samples, rows)


def sheet_names(originals: Sequence[str]) -> dict[str, str]:
    """Return the name that rows keep of their sheet, short and like no other → the name in the file.

    A table that stands beside another in one sheet has a name of its own.

    >>> sheet_names(["Lớp 1", "Lớp 2"])["Lớp 2"], sheet_names(["Lớp 1"])["Lớp 1 (2)"]
    ('Lớp 2', 'Lớp 1')
    """
    found: dict[str, str] = {}
    for place, original in enumerate(originals):
        name = original[:LONGEST_SHEET]
        name = name if name not in found else f"{name[:80]} #{place + 1}"
        for side in range(_SIDES, -1, -1):
            found[_named(name, side)] = original
    return found


def _rows(grid: Sheet, sheet: RosterSheet, name: str) -> Iterator[ReadRow]:
    people = [(one.row, one.side, _person(_named(name, one.side), one)) for one in sheet.people]
    refused = [
        (
            one.row,
            one.side,
            ReadRow(
                _named(name, one.side),
                one.row,
                KeptRow(Line(one.row, ""), _cells(grid.rows[one.row - 1])).pack(),
                refused=True,
                reasons=(one.reason,),
            ),
        )
        for one in sheet.refused
    ]
    for _row, _side, read in sorted((*people, *refused), key=lambda one: one[:2]):
        yield read


def _named(sheet: str, side: int) -> str:
    return f"{sheet} ({side + 1})" if side else sheet


def _person(sheet: str, one: RosterPerson) -> ReadRow:
    line = Line(
        one.row,
        one.full_name,
        one.phone or one.phone_text,
        one.gender,
        one.age_band,
        one.ward_code,
        one.taught_on,
        note=one.note,
    )
    kept = KeptRow(line, (), one.teacher_text, one.skill_texts)
    return ReadRow(sheet, one.row, kept.pack(), reasons=one.doubts)


def _cells(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(text(cell)[:LONGEST_CELL] for cell in row[:MOST_CELLS])


def text(cell: Cell) -> str:
    """Return a cell as a person reads it.

    >>> text(None), text(905123456.0), text(date(2026, 5, 3)), text("Lan")
    ('', '905123456', '03/05/2026', 'Lan')
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return str(cell)


def _samples(grid: Sheet, sheet: RosterSheet, column: int, meaning: str) -> list[str]:
    """The first cells of a column below its header; of a phone only its tail."""
    found: list[str] = []
    for row in grid.rows[sheet.header_row or 0 :]:
        value = text(row[column]).strip() if column < len(row) else ""
        if value:
            digits = sum(map(str.isdigit, value))
            hidden = meaning in _PHONES or (digits >= 8 and digits * 2 > len(value) and "/" not in value)
            found.append(mask(value) if hidden else value[:_LONGEST_SAMPLE])
        if len(found) == SAMPLES:
            break
    return found
