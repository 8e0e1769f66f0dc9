"""A whole list understood: for each sheet its header, what its columns mean, its people, its refused rows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from core.vietnamese import fold
from referrals.importing.rosters.cells import cell_text, is_blank
from referrals.importing.rosters.columns import SAMPLE, Table, correct, table_by_content, tables_of
from referrals.importing.rosters.grids import Book, Row, Sheet
from referrals.importing.rosters.headers import bare
from referrals.importing.rosters.headlines import Headline, find_headlines, headline_at
from referrals.importing.rosters.lines import numbers_columns
from referrals.importing.rosters.persons import TableReader
from referrals.importing.rosters.shapes import Refused, Roster, RosterPerson, RosterSheet

TITLE_LENGTH = 300

Corrections = Mapping[str, Mapping[int, str]]


def read_book(
    book: Book,
    corrected: Corrections | None = None,
    header_rows: Mapping[str, int] | None = None,
    *,
    today: date,
    skills: Collection[str] = (),
) -> Roster:
    """Read the people of a file.

    Parameters
    ----------
    corrected
        For a sheet by name, what columns (places from 0) mean, where somebody knows better than the guess.
    header_rows
        For a sheet by name, the row (from 1) that is the last line of its header; 0 says that it has none.
    today
        The day by which ages are reckoned.
    skills
        Names of skills, so that one with a comma in it is taken whole.
    """
    corrected, header_rows = corrected or {}, header_rows or {}
    known = frozenset(map(fold, skills))
    return Roster(
        tuple(
            _read_sheet(sheet, corrected.get(sheet.name, {}), header_rows.get(sheet.name), today, known)
            if sheet.visible
            else RosterSheet(sheet.name, visible=False)
            for sheet in book.sheets
        )
    )


class _Found:
    """What has been found in a sheet so far."""

    def __init__(self) -> None:
        self.people: list[RosterPerson] = []
        self.refused: list[Refused] = []
        self.skipped: Counter[str] = Counter()

    def add(self, reader: TableReader) -> None:
        self.people += reader.people
        self.refused += reader.refused
        self.skipped += reader.skipped


def _read_sheet(
    sheet: Sheet, corrected: Mapping[int, str], header_row: int | None, today: date, skills: Collection[str]
) -> RosterSheet:
    rows = sheet.rows
    headlines = _headlines(rows, header_row)
    if not headlines:
        return _without_header(sheet, corrected, today, skills)
    found = _Found()
    first_tables: list[Table] = []
    words: dict[str, str] = {}
    for place, headline in enumerate(headlines):
        end = headlines[place + 1].first if place + 1 < len(headlines) else len(rows)
        body = rows[headline.last + 1 : end]
        tables = tables_of(headline, _sample(body), today)
        if not place:
            first_tables = tables
            for table in tables:
                correct(table, corrected)
            words = _words(first_tables, corrected)
        else:
            _follow(tables, first_tables, words, found.skipped)
        for table in tables:
            reader = TableReader(table, _sample(body), today, skills)
            for offset, row in enumerate(body, headline.last + 2):
                reader.read(offset, row)
            found.add(reader)
    if len(first_tables) > 1:
        found.people.sort(key=lambda one: (one.row, one.side))
        found.refused.sort(key=lambda one: (one.row, one.side))
    first = headlines[0]
    found.skipped["title"] += sum(1 for row in rows[: first.first] if not _empty(row))
    return RosterSheet(
        sheet.name,
        header_row=first.last + 1,
        header_rows=tuple(one.last + 1 for one in headlines),
        columns=tuple(column for table in first_tables for column in table.columns()),
        shape=_shape([f"{bare(one.group)}/{bare(one.text)}@{one.column}" for one in first.headings]),
        people=tuple(found.people),
        refused=tuple(found.refused),
        skipped=dict(+found.skipped),
        title=_title(rows[: first.first]),
    )


def _headlines(rows: Sequence[Row], header_row: int | None) -> list[Headline]:
    if header_row == 0:
        return []
    if header_row is not None and header_row <= len(rows):
        pointed = headline_at(rows, header_row - 1)
        return [pointed, *(one for one in find_headlines(rows) if one.first > pointed.last)]
    return find_headlines(rows)


def _sample(rows: Sequence[Row]) -> list[Row]:
    """The first rows with something in them, and some from further down."""
    if len(rows) <= SAMPLE * 2:
        return [row for row in rows if not _empty(row) and not numbers_columns(row)]
    step = len(rows) // SAMPLE
    return [row for row in (*rows[:SAMPLE], *rows[SAMPLE::step]) if not _empty(row)]


def _empty(row: Row) -> bool:
    return all(map(is_blank, row))


def _words(tables: Sequence[Table], corrected: Mapping[int, str]) -> dict[str, str]:
    """What somebody said that the headers of the first table mean, by their words."""
    texts = {place: text for table in tables for place, text in table.texts.items()}
    return {bare(texts[place]): meant for place, meant in corrected.items() if texts.get(place)}


def _follow(
    tables: Sequence[Table], first: Sequence[Table], words: Mapping[str, str], skipped: Counter[str]
) -> None:
    """Let a header further down mean what the same words mean above; a repeated header means the same."""
    for table in tables:
        twin = next((one for one in first if one.side == table.side and _alike(one, table)), None)
        if twin is not None:
            skipped["header"] += 1
            table.fields = {**table.fields, **twin.fields}
        elif words:
            correct(
                table,
                {place: words[bare(text)] for place, text in table.texts.items() if bare(text) in words},
            )


def _alike(one: Table, other: Table) -> bool:
    return [(heading.column, bare(heading.text)) for heading in one.headings] == [
        (heading.column, bare(heading.text)) for heading in other.headings
    ]


def _without_header(
    sheet: Sheet, corrected: Mapping[int, str], today: date, skills: Collection[str]
) -> RosterSheet:
    table = table_by_content(sheet.rows, today)
    if corrected:
        width = max((len(row) for row in sheet.rows), default=0)
        table = table or Table((), fields=dict.fromkeys(range(width), "ignored"))
        correct(table, corrected)
    if table is None or not table.of("full_name", "given_part", "family_part"):
        titles = sum(not _empty(row) for row in sheet.rows)
        return RosterSheet(sheet.name, skipped={"title": titles} if titles else {})
    reader = TableReader(table, _sample(sheet.rows), today, skills)
    for number, row in enumerate(sheet.rows, 1):
        reader.read(number, row)
    return RosterSheet(
        sheet.name,
        columns=table.columns(),
        shape=_shape(["", *(f"{one.field}@{one.index}" for one in table.columns())]),
        people=tuple(reader.people),
        refused=tuple(reader.refused),
        skipped=dict(+reader.skipped),
    )


def _shape(words: Sequence[str]) -> str:
    """A name for the form of a list: the same for the next list whose columns are called the same."""
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()


def _title(rows: Sequence[Row]) -> str:
    texts = [cell_text(cell) for row in rows for cell in row if isinstance(cell, str) and not is_blank(cell)]
    return " · ".join(dict.fromkeys(texts))[:TITLE_LENGTH]
