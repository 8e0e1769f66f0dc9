"""The ways in for a learner: a link, and six digits that can be said aloud.

door
    what a way in leads to: one teaching, the serial of its present code, and how the learner came. A door is
    only as good as where it came from: it is made by `read_token`, or by a look-up of the six digits.
token
    the last part of the link, such as "3f-1-k5x…": teaching (base 36), serial, and 80 bits that only this
    house can derive. Nothing secret is stored, and a new serial closes the old link. Lower-case letters and
    digits only, for chat programs cut a link at the first sign they take for punctuation.
digits
    six digits; the leading zeros belong to them.

>>> box = SecretsBox(["a key"], "an index key")
>>> token = link_token(box, Door(123, 1))
>>> token.startswith("3f-1-"), len(token), read_token(box, token)
(True, 21, Door(teaching_id=123, serial=1, kind='link'))
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from typing import Final, Literal, NamedTuple

from core.secrets_box import SecretsBox

Kind = Literal["link", "code"]

PURPOSE: Final = "confirm"
DIGITS: Final = 6
MAC_BYTES: Final = 10

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_TOKEN = re.compile(r"([0-9a-z]{1,13})-([1-9][0-9]{0,5})(c?)-([a-z2-7]{16})")


class Door(NamedTuple):
    """A way in. `kind` tells how the learner came: by the link, or by typing the six digits."""

    teaching_id: int
    serial: int
    kind: Kind = "link"


def link_token(box: SecretsBox, door: Door) -> str:
    """Return the token of a door.

    >>> box = SecretsBox(["a key"], "an index key")
    >>> link_token(box, Door(123, 1, "code")).startswith("3f-1c-")
    True
    """
    way = "c" if door.kind == "code" else ""
    return f"{_to_base36(door.teaching_id)}-{door.serial}{way}-{_mac(box, door)}"


def read_token(box: SecretsBox, token: str) -> Door | None:
    """Return the door of a token, or None for what this house never made. Compares in constant time.

    >>> box = SecretsBox(["a key"], "an index key")
    >>> token = link_token(box, Door(123, 1))
    >>> read_token(box, token.replace("3f-1-", "3f-2-")) is None, read_token(box, "nonsense") is None
    (True, True)
    >>> read_token(box, token.upper()) == read_token(box, token)
    True
    """
    match = _TOKEN.fullmatch(token.lower())
    if match is None:
        return None
    door = Door(int(match[1], 36), int(match[2]), "code" if match[3] else "link")
    if not hmac.compare_digest(_mac(box, door), match[4]):
        return None
    return door


def new_digits() -> str:
    """Return six random digits. Whether they are free, the database says.

    >>> len(new_digits()), new_digits().isdigit()
    (6, True)
    """
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def clean_digits(typed: str) -> str | None:
    """Return the six digits of what somebody typed, or None.

    >>> clean_digits(" 048 291"), clean_digits("048-291"), clean_digits("48291")
    ('048291', '048291', None)
    """
    plain = re.sub(r"[\s.\-–]+", "", typed)
    return plain if len(plain) == DIGITS and plain.isascii() and plain.isdigit() else None


def spaced(digits: str) -> str:
    """Return the digits in two groups, as they are read aloud.

    >>> spaced("048291")
    '048 291'
    """
    return f"{digits[:3]} {digits[3:]}"


def _mac(box: SecretsBox, door: Door) -> str:
    derived = box.code(PURPOSE, f"{door.teaching_id}/{door.serial}/{door.kind}")
    return base64.b32encode(derived[:MAC_BYTES]).decode().lower()


def _to_base36(number: int) -> str:
    figures = ""
    while number:
        number, last = divmod(number, 36)
        figures = _BASE36[last] + figures
    return figures or "0"
