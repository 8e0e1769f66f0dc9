"""Rows that were not written, as a CSV to mend and send again: the same rows, each with its reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from referrals.exports import guard
from referrals.importing.rosters.grids import Cell
from referrals.importing.rosters.mending import MendSheet
from referrals.roster_reading import text

BOM: Final = "\ufeff"


def error_csv(sheets: Iterable[MendSheet], title: str) -> bytes:
    """Return a CSV that Excel opens: for each sheet its header, and below it the rows with their reasons.

    >>> sheet = MendSheet("Lớp 1", [("Họ tên", "SĐT")], [(("=1+1",), "Có ký hiệu lạ.")])
    >>> error_csv([sheet], "Lý do").decode("utf-8-sig").splitlines()
    ['Họ tên,SĐT,Lý do', "'=1+1,,Có ký hiệu lạ."]
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    for sheet in sheets:
        width = max((len(row) for row in (*sheet.header, *(row for row, _ in sheet.rows))), default=0)
        for number, line in enumerate(sheet.header, 1):
            writer.writerow([*_cells(line, width), title if number == len(sheet.header) else ""])
        for row, reason in sheet.rows:
            writer.writerow([*_cells(row, width), reason])
    return (BOM + file.getvalue()).encode()


def _cells(row: Sequence[Cell], width: int) -> list[str]:
    cells = [guard(text(cell)) for cell in row]
    return cells + [""] * (width - len(cells))
