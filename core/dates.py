"""Days and moments as files and people write them, read into one civil day of Viet Nam.

Words used here:

* *day*: a calendar day in Asia/Ho_Chi_Minh; *second*: of that day, 0 to 86,399, 0 where no time is known;
* *precision*: how much the writer said: nothing, a year, a day, or a time of day.

What has no date at all gets the last day that Python knows, so that it comes after everything else in order.
"""

import re
from datetime import date, datetime, timedelta, timezone
from typing import Literal, NamedTuple

from core.clock import LOCAL
from core.vietnamese import clean_text

Precision = Literal["none", "year", "day", "time"]
DateProblemCode = Literal["not_a_date", "no_such_day", "no_such_time", "short_year", "out_of_range"]

FIRST_YEAR = 1000
LAST_YEAR = 9998


class When(NamedTuple):
    """A day, a second of it, and how exactly it was given. Sorts by time; the unknown comes last."""

    day: date
    second: int
    precision: Precision


class DateProblem(NamedTuple):
    """Why a text is no date: a stable code, whose words live at the edge."""

    code: DateProblemCode


UNKNOWN = When(date.max, 0, "none")

_ISO = re.compile(
    r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})"
    r"(?:(?:T|,? )(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?: ?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?)?",
    re.ASCII | re.IGNORECASE,
)
_DAY_FIRST = re.compile(
    r"(?:ngày )?(\d{1,2}) ?([/.-]) ?(\d{1,2}) ?\2 ?(\d{4}|\d{2})"
    r"(?:(?:T|,? |,? lúc )(\d{1,2})(?::(?=\d)|[hg])(\d{2})?(?::(\d{2})(?:[.,]\d+)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_TIME_FIRST = re.compile(r"(?:lúc )?(\d{1,2}[:hg]\d{2}(?::\d{2})?),? (\D{0,5}\d.*)", re.ASCII | re.IGNORECASE)
_YEAR = re.compile(r"(?:năm )?(\d{4})(?:[.,]0)?", re.ASCII | re.IGNORECASE)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９－／．：", "0123456789-/.:")
_TO_LOCAL = timedelta(hours=7)  # since June 1975; before that the offset moved several times


def read_when(text: str) -> When | DateProblem:
    """Read a date, a year or a moment; an empty text is the unknown day.

    Taken: 2026, 2026-01-31 (or 2026/1/31), 2026-01-31T14:25, 2026-01-31 14:25:07.5, with Z or an offset
    (turned into local time); 31/01/2026, 31-1-2026, 31.01.2026 with or without 14:25 or 14h25, before or
    after: the day comes before the month. A moment without an offset is local, and one at 00:00 is a plain
    day, since spreadsheets write days so. A year alone stands as its first day, with the precision `year`.

    Problems: `no_such_day` (31/02), `no_such_time` (25:00), `short_year` (31/01/26), `out_of_range` (a year
    before 1000 or after 9998), `not_a_date`.

    >>> read_when("2026-01-31T20:00:01Z")
    When(day=datetime.date(2026, 2, 1), second=10801, precision='time')
    >>> read_when("31/01/2026"), read_when("1987").precision, read_when("") == UNKNOWN
    (When(day=datetime.date(2026, 1, 31), second=0, precision='day'), 'year', True)
    >>> read_when("31/02/2026"), read_when("tomorrow")
    (DateProblem(code='no_such_day'), DateProblem(code='not_a_date'))
    """
    # Imported files hold these two shapes by the hundred thousand: read them without a pattern.
    length = len(text)
    try:
        if length == 20 and text[7] == "-" and text[10] == "T" and text[19] == "Z" and text[:4] > "1975":
            moment = datetime.fromisoformat(text) + _TO_LOCAL
            if moment.year <= LAST_YEAR:
                second = moment.hour * 3600 + moment.minute * 60 + moment.second
                return When(moment.date(), second, "time")
        elif length == 10 and text[4] == "-" and text[7] == "-" and "1000" <= text[:4] <= "9998":
            return When(date.fromisoformat(text), 0, "day")
    except (ValueError, OverflowError):
        pass
    return _read_slowly(clean_text(text[:100]).translate(_FULL_WIDTH))


def _read_slowly(text: str) -> When | DateProblem:
    if not text:
        return UNKNOWN
    if match := _TIME_FIRST.fullmatch(text):
        text = f"{match[2]} {match[1]}"
    if match := _YEAR.fullmatch(text):
        return _checked(match[1], "1", "1", precision="year")
    if match := _ISO.fullmatch(text):
        year, _, month, day, hour, minute, second, offset = match.groups()
    elif match := _DAY_FIRST.fullmatch(text):
        day, _, month, year, hour, minute, second = match.groups()
        offset = None
        if len(year) == 2:
            return DateProblem("short_year")
    else:
        return DateProblem("not_a_date")
    when = _checked(year, month, day, precision="day")
    if hour is None or isinstance(when, DateProblem):
        return when
    return _at(when.day, (int(hour), int(minute or 0), int(second or 0)), offset)


def _checked(year: str, month: str, day: str, *, precision: Precision) -> When | DateProblem:
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return DateProblem("out_of_range")
    try:
        return When(date(int(year), int(month), int(day)), 0, precision)
    except ValueError:
        return DateProblem("no_such_day")


def _at(day: date, time: tuple[int, int, int], offset: str | None) -> When | DateProblem:
    """A time on a day, turned into local time where an offset says whose time it is."""
    hour, minute, second = time
    if hour > 23 or minute > 59 or second > 59:
        return DateProblem("no_such_time")
    if offset is not None:
        shift = _offset(offset)
        if shift is None:
            return DateProblem("no_such_time")
        there = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=timezone(shift))
        here = there.astimezone(LOCAL)
        if not FIRST_YEAR <= here.year <= LAST_YEAR:
            return DateProblem("out_of_range")
        return When(here.date(), here.hour * 3600 + here.minute * 60 + here.second, "time")
    seconds = hour * 3600 + minute * 60 + second
    return When(day, seconds, "time" if seconds else "day")


def _offset(text: str) -> timedelta | None:
    if text[0] not in "+-":
        return timedelta(0)
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    if hours > 15 or minutes > 59:
        return None
    shift = timedelta(hours=hours, minutes=minutes)
    return -shift if text[0] == "-" else shift
