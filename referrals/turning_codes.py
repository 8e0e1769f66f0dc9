"""The code that turns on a teacher's screen: whoever reads it now is in the room.

screen
    one teacher of one class: who checks in by that screen was taught by that teacher.
window
    a minute, counted from 1970. A code is made for its window and is good in that one and the two after it,
    so that nobody is caught between two pictures; a moment too early is taken too, for clocks that differ.
token
    the last part of the link in the QR code, such as "3f-1a-hu2gk-k5x…": class, teacher, window (base 36) and
    80 bits that only this house can derive.
spoken code
    six digits of the same window, for phones without a camera.
pass
    what the page gives to somebody who came with a good code: with it the name may be typed at leisure.

>>> box = SecretsBox(["a key"], "an index key")
>>> token = token_of(box, Screen(123, 46), 29_000_000)
>>> read_token(box, token, 29_000_002)
Screen(class_id=123, teacher_id=46)
>>> read_token(box, token, 29_000_003), read_token(box, "nonsense", 29_000_000)
(<Refused.OLD: 'old'>, <Refused.UNKNOWN: 'unknown'>)
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from core.secrets_box import SecretsBox

SECONDS: Final = 60
GOOD_FOR: Final = 2
"""So many windows after its own a code is still good."""

PASS_WINDOWS: Final = 20
DIGITS: Final = 6
MAC_BYTES: Final = 10

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_TOKEN = re.compile(r"([0-9a-z]{1,13})-([0-9a-z]{1,13})-([0-9a-z]{1,8})-([a-z2-7]{16})")
_LARGEST = 2**63 - 1


class Screen(NamedTuple):
    """One teacher's screen in one class."""

    class_id: int
    teacher_id: int


class Refused(StrEnum):
    """Why a token opens nothing."""

    OLD = "old"
    UNKNOWN = "unknown"


def window_of(moment: datetime) -> int:
    """Return the window of an aware moment.

    >>> from datetime import UTC
    >>> [window_of(datetime(1970, 1, 1, 0, *time, tzinfo=UTC)) for time in ((1, 59), (2, 0))]
    [1, 2]
    """
    return int(moment.timestamp() // SECONDS)


def token_of(box: SecretsBox, screen: Screen, window: int) -> str:
    """Return the token of a screen in a window."""
    return _signed(box, "check in", screen, window)


def read_token(box: SecretsBox, token: str, window: int) -> Screen | Refused:
    """Return the screen of a token that is good in this window, or why it opens nothing."""
    return _read(box, "check in", token, window, GOOD_FOR)


def pass_of(box: SecretsBox, screen: Screen, window: int) -> str:
    """Return the pass for somebody who came in this window.

    >>> box = SecretsBox(["a key"], "an index key")
    >>> read_pass(box, pass_of(box, Screen(1, 2), 100), 120)
    Screen(class_id=1, teacher_id=2)
    >>> given = pass_of(box, Screen(1, 2), 100)
    >>> read_pass(box, given, 121), read_token(box, given, 100)
    (<Refused.OLD: 'old'>, <Refused.UNKNOWN: 'unknown'>)
    """
    return _signed(box, "check in pass", screen, window)


def read_pass(box: SecretsBox, given: str, window: int) -> Screen | Refused:
    """Return the screen of a pass, or why it opens nothing."""
    return _read(box, "check in pass", given, window, PASS_WINDOWS)


def spoken_code(box: SecretsBox, screen: Screen, window: int) -> str:
    """Return the six digits of a screen in a window.

    >>> box = SecretsBox(["a key"], "an index key")
    >>> digits = spoken_code(box, Screen(1, 2), 100)
    >>> len(digits), digits.isdigit(), digits == spoken_code(box, Screen(1, 2), 101)
    (6, True, False)
    """
    derived = box.code("spoken check in", f"{screen.class_id}/{screen.teacher_id}/{window}")
    return f"{int.from_bytes(derived[:8]) % 10**DIGITS:0{DIGITS}d}"


def screens_of_digits(box: SecretsBox, digits: str, screens: Iterable[Screen], window: int) -> list[Screen]:
    """Return those of the open screens that show these digits now; more than one is a rare accident.

    >>> box = SecretsBox(["a key"], "an index key")
    >>> open_ones = [Screen(1, 2), Screen(1, 3), Screen(4, 5)]
    >>> screens_of_digits(box, spoken_code(box, Screen(1, 3), 98), open_ones, 100)
    [Screen(class_id=1, teacher_id=3)]
    >>> screens_of_digits(box, spoken_code(box, Screen(1, 3), 97), open_ones, 100)
    []
    """
    return [
        screen
        for screen in screens
        if any(
            hmac.compare_digest(digits, spoken_code(box, screen, one))
            for one in range(window - GOOD_FOR, window + 1)
        )
    ]


def _signed(box: SecretsBox, purpose: str, screen: Screen, window: int) -> str:
    numbers = (screen.class_id, screen.teacher_id, window)
    return "-".join((*map(_to_base36, numbers), _mac(box, purpose, *numbers)))


def _read(box: SecretsBox, purpose: str, given: str, window: int, good_for: int) -> Screen | Refused:
    match = _TOKEN.fullmatch(given.lower())
    if match is None:
        return Refused.UNKNOWN
    class_id, teacher_id, made_in = (int(match[part], 36) for part in (1, 2, 3))
    if max(class_id, teacher_id) > _LARGEST:
        return Refused.UNKNOWN
    if not hmac.compare_digest(_mac(box, purpose, class_id, teacher_id, made_in), match[4]):
        return Refused.UNKNOWN
    if not -1 <= window - made_in <= good_for:
        return Refused.OLD
    return Screen(class_id, teacher_id)


def _mac(box: SecretsBox, purpose: str, class_id: int, teacher_id: int, window: int) -> str:
    derived = box.code(purpose, f"{class_id}/{teacher_id}/{window}")
    return base64.b32encode(derived[:MAC_BYTES]).decode().lower()


def _to_base36(number: int) -> str:
    figures = ""
    while number:
        number, last = divmod(number, 36)
        figures = _BASE36[last] + figures
    return figures or "0"
