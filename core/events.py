"""Events: what happened, told by the package where it happened.

An event is a frozen dataclass in the past tense. A service records it on the session; the unit of work
delivers it to the reactions of the one table in `app/wiring.py`, inside the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

Reaction = Callable[[Session, Any, datetime], None]
Reactions = Mapping[type, tuple[Reaction, ...]]

_KEY = "core.events"


def record(session: Session, event: object) -> None:
    """Remember an event; it is delivered before the commit of the running unit of work."""
    session.info.setdefault(_KEY, []).append(event)


def take(session: Session) -> list[object]:
    """Return the events recorded so far, and forget them."""
    events: list[object] = session.info.pop(_KEY, [])
    return events


def deliver(session: Session, reactions: Reactions, now: datetime, *, limit: int = 10_000) -> int:
    """Deliver recorded events to their reactions until none is left; return how many were delivered.

    Raises RuntimeError after `limit` events: reactions that answer each other for ever.
    """
    delivered = 0
    while events := take(session):
        for event in events:
            delivered += 1
            if delivered > limit:
                raise RuntimeError(f"more than {limit} events in one unit of work: {type(event).__name__}")
            for reaction in reactions.get(type(event), ()):
                reaction(session, event, now)
    return delivered
