"""Calendar periods of the boards. Days are civil days of Da Nang; a week begins on Monday.

A period is named by its code: `all`, `2026`, `2026-Q4`, `2026-11`, `2026-W47`. Scores are kept for the first
four kinds; weeks serve small lines of progress.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from core.i18n import N_

UNKNOWN_DAY: Final = date.max
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2200

_SHAPE = re.compile(r"(\d{4})(?:-(?:Q([1-4])|W(\d{2})|(\d{2})))?")


class Kind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ALL = "all"
    WEEK = "week"


@dataclass(frozen=True)
class Wording:
    """A text to translate at the edge: a message id and what fills its placeholders."""

    message: str
    values: dict[str, str]


@dataclass(frozen=True)
class Period:
    """A calendar period; `start` and `end` are its first and last day, both None for all time."""

    code: str
    kind: Kind
    start: date | None = None
    end: date | None = None

    @property
    def previous(self) -> Period | None:
        """Return the period of the same kind just before; None for all time.

        >>> parse("2026-Q1").previous.code, parse("2026-W01").previous.code
        ('2025-Q4', '2025-W52')
        """
        if self.start is None or self.start.year <= FIRST_YEAR:
            return None
        return current(self.kind, self.start - timedelta(days=1))

    def holds(self, day: date) -> bool:
        """Tell whether a day counts in this period; an unknown day counts in all time only.

        >>> parse("2026-11").holds(date(2026, 11, 30)), parse("2026").holds(UNKNOWN_DAY)
        (True, False)
        """
        return self.start is None or self.end is None or self.start <= day <= self.end

    @property
    def title(self) -> Wording:
        """Return the name that stands alone, as in a heading."""
        return Wording(TITLES[self.kind], _values(self))

    @property
    def phrase(self) -> Wording:
        """Return the name as it stands within a sentence."""
        return Wording(PHRASES[self.kind], _values(self))


TITLES: Final[dict[Kind, str]] = {
    Kind.ALL: N_("Từ trước đến nay"),
    Kind.YEAR: N_("Năm %(year)s"),
    Kind.QUARTER: N_("Quý %(number)s/%(year)s"),
    Kind.MONTH: N_("Tháng %(number)s/%(year)s"),
    Kind.WEEK: N_("Tuần %(number)s/%(year)s"),
}
PHRASES: Final[dict[Kind, str]] = {
    Kind.ALL: N_("từ trước đến nay"),
    Kind.YEAR: N_("năm %(year)s"),
    Kind.QUARTER: N_("quý %(number)s/%(year)s"),
    Kind.MONTH: N_("tháng %(number)s/%(year)s"),
    Kind.WEEK: N_("tuần %(number)s/%(year)s"),
}

ALL: Final = Period("all", Kind.ALL)


def current(kind: Kind | str, day: date) -> Period:
    """Return the period of this kind that holds the day.

    >>> [current(kind, date(2026, 11, 22)).code for kind in Kind]
    ['2026-11', '2026-Q4', '2026', 'all', '2026-W47']
    """
    kind = Kind(kind)
    if kind is Kind.ALL:
        return ALL
    if kind is Kind.WEEK:
        monday = day - timedelta(days=day.weekday())
        year, week, _ = monday.isocalendar()
        return Period(f"{year:04d}-W{week:02d}", kind, monday, monday + timedelta(days=6))
    if kind is Kind.MONTH:
        return Period(f"{day:%Y-%m}", kind, day.replace(day=1), _last_of(day.year, day.month))
    if kind is Kind.QUARTER:
        quarter = (day.month + 2) // 3
        start = date(day.year, 3 * quarter - 2, 1)
        return Period(f"{day.year:04d}-Q{quarter}", kind, start, _last_of(day.year, 3 * quarter))
    return Period(f"{day.year:04d}", kind, date(day.year, 1, 1), date(day.year, 12, 31))


def periods_of(day: date) -> tuple[str, ...]:
    """Return the codes of every period in which an act of this day is scored.

    >>> periods_of(date(2026, 11, 22))
    ('all', '2026', '2026-Q4', '2026-11')
    >>> periods_of(UNKNOWN_DAY)
    ('all',)
    """
    if day == UNKNOWN_DAY:
        return ("all",)
    year = f"{day.year:04d}"
    return ("all", year, f"{year}-Q{(day.month + 2) // 3}", f"{year}-{day.month:02d}")


def parse(code: str) -> Period:
    """Return the period of a code. Raises ValueError for anything else.

    >>> parse("2026-Q4").start, parse("2026-W01").start, parse("all").start
    (datetime.date(2026, 10, 1), datetime.date(2025, 12, 29), None)
    """
    if code == "all":
        return ALL
    match = _SHAPE.fullmatch(code)
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        raise ValueError(f"no period is called {code!r}")
    year = int(match[1])
    if match[2]:
        return current(Kind.QUARTER, date(year, 3 * int(match[2]), 1))
    if match[3]:
        return current(Kind.WEEK, date.fromisocalendar(year, int(match[3]), 1))
    if match[4]:
        return current(Kind.MONTH, date(year, int(match[4]), 1))
    return current(Kind.YEAR, date(year, 1, 1))


def weeks_until(day: date, count: int) -> list[Period]:
    """Return the last `count` weeks up to the one that holds the day, oldest first.

    >>> [week.code for week in weeks_until(date(2026, 1, 1), 2)]
    ['2025-W52', '2026-W01']
    """
    return [current(Kind.WEEK, day - timedelta(weeks=back)) for back in reversed(range(count))]


def _last_of(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


def _values(period: Period) -> dict[str, str]:
    if period.start is None:
        return {}
    year, _, rest = period.code.partition("-")
    return {"year": year, "number": str(int(rest.lstrip("QW")))} if rest else {"year": year}
