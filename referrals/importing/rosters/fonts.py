"""Cells of workbooks typed in a font from before Unicode: "NguyÔn V¨n §øc" is Nguyễn Văn Đức in an ABC font.

The file keeps the bytes of the font as Western letters; only the font shows them as Vietnamese. A column
is read anew when hardly a word of it is Vietnamese as it stands, and nearly all are when read as such a font.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice

from referrals.importing.rosters.grids import Cell, Row, Sheet
from referrals.importing.rosters.legacy import accented_words, from_tcvn3, from_vni, vietnamese_share

_READERS: tuple[Callable[[str], str], ...] = (from_tcvn3, from_vni)
_LOOKED_AT = 200  # cells of a column
_FEWEST = 3  # different accented words: fewer may be an accident
_HARDLY, _NEARLY = 0.5, 0.8


def in_unicode(sheet: Sheet) -> Sheet:
    """Return the sheet with the columns of an old font in Unicode; as it is where there is none.

    >>> typed = [("Họ tên",), ("NguyÔn V¨n §øc",), ("TrÇn ThÞ HuÖ",)]
    >>> in_unicode(Sheet("a", True, typed)).rows
    [('Họ tên',), ('Nguyễn Văn Đức',), ('Trần Thị Huệ',)]
    """
    width = max(map(len, sheet.rows), default=0)
    readers = {place: reader for place in range(width) if (reader := _font_of(sheet.rows, place))}
    if not readers:
        return sheet
    return Sheet(sheet.name, sheet.visible, [_read_anew(row, readers) for row in sheet.rows])


def _is_western(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.isascii() and max(cell) <= "ÿ"


def _font_of(rows: list[Row], place: int) -> Callable[[str], str] | None:
    text = "\n".join(islice(_western_cells(rows, place), _LOOKED_AT))
    if not text or (vietnamese_share(text) or 0) >= _HARDLY:
        return None
    for reader in _READERS:
        read = reader(text)
        if len(accented_words(read)) >= _FEWEST and (vietnamese_share(read) or 0) >= _NEARLY:
            return reader
    return None


def _western_cells(rows: list[Row], place: int) -> Iterator[str]:
    for row in rows:
        if place < len(row) and isinstance(cell := row[place], str) and _is_western(cell):
            yield cell


def _read_anew(row: Row, readers: dict[int, Callable[[str], str]]) -> Row:
    return tuple(
        unicodedata.normalize("NFC", readers[place](cell))
        if place in readers and isinstance(cell, str) and _is_western(cell)
        else cell
        for place, cell in enumerate(row)
    )
