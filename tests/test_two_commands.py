"""The two commands: what they install, what they refuse in a sentence, and whole runs of `make run`."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.catalogues import compile_catalogues

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120


def pins(kind: str) -> set[str]:
    """Return the pinned versions of a lock file, with their markers."""
    text = (ROOT / "requirements" / f"{kind}.txt").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9][^\s]*==[^\s]+(?: ; [^\\\n]+)?)", text, re.MULTILINE))


def run_script(
    name: str, *arguments: str, typed: str = "", **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run a script of ours to its end."""
    return subprocess.run(
        [sys.executable, f"scripts/{name}.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **environ},
        input=typed,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize("kind", ["run", "dev"])
def test_a_lock_has_a_hash_for_each_pin_and_no_address(kind: str) -> None:
    text = (ROOT / "requirements" / f"{kind}.txt").read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"\n(?=\S)", text.strip()) if not entry.startswith("#")]
    assert len(entries) == len(pins(kind))
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert "--index" not in text


def test_the_development_lock_holds_every_pin_of_the_running_one() -> None:
    assert pins("run") <= pins("dev")


def test_help_names_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    commands = re.findall(r"^([a-z]+):", makefile, re.MULTILINE)
    assert {"run", "test", "sure", "fix", "bench", "fresh"} <= set(commands)
    assert [name for name in commands if name != "help" and f"make {name} " not in shown] == []


def test_the_integration_runs_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "\nmake test\n" in script.read_text(encoding="utf-8")


