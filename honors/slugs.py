"""Addresses of honorees on the wall: readable, and no number of a person in them."""

from __future__ import annotations

import re

from core.vietnamese import fold

LONGEST = 60
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def slug_of(shown_name: str, nomination_id: int) -> str:
    """Return the address of an honoree, made from the name that the public sees.

    Of a child that is the given name alone: the address must not tell what the page keeps to itself.

    >>> slug_of("Zơrâm Thị Hạnh", 7), slug_of("…", 8)
    ('zoram-thi-hanh-7', 'guong-sang-8')
    """
    words = re.sub(r"[^a-z0-9]+", "-", fold(shown_name)).strip("-")[:LONGEST].strip("-")
    return f"{words or 'guong-sang'}-{nomination_id}"


def is_slug(text: str) -> bool:
    r"""Tell whether a text can be an address of ours; no database need be asked about anything else.

    >>> is_slug("zoram-thi-hanh-7"), is_slug("a\x00b"), is_slug("../..")
    (True, False, False)
    """
    return len(text) <= LONGEST + 20 and _SLUG.fullmatch(text) is not None
