"""Days in cells: births, of which only an age band goes on, ages, and the day of a lesson.

Doubts are stable codes; their words are in `rosters.words`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from core.dates import DateProblem, read_when
from core.vietnamese import fold
from people.age_bands import AGE_BANDS, OLDEST_AGE, band_of
from referrals.importing.rosters.cells import cell_text
from referrals.importing.rosters.grids import Cell

YOUNGEST: Final = 5
"""A learner younger than that is a date mistyped."""

_FIRST_SERIAL: Final = 3_653  # 1 January 1910: what a spreadsheet calls a day when its format was lost
_LAST_SERIAL: Final = 54_789  # 1 January 2050
_EPOCH: Final = date(1899, 12, 30)
_NO_DAYS: Final = frozenset(
    (date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1904, 1, 1), date(1970, 1, 1))
)

# ── ages ────────────────────────────────────────────────────────────────────────────────────────────────

_YEAR = re.compile(r"(?<!\d)(19\d\d|20\d\d)(?!\d)")
_THREE = re.compile(r"(?<!\d)(\d{1,2})\s*[/.\-– ]\s*(\d{1,2})\s*[/.\-– ]\s*(\d{4}|\d{2})(?!\d)")
_AGE = re.compile(r"(?<!\d)(\d{1,3})(?!\d)")
_YOUNGER = re.compile(r"^(?:duoi|<|nho hon|under|below)\D*(\d{1,3})\b")
_OLDER = re.compile(
    r"^(?:tren|tu|>=?|hon|over|from)\D*(\d{1,3})\b\D*$"
    r"|^(\d{1,3}) ?(?:\+|(?:tuoi )?tro len|(?:and|or) (?:over|older|more))\D*$"
)
_BETWEEN_AGES = re.compile(r"^(?:tu )?(\d{1,3}) ?(?:tuoi )?(?:-|den|to|toi) ?(\d{1,3})\b\D*$")


class BirthRead(NamedTuple):
    """What a cell says of a birth: a day or the 1 July of a year (`exact` tells which), or a doubt."""

    born: date | None = None
    exact: bool = False
    doubt: str = ""


def read_birth(cell: Cell, today: date) -> BirthRead:
    """A birthday or a year of birth: dates, serial numbers, texts of any order, years of two digits.

    >>> day = date(2026, 6, 1)
    >>> read_birth("12.3.1960", day), read_birth("60", day).born, read_birth(22017.0, day).born
    (BirthRead(born=datetime.date(1960, 3, 12), exact=True, doubt=''), datetime.date(1960, 7, 1),
     datetime.date(1960, 4, 11))
    >>> read_birth("2027", day), read_birth("không nhớ", day).doubt
    (BirthRead(born=None, exact=False, doubt='birth_unbelievable'), 'birth_unreadable')
    """
    if isinstance(cell, datetime):
        return _believed(cell.date(), today, exact=True)
    if isinstance(cell, date):
        return _believed(cell, today, exact=True)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _birth_number(cell, today)
    return _birth_text(cell_text(cell), today)


def _birth_number(number: float, today: date) -> BirthRead:
    whole = int(number) if abs(number) < 1e9 else 0
    if 1850 <= whole <= today.year + 1:
        return _believed(date(whole, 7, 1), today, exact=False)
    if 0 < whole < 100:
        return _believed(date(_century(whole, today), 7, 1), today, exact=False)
    if _FIRST_SERIAL <= whole <= _LAST_SERIAL:
        return _believed(_EPOCH + timedelta(days=whole), today, exact=True)
    digits = f"{whole:08d}"
    if whole > 1_000_000 and len(digits) == 8:  # 12031960, and 1021960 which lost its zero
        return _birth_text(f"{digits[:2]}/{digits[2:4]}/{digits[4:]}", today)
    return BirthRead(doubt="birth_unreadable")


@lru_cache(maxsize=1 << 14)
def _birth_text(text: str, today: date) -> BirthRead:
    if not any(map(str.isalnum, text)):
        return BirthRead()
    if text.isdecimal() and text.isascii() and len(text) <= 9:
        return _birth_number(int(text), today)
    when = read_when(text)
    if not isinstance(when, DateProblem) and when.precision != "none":
        if when.precision == "year":
            return _believed(date(when.day.year, 7, 1), today, exact=False)
        return _believed(when.day, today, exact=True)
    if match := _THREE.search(text):
        return _birth_three(int(match[1]), int(match[2]), match[3], today)
    years = set(_YEAR.findall(text))
    if len(years) == 1:
        return _believed(date(int(years.pop()), 7, 1), today, exact=False)
    return BirthRead(doubt="birth_unreadable")


def _birth_three(first: int, second: int, year_text: str, today: date) -> BirthRead:
    year = int(year_text) if len(year_text) == 4 else _century(int(year_text), today)
    for day, month in ((first, second), (second, first)):
        try:
            return _believed(date(year, month, day), today, exact=True)
        except ValueError:
            continue
    try:
        return _believed(date(year, 7, 1), today, exact=False)
    except ValueError:
        return BirthRead(doubt="birth_unreadable")


def _century(two_digits: int, today: date) -> int:
    return 2000 + two_digits if today.year - (2000 + two_digits) >= YOUNGEST else 1900 + two_digits


def _believed(born: date, today: date, *, exact: bool) -> BirthRead:
    age = age_on(born, today, exact=exact)
    if born in _NO_DAYS or not YOUNGEST <= age <= OLDEST_AGE - 15:
        return BirthRead(doubt="birth_unbelievable")
    return BirthRead(born, exact)


def age_on(born: date, today: date, *, exact: bool = True) -> int:
    """Whole years on a day; of a year of birth alone, the age reached in this year.

    >>> age_on(date(1960, 7, 1), date(2026, 6, 1)), age_on(date(1960, 7, 1), date(2026, 6, 1), exact=False)
    (65, 66)
    """
    before = exact and (today.month, today.day) < (born.month, born.day)
    return today.year - born.year - before


def read_age(cell: Cell, today: date) -> tuple[str | None, str]:
    """The age band of a cell of ages, and a doubt: an age, a band in words, or a year of birth.

    >>> day = date(2026, 6, 1)
    >>> read_age(67.0, day), read_age("Từ 75", day), read_age("16–24", day), read_age("Dưới 16", day)
    (('60_74', ''), ('75_plus', ''), ('16_24', ''), ('under_16', ''))
    >>> read_age("1950", day), read_age("55 – 65", day), read_age("trên 60", day), read_age(240, day)
    (('75_plus', ''), (None, 'age_unclear'), (None, 'age_unclear'), (None, 'age_unreadable'))
    """
    if isinstance(cell, date):
        born = read_birth(cell, today)
        return _band_of_birth(born, today), born.doubt
    return _age_text(cell_text(cell), today)


@lru_cache(maxsize=1 << 12)
def _age_text(text: str, today: date) -> tuple[str | None, str]:
    folded = fold(text)
    if not any(map(str.isalnum, folded)):
        return None, ""
    if folded in AGE_BANDS:
        return folded, ""
    if match := _BETWEEN_AGES.match(folded):
        return _one_band(band_of(int(match[1])), band_of(int(match[2])))
    if match := _YOUNGER.match(folded):
        return _one_band(band_of(0), band_of(max(int(match[1]) - 1, 0)))
    if match := _OLDER.match(folded):
        return _one_band(band_of(int(match[1] or match[2])), band_of(OLDEST_AGE))
    born = _birth_text(text, today) if _YEAR.search(text) else BirthRead()
    if born.born is not None:
        return _band_of_birth(born, today), ""
    ages = _AGE.findall(folded)
    band = band_of(int(ages[0])) if len(ages) == 1 and "-" not in folded[: folded.find(ages[0])] else None
    return (band, "") if band is not None else (None, "age_unreadable")


def _one_band(first: str | None, last: str | None) -> tuple[str | None, str]:
    return (first, "") if first is not None and first == last else (None, "age_unclear")


def _band_of_birth(born: BirthRead, today: date) -> str | None:
    return None if born.born is None else band_of(age_on(born.born, today, exact=born.exact))


def band_of_birth(born: BirthRead, today: date) -> str | None:
    """The age band of somebody born then; None where nothing is known.

    >>> band_of_birth(BirthRead(date(1960, 3, 12), exact=True), date(2026, 6, 1))
    '60_74'
    """
    return _band_of_birth(born, today)


# ── the day of a lesson ─────────────────────────────────────────────────────────────────────────────────

_WORDY = re.compile(
    r"ngay (\d{1,2}),? ?(?:thang|/|-) ?(\d{1,2}),? ?(?:nam|/|-) ?(\d{4})"
    r"|(\d{1,2}) thang (\d{1,2}),? (?:nam )?(\d{4})"
)
_FROM_TO = re.compile(r"(?<!\d)(\d{1,2})\s*(?:-|–|den)\s*\d{1,2}\s*/\s*(\d{1,2})\s*/\s*(\d{4}|\d{2})(?!\d)")
_DAY_MONTH = re.compile(r"^(?:ngay )?(\d{1,2})[/.-](\d{1,2})$")
_MONTH_ALONE = re.compile(r"^(?:thang )?(?:\d{1,2}[/.-])?\d{4}$")


def read_lesson_day(cell: Cell, today: date) -> tuple[date | None, str]:
    """The day of a lesson, and a doubt. Of several days the first; a day without a year is of the last year.

    >>> day = date(2026, 6, 1)
    >>> read_lesson_day("ngày 5 tháng 3 năm 2026", day), read_lesson_day("5/3/26", day)
    ((datetime.date(2026, 3, 5), ''), (datetime.date(2026, 3, 5), ''))
    >>> read_lesson_day("5-7/3/2026", day)[0], read_lesson_day("tháng 3/2026", day)
    (datetime.date(2026, 3, 5), (None, 'taught_on_unclear'))
    >>> read_lesson_day("5/3", day)
    (datetime.date(2026, 3, 5), 'taught_on_no_year')
    """
    if isinstance(cell, datetime):
        return _lesson(cell.date(), today)
    if isinstance(cell, date):
        return _lesson(cell, today)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if _FIRST_SERIAL <= cell <= _LAST_SERIAL:
            return _lesson(_EPOCH + timedelta(days=int(cell)), today)
        return None, "taught_on_unclear"
    return _lesson_text(cell_text(cell), today)


@lru_cache(maxsize=1 << 12)
def _lesson_text(text: str, today: date) -> tuple[date | None, str]:
    folded = fold(text)
    if not any(map(str.isalnum, folded)):
        return None, ""
    if folded.isascii() and folded.isdecimal() and len(folded) == 5:
        return read_lesson_day(int(folded), today)
    when = read_when(text)
    if not isinstance(when, DateProblem) and when.precision in {"day", "time"}:
        return _lesson(when.day, today)
    if match := _DAY_MONTH.match(folded):
        return _without_year(int(match[1]), int(match[2]), today)
    if _MONTH_ALONE.match(folded):
        return None, "taught_on_unclear"
    for pattern in (_WORDY, _FROM_TO, _THREE):
        if match := pattern.search(folded):
            day, month, year = (group for group in match.groups() if group is not None)
            return _lesson_of(int(day), int(month), int(year) + (2000 if len(year) == 2 else 0), today)
    return None, "taught_on_unclear"


def _lesson_of(day: int, month: int, year: int, today: date) -> tuple[date | None, str]:
    try:
        return _lesson(date(year, month, day), today)
    except ValueError:
        return None, "taught_on_unclear"


def _without_year(day: int, month: int, today: date) -> tuple[date | None, str]:
    for year in (today.year, today.year - 1):
        found, doubt = _lesson_of(day, month, year, today)
        if found is not None and found <= today:
            return found, doubt or "taught_on_no_year"
    return None, "taught_on_unclear"


def _lesson(day: date, today: date) -> tuple[date | None, str]:
    if not 2000 <= day.year <= today.year + 1:
        return None, "taught_on_unbelievable"
    return day, "taught_on_future" if day > today else ""
