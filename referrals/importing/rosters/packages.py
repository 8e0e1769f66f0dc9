"""What stands inside a zip, before any reader of workbooks looks: what it is, how large it becomes."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from referrals.importing.rosters.bounds import MAX_AREA, MAX_COLUMNS, MAX_INFLATED, MAX_PARTS, MAX_ROWS
from referrals.importing.rosters.refusals import refuse

_CENTRAL = b"PK\x01\x02"  # one before each entry of the directory at the end
_DIRECTORY = b"PK\x05\x06"
_STEP = 1 << 18
_LAP = 256  # bytes kept from one step to the next, so that nothing hides on the seam
_ENTITY = re.compile(rb"<!ENTITY|<\x00!\x00E\x00N\x00T\x00I\x00T\x00Y", re.IGNORECASE)
# A cell with something in it, far out; an empty one, `<c r="XFD1" s="2"/>`, is only painted.
_FAR = re.compile(
    rb'<(?:\w{1,20}:)?c\b[^<>]{0,200}?\br\s*=\s*["\']([A-Z]{2,3}|[A-Z](?=\d{5}))(\d{1,9})["\']'
    rb"(?:[^<>]{0,200}[^<>/])?>\s{0,20}<(?!/)"
)


@dataclass(slots=True)
class _Corner:
    """The farthest column and row of a sheet that hold a value, as far as the text of the sheet shows."""

    letters: set[bytes] = field(default_factory=set)
    row: int = 0

    def look(self, text: bytes) -> None:
        """Note what stands far out in this part of the sheet."""
        far = _FAR.findall(text)
        if far:
            columns, rows = zip(*far, strict=True)
            self.letters.update(columns)
            self.row = max(self.row, *map(int, rows))

    def judge(self) -> None:
        """Refuse a sheet whose rectangle no reader should allocate."""
        column = max(map(_number, self.letters), default=0)
        if column > MAX_COLUMNS:
            raise refuse("too_many_columns")
        if self.row > MAX_ROWS:
            raise refuse("too_many_rows")
        if column * self.row > MAX_AREA:
            raise refuse("file_bomb")


def _number(letters: bytes) -> int:
    """Return the number of a column: A is 1, XFD is 16,384."""
    found = 0
    for letter in letters:
        found = found * 26 + letter - 64
    return found


def package_kind(data: bytes) -> str:
    """Return xlsx, xlsb or ods for a zip that is a workbook of reasonable size.

    Raises `Invalid`: file_damaged, file_encrypted, file_bomb, file_archive, file_not_a_list,
    too_many_columns, too_many_rows.
    """
    if data.count(_CENTRAL) > MAX_PARTS:
        raise refuse("file_bomb")
    if _DIRECTORY not in data[-70_000:]:
        raise refuse("file_damaged")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, IndexError) as fault:
        raise refuse("file_damaged") from fault
    kind = _kind({entry.filename.replace("\\", "/").lower() for entry in entries})
    if any(entry.flag_bits & 1 for entry in entries):
        raise refuse("file_encrypted")
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_INFLATED:
        raise refuse("file_bomb")
    left = MAX_INFLATED
    for entry in entries:
        left -= _examine(data, entry, left)
    return kind


def _kind(names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in names and "meta-inf/manifest.xml" in names:
        return "ods"
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise refuse("file_not_a_list")
    raise refuse("file_archive")


def _examine(data: bytes, entry: zipfile.ZipInfo, left: int) -> int:
    """Inflate one entry step by step, look into it, keep nothing; return its size."""
    name = entry.filename.replace("\\", "/").lower()
    is_sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
    is_xml = name.endswith((".xml", ".rels"))
    corner = _Corner()
    size = 0
    before = b""
    for part in _inflated(data, entry):
        size += len(part)
        if size > entry.file_size or size > left:
            raise refuse("file_bomb")  # more than it said, or more than is left
        if is_xml:
            window = before + part
            if _ENTITY.search(window):
                raise refuse("file_bomb")
            if name == "meta-inf/manifest.xml" and b"encryption-data" in window:
                raise refuse("file_encrypted")
            if is_sheet:
                corner.look(window)
            before = window[-_LAP:]
    if size < entry.file_size:
        raise refuse("file_damaged")
    corner.judge()
    return size


def _inflated(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield an entry in bounded steps. Its header in front of the bytes says where they begin."""
    start = entry.header_offset
    header = data[start : start + 30]
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise refuse("file_damaged")
    begin = start + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = memoryview(data)[begin : begin + entry.compress_size]
    if len(packed) < entry.compress_size:
        raise refuse("file_damaged")
    if entry.compress_type == zipfile.ZIP_STORED:
        for place in range(0, len(packed), _STEP):
            yield bytes(packed[place : place + _STEP])
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise refuse("file_damaged")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for place in range(0, len(packed), _STEP):
            rest = bytes(packed[place : place + _STEP])
            while rest and not inflater.eof:
                yield inflater.decompress(rest, _STEP)
                rest = inflater.unconsumed_tail
    except zlib.error as fault:
        raise refuse("file_damaged") from fault
    yield from _last(inflater)


def _last(inflater: zlib._Decompress) -> Iterator[bytes]:
    """Yield what the inflater still holds; at most one window of it."""
    if not inflater.eof:
        yield inflater.flush()
