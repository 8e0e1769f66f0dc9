"""What one row of a network may say: values in, a person or an act out, or the reason why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from core.dates import DateProblem, read_when
from core.vietnamese import clean_text, fold
from people.names import NAME_LENGTH, clean_name
from people.phones import Phone, read_phone

PEOPLE_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "id": ("id",),
    "full_name": ("full_name", "name"),
    "gender": ("gender",),
    "phone": ("phone",),
    "unit_code": ("unit_code",),
    "unit_name": ("unit_name",),
}
PEOPLE_REQUIRED: Final = ("id",)

TAUGHT_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "teacher_id": ("teacher_id",),
    "learner_id": ("learner_id",),
    "date": ("date",),
}
TAUGHT_REQUIRED: Final = ("teacher_id", "learner_id")

ID_LENGTH: Final = 80
"""Longest id of a person in a file, in characters."""

Weight = Literal["mistake", "rule", "kept"]

RULES: Final = frozenset({"teaches_oneself", "same_act_twice"})
"""Refusals that the rules of the network make: there is nothing to correct in the file."""

KEPT: Final = frozenset({"bad_phone", "unknown_gender"})
"""The row went in, without this one value."""


class Refusal(NamedTuple):
    """One row, or one value of it, that does not go in. `line` counts from 1, the headings included."""

    file: str
    line: int
    code: str
    value: str

    @property
    def weight(self) -> Weight:
        """Whether the file is to be corrected, the rules refuse, or only a value was left out.

        >>> Refusal("taught.csv", 7, "teaches_oneself", "12").weight, Refusal("p.csv", 2, "no_id", "").weight
        ('rule', 'mistake')
        """
        if self.code in RULES:
            return "rule"
        return "kept" if self.code in KEPT else "mistake"


class PersonRow(NamedTuple):
    """A person of a file. `full_name` is None where the file has no such column; `phone` is E.164.

    `notes` tell what was left out of the row.
    """

    line: int
    source_id: str
    full_name: str | None
    gender: str | None
    phone: str | None
    unit_code: str
    unit_name: str
    notes: tuple[Refusal, ...] = ()


class ActRow(NamedTuple):
    """One dated act of a file, between ids of that file."""

    line: int
    teacher: str
    learner: str
    day: date
    second: int
    precision: str


_GENDERS: Final = {
    **dict.fromkeys(("m", "male", "nam", "trai", "ong", "anh"), "m"),
    **dict.fromkeys(("f", "female", "nu", "gai", "ba", "chi"), "f"),
    **dict.fromkeys(("x", "other", "khac"), "x"),
}

_read_when = lru_cache(maxsize=4096)(read_when)


class PersonReader:
    """Reads the rows of one file of people.

    >>> reader = PersonReader("people.csv", {"id": 0, "full_name": 1, "phone": 2}, width=3)
    >>> reader.read(2, ["7", " Lê  Thị Lan", "0905 123 456"])[1:5]
    ('7', 'Lê Thị Lan', None, '+84905123456')
    >>> reader.read(3, ["8", " ", ""])
    Refusal(file='people.csv', line=3, code='no_name', value='8')
    >>> reader.read(4, ["9", "Minh", "O905"]).notes
    (Refusal(file='people.csv', line=4, code='bad_phone', value='O905'),)
    """

    def __init__(self, file: str, columns: Mapping[str, int], width: int) -> None:
        self._file = file
        self._columns = columns
        self._width = width

    def read(self, line: int, cells: list[str]) -> PersonRow | Refusal:
        """Read one row; what is wrong comes back as the refusal."""
        if (extra := _beyond(cells, self._width)) is not None:
            return Refusal(self._file, line, "too_many_cells", extra)
        source_id = _id(self._cell(cells, "id"))
        if not source_id:
            return Refusal(self._file, line, "no_id", shown(" ".join(cells)))
        if len(source_id) > ID_LENGTH:
            return Refusal(self._file, line, "id_too_long", shown(source_id))
        name = self._name(cells)
        if name == "":
            return Refusal(self._file, line, "no_name", source_id)
        if name is not None and len(name) > NAME_LENGTH:
            return Refusal(self._file, line, "name_too_long", shown(name))
        unit = clean_text(self._cell(cells, "unit_code"))
        unit_name = clean_text(self._cell(cells, "unit_name"))
        notes: list[Refusal] = []
        gender = self._gender(line, self._cell(cells, "gender"), notes)
        phone = self._phone(line, self._cell(cells, "phone"), notes)
        return PersonRow(line, source_id, name, gender, phone, unit, unit_name, tuple(notes))

    def _cell(self, cells: list[str], column: str) -> str:
        position = self._columns.get(column)
        return cells[position] if position is not None and position < len(cells) else ""

    def _name(self, cells: list[str]) -> str | None:
        if "full_name" not in self._columns:
            return None
        raw = self._cell(cells, "full_name")
        cleaned = clean_name(raw, allow_digits=True)
        # A file may name people as it likes ("Guthrie, Jr."): only emptiness and length are refused here.
        return cleaned if isinstance(cleaned, str) else clean_text(raw)

    def _gender(self, line: int, raw: str, notes: list[Refusal]) -> str | None:
        if not raw or not (word := fold(raw)):
            return None
        gender = _GENDERS.get(word)
        if gender is None:
            notes.append(Refusal(self._file, line, "unknown_gender", shown(raw)))
        return gender

    def _phone(self, line: int, raw: str, notes: list[Refusal]) -> str | None:
        if not raw or not raw.strip():
            return None
        phone = read_phone(raw)
        if isinstance(phone, Phone):
            return phone.e164
        if phone.code != "empty":
            notes.append(Refusal(self._file, line, "bad_phone", shown(raw)))
        return None


class ActReader:
    """Reads the rows of one file of acts.

    >>> reader = ActReader("taught.csv", {"teacher_id": 0, "learner_id": 1, "date": 2}, width=3)
    >>> reader.read(2, ["1", "2", "2026-01-15"]).precision
    'day'
    >>> reader.read(3, ["1", "1", ""]), reader.read(4, ["1", "2", "31/02/2026"])
    (Refusal(file='taught.csv', line=3, code='teaches_oneself', value='1'), \
Refusal(file='taught.csv', line=4, code='no_such_day', value='31/02/2026'))
    """

    def __init__(self, file: str, columns: Mapping[str, int], width: int) -> None:
        self._file = file
        self._teacher = columns["teacher_id"]
        self._learner = columns["learner_id"]
        self._date = columns.get("date")
        self._width = width

    def read(self, line: int, cells: list[str]) -> ActRow | Refusal:
        """Read one row; what is wrong comes back as the refusal."""
        have = len(cells)
        if have > self._width and (extra := _beyond(cells, self._width)) is not None:
            return Refusal(self._file, line, "too_many_cells", extra)
        teacher = _id(cells[self._teacher]) if self._teacher < have else ""
        learner = _id(cells[self._learner]) if self._learner < have else ""
        if not teacher or not learner:
            return Refusal(
                self._file, line, "no_learner" if teacher else "no_teacher", shown(" ".join(cells))
            )
        if len(teacher) > ID_LENGTH or len(learner) > ID_LENGTH:
            return Refusal(self._file, line, "id_too_long", shown(max(teacher, learner, key=len)))
        if teacher == learner:
            return Refusal(self._file, line, "teaches_oneself", teacher)
        raw = cells[self._date] if self._date is not None and self._date < have else ""
        when = _read_when(raw)
        if isinstance(when, DateProblem):
            return Refusal(self._file, line, when.code, shown(raw))
        return ActRow(line, teacher, learner, when.day, when.second, when.precision)


def shown(text: str, longest: int = 120) -> str:
    r"""A value as it may be shown in a report: one line, nothing invisible, not too long.

    >>> shown(" 31/02\n")
    '31/02'
    """
    seen = clean_text(text[: longest * 2])
    return seen if len(seen) <= longest else seen[: longest - 1] + "…"


def _id(raw: str) -> str:
    """An id as the file gives it. Plain ASCII, as nearly all are, takes the short way."""
    return raw.strip() if raw.isascii() and raw.isprintable() else clean_text(raw)


def _beyond(cells: list[str], width: int) -> str | None:
    """What stands beyond the last heading, or None where nothing does."""
    if len(cells) <= width or not any(cell.strip() for cell in cells[width:]):
        return None
    return shown(" ".join(cells[width:]))
