"""Which column means what: the headers' word, held against what really stands below them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final

from referrals.importing.rosters.cells import cell_text, is_blank
from referrals.importing.rosters.contents import (
    is_gender,
    is_one_word,
    is_phone,
    is_ward,
    is_year,
    name_score,
)
from referrals.importing.rosters.days import read_lesson_day
from referrals.importing.rosters.grids import Cell, Row
from referrals.importing.rosters.headers import EXACT, UNKNOWN, Guess
from referrals.importing.rosters.headlines import Heading, Headline
from referrals.importing.rosters.lines import is_role, is_section, is_signature, is_total
from referrals.importing.rosters.naming import starts_like_a_name
from referrals.importing.rosters.shapes import Column

SAMPLE: Final = 200
"""So many rows are looked at to see what a column holds."""

SINGLE: Final = frozenset(
    ("full_name", "phone", "gender", "birth", "age", "ward", "taught_on", "teacher", "number")
)
NAME_FIELDS: Final = frozenset(("full_name", "family_part", "given_part"))


@dataclass(slots=True)
class Table:
    """One table of a sheet: the meaning of each column, by its place from 0. `side` counts from the left."""

    headings: tuple[Heading, ...]
    fields: dict[int, str] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    side: int = 0
    left: int = 0
    right: int = 1 << 20

    def columns(self) -> tuple[Column, ...]:
        """The columns as a person may see and correct them."""
        return tuple(
            Column(place, self.texts.get(place, ""), meant) for place, meant in sorted(self.fields.items())
        )

    def of(self, *fields: str) -> list[int]:
        """The places of the columns of these fields, from the left."""
        return [place for place, meant in sorted(self.fields.items()) if meant in fields]

    def first(self, meant: str) -> int:
        """The place of the leftmost column of a field; -1 where there is none."""
        return next(iter(self.of(meant)), -1)


def tables_of(headline: Headline, sample: Sequence[Row], today: date) -> list[Table]:
    """The tables that a header stands over: mostly one, several where tables stand side by side."""
    tables: list[Table] = []
    for side, (left, right, headings) in enumerate(_sides(headline.headings)):
        table = Table(headings, side=side, left=left, right=right)
        _Meaning(table, sample, today).settle()
        tables.append(table)
    return tables


def correct(table: Table, corrected: Mapping[int, str]) -> None:
    """Let somebody's word stand over the guess; a field of which there is one goes from where it was."""
    mine = {place: meant for place, meant in corrected.items() if table.left <= place < table.right}
    for place, meant in mine.items():
        if meant in SINGLE:
            for other in table.of(meant):
                if mine.get(other) != meant:
                    table.fields[other] = "ignored"
        if meant in NAME_FIELDS:
            rest = {"full_name"} if meant != "full_name" else {"family_part", "given_part"}
            for other in table.of(*rest):
                if other not in mine:
                    table.fields[other] = "ignored"
        table.fields[place] = meant


def _sides(headings: tuple[Heading, ...]) -> list[tuple[int, int, tuple[Heading, ...]]]:
    """Cut a header where its columns begin again: "STT | Họ tên | SĐT | | STT | Họ tên | SĐT"."""
    names = [one for one in headings if one.guess.field == "full_name" and one.guess.sure == EXACT]
    names = names or [one for one in headings if one.guess.field == "given_part" and one.guess.sure == EXACT]
    alike = [one for one in names if one.text.casefold() == names[0].text.casefold()]
    if len(alike) < 2:
        return [(0, 1 << 20, headings)]
    places = [one.column for one in headings]
    numbers = [one.column for one in headings if one.guess.field == "number"]
    repeated = _starts_again(headings)
    starts: list[int] = []
    for before, name in pairwise(alike):
        start = next((place for place in numbers if before.column < place < name.column), None)
        if start is None and repeated:
            start = next((place for place in repeated if before.column < place <= name.column), None)
        gaps = [place for place in range(before.column + 1, name.column) if place not in places]
        if start is None and gaps:
            start = next(place for place in places if place > gaps[-1])
        if start is None:
            return [(0, 1 << 20, headings)]
        starts.append(start)
    edges = [0, *starts, 1 << 20]
    return [
        (left, right, tuple(one for one in headings if left <= one.column < right))
        for left, right in pairwise(edges)
    ]


