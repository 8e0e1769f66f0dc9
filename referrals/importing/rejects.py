"""The file of rows that did not go in: made when the first one comes, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from core.i18n import N_
from referrals.exports import guard
from referrals.importing.reading import FileProblem
from referrals.importing.rows import Refusal
from referrals.importing.words import ROW_WORDS

HEADINGS: Final = (N_("Tệp"), N_("Dòng"), N_("Giá trị"), N_("Mã lỗi"), N_("Lý do"), N_("Cần làm gì"))


class RejectsFile:
    """A CSV file in UTF-8 with a byte order mark, for spreadsheets; one line for each refusal."""

    def __init__(self, path: Path, inputs: Sequence[Path], translate: Callable[[str], str]) -> None:
        """Raises FileProblem where the file could not be written, before anything is done."""
        self.path = path
        self.count = 0
        self._translate = translate
        self._open = ExitStack()
        self._writer: Any = None
        if any(path.resolve() == one.resolve() for one in inputs):
            raise FileProblem("rejects_is_input", file=str(path))
        folder = path.resolve().parent
        if path.is_dir() or not folder.is_dir() or not os.access(path if path.exists() else folder, os.W_OK):
            raise FileProblem("rejects_unwritable", file=str(path), reason=str(folder))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def add(self, refusal: Refusal) -> None:
        """Write one refusal, with its reason and what to do."""
        if self._writer is None:
            stream = self._open.enter_context(self.path.open("w", encoding="utf-8-sig", newline=""))
            self._writer = csv.writer(stream)
            self._writer.writerow([self._translate(heading) for heading in HEADINGS])
        words = ROW_WORDS[refusal.code]
        told = (self._translate(words.reason), self._translate(words.advice))
        self._writer.writerow([guard(refusal.file), refusal.line, guard(refusal.value), refusal.code, *told])
        self.count += 1


def rejects_beside(taught: Path) -> Path:
    """The file's name where none is given: in the current folder, after the file of acts.

    >>> rejects_beside(Path("/data/danang_taught.csv.gz")).name
    'danang_taught_rejects.csv'
    """
    return Path(f"{taught.name.split('.')[0] or 'import'}_rejects.csv")
