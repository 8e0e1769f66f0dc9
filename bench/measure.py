"""Timing: medians, ratios to a floor, a table, and the line that says where it ran."""

from __future__ import annotations

import os
import platform
import resource
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from referrals.exports import text_columns


@dataclass(frozen=True)
class Line:
    """One figure: what was measured, what it gave, its floor in the same unit, and the target."""

    what: str
    value: float
    floor: float
    unit: str
    target: str = ""
    more: str = ""

    @property
    def ratio(self) -> float:
        """The figure over its floor."""
        return self.value / self.floor if self.floor else float("nan")


def seconds_of(work: Callable[[], object], *, times: int = 30, at_least: float = 0.2) -> float:
    """The median time of one call, in seconds of this process's processor time.

    Time in which other work had the processor does not count: a long call would be cut by it more often than
    its floor, and the ratio would tell of the neighbours.
    """
    work()
    taken: list[float] = []
    began = time.process_time()
    while len(taken) < times or time.process_time() - began < at_least:
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def turn_about(
    works: dict[str, Callable[[], object]], *, times: int = 30, rounds: int = 3
) -> dict[str, float]:
    """Medians of several works, measured in turns so that a busy moment hits all of them alike."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            found[name].append(seconds_of(work, times=times))
    return {name: statistics.median(values) for name, values in found.items()}


def peak() -> float:
    """The most memory this program ever held, in MiB; on Linux without what it was forked from."""
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024 if sys.platform != "darwin" else most / (1 << 20)


def environment() -> str:
    """Where this ran: processors, load, versions."""
    load = os.getloadavg()[0]
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, load {load:.1f}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def show(title: str, lines: list[Line]) -> None:
    """Print one table."""
    print(f"\n{title}\n")
    head = ("", "figure", "floor", "unit", "ratio", "target", "")
    rows = [
        (
            line.what,
            f"{line.value:,.2f}",
            f"{line.floor:,.2f}",
            line.unit,
            f"{line.ratio:.2f}×",
            line.target,
            line.more,
        )
        for line in lines
    ]
    for text in text_columns([head, *rows], right=(1, 2, 4)):
        print(text)
