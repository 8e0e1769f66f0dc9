"""The one place that reads the clock. Moments are aware UTC; days are civil days of Da Nang."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """Something that tells the present moment."""

    def now(self) -> datetime:
        """Return the present moment as an aware UTC datetime."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment as an aware UTC datetime."""
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock for tests: it stands still until told to move."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 3, 0, tzinfo=UTC))

    def now(self) -> datetime:
        """Return the moment it was set to."""
        return self.moment

    def advance(self, **parts: float) -> None:
        """Move forward by the parts of a `timedelta` (days, hours, minutes …)."""
        self.moment += timedelta(**parts)


def local_day(moment: datetime) -> date:
    """Return the civil day in Da Nang of an aware moment.

    >>> local_day(datetime(2026, 11, 21, 18, 30, tzinfo=UTC))
    datetime.date(2026, 11, 22)
    """
    return moment.astimezone(LOCAL).date()


def local_second(moment: datetime) -> int:
    """Return the second of the civil day (0 to 86,399) in Da Nang of an aware moment.

    >>> local_second(datetime(2026, 11, 21, 18, 30, tzinfo=UTC))
    5400
    """
    local = moment.astimezone(LOCAL)
    return local.hour * 3600 + local.minute * 60 + local.second
