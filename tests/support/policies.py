"""What holds for the whole run: no network, and nothing skipped in CI for want of an install."""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path
from typing import Any, NoReturn

import pytest

from core.settings import Settings

# A skip whose reason begins so is meant for ever, and allowed in CI.
BY_DESIGN = "by design"


class NetworkRefused(RuntimeError):
    """A test tried to leave this machine."""


def in_ci() -> bool:
    """Tell whether this is the run that decides."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def lacking(reason: str) -> NoReturn:
    """Skip for want of an install; in CI that is a failure."""
    if in_ci():
        pytest.fail(f"in CI nothing is skipped: {reason}", pytrace=False)
    pytest.skip(reason)


def settings_of_a_test(database_url: str, home: Path) -> Settings:
    """Return settings without a secret worth keeping."""
    environ = {
        "APP_ENV": "test",
        "DATA_DIR": str(home),
        "DATABASE_URL": database_url,
        "QUEUE_URL": "memory://",
        "SECRET_KEY": "a secret for tests, long enough to be taken",
        "INDEX_KEY": "an index key for tests, long enough to be taken",
        "DATA_KEYS": "a data key for tests, long enough to be taken",
    }
    return Settings.from_env(environ, home)


def stays_here(address: Any) -> bool:
    """Tell whether a socket address is on this machine.

    >>> stays_here(("127.0.0.1", 80)), stays_here("/tmp/socket"), stays_here(("192.0.2.7", 80))
    (True, True, False)
    """
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def refuse_the_network(patch: pytest.MonkeyPatch) -> None:
    """Let sockets reach this machine alone."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def check(sock: socket.socket, address: Any) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6) and not stays_here(address):
            sock.close()
            raise NetworkRefused(f"a test may not reach {address!r}")

    def checked(sock: socket.socket, address: Any) -> None:
        check(sock, address)
        connect(sock, address)

    def checked_ex(sock: socket.socket, address: Any) -> int:
        check(sock, address)
        return connect_ex(sock, address)

    patch.setattr(socket.socket, "connect", checked)
    patch.setattr(socket.socket, "connect_ex", checked_ex)


def reasons_of_skips(terminal: Any) -> dict[str, int]:
    """Return how often each reason for a skip was given."""
    reasons: dict[str, int] = {}
    for report in terminal.stats.get("skipped", []):
        words = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = words.removeprefix("Skipped: ")
        reasons[reason] = reasons.get(reason, 0) + 1
    return reasons
