"""A tolerant, streaming reader of CSV files that strangers made.

Taken: comma, semicolon or tab; UTF-8 with or without a byte order mark, UTF-16 with one; gzip; any line ends;
quoted cells; headings in any case. What is wrong with the *file* is found by `survey`, in one pass over the
bytes and before anything is written; what is wrong with one *row* is yielded in its place, and the next rows
come all the same. Memory does not grow with the file.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import stat
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, NamedTuple, cast

MAX_BYTES: Final = 1 << 30
"""Largest file taken, after unpacking, in bytes."""

MAX_LINE: Final = 1 << 20
"""Longest line taken, in bytes. A longer one means that the file is no CSV."""

MAX_RECORD_LINES: Final = 50
"""A quoted cell may hold line ends, but no more than this: beyond, a quote was left open."""

_CHUNK: Final = 1 << 20
_DELIMITERS: Final = (",", ";", "\t", "|")
_DAMAGED = re.compile("[\ud800-\udfff\ufffd]")
_SEP_LINE = re.compile(r"sep=(.)", re.IGNORECASE)
_MAGIC: Final = (
    (b"PK\x03\x04", "workbook"),  # .xlsx, .ods, .zip
    (b"\xd0\xcf\x11\xe0", "workbook"),  # .xls
    (b"%PDF", "binary"),
    (b"SQLite format 3\x00", "binary"),
)

Columns = Mapping[str, Sequence[str]]
"""The names a column may have, by the name we use for it."""


class FileProblem(Exception):  # it is an answer to a person, not an error of the program
    """The whole file cannot be taken. `code` is stable; `values` fill the placeholders of its words."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class BadLine(NamedTuple):
    """A line that is no row: its number (from 1), a stable code and what stands there."""

    line: int
    code: str
    value: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of a file before its first row. `size` is bytes unpacked, `lines` counts line ends."""

    path: Path
    packed: bool
    encoding: str
    delimiter: str
    first_row: int  # the number of the line after the headings
    header: tuple[str, ...]
    columns: Mapping[str, int]
    size: int
    lines: int

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name

    @property
    def rows(self) -> int:
        """How many lines stand below the headings: rows, blank lines and line ends within quotes."""
        return max(0, self.lines - self.first_row + 1)


def survey(
    path: Path,
    known: Columns,
    required: Sequence[str],
    *,
    max_bytes: int = MAX_BYTES,
    max_line: int = MAX_LINE,
) -> Survey:
    """Look at a whole file without keeping any of it, and find its columns.

    `known` are all columns of interest, `required` those that must be there. Raises FileProblem with one of
    the codes: missing_file, folder, not_a_file, no_permission, too_large, line_too_long, broken_gzip,
    workbook, binary, empty_file, column_missing, column_twice.
    """
    packed, size, lines, head = _scan(path, max_bytes, max_line)
    encoding = _encoding(head, path)
    with _text(path, packed, encoding) as text:
        number, first = 0, ""
        delimiter: str | None = None
        for line in text:
            number += 1
            if number == 1 and (sep := _SEP_LINE.fullmatch(line.strip())):
                delimiter = sep[1]
            elif line.strip(" \t\r\n\ufeff,;|"):
                first = line.lstrip("\ufeff")
                break
    if not first:
        raise FileProblem("empty_file", file=path.name)
    if "\x00" in first:
        raise FileProblem("binary", file=path.name)
    delimiter, header, columns = _header(first, delimiter, known, path)
    missing = [name for name in required if name not in columns]
    if missing:
        raise FileProblem(
            "column_missing",
            file=path.name,
            missing=", ".join(missing),
            found=_shown(" · ".join(header), 300),
            required=", ".join(required),
        )
    return Survey(path, packed, encoding, delimiter, number + 1, header, columns, size, lines)


def rows(of: Survey) -> Iterator[tuple[int, list[str]] | BadLine]:
    """Yield each row as (line number, cells), or a BadLine; blank lines are passed over.

    Codes of a BadLine: bad_encoding, nul_byte, open_quote, bad_quote. Cells are not stripped.
    """
    with _text(of.path, of.packed, of.encoding) as text:
        pending = _Lines(text)
        for number, line in pending:
            if number < of.first_row:
                continue
            if not line.isascii() and _DAMAGED.search(line):
                yield BadLine(number, "bad_encoding", _shown(line))
            elif "\x00" in line:
                yield BadLine(number, "nul_byte", _shown(line))
            elif '"' in line:
                yield from _quoted(number, line, pending, of.delimiter)
            elif line := line.rstrip("\n"):
                cells = line.split(of.delimiter)
                if not line.isspace() and any(cells):
                    yield number, cells


class _Lines:
    """Numbered lines, of which some can be put back."""

    def __init__(self, text: IO[str]) -> None:
        self._lines = enumerate(text, start=1)
        self._back: list[tuple[int, str]] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> tuple[int, str]:
        return self._back.pop() if self._back else next(self._lines)

    def put_back(self, lines: Sequence[tuple[int, str]]) -> None:
        self._back.extend(reversed(lines))


def _quoted(
    number: int, line: str, pending: _Lines, delimiter: str
) -> Iterator[tuple[int, list[str]] | BadLine]:
    """A row with quotes may go on over the next lines. Where a quote never closes, only its line is lost."""
    taken: list[tuple[int, str]] = []
    whole = line
    while True:
        try:
            cells = next(csv.reader(io.StringIO(whole, newline=""), delimiter=delimiter, strict=True))
        except csv.Error as error:
            if "unexpected end of data" not in str(error):
                pending.put_back(taken)
                yield BadLine(number, "bad_quote", _shown(line))
                return
        else:
            break
        following = next(pending, None) if len(taken) < MAX_RECORD_LINES and len(whole) < MAX_LINE else None
        if following is None:
            pending.put_back(taken)
            yield BadLine(number, "open_quote", _shown(line))
            return
        taken.append(following)
        whole += following[1]
    if _DAMAGED.search(whole):
        yield BadLine(number, "bad_encoding", _shown(whole))
    elif "\x00" in whole:
        yield BadLine(number, "nul_byte", _shown(whole))
    elif any(cells):
        yield number, cells


def _scan(path: Path, max_bytes: int, max_line: int) -> tuple[bool, int, int, bytes]:
    """One pass over the bytes: packed or not, size unpacked, line ends, and the first bytes."""
    try:
        info = path.stat()
        if stat.S_ISDIR(info.st_mode):
            raise FileProblem("folder", file=path.name)
        if not stat.S_ISREG(info.st_mode):
            raise FileProblem("not_a_file", file=path.name)
        if info.st_size > max_bytes:
            raise FileProblem(
                "too_large", file=path.name, size=_megabytes(info.st_size), most=_megabytes(max_bytes)
            )
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        size, lines, head = _measure(path, packed, max_bytes, max_line)
    except FileNotFoundError:
        raise FileProblem("missing_file", file=str(path)) from None
    except PermissionError:
        raise FileProblem("no_permission", file=path.name) from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise FileProblem("broken_gzip", file=path.name) from None
    except (OSError, ValueError) as error:
        raise FileProblem("not_a_file", file=str(path), reason=str(error)) from None
    return packed, size, lines, head


def _measure(path: Path, packed: bool, max_bytes: int, max_line: int) -> tuple[int, int, bytes]:
    size = lines = tail = 0
    head = b""
    with _bytes(path, packed) as stream:
        while chunk := stream.read(_CHUNK):
            if not head:
                head = chunk[:4096]
                _refuse_other_kinds(head, path)
            size += len(chunk)
            if size > max_bytes:
                raise FileProblem(
                    "too_large", file=path.name, size=f"> {_megabytes(max_bytes)}", most=_megabytes(max_bytes)
                )
            ends = [end for end in (chunk.find(b"\n"), chunk.find(b"\r")) if end >= 0]
            if tail + (min(ends) if ends else len(chunk)) > max_line:
                raise FileProblem("line_too_long", file=path.name, line=lines + 1, most=max_line)
            last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            tail = len(chunk) - last - 1 if last >= 0 else tail + len(chunk)
            lines += chunk.count(b"\n") or chunk.count(b"\r")
    return size, lines + (tail > 0), head


def _refuse_other_kinds(head: bytes, path: Path) -> None:
    for magic, code in _MAGIC:
        if head.startswith(magic):
            raise FileProblem(code, file=path.name)


def _encoding(head: bytes, path: Path) -> str:
    if head.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise FileProblem("binary", file=path.name)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return "utf-8-sig" if head.startswith(b"\xef\xbb\xbf") else "utf-8"


@contextmanager
def _bytes(path: Path, packed: bool) -> Iterator[IO[bytes]]:
    if not packed:
        with path.open("rb") as stream:
            yield stream
        return
    with gzip.open(path, "rb") as unpacked:
        yield cast(IO[bytes], unpacked)


@contextmanager
def _text(path: Path, packed: bool, encoding: str) -> Iterator[IO[str]]:
    """The file as text. A byte that is no text shows as a mark in its own line and spoils no other."""
    errors = "replace" if encoding == "utf-16" else "surrogateescape"
    with _bytes(path, packed) as stream, io.TextIOWrapper(stream, encoding=encoding, errors=errors) as text:
        yield text


def _header(
    line: str, delimiter: str | None, known: Columns, path: Path
) -> tuple[str, tuple[str, ...], dict[str, int]]:
    """Choose the delimiter that finds most of the known columns, and say where they are."""
    ours = {_heading(name): column for column, names in known.items() for name in names}
    best: tuple[tuple[int, int], str, tuple[str, ...]] | None = None
    for candidate in (delimiter,) if delimiter else _DELIMITERS:
        cells = tuple(_cells(line, candidate))
        score = (len({ours[name] for cell in cells if (name := _heading(cell)) in ours}), len(cells))
        if best is None or score > best[0]:
            best = (score, candidate, cells)
    assert best is not None
    _, chosen, header = best
    columns: dict[str, int] = {}
    for position, cell in enumerate(header):
        column = ours.get(_heading(cell))
        if column is None:
            continue
        if column in columns:
            raise FileProblem("column_twice", file=path.name, column=column)
        columns[column] = position
    return chosen, tuple(_shown(cell.strip(), 60) for cell in header), columns


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\n")], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


def _heading(name: str) -> str:
    r"""How headings are compared: case, spaces, hyphens and underscores do not matter.

    >>> _heading(" Full name ") == _heading("full_name") == _heading("FULL-NAME")
    True
    """
    return re.sub(r"[\s_\-]+", "", name.strip().casefold())


def _shown(text: str, longest: int = 120) -> str:
    r"""A value as it may be shown on a screen: one line, damaged bytes as "�", not too long.

    >>> _shown("Nguy\udce1n\tLan\n")
    'Nguy�n Lan'
    """
    seen = "".join(
        character if character.isprintable() else " " for character in _DAMAGED.sub("�", text[: longest * 2])
    )
    seen = " ".join(seen.split())
    return seen if len(seen) <= longest else seen[: longest - 1] + "…"


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):,.0f} MiB"
