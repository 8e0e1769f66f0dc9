"""Addresses of honorees on the wall: readable, and no number of a person in them."""

from __future__ import annotations

import re

from core.vietnamese import fold

LONGEST = 60


def slug_of(shown_name: str, nomination_id: int) -> str:
    """Return the address of an honoree, made from the name that the public sees.

    Of a child that is the given name alone: the address must not tell what the page keeps to itself.

    >>> slug_of("Zơrâm Thị Hạnh", 7), slug_of("…", 8)
    ('zoram-thi-hanh-7', 'guong-sang-8')
    """
    words = re.sub(r"[^a-z0-9]+", "-", fold(shown_name)).strip("-")[:LONGEST].strip("-")
    return f"{words or 'guong-sang'}-{nomination_id}"
