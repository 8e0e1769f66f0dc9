"""`make run`: bring .venv up to date, start the web server and the job worker, stop both together.

Standard library only. It holds the listening socket itself, so that a port in use is one sentence, and waits
until the application says that it is ready. PORT, HOST, DATABASE_URL, DEMO … come from the environment.
"""

import contextlib
import errno
import http.client
import os
import signal
import socket
import subprocess
import time
from types import FrameType

from environment import ROOT, VENV_PYTHON, ensure, refuse

PATIENCE = 15.0  # seconds that a child gets to end by itself


class Stopped(Exception):
    """Somebody asked us to stop."""


def stop_when_asked(_number: int, _frame: FrameType | None) -> None:
    """Turn the first signal into a stop; more of them change nothing."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def listen(host: str, port: str) -> socket.socket:
    """Return a listening socket, or stop with a sentence."""
    if not port.isdigit() or not 0 < int(port) < 65536:
        refuse(f"PORT is {port!r}: set it to a number from 1 to 65535, such as PORT=8001 make run")
    try:
        return socket.create_server((host, int(port)), backlog=1024)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            refuse(
                f"Port {port} on {host} is taken: perhaps another `make run` is still going. "
                f"Stop that one, or choose another port: PORT={int(port) % 65535 + 1} make run"
            )
        if error.errno in (errno.EACCES, errno.EPERM):
            refuse(
                f"This user may not listen on port {port}: take one above 1023, such as PORT=8000 make run"
            )
        raise SystemExit(f"Cannot listen on {host}:{port}: {error.strerror or error}") from None


def start(duty: str, environ: dict[str, str], **options: object) -> "subprocess.Popen[bytes]":
    """Start one of the two children in a session of its own, so that Ctrl-C reaches us alone."""
    command = [str(VENV_PYTHON), "-m", "app.serve", duty]
    return subprocess.Popen(command, cwd=ROOT, env=environ, **options)  # type: ignore[call-overload, no-any-return]


def is_ready(host: str, port: int) -> bool:
    """Ask the application whether it serves."""
    connection = http.client.HTTPConnection(host, port, timeout=1)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def check(children: "dict[str, subprocess.Popen[bytes]]") -> None:
    """Stop everything when a child is gone."""
    for name, child in children.items():
        if child.poll() is not None:
            refuse(
                f"{name} has ended (exit status {child.returncode}); its last words stand above. Stopping."
            )


def end(children: "dict[str, subprocess.Popen[bytes]]") -> None:
    """End the children: the web server finishes its requests, the worker its job."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in children.values():
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


WEB, WORKER = "The web server", "The job worker"


def serve(
    host: str, port: int, listener: socket.socket, children: "dict[str, subprocess.Popen[bytes]]"
) -> None:
    """Start both, say where to look, and watch them until one ends or somebody stops us."""
    environ = {
        **os.environ,
        "BIND": f"fd://{listener.fileno()}",
        "SUPERVISOR": str(os.getpid()),
        "PYTHONUNBUFFERED": "1",
    }
    # The question about the demonstration city needs the terminal: this child stays in our session, and
    # ignores the interrupt until it serves.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    children[WEB] = start("web", environ, pass_fds=(listener.fileno(),))
    signal.signal(signal.SIGINT, stop_when_asked)
    asked = "127.0.0.1" if host in ("", "0.0.0.0", "::") else host
    while not is_ready(asked, port):
        check(children)
        time.sleep(0.05)
    children[WORKER] = start("worker", environ, start_new_session=True, stdin=subprocess.DEVNULL)
    print(f"\nReady: http://{asked}:{port}    (Ctrl-C stops)\n", flush=True)
    while True:
        check(children)
        time.sleep(0.25)


def main() -> None:
    """Install when needed, then serve until stopped."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_when_asked)
    children: dict[str, subprocess.Popen[bytes]] = {}
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    with contextlib.suppress(Stopped):
        ensure("run")
        with listen(host, port) as listener:
            try:
                serve(host, int(port), listener, children)
            finally:
                end(children)
    print("\nStopped.", flush=True)


if __name__ == "__main__":
    main()
