"""How large a list may be, and the one gate through which every cell of every format passes."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Iterable

from referrals.importing.rosters.grids import Cell, Row
from referrals.importing.rosters.refusals import refuse

MAX_BYTES = 20 * 1024 * 1024  # of the file as sent
MAX_INFLATED = 256 * 1024 * 1024  # of all that stands inside a zip
MAX_PARTS = 2_000  # files inside a zip
MAX_SHEETS = 100
MAX_ROWS = 200_000  # of all sheets together, empty ones between others included
MAX_COLUMNS = 256
MAX_AREA = 8_000_000  # cells of the rectangle around a sheet's values: the reader allocates it whole
MAX_CELLS = 4_000_000  # cells with a value
LONGEST_NAME = 120  # of a sheet
MAX_CELL = 32_767  # characters of one cell: what Excel itself allows
MAX_CHARACTERS = 100_000_000  # of all cells together

_FAULTS = frozenset(
    {
        "#REF!",
        "#N/A",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
        "Err:502",
        "Err:508",
        "Err:509",
        "Err:522",
    }
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
_MIDNIGHT = dt.datetime(2000, 1, 1)  # noqa: DTZ001  # of any day: only its time is used
_WHOLE = 1e15  # floats below hold whole numbers exactly


class Gate:
    """Lets cells in, one book through; refuses the book that is too large."""

    __slots__ = ("_cells", "_characters", "_rows")

    def __init__(self) -> None:
        self._rows = 0
        self._cells = 0
        self._characters = 0

    def row(self, values: Iterable[object]) -> Row:
        """Return the cells of one row, tidied, without the empty ones at its end."""
        self._rows += 1
        if self._rows > MAX_ROWS:
            raise refuse("too_many_rows")
        cells: list[Cell] = []
        filled = 0
        for value in values:
            cell = self._text(value) if isinstance(value, str) else plain(value)
            cells.append(cell)
            if cell is not None:
                filled = len(cells)
                self._cells += 1
        if filled > MAX_COLUMNS:
            raise refuse("too_many_columns")
        if self._cells > MAX_CELLS or self._characters > MAX_CHARACTERS:
            raise refuse("file_bomb")
        return tuple(cells[:filled])

    def _text(self, text: str) -> str | None:
        if len(text) > MAX_CELL:
            text = text.strip()
            if len(text) > MAX_CELL:
                raise refuse("cell_too_long")
        self._characters += len(text)
        return clean(text)


def clean(text: str) -> str | None:
    """Return a text composed (NFC) and without NULs, or None for a blank one or a fault of a formula.

    >>> clean("Nguye\u0302\u0303n"), clean(" \u200b "), clean("#REF!"), clean(" a ")
    ('Nguyễn', None, None, ' a ')
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if not text.translate(_INVISIBLE).strip():
            return None
    if "\x00" in text:
        text = text.replace("\x00", "")
    if not text or text.isspace() or text in _FAULTS:
        return None
    return text


def plain(value: object) -> Cell:
    """Return a value that is no text as the plainest of its kind: a whole float as an int.

    >>> plain(917921742.0), plain(1.5), plain(True), plain(float("nan")), plain(dt.timedelta(hours=7))
    (917921742, 1.5, True, None, datetime.time(7, 0))
    """
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < _WHOLE else value
    if value is None or isinstance(value, (bool, int, dt.date, dt.time)):
        return value
    if isinstance(value, dt.timedelta):
        if dt.timedelta() <= value < dt.timedelta(days=1):
            return (_MIDNIGHT + value).time()
        return value / dt.timedelta(days=1)
    return clean(str(value)[:MAX_CELL])


def shown_name(name: str) -> str:
    r"""Return the name of a sheet without controls, at a length that a page can show.

    >>> shown_name("Lớp\x00 sáng "), shown_name("\n"), len(shown_name("a" * 1000))
    ('Lớp sáng', '-', 120)
    """
    return "".join(filter(str.isprintable, name[: LONGEST_NAME * 4])).strip()[:LONGEST_NAME] or "-"


def trimmed(rows: list[Row]) -> list[Row]:
    """Drop the empty rows at the end, in place.

    >>> trimmed([(), (1,), (), ()])
    [(), (1,)]
    """
    while rows and not rows[-1]:
        rows.pop()
    return rows
