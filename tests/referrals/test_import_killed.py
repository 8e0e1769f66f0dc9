"""Killed at any moment, an import is finished by the next run, with the totals of one that ran through."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.database import Database
from core.secrets_box import SecretsBox
from core.unit_of_work import UnitOfWork
from people.permissions import HOUSE
from referrals.queries.checks import everything
from referrals.queries.network import network_figures
from referrals.reports import figures_values
from referrals.services.import_state import ImportWish
from referrals.services.network_import import import_network
from tests.support.naive_network import figures_of, same_largest

ROOT = Path(__file__).resolve().parents[2]

# Small batches, and a line after each, so that the test can choose the moment.
PROGRAM = """
import sys
from pathlib import Path
from core.clock import SystemClock
from core.database import Database, make_engine
from core.secrets_box import SecretsBox
from core.unit_of_work import UnitOfWork
from people.permissions import HOUSE
from referrals.services import network_import
from referrals.services.import_state import ImportWish

import app.tables

network_import.BATCH = 50
plain = network_import.confirm_some
network_import.confirm_some = lambda *args: plain(*args, 50)
url, people, taught, stage, moment = sys.argv[1:]
told = 0

def tell(now, done, total):
    global told
    if now == stage:
        told += 1
        if told == int(moment):
            print("now", flush=True)
            sys.stdin.read()

work = UnitOfWork(Database(make_engine(url)), {}, SystemClock())
wish = ImportWish(Path(people), Path(taught), "killed", True)
network_import.import_network(work, HOUSE, SecretsBox(["k" * 32], "i" * 32), wish, lambda _: None, tell)
"""


def network(folder: Path) -> tuple[Path, Path]:
    """Two files with circles, several teachers and repeated acts; no random numbers."""
    people, taught = folder / "killed_people.csv", folder / "killed_taught.csv"
    people.write_text("id,name\n" + "".join(f"{n},Người {n}\n" for n in range(1, 400)), encoding="utf-8")
    acts = [(n * 7 % 397 + 1, n * n % 401 + 1, n % 28 + 1) for n in range(1, 600)]
    lines = (f"{teacher},{learner},2026-01-{day:02}\n" for teacher, learner, day in acts)
    taught.write_text("teacher_id,learner_id,date\n" + "".join(lines), encoding="utf-8")
    return people, taught


@pytest.mark.parametrize(("stage", "moment"), [("people", 3), ("taught", 2), ("confirm", 4), ("figures", 1)])
def test_killed_and_run_again(
    stage: str,
    moment: int,
    uow: UnitOfWork,
    database: Database,
    database_url: str,
    box: SecretsBox,
    tmp_path: Path,
) -> None:
    files = network(tmp_path)
    command = [sys.executable, "-c", PROGRAM, database_url, *map(str, files), stage, str(moment)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "now\n"
        killed.send_signal(signal.SIGKILL)
        killed.wait(timeout=30)
    with database.session(write=False) as session:
        assert network_figures(session).people > 0
    import_network(uow, HOUSE, box, ImportWish(*files, "killed", True), lambda _: None, lambda *_: None)
    with database.session(write=False) as session:
        assert everything(session) == []
        ours = figures_values(network_figures(session))
    theirs = figures_of(*files)
    assert same_largest(ours["largest"], theirs.pop("largest"))
    assert {name: ours[name] for name in theirs} == theirs
    assert ours["teachings"]["recorded"] == 0
