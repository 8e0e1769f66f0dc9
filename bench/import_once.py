"""One import in a process of its own: `python -m bench.import_once URL PEOPLE TAUGHT` prints JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from app import tables
from bench.measure import peak
from core.clock import SystemClock
from core.database import Database, make_engine
from core.secrets_box import SecretsBox
from core.unit_of_work import UnitOfWork
from people.permissions import HOUSE
from referrals.services.import_state import ImportWish
from referrals.services.network_import import import_network

KEY = "a key for measuring, long enough to be taken"


def main() -> None:
    """Import once, without reactions: those are badges and boards, measured elsewhere."""
    assert tables.TABLE_MODULES
    url, people, taught = sys.argv[1:]
    work = UnitOfWork(Database(make_engine(url)), {}, SystemClock())
    wish = ImportWish(Path(people), Path(taught), "bench", confirmed=True)
    start, began, worked = peak(), time.perf_counter(), time.process_time()
    report = import_network(work, HOUSE, SecretsBox([KEY], KEY), wish, lambda _: None, lambda *_: None)
    seconds = time.perf_counter() - began
    known = report.people_new + report.people_known + report.people_named_only_in_taught
    worked = time.process_time() - worked
    found = {
        "seconds": seconds,
        "worked": worked,
        "start": start,
        "peak": peak(),
        "acts": report.teachings,
        "people": known,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
