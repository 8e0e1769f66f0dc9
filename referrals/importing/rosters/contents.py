"""What a cell looks like, whatever its header says: a name, a phone, a ward, a gender."""

from __future__ import annotations

import re

from people.addresses import find_ward
from people.phones import Phone, read_phone
from referrals.importing.rosters.cells import cell_text, read_gender, read_phone_cell
from referrals.importing.rosters.grids import Cell
from referrals.importing.rosters.lines import is_role, is_section, is_signature, is_total
from referrals.importing.rosters.naming import read_name, starts_like_a_name


def is_one_word(cell: Cell) -> bool:
    """Whether a cell may be a given name: one word of letters, no place, no gender.

    >>> is_one_word("Giang"), is_one_word("Nam Phương"), is_one_word("Nữ")
    (True, False, False)
    """
    if not isinstance(cell, str):
        return False
    text = cell_text(cell)
    return (
        text.replace("'", "").replace("’", "").isalpha()
        and len(text) <= 12
        and not is_gender(cell)
        and find_ward(text).code is None
    )


def is_phone(cell: Cell) -> bool:
    """Whether a cell holds a mobile number.

    >>> is_phone(905123456), is_phone("0905 123 456 / 0912345678"), is_phone("048160001234")
    (True, True, False)
    """
    if isinstance(cell, str):
        return isinstance(read_phone(cell), Phone) or read_phone_cell(cell).first is not None
    return isinstance(cell, (int, float)) and read_phone_cell(cell).first is not None


def name_score(cell: Cell) -> float:
    """How much a cell looks like somebody's name, from 0 to 1.

    >>> name_score("Nguyễn Văn An"), name_score("Blôn Hạnh"), name_score("Cách sử dụng"), name_score("Lớp 1")
    (1.0, 0.7, 0.1, 0.0)
    """
    if not isinstance(cell, str) or len(cell) > 80:
        return 0.0
    text = cell_text(cell)
    if is_section(text) or is_total(text) or is_signature(text) or is_role(text) or is_gender(cell):
        return 0.0
    name = read_name(cell).name
    if name is None or "@" in text:
        return 0.0
    words = name.split()
    if find_ward(name).code is not None:
        return 0.3 if starts_like_a_name(name) and len(words) > 2 else 0.1
    if len(words) > 1 and starts_like_a_name(name):
        return 1.0 if len(words) <= 7 and words[-1][0].isupper() else 0.3
    capitals = all(word[0].isupper() or not word[0].isalpha() for word in words)
    if not capitals or len(words) > 5:
        return 0.1
    return 0.7 if len(words) > 1 else 0.55


def is_ward(cell: Cell) -> bool:
    """Whether a cell names a ward of the city.

    >>> is_ward("P. Hòa Minh"), is_ward("Minh")
    (True, False)
    """
    return isinstance(cell, str) and find_ward(cell).code is not None


def is_year(cell: Cell) -> bool:
    """Whether a cell may be a year of birth, or a birthday, where no header says so.

    >>> is_year(1960), is_year("05/03/1960"), is_year("1960 đồng"), is_year(25000)
    (True, True, False, False)
    """
    text = cell_text(cell)
    return re.fullmatch(r"(?:\d{1,2}[/.-]\d{1,2}[/.-])?(?:19[2-9]\d|20[01]\d)", text) is not None


def is_gender(cell: Cell) -> bool:
    """Whether a cell says man or woman.

    >>> is_gender("Nữ"), is_gender("Nữ Hoàng")
    (True, False)
    """
    return isinstance(cell, str) and read_gender(cell)[0] in {"m", "f"}
