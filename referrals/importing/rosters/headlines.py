"""Where the headers of a sheet are: lines that name columns, one or several deep, once or many times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from referrals.importing.rosters.cells import cell_text, is_blank
from referrals.importing.rosters.grids import Cell, Row
from referrals.importing.rosters.headers import EXACT, HEADER_LENGTH, Guess, bare, guess
from referrals.importing.rosters.lines import numbers_columns
from referrals.importing.rosters.naming import starts_like_a_name

SEARCHED: Final = 80
"""So many rows from the top are read for a header; below, only those where a known one seems to return."""

_NAMES: Final = frozenset(("full_name", "family_part", "given_part"))
# fmt: off
_RETURNING: Final = frozenset(
    (
        "stt", "tt", "số tt", "so tt", "số thứ tự", "họ và tên", "họ tên", "ho va ten", "ho ten", "họ đệm",
        "họ lót", "họ và chữ đệm", "họ", "tên", "full name", "name", "học viên", "sđt", "số điện thoại",
        "họ & tên", "họ, tên", "họ và tên học viên", "họ tên học viên",
    )
)
# fmt: on
_HINT: Final = re.compile(r"^[(\[].*[)\]]$", re.DOTALL)
_DIGITS: Final = re.compile(r"^[\W\d]*\d[\W\d]*$")


class Heading(NamedTuple):
    """One column of a header: its place, its text, the text above it, and what they mean."""

    column: int
    text: str
    group: str
    guess: Guess


@dataclass(frozen=True, slots=True)
class Headline:
    """A header: its first and last line (places from 0), and its columns from the left."""

    first: int
    last: int
    headings: tuple[Heading, ...]


@dataclass(slots=True)
class _Tally:
    """What one line looks like."""

    filled: int = 0
    known: int = 0
    exact: int = 0
    useful: int = 0
    names: int = 0
    data: int = 0
    people: int = 0
    long: int = 0


def find_headlines(rows: Sequence[Row]) -> list[Headline]:
    """All headers of a sheet, from the top."""
    found: list[Headline] = []
    place = 0
    returning = set(_RETURNING)
    while place < len(rows):
        row = rows[place]
        if (place < SEARCHED or _may_return(row, returning)) and _is_headline(_tally(row), row, rows, place):
            headline = _whole(rows, place, found[-1].last + 1 if found else 0)
            found.append(headline)
            returning.update(heading.text.strip().lower() for heading in headline.headings)
            place = headline.last
        place += 1
    return found or _weak(rows)


def headline_at(rows: Sequence[Row], place: int) -> Headline:
    """The header whose last line somebody has pointed at."""
    first = place
    while first > 0 and first > place - 2 and _is_group(rows[first - 1], rows[first]):
        first -= 1
    return _merged(rows, first, place)


def _may_return(row: Row, returning: set[str]) -> bool:
    first = row[0] if row else None
    if isinstance(first, (int, float)) or (isinstance(first, str) and first.isdecimal()):
        return False  # a row with its number, as nearly all are
    return any(isinstance(cell, str) and cell.strip().lower() in returning for cell in row)


def _tally(row: Row) -> _Tally:
    tally = _Tally()
    for cell in row:
        if is_blank(cell) and cell != "#":
            continue
        tally.filled += 1
        if not isinstance(cell, str):
            tally.data += 1
            continue
        if len(cell) > HEADER_LENGTH:
            tally.long += 1
            continue
        _tally_text(tally, cell)
    return tally


def _tally_text(tally: _Tally, text: str) -> None:
    found = guess(text)
    if found.sure and _is_filled_in(text):
        tally.people += 1
    elif found.sure:
        tally.known += 1
        tally.exact += found.sure == EXACT
        tally.useful += found.field != "ignored" or found.sure == EXACT or found.secret
        tally.names += found.field in _NAMES
    elif _DIGITS.match(text):
        tally.data += 1
    elif " " in text.strip() and starts_like_a_name(cell_text(text)):
        tally.people += 1


def _is_filled_in(text: str) -> bool:
    """Whether a text is a label with its answer: "Giáo viên: Nguyễn Thị Thu", "SĐT: 0905…"."""
    label, colon, answer = text.partition(":")
    return bool(colon and answer.strip() and guess(label).sure) or sum(map(str.isdigit, text)) >= 6


def _is_headline(tally: _Tally, row: Row, rows: Sequence[Row], place: int) -> bool:
    if not tally.known or tally.long:
        return False
    # "Quan hệ" begins like a name; where two columns are named for certain, another may look like that.
    if tally.people > max(0, tally.known - (1 if tally.names and tally.exact >= 2 else 2)):
        return False
    # An attendance sheet has days for headers, but its first columns are named.
    if tally.data * 2 > tally.known and not (tally.names and tally.exact >= 2):
        return False
    if row and isinstance(row[0], (int, float)) and tally.data:
        return False
    if tally.filled == 1:
        return tally.names == 1 and _says_name(row) and not _alone_in_text(row, rows, place)
    if tally.names:
        return tally.known >= 2
    return tally.useful >= 3 and tally.exact >= 2


def _says_name(row: Row) -> bool:
    text = cell_text(row[_only(row)])
    return guess(text).sure == EXACT or (bare(text).startswith(("ho ten ", "ho va ten ")) and len(text) <= 50)


def _alone_in_text(row: Row, rows: Sequence[Row], place: int) -> bool:
    """Whether what stands below a lone "Họ và tên" is no list in its column."""
    column = next(index for index, cell in enumerate(row) if not is_blank(cell))
    below = [other for other in rows[place + 1 : place + 6] if any(not is_blank(cell) for cell in other)]
    return bool(below) and all(column >= len(other) or is_blank(other[column]) for other in below)


def _weak(rows: Sequence[Row]) -> list[Headline]:
    """A first line of short words of which one is a known header: "MSSV | THGIAN"."""
    for place, row in enumerate(rows[:SEARCHED]):
        tally = _tally(row)
        if not tally.filled:
            continue
        if tally.filled < 2:
            continue
        fits = tally.exact and tally.useful and tally.filled <= tally.known * 2
        return (
            [_merged(rows, place, place)] if fits and not (tally.data or tally.people or tally.long) else []
        )
    return []


def _whole(rows: Sequence[Row], place: int, free: int) -> Headline:
    """The header that has a line at this place: with the lines of groups above and of parts below."""
    first = last = place
    if place > free and _is_group(rows[place - 1], rows[place]):
        first = place - 1
    while last < min(len(rows) - 1, first + 2) and _is_below(rows, last):
        last += 1
    return _merged(rows, first, last)


def _is_group(above: Row, row: Row) -> bool:
    """Whether a line over a header names groups of its columns; a title is alone in its line."""
    tally = _tally(above)
    if tally.filled < 2 or tally.data or tally.people or tally.long or tally.filled > _tally(row).filled + 3:
        return False
    bare_below = [index for index, cell in enumerate(above) if not is_blank(cell) and _at(row, index) is None]
    covering = tally.filled - len(bare_below)
    # A letterhead covers nothing in particular; a group stands over a column, a lone column over a gap.
    unknown = [text for cell in above if not is_blank(cell) and not guess(text := cell_text(cell)).sure]
    if any(starts_like_a_name(text) and " " not in text for text in unknown):
        return False
    return covering >= 1 and tally.known >= 1 and _fits_gaps(above, row)


def _fits_gaps(above: Row, row: Row) -> bool:
    """Whether the columns without a header of their own are headed by the line above."""
    width = max(len(above), len(row))
    open_columns = [index for index in range(width) if _at(row, index) is None and _at(above, index) is None]
    return len(open_columns) <= width // 2


def _is_below(rows: Sequence[Row], last: int) -> bool:
    """Whether the next line names parts of the columns of the line before it."""
    above, row = rows[last], rows[last + 1]
    if numbers_columns(row):
        return False
    tally = _tally(row)
    if _parts_of_groups(above, row):
        return True
    if not tally.filled or tally.data or tally.people or tally.long:
        return False
    gaps = subs = 0
    for index, cell in enumerate(row):
        if is_blank(cell):
            continue
        text = cell_text(cell)
        top = _at(above, index)
        meant = guess(text)
        hint = top is not None and _HINT.match(text) is not None
        if guess(cell_text(_left(above, index))).field in _NAMES and not (hint or meant.field in _NAMES):
            return False
        subs += hint or (meant.sure > 0 and (meant.field != "ignored" or meant.sure == EXACT or meant.secret))
        gaps += top is None
    if tally.filled == 1:
        return subs == 1 and (gaps == 1 or _at(above, _only(row) + 1) is None) and tally.exact == 1
    if subs >= 2 and _all_below_groups(above, row):
        return True
    return subs * 5 >= tally.filled * 3 and (gaps > 0 or subs == tally.filled)


def _all_below_groups(above: Row, row: Row) -> bool:
    """Whether a line has words only where the line above has a header merged over several columns."""
    filled = [index for index, cell in enumerate(row) if not is_blank(cell)]
    return all(_at(above, index) is None or _at(above, index + 1) is None for index in filled)


def _parts_of_groups(above: Row, row: Row) -> bool:
    """Whether a line only has short words below headers that are merged over several columns.

    So do the days of an attendance sheet and the marks of a course ("QT | GK | CK"): no vocabulary has them.
    """
    filled = [index for index, cell in enumerate(row) if not is_blank(cell)]
    texts = [cell_text(row[index]) for index in filled]
    if len(filled) < 2 or any(len(text) > 12 or sum(map(str.isdigit, text)) > 8 for text in texts):
        return False
    if sum(not is_blank(cell) for cell in above[: filled[0]]) < 2 or not _all_below_groups(above, row):
        return False
    groups = {guess(cell_text(_left(above, index))).field for index in filled}
    return groups <= {"ignored", "taught_on", "skills", "note"} and any(
        _at(above, index) is None for index in filled
    )


def _only(row: Row) -> int:
    return next(index for index, cell in enumerate(row) if not is_blank(cell))


def _at(row: Row, index: int) -> Cell:
    cell = row[index] if 0 <= index < len(row) else None
    return None if is_blank(cell) and cell != "#" else cell


def _left(row: Row, index: int) -> Cell:
    """The cell at a place, or the one to the left that is merged over it."""
    while index >= 0 and _at(row, index) is None:
        index -= 1
    return _at(row, index)


def _merged(rows: Sequence[Row], first: int, last: int) -> Headline:
    lines = rows[first : last + 1]
    headings: list[Heading] = []
    twice = len(lines) > 1 and all(
        _at(lines[-2], index) is not None for index, cell in enumerate(lines[-1]) if not is_blank(cell)
    )
    for index in range(max(map(len, lines), default=0)):
        own = [(depth, cell) for depth, line in enumerate(lines) if (cell := _at(line, index)) is not None]
        if not own:
            continue
        depth, cell = own[-1]
        text = _shown(cell)
        over = _left(lines[depth - 1], index) if depth else None
        if len(own) > 1 and (_HINT.match(text) or (twice and _says_the_same(_shown(own[-2][1]), text))):
            text, over = _shown(own[-2][1]), None
        group = "" if over is None else _shown(over)
        headings.append(Heading(index, text, group, guess(text, group)))
    return Headline(first, last, _years_apart(headings))


def _says_the_same(upper: str, lower: str) -> bool:
    """Whether two lines name a column twice, in two languages: the first one is ours."""
    first, second = guess(upper), guess(lower)
    return first.field == second.field != "ignored" and min(first.sure, second.sure) > 0


def _shown(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else cell_text(cell)


def _years_apart(headings: list[Heading]) -> tuple[Heading, ...]:
    """Tell "Ngày | Tháng | Năm" under a birth from "Nam | Nữ": without marks both have a column "nam"."""
    told: list[Heading] = []
    for place, heading in enumerate(headings):
        words = bare(heading.text)
        if words == "nam" and heading.guess.field in {"birth_m", "gender_m"}:
            before = bare(headings[place - 1].text) if place else ""
            if "ă" in heading.text.lower() or before in {"thang", "ngay"}:
                field = "birth" if heading.guess.field == "birth_m" else "ignored"
                heading = heading._replace(guess=Guess(field, EXACT))  # noqa: PLW2901
        told.append(heading)
    return tuple(told)
