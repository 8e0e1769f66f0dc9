"""A child that ends badly: what the parent of a reader has to cope with. Its name says how."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import sys


def main() -> None:
    way = sys.argv[1]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = sys.stdout.buffer
    head = b'{"kind":"csv","encoding":"utf-8","delimiter":";"}\n{"sheet":"a","visible":true}\n'
    if way == "spin":
        resource.setrlimit(resource.RLIMIT_CPU, (1, 3))
        while True:
            pass
    elif way == "grow":
        os.kill(os.getpid(), signal.SIGKILL)
    elif way == "abort":
        os.abort()
    elif way == "fall":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif way == "babble":
        out.write(b"[" * 5_000_000)
    elif way == "pickle":
        out.write(pickle.dumps(os.getcwd) + b"\n")
    elif way == "short":
        out.write(head + b'[["a"]]\n{"end":2}\n')
    elif way == "unknown":
        out.write(b'{"refused":"<script>"}\n')
    elif way == "environment":
        sys.stdin.buffer.read()
        out.write(head + b'[["%s"]]\n{"end":1}\n' % os.environ.get("DATA_KEYS", "").encode())


if __name__ == "__main__":
    main()
