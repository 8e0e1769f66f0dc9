"""Compiling the translations: each messages.po into the messages.mo beside it, when it changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parent.parent / "translations"


def compile_catalogues(folder: Path = FOLDER) -> list[str]:
    """Compile every catalogue whose text changed since it was last compiled; return their languages.

    What was compiled is told by a digest beside it, never by a date: a checkout
    gives files new dates.
    """
    compiled = []
    for source in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
        text = source.read_bytes()
        digest = hashlib.sha256(text).hexdigest()
        target, stamp = source.with_suffix(".mo"), source.with_suffix(".mo.sha256")
        if target.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == digest:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        # Another process may be reading: the new file takes the place of the old one in one step.
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(target)
        stamp.write_text(digest, encoding="ascii")
        compiled.append(source.parent.parent.name)
    return compiled
