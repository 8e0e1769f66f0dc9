"""The list of one's learners as a file: CSV for everybody, .xlsx for the office; written row by row.

People and contacts stand in columns of their own, phones are masked, and no cell is a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, Final

from xlsxwriter import Workbook

from core.i18n import N_
from referrals.exports import guard

BOM: Final = "\ufeff"
"""By this mark a spreadsheet knows that the text is UTF-8."""

HEADS: Final = (
    N_("Họ và tên"),
    N_("Phường, xã"),
    N_("Độ tuổi"),
    N_("Điện thoại"),
    N_("Số người được tính"),
    N_("Số lượt đã xác nhận"),
    N_("Số lượt còn chờ"),
    N_("Số người đã dạy tiếp"),
    N_("Ngày dạy gần nhất"),
    N_("Việc đã dạy"),
    N_("Tình trạng"),
)
NOTHING: Final = N_("Chưa có ai trong danh sách này.")

_WIDTHS: Final = (28, 22, 10, 12, 12, 12, 12, 12, 14, 44, 18)
_UNKNOWN_DAY: Final = date.max


@dataclass(frozen=True)
class SheetRow:
    """A learner as the file tells it; every word in the reader's language already."""

    full_name: str
    ward: str
    age: str
    phone: str
    people: int
    contacts: int
    waiting: int
    taught: int
    last_on: date | None
    skills: str
    state: str

    def cells(self) -> tuple[str | int, ...]:
        """The cells in the order of HEADS; a day as people write it.

        >>> SheetRow("Lan", "", "", "", 1, 2, 0, 0, date(2026, 11, 2), "", "").cells()[4:9]
        (1, 2, 0, 0, '02/11/2026')
        """
        known = self.last_on is not None and self.last_on != _UNKNOWN_DAY
        day = f"{self.last_on:%d/%m/%Y}" if known else ""
        return (
            *(self.full_name, self.ward, self.age, self.phone),
            *(self.people, self.contacts, self.waiting, self.taught),
            *(day, self.skills, self.state),
        )


def csv_lines(heads: Sequence[str], rows: Iterable[SheetRow], nothing: str) -> Iterator[str]:
    r"""Yield the file as text, a piece at a time: the mark, the heads, a line for each row.

    >>> row = SheetRow("=1+1", "", "", "••• 512", 1, 2, 0, 0, None, "", "")
    >>> "".join(csv_lines(["Tên"], [row], "")).splitlines()[1][:20]
    "'=1+1,,,••• 512,1,2,"
    >>> "".join(csv_lines(["Tên"], [], "Chưa có ai."))
    '\ufeffTên\r\nChưa có ai.\r\n'
    """
    out = io.StringIO()
    writer = csv.writer(out)
    out.write(BOM)
    writer.writerow([guard(head) for head in heads])
    empty = True
    for row in rows:
        empty = False
        writer.writerow([guard(cell) if isinstance(cell, str) else cell for cell in row.cells()])
        if out.tell() > 32_768:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    if empty:
        writer.writerow([guard(nothing)])
    yield out.getvalue()


def write_xlsx(
    file: IO[bytes], title: str, heads: Sequence[str], rows: Iterable[SheetRow], nothing: str
) -> None:
    r"""Write the file; rows go to disk one by one, so that memory does not grow with them.

    `title` names the sheet: at most 31 characters, none of ``[]:*?/\``.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with Workbook(file, options) as book:
        sheet = book.add_worksheet(title)
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 1)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
        line = 0
        for line, row in enumerate(rows, start=1):
            for column, cell in enumerate(row.cells()):
                if isinstance(cell, int):
                    sheet.write_number(line, column, cell)
                elif cell:
                    sheet.write_string(line, column, cell)
        if line == 0:
            sheet.write_string(1, 0, nothing)
