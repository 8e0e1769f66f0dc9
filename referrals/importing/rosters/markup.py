"""Tables that old systems save under the name .xls: a page of HTML, or the XML of Excel 2003."""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser
from xml.parsers import expat

from referrals.importing.rosters.bounds import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    Gate,
    shown_name,
    trimmed,
)
from referrals.importing.rosters.grids import Row, Sheet
from referrals.importing.rosters.refusals import refuse

_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_SPACES = re.compile(r"[ \t\r\n\f]+")
_BREAKS = frozenset({"br", "p", "div", "li"})


def has_table(text: str) -> bool:
    """Tell whether a page holds a table."""
    return _TABLE.search(text) is not None


def is_workbook_xml(front: str) -> bool:
    """Tell whether a text begins as the XML of Excel 2003, given in lower case."""
    return front.startswith("<?xml") and _SPREADSHEET in front


def read_html(text: str) -> list[Row]:
    """Read the tables of a page, one below the other, as Excel does: a spanned place is an empty cell.

    >>> read_html("<table><tr><th colspan=2>Lớp 1</th><th>Tên</th></tr><tr><td>1<td><td>L&ecirc; Ba</table>")
    [('Lớp 1', None, 'Tên'), ('1', None, 'Lê Ba')]
    """
    reader = _Tables()
    reader.feed(text)
    reader.close()
    reader.end_row()
    return trimmed(reader.rows)


class _Tables(HTMLParser):
    """Rows of all tables; what stands in a table inside a cell is text of that cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[Row] = []
        self._gate = Gate()
        self._depth = 0
        self._cells: list[str | None] | None = None
        self._text: list[str] | None = None
        self._span = 1
        self._down = 1
        self._held: dict[int, int] = {}  # column → how many rows below are still covered from above

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth > 50:
                raise refuse("file_bomb")
        if self._depth != 1:
            return
        if tag == "tr":
            self.end_row()
            self._cells = []
        elif tag in ("td", "th"):
            self._end_cell()
            if self._cells is None:
                self._cells = []
            known = dict(attrs)
            self._text = []
            self._span = _count(known.get("colspan"), MAX_COLUMNS)
            self._down = _count(known.get("rowspan"), MAX_ROWS)
        elif tag in _BREAKS and self._text:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._depth:
            if self._depth == 1:
                self.end_row()
                self._held.clear()
            self._depth -= 1
        elif self._depth == 1 and tag == "tr":
            self.end_row()
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(_SPACES.sub(" ", data))

    def end_row(self) -> None:
        """Close the row that is open, if one is."""
        self._end_cell()
        if self._cells is None:
            return
        self._skip_covered()
        self.rows.append(self._gate.row(self._cells))
        self._cells = None

    def _end_cell(self) -> None:
        if self._text is None or self._cells is None:
            return
        self._skip_covered()
        lines = "".join(self._text).split("\n")
        text = "\n".join(line.strip(" ") for line in lines).strip("\n")
        if self._down > 1:
            self._held |= dict.fromkeys(
                range(len(self._cells), len(self._cells) + self._span), self._down - 1
            )
        self._cells += [text, *[None] * (self._span - 1)]
        self._text = None
        if len(self._cells) > MAX_COLUMNS:
            raise refuse("too_many_columns")

    def _skip_covered(self) -> None:
        """Leave empty the places that a cell of a row above reaches down to."""
        assert self._cells is not None
        while left := self._held.get(len(self._cells), 0):
            self._held[len(self._cells)] = left - 1
            self._cells.append(None)


def _count(text: str | None, most: int) -> int:
    """Return how many places a cell takes, at least one.

    >>> _count("3", 256), _count(None, 256), _count("many", 256), _count("99999", 256)
    (3, 1, 1, 256)
    """
    found = (text or "").strip()
    return min(max(int(found), 1), most) if found.isdecimal() and len(found) < 10 else 1


def read_xml(text: str) -> tuple[Sheet, ...]:
    """Read a workbook of Excel 2003 (SpreadsheetML). Raises `Invalid`: damaged, a bomb, or too large."""
    reader = _Workbook()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.EntityDeclHandler = reader.entity
    parser.buffer_text = True
    declared = re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)  # it names an encoding that is no more
    try:
        parser.Parse(declared.encode("utf-8", "replace"), True)
    except expat.ExpatError as fault:
        raise refuse("file_damaged") from fault
    return tuple(reader.sheets)


class _Workbook:
    """Sheets, rows and cells of SpreadsheetML; `Index` leaves places out, `MergeAcross` covers some."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self._gate = Gate()
        self._name, self._visible = "", True
        self._rows: list[Row] = []
        self._cells: list[object] = []
        self._kind = "String"
        self._text: list[str] | None = None
        self._across = 0

    def entity(self, *_: object) -> None:
        """Refuse a document that declares entities: no spreadsheet does."""
        raise refuse("file_bomb")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open a sheet, a row, a cell or its data."""
        space, _, tag = name.rpartition(" ")
        own = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if space != _SPREADSHEET:
            return
        if tag == "Worksheet":
            self._name, self._visible, self._rows = own.get("Name", ""), True, []
        elif tag == "Row":
            self._rows += [()] * _skipped(own.get("Index"), len(self._rows), MAX_ROWS, "too_many_rows")
            self._cells = []
        elif tag == "Cell":
            left_out = _skipped(own.get("Index"), len(self._cells), MAX_COLUMNS, "too_many_columns")
            self._cells += [None] * left_out
            self._across = _count(own.get("MergeAcross"), MAX_COLUMNS) if "MergeAcross" in own else 0
            self._cells.append(None)
        elif tag == "Data":
            self._kind, self._text = own.get("Type", "String"), []

    def end(self, name: str) -> None:
        """Close what was opened; the state of a sheet stands in another namespace."""
        tag = name.rpartition(" ")[2]
        if tag == "Data" and self._text is not None and self._cells:
            self._cells[-1] = _typed("".join(self._text), self._kind)
            self._text = None
        elif tag == "Cell":
            self._cells += [None] * self._across
            self._across = 0
        elif tag == "Row":
            self._rows.append(self._gate.row(self._cells))
        elif tag == "Visible":
            self._visible = False
        elif tag == "Worksheet":
            self.sheets.append(Sheet(shown_name(self._name), self._visible, trimmed(self._rows)))
            if len(self.sheets) > MAX_SHEETS:
                raise refuse("file_bomb")

    def data(self, text: str) -> None:
        """Take a piece of a cell's text."""
        if self._text is not None:
            self._text.append(text)


def _skipped(index: str | None, there: int, most: int, code: str) -> int:
    """Return how many places are left out before one that tells its number; raises `Invalid`, with `code`."""
    if index is None or not index.isdecimal():
        return 0
    if len(index) > 9 or int(index) > most:
        raise refuse(code)
    return max(int(index) - 1 - there, 0)


def _typed(text: str, kind: str) -> object:
    """Return the value that a cell declares.

    >>> _typed("905123456", "Number"), _typed("2026-03-01T00:00:00.000", "DateTime"), _typed("1", "Boolean")
    (905123456.0, datetime.date(2026, 3, 1), True)
    """
    if len(text) > MAX_CELL:
        raise refuse("cell_too_long")
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            moment = dt.datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=None)
            return moment.date() if moment.time() == dt.time() else moment
    except ValueError:
        return text
    if kind == "Boolean":
        return text.strip() == "1"
    return None if kind == "Error" else text