def _starts_again(headings: tuple[Heading, ...]) -> list[int]:
    """The columns with the text of the first one, where the whole header is one pattern repeated."""
    texts = [one.text.casefold() for one in headings]
    for size in range(2, len(texts) // 2 + 1):
        if len(texts) % size == 0 and texts == texts[:size] * (len(texts) // size):
            return [headings[place].column for place in range(0, len(texts), size)]
    return []


class _Meaning:
    """Settles the fields of one table, and writes them into it."""

    def __init__(self, table: Table, sample: Sequence[Row], today: date) -> None:
        self._table = table
        self._sample = sample
        self._today = today
        self._guesses = {one.column: one.guess for one in table.headings}
        table.texts.update({one.column: one.text for one in table.headings})
        width = max((len(row) for row in sample), default=0)
        self._bare = [
            place
            for place in range(table.left, min(width, table.right))
            if place not in self._guesses and any(self._cells(place))
        ]
        table.fields.update(dict.fromkeys((*self._guesses, *self._bare), "ignored"))

    def settle(self) -> None:
        """Fill in `table.fields`."""
        self._number()
        self._name()
        self._phones()
        self._swapped()
        self._halves()
        for single in ("gender", "birth", "age", "teacher"):
            self._first(single)
        self._wards()
        self._lesson_days()
        for several in ("skills", "note"):
            for place in self._meaning(several):
                self._give(place, several)
        self._genders_without_header()

    def _cells(self, place: int) -> list[Cell]:
        return [row[place] for row in self._sample if place < len(row) and not is_blank(row[place])]

    def _share(self, place: int, fits: Callable[[Cell], float | bool]) -> float:
        cells = self._cells(place)
        return sum(map(fits, cells)) / len(cells) if cells else 0.0

    def _meaning(self, *fields: str) -> list[int]:
        """The columns that a header calls so, the surest first."""
        found = [place for place, one in self._guesses.items() if one.field in fields]
        return sorted(found, key=lambda place: (-self._guesses[place].sure, self._guesses[place].rank, place))

    def _open(self) -> list[int]:
        """Columns that no header explains, and that nothing forbids."""
        unknown = [place for place, one in self._guesses.items() if one.sure == UNKNOWN and not one.secret]
        return sorted(place for place in (*unknown, *self._bare) if self._table.fields[place] == "ignored")

    def _give(self, place: int, meant: str) -> None:
        self._table.fields[place] = meant

    def _number(self) -> None:
        for place in self._meaning("number")[:1]:
            self._give(place, "number")

    # ── names ───────────────────────────────────────────────────────────────────────────────────────

    def _name(self) -> None:
        family, given = self._meaning("family_part"), self._meaning("given_part")
        full = self._meaning("full_name")
        full.sort(
            key=lambda place: (-self._guesses[place].sure, self._guesses[place].rank, not self._cells(place))
        )
        if family and given and not (full and self._whole_names(full[0])):
            for place in family:
                self._give(place, "family_part")
            self._give(given[0], "given_part")
        elif full:
            self._full_name(full[0])
        elif family:
            self._full_name(family[0])
        elif given:
            self._give(given[0], "full_name")
        else:
            self._name_without_header()

    def _whole_names(self, place: int) -> bool:
        cells = self._cells(place)
        return not cells or self._share(place, lambda cell: " " in cell_text(cell)) >= 0.5

    def _full_name(self, place: int) -> None:
        beside = place + 1
        if beside in self._bare and self._given_beside(place, beside):
            self._give(place, "family_part")
            self._give(beside, "given_part")
        elif not self._cells(place) and beside in self._bare and self._share(beside, name_score) >= 0.5:
            self._give(beside, "full_name")
            self._table.texts[beside] = self._table.texts[place]
        else:
            self._give(place, "full_name")

    def _given_beside(self, place: int, beside: int) -> bool:
        """Whether a header is merged over two columns: the family's words left, the given name right."""
        rows = [row for row in self._sample if place < len(row) and not is_blank(row[place])]
        both = [row for row in rows if beside < len(row) and is_one_word(row[beside])]
        return len(both) >= max(1, 0.6 * len(rows))

    def _name_without_header(self) -> None:
        scored = [(self._share(place, name_score), -place) for place in self._open()]
        best = max(scored, default=(0.0, 0))
        beside_phones = any(self._share(place, is_phone) >= 0.7 for place in self._open())
        if best[0] >= (0.45 if beside_phones else 0.6):
            self._full_name(-best[1])
        elif self._meaning("number", "phone", "birth", "gender") and (
            teachers := [one for one in self._meaning("teacher") if self._share(one, name_score) >= 0.6]
        ):
            self._guesses[teachers[0]] = Guess("full_name", EXACT)
            self._full_name(teachers[0])

    # ── phones ──────────────────────────────────────────────────────────────────────────────────────

    def _phones(self) -> None:
        self._trade_places()
        named = self._meaning("phone")
        seconds = self._meaning("phone_2")
        taken = set(self._table.of(*NAME_FIELDS))
        found = [
            place for place in self._open() if place not in taken and self._share(place, is_phone) >= 0.7
        ]
        first = named[0] if named else None
        if first is not None and len(self._cells(first)) >= 3 and self._share(first, is_phone) < 0.2:
            better = [
                place for place in (*named[1:], *seconds, *found) if self._share(place, is_phone) >= 0.6
            ]
            first = better[0] if better else first
        if first is None:
            first = next(iter((*found, *seconds)), None)
        if first is None:
            return
        self._give(first, "phone")
        for place in (*named, *seconds):
            if place != first:
                self._give(place, "phone_2")

    def _trade_places(self) -> None:
        """Let the headers of phones and of something else change places, where what stands below them did."""
        for phone in self._meaning("phone")[:1]:
            if not self._cells(phone) or self._share(phone, is_phone) >= 0.2:
                continue
            for place, one in self._guesses.items():
                if (
                    one.field in {"ward", "note", "birth", "age", "gender"}
                    and self._share(place, is_phone) >= 0.8
                ):
                    self._guesses[phone], self._guesses[place] = one, self._guesses[phone]
                    return

    def _swapped(self) -> None:
        """Names below "SĐT" and phones below "Họ tên": somebody moved the columns, and not the headers."""
        names, phones = self._table.of("full_name"), self._table.of("phone")
        if not names or not phones:
            return
        name, phone = names[0], phones[0]
        if self._share(name, is_phone) >= 0.6 and self._share(phone, name_score) >= 0.6:
            self._give(name, "phone")
            self._give(phone, "full_name")

    # ── what else is known of a person ──────────────────────────────────────────────────────────────

    def _first(self, meant: str) -> None:
        for place in self._meaning(meant):
            if self._table.fields[place] == "ignored":
                self._give(place, meant)
                return

    def _halves(self) -> None:
        for place in self._meaning("birth_m", "birth_f"):
            self._give(place, self._guesses[place].field)
        for place in self._meaning("gender_m", "gender_f"):
            years = self._share(place, lambda cell: len(cell_text(cell)) >= 4)
            half = self._guesses[place].field
            self._give(place, f"birth_{half[-1]}" if years > 0.5 else half)

    def _wards(self) -> None:
        shares = {place: self._share(place, is_ward) for place in self._meaning("ward")}
        fitting = [
            place
            for place, share in shares.items()
            if self._guesses[place].rank <= 2 or share >= 0.3 or not self._cells(place)
        ]
        fitting.sort(key=lambda place: (self._guesses[place].rank, -self._guesses[place].sure, place))
        if not fitting:
            return
        best = fitting[0]
        if shares[best] < 0.2:
            best = max(fitting, key=lambda place: (shares[place] >= 0.5, place == best))
        self._give(best, "ward")

    def _lesson_days(self) -> None:
        for place in self._meaning("taught_on"):
            sure = self._guesses[place].rank == 0 or not self._cells(place)
            if (
                sure
                or self._share(place, lambda cell: read_lesson_day(cell, self._today)[0] is not None) >= 0.5
            ):
                self._give(place, "taught_on")
                return

    def _genders_without_header(self) -> None:
        if self._table.of("gender", "gender_m", "gender_f", "birth_m", "birth_f"):
            return
        titles = [place for place in self._meaning("full_name") if self._table.fields[place] == "ignored"]
        for place in (*self._open(), *titles):
            if len(self._cells(place)) >= 2 and self._share(place, is_gender) >= 0.9:
                self._give(place, "gender")
                return


def table_by_content(rows: Sequence[Row], today: date) -> Table | None:
    """The table of a sheet that names no columns: a bare list of names, or names and phones."""
    filled = [row for row in rows if any(not is_blank(cell) for cell in row)][: SAMPLE * 2]
    sample = [row for row in filled if not _is_furniture(row)]
    table = Table(())
    meaning = _Meaning(table, sample, today)
    meaning.settle()
    names = table.of(*NAME_FIELDS)
    if not names:
        return None
    sure = sum(name_score(row[names[0]]) == 1.0 for row in sample if names[0] < len(row))
    if len(sample) < len(filled) and sure < 2 and not table.of("phone"):
        return None  # a page of words, of which one looks like a name
    _split_by_content(table, sample, names[0])
    for place in list(table.fields):
        cells = [row[place] for row in sample if place < len(row) and not is_blank(row[place])]
        if table.fields[place] == "ignored" and place < names[0] and _counts_up(cells):
            table.fields[place] = "number"
    wards = [one for one in table.of("ignored") if _share(sample, one, is_ward) >= 0.6]
    for place in wards[:1]:
        table.fields[place] = "ward"
    years = [one for one in table.of("ignored") if _share(sample, one, is_year) >= 0.8]
    for place in years[:1]:
        table.fields[place] = "birth"
    return table


def _is_furniture(row: Row) -> bool:
    """Whether a row has one text alone that is a title, a sum, a signature, or a label with its answer."""
    texts = [cell_text(cell) for cell in row if not is_blank(cell)]
    if len(texts) != 1:
        return False
    return ":" in texts[0] or any(says(texts[0]) for says in (is_section, is_total, is_signature, is_role))


def _split_by_content(table: Table, sample: Sequence[Row], name: int) -> None:
    beside = name + 1
    if table.fields.get(beside) != "ignored" or table.fields[name] != "full_name":
        return
    rows = [row for row in sample if name < len(row) and starts_like_a_name(cell_text(row[name]))]
    given = [row for row in rows if beside < len(row) and is_one_word(row[beside])]
    if len(rows) >= 2 and len(given) >= 0.9 * len(rows):
        table.fields[name], table.fields[beside] = "family_part", "given_part"


def _share(sample: Sequence[Row], place: int, fits: Callable[[Cell], bool]) -> float:
    cells = [row[place] for row in sample if place < len(row) and not is_blank(row[place])]
    return sum(map(fits, cells)) / len(cells) if cells else 0.0


def _counts_up(cells: Iterable[Cell]) -> bool:
    numbers = [
        int(text) for cell in cells if (text := cell_text(cell).strip(" .)")).isdecimal() and len(text) < 6
    ]
    return len(numbers) >= 1 and all(second == first + 1 for first, second in pairwise(numbers))
