"""What a learner finds behind the link: whether the question is still open, and if not, why."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from referrals.states import State


class Standing(StrEnum):
    """How things stand when somebody comes through a door."""

    OPEN = "open"  # the question waits for an answer
    EXPIRED = "expired"  # nobody answered in time; the teacher can issue it again
    REPLACED = "replaced"  # the teacher issued a newer code
    CONFIRMED = "confirmed"  # answered: yes
    DISPUTED = "disputed"  # answered: no
    WITHDRAWN = "withdrawn"  # taken back, or sent back to be put right


_ANSWERED = {State.CONFIRMED: Standing.CONFIRMED, State.DISPUTED: Standing.DISPUTED}
_WAITING = frozenset({State.RECORDED, State.EXPIRED})


def standing(state: str, *, serial: int, newest_serial: int, expires_at: datetime, now: datetime) -> Standing:
    """Return how things stand for a door of this serial. Moments are aware.

    >>> from datetime import UTC
    >>> end, before = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    >>> standing("recorded", serial=1, newest_serial=1, expires_at=end, now=before).value
    'open'
    >>> standing("recorded", serial=1, newest_serial=2, expires_at=end, now=before).value
    'replaced'
    >>> standing("recorded", serial=1, newest_serial=1, expires_at=end, now=end).value
    'expired'
    >>> standing("confirmed", serial=1, newest_serial=2, expires_at=end, now=end).value
    'confirmed'
    """
    known = State(state)
    if known in _ANSWERED:
        return _ANSWERED[known]
    if known not in _WAITING:
        return Standing.WITHDRAWN
    if serial != newest_serial:
        return Standing.REPLACED
    if known is State.EXPIRED or expires_at <= now:
        return Standing.EXPIRED
    return Standing.OPEN
