"""What stands in one cell: a text, a gender, phones, skills, a note. Values in, values out.

Doubts are stable codes; their words are in `rosters.words`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, time
from functools import lru_cache
from typing import Final, NamedTuple

from core.vietnamese import clean_text, fold
from people.phones import Phone, read_phone, read_phones
from referrals.importing.rosters.grids import Cell

CELL_LENGTH: Final = 2000
"""So much of a cell is looked at, in characters; no list says more of a person."""

NOTE_LENGTH: Final = 500
_FOREIGN = re.compile("[ÐðƉɖ]")
_MENDED = str.maketrans("ÐðƉɖ", "ĐđĐđ")


def cell_text(cell: Cell) -> str:
    r"""The text of a cell, on one line, with Đ for the look-alike letters of other languages.

    >>> cell_text("  Ðỗ  Thị\n Lan "), cell_text(905123456.0), cell_text(None), cell_text(date(2026, 3, 5))
    ('Đỗ Thị Lan', '905123456', '', '05/03/2026')
    """
    if isinstance(cell, str):
        if cell.isascii() and cell.isalnum() and len(cell) <= CELL_LENGTH:
            return cell
        text = clean_text(cell[:CELL_LENGTH])
        return text.translate(_MENDED) if _FOREIGN.search(text) else text
    if cell is None or cell is True or cell is False:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, date):  # a datetime too
        return cell.strftime("%d/%m/") + f"{cell.year:04d}"
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    return str(cell)


def is_blank(cell: Cell) -> bool:
    """Whether a cell says nothing: empty, or only dots, dashes and commas where somebody was to write.

    >>> is_blank(" ……… "), is_blank(" ,, , "), is_blank(0), is_blank("x")
    (True, True, False, False)
    """
    if cell is None:
        return True
    return isinstance(cell, str) and not any(map(str.isalnum, cell[:CELL_LENGTH]))


# ── genders, phones, skills, notes ──────────────────────────────────────────────────────────────────────

_GENDERS: Final = {
    **dict.fromkeys(("nam", "m", "male", "trai", "ong", "anh", "nam gioi", "na", "con trai", "man"), "m"),
    **dict.fromkeys(("nu", "f", "female", "gai", "ba", "chi", "co", "nu gioi", "con gai", "woman"), "f"),
    **dict.fromkeys(("khac", "x", "other", "gioi tinh khac"), "x"),
}
_MARKS: Final = frozenset("x v + 1 * ✓ ✔ √ ☑ ☒ co yes nam nu ü þ".split())  # noqa: SIM905  # a row of signs


@lru_cache(maxsize=1024)
def read_gender(text: str) -> tuple[str | None, str]:
    """The gender that a cell says ("m", "f", "x"), and a doubt.

    >>> read_gender("Nữ"), read_gender(" NAM. "), read_gender(""), read_gender("?a")
    (('f', ''), ('m', ''), (None, ''), (None, 'gender_unknown'))
    """
    folded = fold(clean_text(text[:100])).strip(" .,:;()*-")
    if not folded:
        return None, ""
    gender = _GENDERS.get(folded)
    return gender, "" if gender else "gender_unknown"


def is_mark(cell: Cell) -> bool:
    """Whether a cell is ticked: x, v, 1, ✓ and the like.

    >>> is_mark("x"), is_mark(1.0), is_mark("1960"), is_mark(None)
    (True, True, False, False)
    """
    if cell is True:
        return True
    text = cell_text(cell).strip(" .").lower()
    return text in _MARKS or fold(text) in _MARKS


class PhonesRead(NamedTuple):
    """The phones of a cell: the first, any others, and why there is none though something stood there."""

    first: str | None = None
    others: tuple[str, ...] = ()
    doubt: str = ""


def read_phone_cell(cell: Cell) -> PhonesRead:
    """The phones of a cell; a number that the spreadsheet took for one is read too.

    >>> read_phone_cell(905123456.0), read_phone_cell("0905 123 456 / 01631234567").others
    (PhonesRead(first='+84905123456', others=(), doubt=''), ('+84331234567',))
    >>> read_phone_cell("0905 12"), read_phone_cell("không có")
    (PhonesRead(first=None, others=(), doubt='phone_too_short'), PhonesRead(first=None, others=(), doubt=''))
    """
    text = cell if isinstance(cell, str) else cell_text(cell)
    if not text:
        return PhonesRead()
    only = read_phone(text)
    if isinstance(only, Phone):
        return PhonesRead(only.e164)
    if only.code == "empty" or isinstance(cell, date):
        return PhonesRead()
    found = read_phones(text)
    good = [one.e164 for one in found if isinstance(one, Phone)]
    if good:
        return PhonesRead(good[0], tuple(good[1:]))
    problem = next((one.code for one in found if not isinstance(one, Phone)), only.code)
    return PhonesRead(doubt=f"phone_{problem}")


_ITEMS = re.compile(r"[;\n•|]+|\s[-–+]\s|^\s*[-–+]\s*")


def read_skills(cell: Cell, known: Collection[str] = ()) -> tuple[str, ...]:
    """The skills that a cell names, as it names them; the folded names in `known` may hold commas.

    >>> read_skills("Thanh toán; An toàn trên mạng"), read_skills("Zalo, VNeID")
    (('Thanh toán', 'An toàn trên mạng'), ('Zalo', 'VNeID'))
    >>> read_skills("Tìm, kiểm tra tin", {"tim, kiem tra tin"})
    ('Tìm, kiểm tra tin',)
    """
    text = str(cell)[:CELL_LENGTH] if isinstance(cell, str) else cell_text(cell)
    found: list[str] = []
    for item in _ITEMS.split(text):
        whole = cell_text(item).strip(" .,;")
        pieces = [whole] if fold(whole) in known else [piece.strip(" .") for piece in whole.split(",")]
        found.extend(piece for piece in pieces if piece)
    return tuple(dict.fromkeys(found))


_IDENTITY_NUMBER = re.compile(r"(?<!\d)\d{12}(?!\d)")


def read_note(cell: Cell) -> str:
    """A note, without the numbers of identity cards: those we have no right to keep.

    >>> read_note(" con bác Tư, CCCD 048160001234 ")
    'con bác Tư, CCCD •••'
    """
    return _IDENTITY_NUMBER.sub("•••", cell_text(cell))[:NOTE_LENGTH]
