"""The child process: `python -m referrals.importing.rosters.child NAME`, a file in, lines of JSON out.

It limits itself before it looks at the first byte: memory, processor time, no file written, no core dumped.
What it cannot survive, the parent tells from how it ended.
"""

from __future__ import annotations

import gc
import resource
import sys
from collections.abc import Iterator

from core.errors import Invalid
from referrals.importing.rosters.bounds import MAX_BYTES
from referrals.importing.rosters.reading import read_book
from referrals.importing.rosters.wire import lines_of, refusal_line

MEMORY = 1024 * 1024 * 1024  # bytes of address space, program and libraries included
SECONDS = 20  # of processor time


def limit() -> None:
    """Give up, for good, what reading a list does not need."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        room = sys.maxsize if hard == resource.RLIM_INFINITY else hard
        # Of time, the soft limit tells the parent why; the hard one, two seconds later, takes no excuse.
        resource.setrlimit(what, (min(most, room), min(most + 2, room)))


def answer(data: bytes, name: str) -> Iterator[bytes]:
    """Yield the lines of the book, or the one line of a refusal."""
    try:
        book = read_book(data, name)
    except Invalid as refusal:
        yield refusal_line(refusal.code)
    except MemoryError:
        yield refusal_line("file_bomb")
    except RecursionError:
        yield refusal_line("file_damaged")
    else:
        yield from lines_of(book)


def main() -> None:
    """Read standard input whole and write what it holds."""
    limit()
    gc.disable()  # plain values make no circles
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    for line in answer(data, sys.argv[1]):
        sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
