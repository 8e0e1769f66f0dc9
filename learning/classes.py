"""Classes and home visits: their kinds, what may be said of one, and the anonymous counts.

class
    one meeting where people are taught: who leads it, who helps, where, on which day, about what. A home
    visit is a class of one household.
lead
    answers for the class. *Helpers* teach beside; lead and helpers are its *teachers*.
headcount
    how many people came, those without a name on the list included.
counts
    how many of them were elderly, with a disability, from a poor household, from an ethnic minority. One
    person may stand in several. Sums of the class and nothing else: such a mark beside a name would be
    sensitive personal data (Law 91/2025/QH15).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from core.i18n import N_

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "mobile_class": N_("Lớp học lưu động"),
        "home_visit": N_("Hướng dẫn tại nhà"),
        "market_stand": N_("Điểm ở chợ"),
        "school": N_("Ở trường học"),
        "office": N_("Ở bộ phận một cửa"),
    }
)
"""The kinds, the commonest first, with their words."""

COUNTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "elderly": N_("Người cao tuổi (từ 60)"),
        "disabled": N_("Người khuyết tật"),
        "poor": N_("Người thuộc hộ nghèo, cận nghèo"),
        "minority": N_("Người dân tộc thiểu số"),
    }
)
"""The people whom the programme puts first, as anonymous counts of a class."""

TITLE_LENGTH: Final = 120
PLACE_LENGTH: Final = 120
NOTE_LENGTH: Final = 500
MOST_TEACHERS: Final = 20
MOST_SKILLS: Final = 12
MOST_PEOPLE: Final = 2_000
FIRST_DAY: Final = date(2020, 1, 1)
LATEST: Final = timedelta(days=366)
"""A class may be planned so far ahead."""


class ClassState(StrEnum):
    """What may still happen to a class; the value is what the database keeps."""

    OPEN = "open"
    CLOSED = "closed"  # done: nobody is added any more; it can be opened again
    CANCELLED = "cancelled"  # the end: it was not held


@dataclass(frozen=True)
class Counts:
    """The anonymous counts of a class. None as headcount: nobody said."""

    headcount: int | None = None
    elderly: int = 0
    disabled: int = 0
    poor: int = 0
    minority: int = 0


def count_problems(counts: Counts, on_the_list: int = 0) -> dict[str, str]:
    """Return what is wrong with these counts: field → code; empty where nothing is.

    `on_the_list` people came by name, so that the headcount cannot be smaller.

    >>> count_problems(Counts(30, elderly=12, minority=30), on_the_list=28)
    {}
    >>> count_problems(Counts(30, elderly=31))
    {'elderly': 'more_than_headcount'}
    >>> count_problems(Counts(None, poor=2)), count_problems(Counts(3), on_the_list=4)
    ({'headcount': 'count_first'}, {'headcount': 'fewer_than_list'})
    >>> count_problems(Counts(-1)), count_problems(Counts(5, disabled=-2)), count_problems(Counts(10**9))
    ({'headcount': 'not_a_count'}, {'disabled': 'not_a_count'}, {'headcount': 'too_many_people'})
    """
    parts = {name: getattr(counts, name) for name in COUNTS}
    wrong = {name: "not_a_count" for name, number in parts.items() if number < 0}
    whole = counts.headcount
    if whole is None:
        return wrong or ({"headcount": "count_first"} if any(parts.values()) else {})
    if whole < 0:
        return {"headcount": "not_a_count", **wrong}
    if whole > MOST_PEOPLE:
        return {"headcount": "too_many_people", **wrong}
    if whole < on_the_list:
        return {"headcount": "fewer_than_list", **wrong}
    return wrong | {name: "more_than_headcount" for name, number in parts.items() if number > whole}


def day_problem(held_on: date, today: date) -> str | None:
    """Return why no class can be held on this day, as a code; None where one can.

    >>> today = date(2026, 11, 22)
    >>> day_problem(today, today), day_problem(date(2026, 12, 1), today)
    (None, None)
    >>> day_problem(date(2019, 12, 31), today), day_problem(date(2029, 1, 1), today)
    ('too_early', 'too_far')
    """
    if held_on < FIRST_DAY:
        return "too_early"
    return "too_far" if held_on - today > LATEST else None
