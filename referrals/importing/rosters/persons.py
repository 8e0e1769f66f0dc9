"""From a row to a person, or to the reason why it is none.

A row is first asked what it is: a person, a sum, a signature, a part of the list, an empty line. Doubt is
settled as a careful reader would: by the numbers beside the rows, by what else stands in them, by what came
before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from people.addresses import find_ward
from referrals.importing.rosters.cells import cell_text, is_blank, read_gender
from referrals.importing.rosters.columns import NAME_FIELDS, Table
from referrals.importing.rosters.contents import name_score
from referrals.importing.rosters.days import read_birth
from referrals.importing.rosters.details import Details
from referrals.importing.rosters.grids import Row
from referrals.importing.rosters.lines import (
    is_example,
    is_outline_mark,
    is_role,
    is_section,
    is_signature,
    is_total,
    numbers_columns,
)
from referrals.importing.rosters.naming import NameRead, is_example_name, read_name, starts_like_a_name
from referrals.importing.rosters.shapes import Refused, RosterPerson

_NUMBER: Final = re.compile(r"^[(\[]?\d{1,6}(?:[.,]0)?[)\].:/-]?$")
# fmt: off
_WARY: Final = frozenset(
    (
        "tổng", "tong", "cộng", "cong", "tổ", "to", "nhóm", "nhom", "lớp", "lop", "khối", "khoi", "đội",
        "doi", "khu", "thôn", "thon", "bản", "ban", "ấp", "ap", "xóm", "xom", "phường", "phuong", "xã",
        "xa", "quận", "huyện", "thị", "thành", "đơn", "don", "chi", "liên", "công", "đoàn", "hội", "hoi",
        "trường", "truong", "khoa", "phòng", "phong", "ca", "buổi", "đợt", "khóa", "khoá", "tuần", "tháng",
        "ngày", "ngay", "danh", "ghi", "lưu", "chú", "học", "hoc", "cơ", "trung", "ubnd", "ủy", "uỷ", "địa",
        "thời", "giáo", "giảng", "người", "nguoi", "số", "stt", "bảng", "phụ", "trang", "page", "mục",
        "phần", "nguồn", "kính", "chợ", "nhà", "nam", "nữ", "nu", "sáng", "chiều", "tối", "ký", "kỹ", "xác",
        "thủ", "đại", "nơi", "noi", "t/m", "tm", "kt", "tl", "tuq", "trưởng", "phó", "giám", "chủ", "hiệu",
        "bí", "cán", "kế", "thư", "vắng", "sĩ", "ấn", "bằng", "độc", "trong", "total", "sum", "đà", "điện",
        "ví", "vi", "mẫu",
    )
)
# fmt: on
_ALL: Final = 1 << 20


@dataclass(slots=True)
class _State:
    """What came before in this table."""

    closed: bool = False  # signatures have begun
    summed: bool = False  # a sum stood since the last person
    gap: int = 0  # empty rows since the last person


class TableReader:
    """Reads the rows of one table, in order. `skipped` counts the rows that are no person, by kind."""

    def __init__(self, table: Table, rows: Sequence[Row], today: date, skills: Collection[str] = ()) -> None:
        self.people: list[RosterPerson] = []
        self.refused: list[Refused] = []
        self.skipped: Counter[str] = Counter()
        self._table = table
        self._today = today
        self._state = _State()
        self._left, self._right = table.left, table.right
        self._whole = table.left == 0 and table.right >= _ALL
        self._names = table.of(*NAME_FIELDS)
        self._details = Details(table, rows, today, skills)
        self._number = table.first("number")
        self._dates = frozenset(table.of("birth", "taught_on"))
        self._mapped = frozenset(table.of("phone", "phone_2", "gender", "birth", "age", "note", "skills"))
        self._numbered = self._rows_are_numbered(rows)

    # ── what a row is ───────────────────────────────────────────────────────────────────────────────

    def read(self, row_number: int, row: Row) -> None:
        """Take the next row; `row_number` counts from 1."""
        if not self._whole:
            row = (None,) * self._left + row[self._left : self._right]
        name = row[self._details.name] if 0 <= self._details.name < len(row) else None
        # Nearly every row is a number and a plain name: these need no second look.
        if (
            type(name) is str
            and not self._state.closed
            and (self._has_number(row) if self._numbered else not self._shows_how(row))
            and name.split(" ", 1)[0].lower() not in _WARY
        ):
            found = read_name(name)
            plain = self._numbered or not (self._state.summed or _is_furniture(name))
            if found.name is not None and plain:
                self._take(row_number, row, found)
                return
        kind = self._kind(row_number, row)
        if kind:
            self.skipped[kind] += 1

    def _kind(self, row_number: int, row: Row) -> str:
        """What a row is that is no plain person; an empty word where it was one after all, or was refused."""
        filled = [place for place, cell in enumerate(row) if not is_blank(cell)]
        if not filled:
            self._state.gap += 1
            return "blank"
        if numbers_columns(row) and len(filled) >= len(self._table.headings) - 2:
            return "numbering"
        mark = self._details.text(row, self._number)
        if (mark and is_example(mark)) or is_example_name(self._details.name_text(row)):
            return "example"
        found = read_name(self._details.name_text(row))
        numbered = self._has_number(row)
        strong = self._strong(row)
        texts = [cell_text(row[place]) for place in filled]
        if self._is_sum(row, filled, numbered and strong):
            self._state.summed = True
            return "total"
        if self._is_footer(row, filled, found, numbered, strong):
            if not self.people:
                return "title"
            self._state.closed = True
            return "footer"
        if (self._state.closed or self._state.summed) and not self._goes_on(found, numbered, strong):
            return "footer"
        if len(set(texts)) == 1 and len(filled) != 1 and filled[0] not in self._names:
            return "section"
        return self._person_or_part(row_number, row, filled, found, numbered, strong)

    def _person_or_part(
        self, row_number: int, row: Row, filled: list[int], found: NameRead, numbered: bool, strong: bool
    ) -> str:
        name_text = self._details.name_text(row)
        alone = len(filled) == 1 or all(place in self._names for place in filled)
        mark = self._details.text(row, self._number)
        if is_blank(name_text):
            return self._without_name(row_number, row, filled, numbered, strong)
        if not numbered and not strong and is_section(name_text):
            return "section"
        outlined = is_outline_mark(mark) and self._numbered
        if (
            not strong
            and (outlined or (alone and self._numbered))
            and not self._is_somebody(name_text, found)
        ):
            return "section"
        if alone and self._state.gap >= 2 and self._numbered and not strong:
            return "footer"
        if found.name is None:
            return self._nameless(row_number, row, found, numbered, strong)
        self._take(row_number, row, found)
        return ""

    def _is_somebody(self, text: str, found: NameRead) -> bool:
        """Whether a name that stands alone among numbered rows is one whose number was forgotten."""
        if found.name is None or find_ward(found.name).code is not None:
            return False
        if starts_like_a_name(found.name) and " " in found.name:
            return True
        return not text.isupper() and name_score(text) >= 0.55

    def _without_name(
        self, row_number: int, row: Row, filled: list[int], numbered: bool, strong: bool
    ) -> str:
        beside = self._details.text(row, self._details.phone)
        if beside and len(filled) > 1 and name_score(row[self._details.phone]) >= 0.7:
            self._take(row_number, row, read_name(beside), ("name_in_phone_column",))
            return ""
        told = [place for place in filled if place in self._mapped and place != self._number]
        if strong or (numbered and any(place in self._mapped for place in told)):
            self._refuse(row_number, "no_name")
            return ""
        if numbered or all(isinstance(row[place], (int, float)) for place in filled):
            self._state.gap += 1
            return "blank"
        return "section"

    def _nameless(self, row_number: int, row: Row, found: NameRead, numbered: bool, strong: bool) -> str:
        beside = self._details.text(row, self._details.phone)
        if found.reason == "name_no_letters" and beside and name_score(row[self._details.phone]) >= 0.5:
            swapped = list(row)
            swapped[self._details.phone], swapped[self._details.name] = (
                row[self._details.name],
                row[self._details.phone],
            )
            self._take(row_number, tuple(swapped), read_name(beside), ("columns_swapped",))
            return ""
        labelled = ":" in self._details.name_text(row)
        if not numbered and not strong and (self._numbered or labelled or found.reason == "name_no_letters"):
            return "section"
        self._refuse(row_number, found.reason)
        return ""

    def _is_sum(self, row: Row, filled: list[int], person: bool) -> bool:
        if person:
            return is_total(self._details.name_text(row)) and not starts_like_a_name(
                self._details.name_text(row)
            )
        given = self._table.of("given_part") if len(filled) > 1 else []
        asked = [place for place in filled[:2] if place not in given and isinstance(row[place], str)]
        return any(is_total(cell_text(row[place])) for place in asked)

    def _is_footer(self, row: Row, filled: list[int], found: NameRead, numbered: bool, strong: bool) -> bool:
        named = found.name is not None
        if named and (numbered or (strong and not is_signature(found.name or ""))):
            return False
        texts = [
            cell_text(row[place])
            for place in filled
            if place not in self._dates and isinstance(row[place], str)
        ]
        if any(map(is_signature, texts)):
            return True
        if named and starts_like_a_name(found.name or "") and not self._state.gap:
            return False
        roles = [text for text in texts if is_role(text)]
        return (
            bool(roles) and (any(text.isupper() for text in roles) or len(roles) == len(texts)) and not strong
        )

    def _goes_on(self, found: NameRead, numbered: bool, strong: bool) -> bool:
        """Whether the list goes on behind a sum or a signature."""
        if found.name is None:
            return numbered and strong
        if self._numbered:
            return numbered
        if self._state.closed:
            return strong
        return strong or not self._state.gap

    def _strong(self, row: Row) -> bool:
        """Whether a row says of a person what no sum or title says: a phone, a birth, an age."""
        phone = row[self._details.phone] if 0 <= self._details.phone < len(row) else None
        if phone is not None and len(re.sub(r"\D", "", cell_text(phone))) >= 8:
            return True
        born = row[self._details.birth] if 0 <= self._details.birth < len(row) else None
        if born is not None and read_birth(born, self._today).born is not None:
            return True
        return (
            bool(self._details.text(row, self._details.gender))
            and read_gender(self._details.text(row, self._details.gender))[0] is not None
        )

    def _shows_how(self, row: Row) -> bool:
        mark = row[self._number] if 0 <= self._number < len(row) else None
        return isinstance(mark, str) and is_example(mark)

    def _has_number(self, row: Row) -> bool:
        cell = row[self._number] if 0 <= self._number < len(row) else None
        if isinstance(cell, (int, float)):
            return cell is not True and cell is not False
        return isinstance(cell, str) and _NUMBER.match(cell_text(cell)) is not None

    # ── what the whole table is like ────────────────────────────────────────────────────────────────

    def _rows_are_numbered(self, rows: Sequence[Row]) -> bool:
        named = [
            row for row in rows if any(place < len(row) and not is_blank(row[place]) for place in self._names)
        ]
        return self._number >= 0 and sum(map(self._has_number, named)) >= max(1, 0.5 * len(named))

    # ── taking a person ─────────────────────────────────────────────────────────────────────────────

    def _refuse(self, row_number: int, reason: str) -> None:
        self.refused.append(Refused(row_number, reason, self._table.side))

    def _take(self, row_number: int, row: Row, found: NameRead, doubts: tuple[str, ...] = ()) -> None:
        state = self._state
        if state.gap or state.summed or state.closed:
            self._state = _State()
        self.people.append(self._details.person(row_number, row, found, doubts))


def _is_furniture(text: str) -> bool:
    """Whether a text in the column of names belongs to the page, and to nobody."""
    return is_signature(text) or is_role(text) or is_section(text)
