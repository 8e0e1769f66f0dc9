"""What a list of people is, once it has been read: sheets, columns, people, and rows that are none.

Words used here:

* *header row*: the row that names the columns; of a header of two lines, the last one. Rows count from 1;
* *field*: what a column means to us; *ignored*: whatever we have no right or no need to read;
* *doubt*: a stable code for something about one person that somebody should look at. The row still counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

FIELDS: Final = (
    "full_name",
    "family_part",
    "given_part",
    "phone",
    "phone_2",
    "gender",
    "birth",
    "age",
    "ward",
    "taught_on",
    "skills",
    "teacher",
    "note",
    "number",
    "ignored",
)
"""What a column may mean, in the order in which a form offers it. `birth` is a day or a year."""

HALF_FIELDS: Final = ("birth_m", "birth_f", "gender_m", "gender_f")
"""Columns of men and of women: years ("Năm sinh: Nam | Nữ") or marks ("Giới tính: Nam | Nữ")."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place from 0, its header as it stands (trimmed), and what it means."""

    index: int
    header: str
    field: str


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """One person of a list. `side` tells tables that stand side by side apart: 0 is the leftmost.

    `phone` is E.164, or None; `phone_text` what stood in the cell. `taught_on` is None where the list does
    not say it.
    """

    row: int
    full_name: str
    phone: str | None = None
    phone_text: str = ""
    other_phones: tuple[str, ...] = ()
    gender: str | None = None
    age_band: str | None = None
    ward_code: str | None = None
    ward_text: str = ""
    taught_on: date | None = None
    skill_texts: tuple[str, ...] = ()
    teacher_text: str = ""
    note: str = ""
    doubts: tuple[str, ...] = ()
    side: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that should have been a person and cannot be one; `reason` is a stable code."""

    row: int
    reason: str
    side: int = 0


@dataclass(frozen=True, slots=True)
class RosterSheet:
    """One sheet. Hidden ones are named and not read; `columns` are those of the first header."""

    name: str
    visible: bool = True
    header_row: int | None = None
    header_rows: tuple[int, ...] = ()
    columns: tuple[Column, ...] = ()
    shape: str = ""
    people: tuple[RosterPerson, ...] = ()
    refused: tuple[Refused, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
    title: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """All sheets of a file, in its order."""

    sheets: tuple[RosterSheet, ...]

    @property
    def people(self) -> int:
        """How many people all sheets hold."""
        return sum(len(sheet.people) for sheet in self.sheets)

    @property
    def refused(self) -> int:
        """How many rows of all sheets were refused."""
        return sum(len(sheet.refused) for sheet in self.sheets)
