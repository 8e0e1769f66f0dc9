"""Open any list safely: a child process reads it, which may not grow, linger or take anybody along.

The child knows nothing of the house: no environment, so no keys; no database; only the bytes and a name. It
answers in lines of JSON, so nothing it sends can run here either.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from core.errors import Invalid
from referrals.importing.rosters.bounds import MAX_BYTES, shown_name
from referrals.importing.rosters.grids import Book
from referrals.importing.rosters.refusals import refuse
from referrals.importing.rosters.wire import MAX_LINE, book_of

ROOT = Path(__file__).resolve().parents[3]
_CHILD = "referrals.importing.rosters.child"
# How the child ended → why. A reader that gets no memory aborts; one that loops uses its processor time up.
_ENDS = {
    -signal.SIGXCPU: "file_too_slow",
    -signal.SIGABRT: "file_bomb",
    -signal.SIGKILL: "file_bomb",
    -signal.SIGSEGV: "file_damaged",
}


def open_book(data: bytes, file_name: str) -> Book:
    """Read a file by what it contains, whatever its name says.

    Raises `Invalid` with one of the codes of `refusals.REFUSALS`, the same for the field `file`.
    """
    if len(data) > MAX_BYTES:
        raise refuse("file_too_large")
    if not data:
        raise refuse("file_empty")
    command = [sys.executable, "-E", "-s", "-m", _CHILD, sheet_name(file_name)]
    with subprocess.Popen(  # noqa: S603  # our own module, run by our own interpreter
        command,
        cwd=ROOT,
        env={},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        close_fds=True,
    ) as child:
        try:
            return _converse(child, data)
        finally:
            child.kill()


def _converse(child: subprocess.Popen[bytes], data: bytes) -> Book:
    """Give the child the file and read its answer; where it broke off, tell why by how it ended."""
    assert child.stdin is not None
    assert child.stdout is not None
    giving = threading.Thread(target=_give, args=(child.stdin, data), daemon=True)
    giving.start()
    try:
        return book_of(_lines(child.stdout))
    except Invalid as refusal:
        if refusal.code != "file_damaged" or child.stdout.read(1):
            raise
        giving.join()
        raise refuse(_ENDS.get(child.wait(), "file_damaged")) from refusal
    finally:
        child.kill()
        giving.join()


def _give(pipe: IO[bytes], data: bytes) -> None:
    """Write the file into the child; one that ends early needs no more."""
    try:
        with pipe:
            pipe.write(data)
    except BrokenPipeError:
        pass


def _lines(pipe: IO[bytes]) -> Iterator[bytes]:
    while line := pipe.readline(MAX_LINE):
        yield line


def sheet_name(file_name: str) -> str:
    r"""Return the name of a text's one sheet: the file's, without folders, ending and controls.

    >>> sheet_name("C:\\Lists\\Lớp\x00 sáng.v2.csv"), sheet_name("../../etc/passwd"), sheet_name("")
    ('Lớp sáng.v2', 'passwd', '-')
    """
    last = file_name.replace("\\", "/").rpartition("/")[2]
    stem = last.rpartition(".")[0] or last
    return shown_name(stem)
