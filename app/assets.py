"""Fingerprinted addresses of our static files, so that they may be kept for a year."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask


class Assets:
    """Tells the address of a static file with the fingerprint of its content.

    In development a changed file is noticed by its time; in production each is read once.
    """

    def __init__(self, app: Flask, *, watch: bool) -> None:
        self._folder = Path(str(app.static_folder))
        self._prefix = str(app.static_url_path)
        self._watch = watch
        self._known: dict[str, tuple[float, str]] = {}

    def __call__(self, name: str) -> str:
        """Return the address of `static/<name>`. Raises FileNotFoundError where there is no such file."""
        known = self._known.get(name)
        if known and not self._watch:
            return known[1]
        path = self._folder / name
        changed = path.stat().st_mtime
        if known is None or known[0] != changed:
            print_of = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            known = self._known[name] = (changed, f"{self._prefix}/{name}?v={print_of}")
        return known[1]
