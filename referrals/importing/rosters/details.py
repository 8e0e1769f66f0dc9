"""What a row of a list says of its person: phones, age, gender, ward, day, skills, and what is doubtful."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import Final, NamedTuple

from core.vietnamese import fold
from people.addresses import find_ward
from people.names import clean_name
from referrals.importing.rosters.cells import (
    PhonesRead,
    cell_text,
    is_blank,
    is_mark,
    read_gender,
    read_note,
    read_phone_cell,
    read_skills,
)
from referrals.importing.rosters.columns import Table
from referrals.importing.rosters.days import BirthRead, band_of_birth, read_age, read_birth, read_lesson_day
from referrals.importing.rosters.grids import Cell, Row
from referrals.importing.rosters.naming import NameRead
from referrals.importing.rosters.shapes import RosterPerson

_STRICT_PHONE: Final = re.compile(r"(?<!\d)(?:\+84|0)[35789](?:[\s.\-]?\d){8}(?!\d)")
_DITTO: Final = re.compile(r"[-\s]*(?:n\.?t\.?|nhu tren|(?:\"|''|//|〃){1,3})[-\s]*")
_LABELS: Final = frozenset(
    ("", "sdt", "dt", "so dt", "zalo", "so dien thoai", "dien thoai", "so zalo", "phone", "tel")
)


class _Birth(NamedTuple):
    band: str | None = None
    gender: str | None = None
    doubt: str = ""


class Details:
    """Reads what the columns of one table say of each person. `rows` is a sample of what is below them."""

    def __init__(self, table: Table, rows: Sequence[Row], today: date, skills: Collection[str] = ()) -> None:
        self._today = today
        self._skills = skills
        self._side = table.side
        self.name = table.first("full_name")
        self._family, self._given = table.of("family_part"), table.of("given_part")
        self.phone = table.first("phone")
        self._phones_2 = table.of("phone_2")
        self.gender = table.first("gender")
        self.birth = table.first("birth")
        self._age = table.first("age")
        self._ward = table.first("ward")
        self._taught = table.first("taught_on")
        self._teacher = table.first("teacher")
        self._skill_places, self._notes = table.of("skills"), table.of("note")
        self._halves = [
            (place, table.fields[place]) for place in table.of("birth_m", "birth_f", "gender_m", "gender_f")
        ]
        self._repeating = [
            place for place in (self._ward, self._taught, self._teacher, *self._skill_places) if place >= 0
        ]
        self._above: dict[int, Cell] = {}
        self._only_women_marked = {half for _, half in self._halves} == {"gender_f"}
        self._lost_dates = self._dates_are_lost(rows)

    def text(self, row: Row, place: int) -> str:
        return cell_text(row[place]) if 0 <= place < len(row) else ""

    def name_text(self, row: Row) -> str:
        if self.name >= 0:
            return self.text(row, self.name)
        parts = [self.text(row, place) for place in (*self._family, *self._given)]
        whole = " ".join(part for part in parts if not is_blank(part))
        if whole.isupper():
            return whole
        words = (clean_name(part) if part.isupper() else part for part in parts if not is_blank(part))
        return " ".join(part if isinstance(part, str) else whole for part in words)

    def person(
        self, row_number: int, row: Row, found: NameRead, doubts: tuple[str, ...] = ()
    ) -> RosterPerson:
        """The person of a row whose name is `found`; `doubts` are those that there are already."""
        told = list(doubts)
        if self._repeating:
            row = self._without_ditto(row)
        phone = row[self.phone] if 0 <= self.phone < len(row) else None
        phones = self._phones(row, phone, found, told)
        birth = self._birth_of(row, found)
        gender = birth.gender
        if gender is None and self.gender >= 0 and (text := self.text(row, self.gender)):
            gender, doubt = read_gender(text)
            if doubt:
                told.append(doubt)
        if birth.doubt:
            told.append(birth.doubt)
        ward_code, ward_text = self._ward_of(row, told)
        taught_on = self._taught_on(row, told)
        return RosterPerson(
            row_number,
            found.name or "",
            phones.first,
            cell_text(phone) or found.phone_text,
            phones.others,
            gender or found.gender,
            birth.band,
            ward_code,
            ward_text,
            taught_on,
            self._skills_of(row) if self._skill_places else (),
            self.text(row, self._teacher)[:200] if self._teacher >= 0 else "",
            self._note_of(row, found) if self._notes or found.note else "",
            tuple(told),
            self._side,
        )

    def _phones(self, row: Row, cell: Cell, found: NameRead, told: list[str]) -> PhonesRead:
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
        if not numbers and self.phone >= 0 and is_blank(cell):
            numbers = self._phone_elsewhere(row, told)
        distinct = list(dict.fromkeys(numbers))
        return PhonesRead(distinct[0] if distinct else None, tuple(distinct[1:]))

    def _phone_elsewhere(self, row: Row, told: list[str]) -> list[str]:
        """A phone that slipped into the column of births, notes or genders."""
        for place in (self.birth, self._age, self.gender, self._ward, *self._notes):
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
            if half.startswith("gender_") and not _is_year(cell):
                if is_mark(cell) or read_gender(cell_text(cell))[0]:
                    return self._banded(self._born(row, found), gender)
            else:
                return self._banded(read_birth(cell, self._today), gender)
        gender_left = "m" if self._only_women_marked else None
        if self.birth < 0 and self._age < 0 and not found.birth_text:
            return _Birth(gender=gender_left)
        return self._banded(self._born(row, found), gender_left, row)

    def _born(self, row: Row, found: NameRead) -> BirthRead:
        born = read_birth(row[self.birth], self._today) if 0 <= self.birth < len(row) else BirthRead()
        if born.born is None and found.birth_text:
            born = read_birth(found.birth_text, self._today)
        if self._lost_dates and born.exact and born.born is not None and born.born.year in {1969, 1970}:
            return BirthRead(doubt="birth_unbelievable")
        return born

    def _banded(self, born: BirthRead, gender: str | None, row: Row = ()) -> _Birth:
        if born.doubt == "birth_unreadable" and 0 <= self.birth < len(row):
            band, doubt = read_age(row[self.birth], self._today)  # "66 tuổi", in the column of births
            if band is not None:
                return _Birth(band, gender, doubt)
        if born.born is None and 0 <= self._age < len(row):
            band, doubt = read_age(row[self._age], self._today)
            return _Birth(band, gender, born.doubt or doubt)
        return _Birth(band_of_birth(born, self._today), gender, born.doubt)

    def _without_ditto(self, row: Row) -> Row:
        """The row with what the one above says, where it says "nt" ("as above") or has ditto marks."""
        cells: list[Cell] | None = None
        for place in self._repeating:
            cell = row[place] if place < len(row) else None
            if isinstance(cell, str) and len(cell) < 12 and _DITTO.fullmatch(fold(cell)):
                cells = list(row) if cells is None else cells
                cells[place] = self._above.get(place)
            elif cell is not None:
                self._above[place] = cell
        return row if cells is None else tuple(cells)

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

    def _dates_are_lost(self, rows: Sequence[Row]) -> bool:
        """Whether births of 1969 and 1970 are the mark of an exporting system that lost the true ones.

        Such a system writes many days around the first one of its clock, beside true births far away.
        """
        if self.birth < 0:
            return False
        years = [
            found.born.year
            for row in rows
            if self.birth < len(row)
            and (found := read_birth(row[self.birth], self._today)).exact
            and found.born
        ]
        lost = sum(year in {1969, 1970} for year in years)
        near = sum(1955 <= year <= 1984 and year not in {1969, 1970} for year in years)
        return lost >= 3 and lost >= 0.15 * len(years) and near <= 0.1 * len(years)


def _is_year(cell: Cell) -> bool:
    text = cell_text(cell)
    return len(text) >= 4 and any(map(str.isdigit, text))


def _is_label(text: str, phone: re.Match[str]) -> bool:
    """Whether around a phone there is nothing but "SĐT:" or the like."""
    return fold(f"{text[: phone.start()]} {text[phone.end() :]}").strip(" .,:;()-/") in _LABELS