def test_nothing_names_a_place_of_one_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    named = re.compile(r"/home/[a-z]|/root/|/work/|/Users/")
    found = [
        name
        for name in listed.split()
        if (ROOT / name).suffix in (".py", ".md", ".toml", ".txt", ".in", ".html", ".css", ".js", "")
        and (ROOT / name).is_file()
        and name != "tests/test_two_commands.py"
        and named.search((ROOT / name).read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []


def test_a_strange_port_is_a_sentence() -> None:
    done = run_script("run", PORT="abc")
    assert done.returncode == 1
    assert done.stderr.startswith("PORT is 'abc': set it to a number")
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_script("run", PORT=str(port), DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken" in done.stderr
    assert "PORT=" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_fresh_removes_only_when_told_yes(tmp_path: Path) -> None:
    kept = tmp_path / "development-secrets.json"
    for path in (kept, tmp_path / "daisuso.db", tmp_path / "daisuso.db-wal", tmp_path / "queue.db"):
        path.write_text("x", encoding="utf-8")
    refused = run_script("fresh", typed="no\n", DATA_DIR=str(tmp_path), DATABASE_URL="")
    assert refused.returncode == 1
    assert len(list(tmp_path.iterdir())) == 4
    agreed = run_script("fresh", typed="yes\n", DATA_DIR=str(tmp_path), DATABASE_URL="")
    assert agreed.returncode == 0
    assert list(tmp_path.iterdir()) == [kept]


def test_fresh_leaves_a_database_server_alone(tmp_path: Path) -> None:
    done = run_script("fresh", typed="yes\n", DATA_DIR=str(tmp_path), DATABASE_URL="postgresql://there/data")
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr


def test_catalogues_are_compiled_when_they_changed(tmp_path: Path) -> None:
    source = tmp_path / "en" / "LC_MESSAGES" / "messages.po"
    source.parent.mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    source.write_text(f'{header}msgid "Chào"\nmsgstr "Hello"\n', encoding="utf-8")
    assert compile_catalogues(tmp_path) == ["en"]
    assert compile_catalogues(tmp_path) == []
    source.write_text(f'{header}msgid "Chào"\nmsgstr "Welcome"\n', encoding="utf-8")
    assert compile_catalogues(tmp_path) == ["en"]
    assert b"Welcome" in source.with_suffix(".mo").read_bytes()


class Running:
    """A `make run` under way: what it prints goes to a file, and `wait_for` reads along."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.port = free_port()
        self.log = folder / "run.log"
        self.began = time.monotonic()
        with self.log.open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "scripts/run.py"],
                cwd=ROOT,
                env={
                    **os.environ,
                    "PORT": str(self.port),
                    "DATA_DIR": str(folder),
                    "DATABASE_URL": "",
                    **environ,
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def printed(self) -> str:
        """Return all it said so far."""
        return self.log.read_text(encoding="utf-8")

    def wait_for(self, words: str) -> None:
        """Wait until it says so. Raises AssertionError when it ends or takes too long."""
        while words not in self.printed():
            assert self.process.poll() is None, self.printed()
            assert time.monotonic() - self.began < PATIENCE, self.printed()
            time.sleep(0.05)

    def get(self, path: str) -> int:
        """Open a page; return its status."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return int(answer.status)

    def children(self) -> list[int]:
        """Return the processes below it (Linux)."""
        found, waiting = [], [self.process.pid]
        while waiting:
            parent = waiting.pop()
            below = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
            found += [int(pid) for pid in below]
            waiting += [int(pid) for pid in below]
        return found

    def stop(self, number: int) -> int:
        """Send a signal and wait for the end."""
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended and waits to be counted does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def running(folder: Path, **environ: str) -> Iterator[Running]:
    """Start, and leave nothing behind whatever the test does."""
    run = Running(folder, **environ)
    try:
        yield run
    finally:
        if run.process.poll() is None:
            run.process.kill()
            run.process.wait()


linux_only = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="by design: reads /proc")


@linux_only
@pytest.mark.slow
def test_run_serves_keeps_its_data_and_stops_cleanly(tmp_path: Path) -> None:
    with running(tmp_path, DEMO="no") as first:
        first.wait_for(f"Ready: http://127.0.0.1:{first.port}")
        assert first.get("/") == 200
        assert first.get("/health/ready") == 200
        below = first.children()
        assert len(below) >= 3, "gunicorn, a worker of it, the job worker"
        assert first.stop(signal.SIGINT) == 0
        assert "Traceback" not in first.printed()
        assert first.printed().rstrip().endswith("Stopped.")
        assert [pid for pid in below if alive(pid)] == []
    with running(tmp_path, DEMO="no") as second:
        second.wait_for("Ready:")
        assert "Making the database" not in second.printed()
        assert second.stop(signal.SIGTERM) == 0
        assert "Traceback" not in second.printed()


@linux_only
@pytest.mark.slow
def test_run_stops_everything_when_a_child_dies_or_it_is_killed(tmp_path: Path) -> None:
    with running(tmp_path, DEMO="no") as run:
        run.wait_for("Ready:")
        below = run.children()
        os.kill(below[0], signal.SIGKILL)
        assert run.process.wait(timeout=PATIENCE) == 1
        assert "has ended (exit status" in run.printed()
        assert "Traceback" not in run.printed()
        wait_until_gone(below)
    with running(tmp_path, DEMO="no") as run:
        run.wait_for("Ready:")
        below = run.children()
        run.process.kill()
        wait_until_gone(below)


def wait_until_gone(pids: list[int]) -> None:
    """Wait for the end of processes that are no children of ours."""
    deadline = time.monotonic() + PATIENCE
    while left := [pid for pid in pids if alive(pid)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


@linux_only
@pytest.mark.slow
def test_run_makes_the_demonstration_city_without_asking_where_nobody_can_answer(tmp_path: Path) -> None:
    with running(tmp_path, DEMO="") as run:
        run.wait_for("Ready:")
        printed = run.printed()
        assert "Demonstration accounts, password" in printed
        for role in ("volunteer", "coordinator", "communication", "administrator"):
            assert role in printed
        assert run.get("/") == 200
        assert run.stop(signal.SIGTERM) == 0
        assert "Traceback" not in run.printed()


@linux_only
@pytest.mark.slow
def test_a_missing_secret_in_production_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    with running(tmp_path, APP_ENV="production", SECRET_KEY="") as run:
        assert run.process.wait(timeout=PATIENCE) == 1
        assert "SECRET_KEY is missing: set it to" in run.printed()
        assert "Traceback" not in run.printed()
