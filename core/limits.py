"""Rate limits that hold with several workers and without Redis: counters in the database.

A storage for the `limits` library (the engine of Flask-Limiter) under the scheme `database://`. Each hit is
its own short transaction, so that a refused request, which rolls back, is counted all the same.
"""

from __future__ import annotations

import time
from typing import Any

from limits.storage import Storage
from sqlalchemy import BigInteger, Engine, Integer, String, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import WRITES, Base

LONGEST_KEY = 255


class RateWindow(Base):
    """Hits counted for one key until a moment (seconds since 1970)."""

    __tablename__ = "rate_window"

    key: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    hits: Mapped[int] = mapped_column(Integer)
    expires_at: Mapped[int] = mapped_column(BigInteger, index=True)


_HIT = text(
    """
    INSERT INTO rate_window (key, hits, expires_at) VALUES (:key, :amount, :expires)
    ON CONFLICT (key) DO UPDATE SET
      hits = CASE WHEN rate_window.expires_at <= :now THEN :amount ELSE rate_window.hits + :amount END,
      expires_at = CASE WHEN rate_window.expires_at <= :now THEN :expires ELSE rate_window.expires_at END
    RETURNING hits
    """
)


class DatabaseStorage(Storage):
    """Fixed windows in the table `rate_window`, on SQLite and PostgreSQL."""

    STORAGE_SCHEME = ["database"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self._engine: Engine = options["engine"]
        # Looking takes no write lock: the view's own transaction may hold it already.
        self._reader = self._engine.execution_options(**{WRITES: False})

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """Errors that mean the storage is out of reach."""
        return (OSError,)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count a hit and return the hits of the running window; `expiry` is its length in seconds."""
        moment = int(time.time())
        values = {"key": key[:LONGEST_KEY], "amount": amount, "now": moment, "expires": moment + expiry}
        with self._engine.begin() as connection:
            return int(connection.execute(_HIT, values).scalar_one())

    def get(self, key: str) -> int:
        """Return the hits of the running window, 0 when there is none."""
        with self._reader.connect() as connection:
            row = connection.execute(
                select(RateWindow.hits, RateWindow.expires_at).filter_by(key=key[:LONGEST_KEY])
            ).first()
        return int(row[0]) if row and row[1] > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """Return when the running window ends, in seconds since 1970."""
        with self._reader.connect() as connection:
            found = connection.execute(
                select(RateWindow.expires_at).filter_by(key=key[:LONGEST_KEY])
            ).scalar()
        return float(found if found is not None else time.time())

    def check(self) -> bool:
        """Tell whether the storage answers."""
        with self._reader.connect() as connection:
            return bool(connection.execute(text("SELECT 1")).scalar() == 1)

    def reset(self) -> int | None:
        """Forget every counter; return how many there were."""
        with self._engine.begin() as connection:
            return connection.execute(delete(RateWindow)).rowcount

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with self._engine.begin() as connection:
            connection.execute(delete(RateWindow).where(RateWindow.key == key[:LONGEST_KEY]))

    def sweep(self) -> int:
        """Drop windows that have ended; return how many."""
        with self._engine.begin() as connection:
            return connection.execute(
                delete(RateWindow).where(RateWindow.expires_at <= int(time.time()))
            ).rowcount
