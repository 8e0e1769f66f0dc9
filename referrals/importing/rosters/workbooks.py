"""Workbooks by calamine: values only, no macro, no formula, no interpretation of texts."""

from __future__ import annotations

import io
from collections.abc import Iterator

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from referrals.importing.rosters.bounds import (
    MAX_AREA,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    Gate,
    shown_name,
    trimmed,
)
from referrals.importing.rosters.fonts import in_unicode
from referrals.importing.rosters.grids import Book, Row, Sheet
from referrals.importing.rosters.refusals import refuse


def read_workbook(data: bytes, kind: str) -> Book:
    """Read a workbook. Raises `Invalid`: file_encrypted, file_damaged, or what is too large in it.

    The reader allocates the whole rectangle around a sheet's values, and ends the process where it cannot:
    never call this outside the child process.
    """
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            grids = [found for found in workbook.sheets_metadata if found.typ == SheetTypeEnum.WorkSheet]
            if len(grids) > MAX_SHEETS:
                raise refuse("file_bomb")
            gate = Gate()
            sheets = tuple(_sheet(workbook.get_sheet_by_name(found.name), found, gate) for found in grids)
    except PasswordError as fault:
        raise refuse("file_encrypted") from fault
    except (CalamineError, OSError, ValueError, OverflowError) as fault:
        raise refuse("file_damaged") from fault
    return Book(kind, sheets)


def _sheet(sheet: CalamineSheet, found: SheetMetadata, gate: Gate) -> Sheet:
    rows = trimmed(list(_rows(sheet, gate)))
    return in_unicode(Sheet(shown_name(found.name), found.visible == SheetVisibleEnum.Visible, rows))


def _rows(sheet: CalamineSheet, gate: Gate) -> Iterator[Row]:
    """Yield the rows from row 1 and column A on, wherever the first value stands."""
    if sheet.start is None or sheet.end is None:
        return
    left, (bottom, right) = sheet.start[1], sheet.end
    if right >= MAX_COLUMNS:
        raise refuse("too_many_columns")
    if bottom >= MAX_ROWS:
        raise refuse("too_many_rows")
    if (right + 1) * (bottom + 1) > MAX_AREA:
        raise refuse("file_bomb")
    margin: list[object] = [None] * left
    for cells in sheet.iter_rows():  # gives the empty rows above, but not the empty columns before
        yield gate.row([*margin, *cells] if left else cells)
