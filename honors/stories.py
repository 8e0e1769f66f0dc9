"""The words for the wall. Anybody will read them: no number to call, no whole name of a child."""

from __future__ import annotations

import re
from typing import Literal

from core.vietnamese import clean_lines
from people.names import name_key

LONGEST = 1_200
SHORTEST = 20

StoryProblem = Literal["too_long", "has_phone", "has_link"]

# Nine digits after 0 or 84, however they are grouped: how a phone number is written here.
_PHONE = re.compile(r"(?<!\d)(?:\+?84|0)(?:[ .\-]?\d){9}(?!\d)")
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


def clean_story(raw: str) -> str:
    r"""Return the words as they are kept: lines stay, whatever cannot be seen goes.

    >>> clean_story("  Bác Hoa   cười.\r\n\r\n\r\nCả buổi. ")
    'Bác Hoa cười.\n\nCả buổi.'
    """
    return clean_lines(raw).strip()


def problem_of(story: str) -> StoryProblem | None:
    """Return why a cleaned story cannot be kept, or None.

    >>> problem_of("Gọi cô theo số 0905 123 456 nhé"), problem_of("Dạy 12 người trong tháng 10/2026")
    ('has_phone', None)
    """
    if len(story) > LONGEST:
        return "too_long"
    if _PHONE.search(story):
        return "has_phone"
    if _LINK.search(story):
        return "has_link"
    return None


def is_told(story: str) -> bool:
    """Tell whether there are words enough to show, and so to ask somebody's consent for.

    >>> is_told(""), is_told("Chiều thứ Bảy nào cũng ra đầu kiệt.")
    (False, True)
    """
    return len(story) >= SHORTEST


def names_whole(story: str, full_name: str) -> bool:
    """Tell whether a story holds somebody's whole name, in any spelling; one word is no whole name.

    >>> names_whole("Em NGUYEN THUY LINH dạy bà.", "Nguyễn Thuỳ Linh"), names_whole("Em Linh dạy bà.", "Linh")
    (True, False)
    """
    key = name_key(full_name)
    return " " in key and f" {key} " in f" {_flat(story)} "


def _flat(story: str) -> str:
    # Piece by piece: a key of a name is cut to the length of its column.
    return " ".join(name_key(word) for word in story.split())
