"""Open any list safely: the file is read by a child process that may not grow, linger or take anybody along."""

from __future__ import annotations

from core.errors import Invalid
from referrals.importing.rosters.grids import Book


def open_book(data: bytes, file_name: str) -> Book:
    """Read a file by what it contains, whatever its name says.

    Raises `Invalid` with one of the codes of `refusals.REFUSALS`, the same for the field `file`.
    """
    raise Invalid("file_not_a_list", {"file": "file_not_a_list"})
