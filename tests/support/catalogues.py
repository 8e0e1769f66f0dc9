"""The law of languages: every text marked for translation has its English, with the same placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po

from tests.support.source_tree import PACKAGES, SourceTree

KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "N_": None}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")


def untranslated(tree: SourceTree) -> list[str]:
    """Every message id is translated: ids are Vietnamese, so the catalogue is English."""
    catalogue = tree.root / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    english = Catalog(locale="en")
    if catalogue.exists():
        with catalogue.open("rb") as file:
            english = read_po(file, locale="en")
    found = []
    for where, message in messages(tree.root):
        singular = message[0] if isinstance(message, tuple) else message
        entry = english.get(singular)
        written = entry.string if entry is not None else None
        texts = [written] if isinstance(written, str) else list(written or ())
        if entry is None or entry.fuzzy or not texts or not all(texts):
            found.append(f"{where}: {singular!r} has no English")
        elif isinstance(message, tuple) and not entry.pluralizable:
            found.append(f"{where}: {singular!r} has no plural in English")
        elif _placeholders(singular) != _placeholders(str(texts[-1])):
            found.append(f"{where}: {singular!r} has other placeholders in English")
    return found


def messages(root: Path) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Yield each marked text with where it stands; one with a plural as a tuple."""
    for folder in (*PACKAGES, "templates"):
        for path in sorted((root / folder).rglob("*")):
            method = {".py": "python", ".html": "jinja2", ".txt": "jinja2"}.get(path.suffix)
            if method is None:
                continue
            for line, message, _comments, _context in extract_from_file(method, path, keywords=KEYWORDS):
                yield f"{path.relative_to(root).as_posix()}:{line}", message


def _placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}
