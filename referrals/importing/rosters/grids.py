"""The shape of an opened file: a book of sheets of rows of plain values, whatever the format was.

Cells hold what the file holds, uninterpreted: a phone typed as text is a text, typed as a number an int.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

Cell = str | int | float | bool | dt.datetime | dt.date | dt.time | None
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One grid. `rows[0]` is row 1 of the sheet, `rows[0][0]` its cell A1: nothing empty before is left out.

    Rows differ in length: empty cells at the end of a row, and empty rows at the end of the sheet, are gone.
    A blank text, a fault (#REF!) and all but the first cell of a merged range are None; texts are NFC.
    """

    name: str
    visible: bool
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Book:
    """One file. `kind`: xlsx, xls, xlsb, ods; csv (`;` `,` `|`), txt (tabs, one column); html, xml (tables).

    `encoding` is the name of a Python codec, "tcvn3" or "vni", and `delimiter` one character, or None for one
    column: for texts only. A first line `sep=;` is an empty row: it counts.
    """

    kind: str
    sheets: tuple[Sheet, ...]
    encoding: str | None = None
    delimiter: str | None = None
