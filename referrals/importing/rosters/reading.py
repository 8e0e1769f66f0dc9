"""Read a file by what it contains: its first bytes tell its kind, its name tells nothing.

Every kind of file leaves here as a `Book` or as a refusal. Nothing here is safe against a hostile file by
itself, since a reader in C or Rust may take the process with it: the application calls `opening.open_book`.
"""

from __future__ import annotations

from referrals.importing.rosters.bounds import MAX_BYTES
from referrals.importing.rosters.grids import Book, Sheet
from referrals.importing.rosters.markup import has_table, is_workbook_xml, read_html, read_xml
from referrals.importing.rosters.packages import package_kind
from referrals.importing.rosters.refusals import refuse
from referrals.importing.rosters.separated import read_rows
from referrals.importing.rosters.texts import decode
from referrals.importing.rosters.workbooks import read_workbook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ARCHIVES = (b"\x1f\x8b", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"BZh", b"\xfd7zXZ\x00", b"MSCF")
_OTHERS = (b"%PDF", b"\x89PNG", b"{\\rtf", b"MIME-Version:", b"SQLite format 3\x00")
_OTHERS_IF_BINARY = (b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"II*\x00", b"MM\x00*", b"\x7fELF", b"MZ")
_FRONT = 4_096


def read_book(data: bytes, name: str) -> Book:
    """Read a file whole; `name` becomes the name of a text's one sheet.

    Raises `Invalid` with a code of `refusals.REFUSALS`.
    """
    if len(data) > MAX_BYTES:
        raise refuse("file_too_large")
    if not data.strip(b"\x00\t\r\n \x1a\xef\xbb\xbf\xff\xfe"):
        raise refuse("file_empty")
    book = _read(data, name)
    if not any(sheet.rows for sheet in book.sheets):
        raise refuse("file_empty")
    return book


def _read(data: bytes, name: str) -> Book:
    if data.startswith(_OLE):
        _look_into_ole(data)
        return read_workbook(data, "xls")
    if data.startswith(_ZIP):
        return read_workbook(data, package_kind(data))
    if data.startswith(_ARCHIVES):
        raise refuse("file_archive")
    if data.startswith(_OTHERS) or (data.startswith(_OTHERS_IF_BINARY) and b"\x00" in data[:_FRONT]):
        raise refuse("file_not_a_list")
    return _read_text(data, name)


def _look_into_ole(data: bytes) -> None:
    """Refuse what is no .xls inside the old container of Microsoft: a locked .xlsx, a Word document."""
    if _named(data, "EncryptedPackage") or _named(data, "EncryptionInfo"):
        raise refuse("file_encrypted")
    if not (_named(data, "Workbook") or _named(data, "Book") or _named(data, "WORKBOOK")):
        other = _named(data, "WordDocument") or _named(data, "PowerPoint Document")
        raise refuse("file_not_a_list" if other else "file_damaged")


def _named(data: bytes, stream: str) -> bool:
    return f"{stream}\0".encode("utf-16-le") in data


def _read_text(data: bytes, name: str) -> Book:
    text, encoding = decode(data)
    if not text.strip(' \t\r\n\xa0;,|"'):
        raise refuse("file_empty")
    front = text[:_FRONT].lstrip().lower()
    if is_workbook_xml(front):
        return Book("xml", read_xml(text), encoding)
    if front.startswith("<") and has_table(text):
        return Book("html", (Sheet(name, True, read_html(text)),), encoding)
    if front.startswith(("<!doctype", "<html", "<?xml", "<svg")):
        raise refuse("file_not_a_list")
    found = read_rows(text)
    kind = "txt" if found.delimiter in (None, "\t") else "csv"
    return Book(kind, (Sheet(name, True, found.rows),), encoding, found.delimiter)
