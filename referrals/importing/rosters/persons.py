"""From a row to a person, or to the reason why it is none.

A row is first asked what it is: a person, a sum, a signature, a part of the list, an empty line. Doubt is settled as a
careful reader would: by the numbers beside the rows, by what else stands in them, by what came before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from core.vietnamese import fold
from people.addresses import find_ward
from people.names import clean_name
from referrals.importing.rosters.cells import (
    BirthRead,
    PhonesRead,
    band_of_birth,
    cell_text,
    is_blank,
    is_mark,
    read_age,
    read_birth,
    read_gender,
    read_lesson_day,
    read_note,
    read_phone_cell,
    read_skills,
)
from referrals.importing.rosters.columns import NAME_FIELDS, Table, name_score
from referrals.importing.rosters.grids import Cell, Row
from referrals.importing.rosters.lines import (
    is_example,
    is_outline_mark,
    is_role,
    is_section,
    is_signature,
    is_total,
    numbers_columns,
)
from referrals.importing.rosters.naming import NameRead, read_name, starts_like_a_name
from referrals.importing.rosters.shapes import Refused, RosterPerson

_NUMBER: Final = re.compile(r"^[(\[]?\d{1,6}(?:[.,]0)?[)\].:/-]?$")
_STRICT_PHONE: Final = re.compile(r"(?<!\d)(?:\+84|0)[35789](?:[\s.\-]?\d){8}(?!\d)")
_WARY: Final = frozenset(
    "tổng tong cộng cong tổ to nhóm nhom lớp lop khối khoi đội doi khu thôn thon bản ban ấp ap xóm xom phường phuong "
    "xã xa quận huyện thị thành đơn don chi liên công đoàn hội hoi trường truong khoa phòng phong ca buổi đợt khóa khoá "
    "tuần tháng ngày ngay danh ghi lưu chú học hoc cơ trung ubnd ủy uỷ địa thời giáo giảng người nguoi số stt bảng phụ "
    "trang page mục phần nguồn kính chợ nhà nam nữ nu sáng chiều tối ký kỹ xác thủ đại nơi noi t/m tm kt tl tuq trưởng "
    "phó giám chủ hiệu bí cán ban kế thư vắng sĩ ấn bằng độc trong total sum đà điện ví vi mẫu".split()  # noqa: SIM905
)
_ALL: Final = 1 << 20
_LABELS: Final = frozenset(
    ("", "sdt", "dt", "so dt", "zalo", "so dien thoai", "dien thoai", "so zalo", "phone", "tel")
)


class _Birth(NamedTuple):
    band: str | None = None
    gender: str | None = None
    doubt: str = ""


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
        self._skills = skills
        self._state = _State()
        self._left, self._right = table.left, table.right
        self._whole = table.left == 0 and table.right >= _ALL
        self._names = table.of(*NAME_FIELDS)
        first = table.of("full_name")
        self._name = first[0] if first else -1
        self._family, self._given = table.of("family_part"), table.of("given_part")
        self._number = next(iter(table.of("number")), -1)
        self._phone = next(iter(table.of("phone")), -1)
        self._phones_2 = table.of("phone_2")
        self._gender = next(iter(table.of("gender")), -1)
        self._birth = next(iter(table.of("birth")), -1)
        self._age = next(iter(table.of("age")), -1)
        self._ward = next(iter(table.of("ward")), -1)
        self._taught = next(iter(table.of("taught_on")), -1)
        self._teacher = next(iter(table.of("teacher")), -1)
        self._skill_places, self._notes = table.of("skills"), table.of("note")
        self._halves = [
            (place, table.fields[place]) for place in table.of("birth_m", "birth_f", "gender_m", "gender_f")
        ]
        self._only_women_marked = {half for _, half in self._halves} == {"gender_f"}
        self._dates = frozenset(table.of("birth", "taught_on"))
        self._mapped = frozenset(table.of("phone", "phone_2", "gender", "birth", "age", "note", "skills"))
        self._numbered = self._rows_are_numbered(rows)
        self._lost_dates = self._dates_are_lost(rows)

    # ── what a row is ───────────────────────────────────────────────────────────────────────────────

    def read(self, row_number: int, row: Row) -> None:
        """Take the next row; `row_number` counts from 1."""
        if not self._whole:
            row = (None,) * self._left + row[self._left : self._right]
        name = row[self._name] if 0 <= self._name < len(row) else None
        # Nearly every row is a number and a plain name: these need no second look.
        if (
            type(name) is str
            and not self._state.closed
            and (not self._numbered or self._has_number(row))
            and name.split(" ", 1)[0].lower() not in _WARY
        ):
            found = read_name(name)
            if found.name is not None and (self._numbered or not self._state.summed):
                if self._numbered or not (is_signature(name) or is_role(name) or is_section(name)):
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
        if numbers_columns(row) and len(filled) >= max(3, len(self._table.headings) - 2):
            return "numbering"
        mark = self._text(row, self._number)
        if mark and is_example(mark):
            return "example"
        found = self._name_of(row)
        numbered = self._has_number(row)
        strong = self._strong(row)
        texts = [cell_text(row[place]) for place in filled]
        if self._is_sum(row, filled, numbered and strong):
            self._state.summed = True
            return "total"
        if self._is_footer(row, filled, found, numbered, strong):
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
        name_text = self._name_text(row)
        alone = len(filled) == 1 or all(place in self._names for place in filled)
        mark = self._text(row, self._number)
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
        beside = self._text(row, self._phone)
        if beside and name_score(row[self._phone]) >= 0.7:
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
        beside = self._text(row, self._phone)
        if found.reason == "name_no_letters" and beside and name_score(row[self._phone]) >= 0.5:
            swapped = list(row)
            swapped[self._phone], swapped[self._name] = row[self._name], row[self._phone]
            self._take(row_number, tuple(swapped), read_name(beside), ("columns_swapped",))
            return ""
        if not numbered and not strong and (self._numbered or found.reason == "name_no_letters"):
            return "section"
        self._refuse(row_number, found.reason)
        return ""

    def _is_sum(self, row: Row, filled: list[int], person: bool) -> bool:
        if person:
            return is_total(self._name_text(row)) and not starts_like_a_name(self._name_text(row))
        return any(is_total(cell_text(row[place])) for place in filled[:2] if isinstance(row[place], str))

    def _is_footer(self, row: Row, filled: list[int], found: NameRead, numbered: bool, strong: bool) -> bool:
        named = found.name is not None
        if named and (numbered or strong) and not is_signature(found.name or ""):
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
        phone = row[self._phone] if 0 <= self._phone < len(row) else None
        if phone is not None and len(re.sub(r"\D", "", cell_text(phone))) >= 8:
            return True
        born = row[self._birth] if 0 <= self._birth < len(row) else None
        if born is not None and read_birth(born, self._today).born is not None:
            return True
        return (
            bool(self._text(row, self._gender)) and read_gender(self._text(row, self._gender))[0] is not None
        )

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

    def _dates_are_lost(self, rows: Sequence[Row]) -> bool:
        """Whether births of 1969 and 1970 are the mark of an exporting system that lost the true ones.

        Such a system writes many days just around the first day of its clock, beside true births that are far away.
        """
        if self._birth < 0:
            return False
        years = [
            found.born.year
            for row in rows
            if self._birth < len(row)
            and (found := read_birth(row[self._birth], self._today)).exact
            and found.born
        ]
        lost = sum(year in {1969, 1970} for year in years)
        near = sum(1955 <= year <= 1984 and year not in {1969, 1970} for year in years)
        return lost >= 3 and lost >= 0.15 * len(years) and near <= 0.1 * len(years)

    # ── taking a person ─────────────────────────────────────────────────────────────────────────────

    def _text(self, row: Row, place: int) -> str:
        return cell_text(row[place]) if 0 <= place < len(row) else ""

    def _name_text(self, row: Row) -> str:
        if self._name >= 0:
            return self._text(row, self._name)
        parts = [self._text(row, place) for place in (*self._family, *self._given)]
        whole = " ".join(part for part in parts if not is_blank(part))
        if whole.isupper():
            return whole
        words = (clean_name(part) if part.isupper() else part for part in parts if not is_blank(part))
        return " ".join(part if isinstance(part, str) else whole for part in words)

    def _name_of(self, row: Row) -> NameRead:
        return read_name(self._name_text(row))

    def _refuse(self, row_number: int, reason: str) -> None:
        self.refused.append(Refused(row_number, reason, self._table.side))

    def _take(self, row_number: int, row: Row, found: NameRead, doubts: tuple[str, ...] = ()) -> None:
        state = self._state
        if state.gap or state.summed or state.closed:
            self._state = _State()
        told = list(doubts)
        phones = self._phones(row, found, told)
        birth = self._birth_of(row, found)
        gender = birth.gender
        if gender is None and self._gender >= 0 and (text := self._text(row, self._gender)):
            gender, doubt = read_gender(text)
            if doubt:
                told.append(doubt)
        if birth.doubt:
            told.append(birth.doubt)
        ward_code, ward_text = self._ward_of(row, told)
        taught_on = self._taught_on(row, told)
        self.people.append(
            RosterPerson(
                row_number,
                found.name or "",
                phones.first,
                self._text(row, self._phone) or found.phone_text,
                phones.others,
                gender or found.gender,
                birth.band,
                ward_code,
                ward_text,
                taught_on,
                self._skills_of(row) if self._skill_places else (),
                self._text(row, self._teacher)[:200] if self._teacher >= 0 else "",
                self._note_of(row, found) if self._notes or found.note else "",
                tuple(told),
                self._table.side,
            )
        )

    def _phones(self, row: Row, found: NameRead, told: list[str]) -> PhonesRead:
        cell = row[self._phone] if 0 <= self._phone < len(row) else None
        phones = read_phone_cell(cell) if cell is not None else PhonesRead()
        if phones.first is not None and not self._phones_2 and not found.phone_text:
            return phones
        numbers = [*([phones.first] if phones.first else []), *phones.others]
        for place in self._phones_2:
            if place < len(row):
                more = read_phone_cell(row[place])
                numbers += [*([more.first] if more.first else []), *more.others]
        if found.phone_text and (more := read_phone_cell(found.phone_text)).first:
            numbers.append(more.first)
        if not numbers and phones.doubt:
            told.append(phones.doubt)
        if not numbers and is_blank(cell):
            numbers = self._phone_elsewhere(row, told)
        distinct = list(dict.fromkeys(numbers))
        return PhonesRead(distinct[0] if distinct else None, tuple(distinct[1:]))

    def _phone_elsewhere(self, row: Row, told: list[str]) -> list[str]:
        """A phone that slipped into the column of births, notes or genders."""
        for place in (self._birth, self._age, self._gender, self._ward, *self._notes):
            cell = row[place] if 0 <= place < len(row) else None
            # A phone beside other words may be another's: "chồng: 0905…".
            if isinstance(cell, str) and (match := _STRICT_PHONE.search(cell)) and _is_label(cell, match):
                more = read_phone_cell(match[0])
                if more.first is not None:
                    told.append("phone_elsewhere")
                    return [more.first]
        return []

    def _birth_of(self, row: Row, found: NameRead) -> _Birth:
        for place, half in self._halves:
            cell: Cell = row[place] if place < len(row) else None
            if is_blank(cell) and cell is not True:
                continue
            gender = half[-1]
            if half.startswith("gender_"):
                if is_mark(cell) or read_gender(cell_text(cell))[0]:
                    return self._banded(self._born(row, found), gender)
            else:
                return self._banded(read_birth(cell, self._today), gender)
        gender_left = "m" if self._only_women_marked else None
        if self._birth < 0 and self._age < 0 and not found.birth_text:
            return _Birth(gender=gender_left)
        return self._banded(self._born(row, found), gender_left, row)

    def _born(self, row: Row, found: NameRead) -> BirthRead:
        born = read_birth(row[self._birth], self._today) if 0 <= self._birth < len(row) else BirthRead()
        if born.born is None and found.birth_text:
            born = read_birth(found.birth_text, self._today)
        if self._lost_dates and born.exact and born.born is not None and born.born.year in {1969, 1970}:
            return BirthRead(doubt="birth_unbelievable")
        return born

    def _banded(self, born: BirthRead, gender: str | None, row: Row = ()) -> _Birth:
        if born.born is None and 0 <= self._age < len(row):
            band, doubt = read_age(row[self._age], self._today)
            return _Birth(band, gender, born.doubt or doubt)
        return _Birth(band_of_birth(born, self._today), gender, born.doubt)

    def _ward_of(self, row: Row, told: list[str]) -> tuple[str | None, str]:
        cell = row[self._ward] if 0 <= self._ward < len(row) else None
        if cell is None or is_blank(cell):
            return None, ""
        text = cell if isinstance(cell, str) else cell_text(cell)
        ward = find_ward(text)
        if ward.doubt:
            told.append(ward.doubt)
        return ward.code, cell_text(cell)[:300]

    def _taught_on(self, row: Row, told: list[str]) -> date | None:
        if not 0 <= self._taught < len(row):
            return None
        day, doubt = read_lesson_day(row[self._taught], self._today)
        if doubt:
            told.append(doubt)
        return day

    def _skills_of(self, row: Row) -> tuple[str, ...]:
        found = [
            one
            for place in self._skill_places
            if place < len(row)
            for one in read_skills(row[place], self._skills)
        ]
        return tuple(dict.fromkeys(found))

    def _note_of(self, row: Row, found: NameRead) -> str:
        notes = [read_note(row[place]) for place in self._notes if place < len(row)]
        return "; ".join(note for note in (*notes, read_note(found.note)) if note and not is_blank(note))


def _is_label(text: str, phone: re.Match[str]) -> bool:
    """Whether around a phone there is nothing but "SĐT:" or the like."""
    return fold(f"{text[: phone.start()]} {text[phone.end() :]}").strip(" .,:;()-/") in _LABELS
