"""Files to try the reader of lists on: made here by hand, the well-formed and the hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

import xlsxwriter

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def xlsx(*sheets: tuple[str, Iterable[Iterable[Any]]], **options: object) -> bytes:
    """A workbook as XlsxWriter makes it: a name and rows for each sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out, {"in_memory": True, "default_date_format": "dd/mm/yyyy", **options}
    ) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(place, column, value)
                    else:
                        sheet.write(place, column, value)
    return out.getvalue()


def package(parts: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def xlsx_parts(sheet: str | bytes, strings: str | bytes = "", macros: bytes = b"") -> dict[str, str | bytes]:
    """The parts of the smallest workbook around one sheet's XML."""
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    if macros:
        main = "application/vnd.ms-excel.sheet.macroEnabled"
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}">'
        '<sheets><sheet name="Lớp" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": strings or f'{HEAD}<sst xmlns="{SPREADSHEET}"/>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    if macros:
        parts["xl/vbaProject.bin"] = macros
    return parts


def sheet_xml(cells: str, front: str = "") -> str:
    """The XML of a sheet around its rows."""
    return f'{HEAD}{front}<worksheet xmlns="{SPREADSHEET}"><sheetData>{cells}</sheetData></worksheet>'


def written(place: str, text: str) -> str:
    """A cell with a text of its own."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def ods(content: str, manifest: str = "") -> bytes:
    """A spreadsheet of OpenDocument around the rows of its one table."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    return package(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'{HEAD}<manifest:manifest xmlns:manifest="{space}:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            f"{manifest}</manifest:manifest>",
            "content.xml": f'{HEAD}<office:document-content xmlns:office="{space}:office:1.0" '
            f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="Lớp">{content}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        },
        zipfile.ZIP_STORED,
    )


def ods_cell(text: str, more: str = "") -> str:
    """One cell of OpenDocument with a text."""
    return f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'


def xls(rows: list[list[str | float]], hidden: bool = False) -> bytes:
    """A workbook of Excel 97: BIFF8 records in an OLE container."""
    bof = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 6))
    name = "Lớp cũ"
    title = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    length = len(bof) + 4 + 6 + len(title) + 4
    sheet = _record(0x0085, struct.pack("<IBB", length, int(hidden), 0) + title)
    cells = b""
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if isinstance(value, str):
                label = struct.pack("<HHHHB", row, column, 0, len(value), 1) + value.encode("utf-16-le")
                cells += _record(0x0204, label)
            else:
                cells += _record(0x0203, struct.pack("<HHHd", row, column, 0, value))
    body = (
        _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 6)) + cells + _record(0x000A, b"")
    )
    return ole({"Workbook": bof + sheet + _record(0x000A, b"") + body})


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def ole(streams: Mapping[str, bytes]) -> bytes:
    """An OLE container of version 3 with a few streams, each padded beyond the size of the small ones."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    table: list[int] = [0xFFFFFFFD, end]  # this table, and the directory behind it
    bodies, entries = b"", [_entry("Root Entry", 5, end, 0, child=1)]
    for place, (name, content) in enumerate(streams.items(), start=1):
        whole = content.ljust(-(-max(len(content), 4096) // 512) * 512, b"\0")
        count = len(whole) // 512
        first = len(table)
        table += [*range(first + 1, first + count), end]
        bodies += whole
        after = place + 1 if place < len(streams) else free
        entries.append(_entry(name, 2, first, max(len(content), 4096), right=after))
    entries += [_entry("", 0, 0, 0)] * (4 - len(entries))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0, 0,
    )  # fmt: skip
    header += struct.pack("<108I", *[free] * 108)
    fat = struct.pack("<128I", *(table + [free] * (128 - len(table))))
    return header + fat + b"".join(entries) + bodies


def _entry(
    name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF
) -> bytes:
    wide = name.encode("utf-16-le")
    taken = len(wide) + 2 if name else 0
    return struct.pack("<64sHBBIII16xI8x8xIQ", wide, taken, kind, 1, 0xFFFFFFFF, right, child, 0, start, size)
