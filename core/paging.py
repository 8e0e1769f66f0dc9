"""Keyset paging: a page is what comes after a key, so that deep pages cost what the first one costs."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")

# What a column of either database can hold.
LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of one page; `next` is the token of the page after it, or None at the end."""

    rows: list[Row]
    next: str | None
    first: bool


def encode_key(key: tuple[str | int, ...]) -> str:
    """Return a key as a short text for a URL.

    >>> decode_key(encode_key(("nguyen", 7)))
    ('nguyen', 7)
    """
    return base64.urlsafe_b64encode(json.dumps(key, ensure_ascii=False).encode()).decode().rstrip("=")


def decode_key(token: str | None) -> tuple[str | int, ...] | None:
    """Return the key of a token, or None where it is missing or nonsense: then the first page is shown.

    >>> decode_key("nonsense!") is None, decode_key(encode_key((10**30,))) is None
    (True, True)
    """
    if not token or len(token) > 600:
        return None
    try:
        value = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (binascii.Error, ValueError, UnicodeDecodeError):
        return None
    if not isinstance(value, list) or not all(_is_part(part) for part in value):
        return None
    return tuple(value)


def _is_part(part: object) -> bool:
    """Tell whether a part can be compared with a column: a text without NUL, or a number that fits."""
    if isinstance(part, str):
        return "\0" not in part
    return isinstance(part, int) and not isinstance(part, bool) and -LARGEST <= part <= LARGEST
