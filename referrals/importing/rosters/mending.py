"""The rows that did not go in, as they came, with a reason each: to be mended and sent again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.i18n import N_
from referrals.importing.rosters.grids import Cell

REASON: Final = N_("Lý do")
"""The header of the added column: the reader of lists knows it and leaves it alone."""

_CELL_LENGTH: Final = 32_767
_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDTH: Final = 18


@dataclass(frozen=True, slots=True)
class MendSheet:
    """What of one sheet goes back: its header lines as they were, and the rows with a sentence each."""

    name: str
    header: Sequence[Sequence[Cell]]
    rows: Sequence[tuple[Sequence[Cell], str]]


def mending_book(sheets: Iterable[MendSheet], reason_header: str = REASON) -> bytes:
    """The .xlsx of refused rows: the same columns, and behind them the reason.

    Texts are written as texts, whatever they begin with: a cell "=1+1" stays this text. Numbers stay numbers
    and days days, so that the mended file is read just as the first one was.
    """
    out = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": True,
    }
    with Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF7"})
        red = book.add_format({"font_color": "#9C0006", "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        taken: set[str] = set()
        for sheet in sheets:
            page = book.add_worksheet(_free_name(sheet.name, taken))
            _write(page, sheet, reason_header, (bold, red, day))
        if not taken:
            book.add_worksheet(_free_name("", taken))
    return out.getvalue()


def _write(
    page: Worksheet, sheet: MendSheet, reason_header: str, formats: tuple[Format, Format, Format]
) -> None:
    bold, red, day = formats
    width = max((len(row) for row in (*sheet.header, *(row for row, _ in sheet.rows))), default=0)
    page.set_column(0, max(width - 1, 0), _WIDTH)
    page.set_column(width, width, _WIDTH * 3)
    for number, line in enumerate(sheet.header):
        _write_row(page, number, line, bold, day)
    last = len(sheet.header)
    if last:
        page.write_string(last - 1, width, reason_header, bold)
        page.freeze_panes(last, 0)
    for number, (row, reason) in enumerate(sheet.rows, last):
        _write_row(page, number, row, None, day)
        page.write_string(number, width, reason, red)


def _write_row(page: Worksheet, number: int, row: Sequence[Cell], style: Format | None, day: Format) -> None:
    for place, cell in enumerate(row):
        if cell is None or cell == "":
            continue
        if isinstance(cell, bool):
            page.write_boolean(number, place, cell, style)
        elif isinstance(cell, (int, float)) and abs(cell) < 1e15:
            page.write_number(number, place, cell, style)
        elif isinstance(cell, (datetime, date)) and cell.year >= 1900:
            page.write_datetime(number, place, cell, day)
        else:
            text = cell.isoformat() if isinstance(cell, (date, time)) else str(cell)
            page.write_string(number, place, _UNWRITABLE.sub("", text)[:_CELL_LENGTH], style)


def _free_name(name: str, taken: set[str]) -> str:
    """A name that a sheet may have: at most 31 characters, none of those that Excel forbids, no two alike."""
    plain = _SHEET_NAME.sub(" ", name).strip(" '")[:31].strip(" '") or "Danh sách"
    plain = "Danh sách" if plain.casefold() == "history" else plain
    free, serial = plain, 2
    while free.casefold() in taken:
        free = f"{plain[:26]} ({serial})"
        serial += 1
    taken.add(free.casefold())
    return free


def refused_rows(
    rows: Sequence[Sequence[Cell]], reasons: Mapping[int, str]
) -> list[tuple[Sequence[Cell], str]]:
    """The rows (from 1) that have a reason, each with its own, from the top.

    >>> refused_rows([("Họ tên",), ("Lan2",), ("An",)], {2: "Ô họ tên có chữ số lẫn vào."})
    [(('Lan2',), 'Ô họ tên có chữ số lẫn vào.')]
    """
    return [(rows[row - 1], reason) for row, reason in sorted(reasons.items()) if 0 < row <= len(rows)]
