"""A list on its way in: the shape of what is kept of it, and its bounds.

defaults
    what holds for rows that do not say it: day, skills, place, ward.
kept row
    the cells of a row as they were sent, for the error file, and the line that was read from them.
part
    the rows that one transaction goes through: while it runs nobody else writes into SQLite.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any, Final

from referrals.batches import Frame, Line

SMALL: Final = 1_000
"""Rows that are judged and written while the sender waits; longer lists go to the background."""
SMALL_FILE: Final = 256 * 1024
"""Bytes of a file that is read while the sender waits."""
PART: Final = 500
LARGEST_FILE: Final = 20 * 1024 * 1024
LONGEST_FILE_NAME: Final = 200
LONGEST_CELL: Final = 300
MOST_CELLS: Final = 40
KEPT_DAYS: Final = 7
MOST_TRIES: Final = 3

_LINE: Final = tuple(one.name for one in fields(Line))

WORKING: Final = ("judging", "writing", "cancelling")
ENDED: Final = ("done", "cancelled", "failed")


@dataclass(frozen=True)
class Defaults:
    """What holds for rows that do not say it."""

    taught_on: date
    skill_ids: tuple[int, ...]
    place: str | None = None
    ward_code: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what the table keeps.

        >>> kept = Defaults(date(2026, 11, 22), (1, 2), "home").as_json()
        >>> Defaults.from_json(kept) == Defaults(date(2026, 11, 22), (1, 2), "home")
        True
        """
        return asdict(self) | {"taught_on": self.taught_on.isoformat(), "skill_ids": list(self.skill_ids)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Defaults:
        """Return the defaults that a table kept."""
        return cls(
            date.fromisoformat(kept["taught_on"]), tuple(kept["skill_ids"]), kept["place"], kept["ward_code"]
        )

    def frame(self, teacher_id: int, class_id: int | None, source: str | None = None) -> Frame:
        """Return the frame of the lines of a list."""
        return Frame(teacher_id, self.taught_on, self.skill_ids, self.place, self.ward_code, class_id, source)


@dataclass(frozen=True)
class KeptRow:
    """One row: the line, its cells as texts, and how its ambassador and its skills were named.

    `twin` is the number of an earlier row that may be the same person, 0 where there is none.
    """

    line: Line
    cells: tuple[str, ...] = ()
    teacher: str = ""
    skills: tuple[str, ...] = ()
    twin: int = 0

    def pack(self) -> str:
        """Return the row as a text to be sealed.

        >>> row = KeptRow(Line(3, "Lan", taught_on=date(2026, 5, 3), skill_ids=(4,)), ("1", "Lan"), "An")
        >>> KeptRow.unpack(row.pack()) == row
        True
        """
        line = self.line
        kept = {name: value for name in _LINE if (value := getattr(line, name)) not in (None, "", ())}
        if self.line.taught_on:
            kept["taught_on"] = self.line.taught_on.isoformat()
        told = [kept, self.cells, self.teacher, self.skills, self.twin]
        # Half a character, as some files hold, is no text that can be sealed.
        whole = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        return whole.encode("utf-8", "replace").decode()

    @classmethod
    def unpack(cls, text: str) -> KeptRow:
        """Return the row of an opened text."""
        kept, cells, teacher, skills, twin = json.loads(text)
        if "taught_on" in kept:
            kept["taught_on"] = date.fromisoformat(kept["taught_on"])
        kept["skill_ids"] = tuple(kept.get("skill_ids", ()))
        kept.setdefault("full_name", "")
        return cls(Line(**kept), tuple(cells), teacher, tuple(skills), twin)


def numbered(row: KeptRow, number: int) -> Line:
    """Return the line with its place in the whole list: rows of two sheets may have the same number."""
    return replace(row.line, row=number)


def added(counts: Mapping[str, Any], more: Mapping[str, int]) -> dict[str, Any]:
    """Return the counts with more of some.

    >>> added({"new": 2, "at": 7}, {"new": 1, "refused": 3})
    {'new': 3, 'at': 7, 'refused': 3}
    """
    return {**counts, **{name: counts.get(name, 0) + number for name, number in more.items()}}


def will_write(counts: Mapping[str, Any]) -> int:
    """Return how many rows will be written as things stand: those in doubt only where somebody decided.

    >>> will_write({"new": 5, "known": 3, "same_act": 2, "doubtful": 4, "same": 1, "apart": 1, "skip": 1})
    8
    """
    known = counts.get("known", 0) - counts.get("same_act", 0)
    decided = counts.get("same", 0) + counts.get("apart", 0)
    return int(counts.get("new", 0) + known + decided)
