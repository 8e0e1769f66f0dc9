"""A bar on a terminal; one line a stage where nobody watches."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Final

_WIDTH: Final = 30


class Progress:
    r"""Told (stage, done, total); writes only when the picture changes.

    >>> import io
    >>> out = io.StringIO()
    >>> told = Progress(out, {"people": "Người"}.get, bar=False)
    >>> told("people", 1, 2), told("people", 2, 2)
    (None, None)
    >>> out.getvalue()
    'Người: 2\n'
    """

    def __init__(self, out: IO[str], name: Callable[[str], str | None], *, bar: bool) -> None:
        self._out = out
        self._name = name
        self._bar = bar
        self._shown = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show how far a stage has come."""
        name = self._name(stage) or stage
        if not self._bar:
            if done >= total and self._shown != stage:
                self._shown = stage
                self._out.write(f"{name}: {total}\n")
                self._out.flush()
            return
        filled = _WIDTH * done // total if total else _WIDTH
        percent = 100 * done // total if total else 100
        line = f"\r{name:<22} [{'█' * filled}{'·' * (_WIDTH - filled)}] {percent:>3} %"
        if line != self._shown:
            self._shown = line
            self._out.write(line + ("\n" if done >= total else ""))
            self._out.flush()
