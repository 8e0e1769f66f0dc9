"""Files made to do harm: refused with a code, in little memory, whatever they are."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.errors import Invalid
from referrals.importing.rosters import bounds
from referrals.importing.rosters.grids import Book
from referrals.importing.rosters.opening import ROOT, open_book
from referrals.importing.rosters.refusals import REFUSALS
from tests.support.spreadsheets import ods, ods_cell, ole, package, sheet_xml, written, xlsx, xlsx_parts

HEAD = ("STT", "Họ và tên", "SĐT")
ONE_ROW = sheet_xml(f'<row r="1">{written("A1", "Lê Thị Đào")}</row>')
MiB = 1024 * 1024


def refusal(data: bytes, name: str = "list.xlsx") -> str:
    with pytest.raises(Invalid) as caught:
        open_book(data, name)
    assert caught.value.fields == {"file": caught.value.code}
    assert caught.value.code in REFUSALS
    return caught.value.code


def rows(book: Book) -> list[tuple[Any, ...]]:
    return book.sheets[0].rows


MEASURED = """
import pathlib, sys
from referrals.importing.rosters import child
child.main()
sys.stderr.write(pathlib.Path("/proc/self/status").read_text())
"""


def peak_of_reading(data: bytes) -> float:
    """Let a child of its own read a file; return its peak memory in MiB, as the kernel counts it."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "x"], cwd=ROOT, input=data, capture_output=True, check=True
    )
    assert done.stdout.startswith(b'{"refused":')
    [line] = [line for line in done.stderr.decode().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def declared_smaller(data: bytes, really: int, said: int) -> bytes:
    """A zip that lies about how large its parts become."""
    return data.replace(really.to_bytes(4, "little"), said.to_bytes(4, "little"))


def overlapping() -> bytes:
    """A zip whose directory names one packed part again and again."""
    made = package({"xl/workbook.xml": b" " * 10_000_000})
    place = made.index(b"PK\x01\x02")
    end = made.index(b"PK\x05\x06")
    entry = made[place:end]
    times = 1_000
    tail = bytearray(made[end:])
    tail[8:10] = tail[10:12] = times.to_bytes(2, "little")
    tail[12:16] = (len(entry) * times).to_bytes(4, "little")
    return made[:place] + entry * times + bytes(tail)


def bomb_of_entities(strings: bool) -> bytes:
    front = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1 if n else str()};" * 10}">' for n in range(10)
    )
    text = sheet_xml(f'<row r="1">{written("A1", "&a9;")}</row>', front + "]>")
    return package(xlsx_parts(ONE_ROW, strings=text) if strings else xlsx_parts(text))


def column_name(number: int) -> str:
    name = ""
    while number:
        number, left = divmod(number - 1, 26)
        name = chr(65 + left) + name
    return name


def wide(columns: int) -> bytes:
    cells = "".join(written(f"{column_name(place)}1", "x") for place in range(1, columns + 1))
    return package(xlsx_parts(sheet_xml(f'<row r="1">{cells}</row>')))


def two_cells(place: str) -> bytes:
    number = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return package(
        xlsx_parts(
            sheet_xml(f'<row r="1">{written("A1", "x")}</row><row r="{number}">{written(place, "y")}</row>')
        )
    )


def tall(count: int) -> bytes:
    return package(
        xlsx_parts(
            sheet_xml("".join(f'<row r="{n}">{written(f"A{n}", "x")}</row>' for n in range(1, count + 1)))
        )
    )


def ods_bomb(down: str, across: str) -> bytes:
    cell = ods_cell("x", f' table:number-columns-repeated="{across}"')
    return ods(f'<table:table-row table:number-rows-repeated="{down}">{cell}</table:table-row>')


def noise() -> bytes:
    return bytes((n * n * 7 + n // 3) % 256 for n in range(20_000))


INFLATED = 300_000_000
HOSTILE: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "nothing": (lambda: b"", {"file_empty"}),
    "blanks": (lambda: b"\xef\xbb\xbf \r\n\t\r\n", {"file_empty"}),
    "only commas": (lambda: b";;;\n;;;\n", {"file_empty"}),
    "an empty workbook": (lambda: xlsx(("a", [])), {"file_empty"}),
    "beyond 20 MB": (lambda: b"a" * (bounds.MAX_BYTES + 1), {"file_too_large"}),
    "a bomb that says so": (lambda: package(xlsx_parts(b" " * INFLATED)), {"file_bomb"}),
    "a bomb that lies": (
        lambda: declared_smaller(package(xlsx_parts(b" " * INFLATED)), INFLATED, 1_000),
        {"file_bomb"},
    ),
    "a bomb folded over itself": (overlapping, {"file_bomb"}),
    "thousands of parts": (lambda: package({f"xl/{n}.xml": "" for n in range(5_000)}), {"file_bomb"}),
    "entities in the sheet": (lambda: bomb_of_entities(strings=False), {"file_bomb"}),
    "entities in the texts": (lambda: bomb_of_entities(strings=True), {"file_bomb"}),
    "a workbook in a zip": (lambda: package({"list.xlsx": xlsx(("a", [["x"]]))}), {"file_archive"}),
    "a zip of nothing": (lambda: package({}), {"file_archive"}),
    "a Word document": (lambda: package({"word/document.xml": "<x/>"}), {"file_not_a_list"}),
    "an old Word document": (lambda: ole({"WordDocument": b"x"}), {"file_not_a_list"}),
    "a locked workbook": (
        lambda: ole({"EncryptionInfo": b"x", "EncryptedPackage": b"y" * 9_000}),
        {"file_encrypted"},
    ),
    "a locked OpenDocument": (
        lambda: ods("", '<manifest:encryption-data manifest:checksum="x"/>'),
        {"file_encrypted"},
    ),
    "an OLE file of noise": (lambda: ole({"Workbook": b"\xff" * 9_000}), {"file_damaged"}),
    "ten thousand columns": (lambda: wide(10_000), {"too_many_columns"}),
    "257 columns": (lambda: wide(257), {"too_many_columns"}),
    "ten thousand columns of text": (lambda: b";".join([b"x"] * 10_000), {"too_many_columns"}),
    "a cell at the end of the world": (lambda: two_cells("XFD1048576"), {"too_many_columns", "file_bomb"}),
    "a cell at the last row": (lambda: two_cells("A1048576"), {"too_many_rows"}),
    "a cell far out": (lambda: two_cells("IV150000"), {"file_bomb"}),
    "too many rows": (lambda: tall(bounds.MAX_ROWS + 1), {"too_many_rows"}),
    "too many lines": (lambda: b"a;b\n" * (bounds.MAX_ROWS + 1), {"too_many_rows"}),
    "a cell of a megabyte": (lambda: xlsx_with(MiB), {"cell_too_long"}),
    "a field of a megabyte": (lambda: b"STT;x\n1;" + b"x" * MiB, {"cell_too_long"}),
    "a quoted field of a megabyte": (lambda: b'STT;x\n1;"' + b"x" * MiB + b'"\n', {"cell_too_long"}),
    "rows without end": (lambda: ods_bomb("1048576", "16384"), {"file_bomb", "file_damaged"}),
    "rows beyond numbers": (lambda: ods_bomb("9" * 30, "9" * 30), {"file_bomb", "file_damaged"}),
    "PDF": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", {"file_not_a_list"}),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", {"file_not_a_list"}),
    "a photograph": (lambda: b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(range(256)) * 40, {"file_not_a_list"}),
    "gzip": (lambda: b"\x1f\x8b\x08\0" + bytes(100), {"file_archive"}),
    "noise": (noise, {"file_not_a_list", "file_encoding"}),
    "a page without a table": (lambda: b"<!DOCTYPE html><p>404", {"file_not_a_list"}),
}  # fmt: skip


def xlsx_with(letters: int) -> bytes:
    """One cell longer than Excel itself writes."""
    return package(xlsx_parts(sheet_xml(f'<row r="1">{written("A1", "x" * letters)}</row>')))


@pytest.mark.parametrize("name", HOSTILE)
def test_what_would_do_harm_is_refused_with_a_code(name: str):
    make, codes = HOSTILE[name]
    assert refusal(make()) in codes


@pytest.mark.parametrize(
    "name",
    ["a bomb that says so", "a bomb that lies", "a bomb folded over itself", "entities in the sheet",
     "ten thousand columns", "a cell at the end of the world", "a cell far out", "too many rows",
     "a cell of a megabyte", "a field of a megabyte", "ten thousand columns of text"],
)  # fmt: skip
@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="by design: only Linux tells a peak afterwards"
)
def test_refusing_stays_small(name: str):
    assert peak_of_reading(HOSTILE[name][0]()) < 150


def test_a_cut_off_workbook_is_damaged_wherever_it_breaks_off():
    whole = xlsx(("a", [HEAD, *([n, "Lê Ba", "0905123456"] for n in range(50))]))
    assert {refusal(whole[:cut]) for cut in (5, 100, len(whole) // 2, len(whole) - 30, len(whole) - 1)} <= {
        "file_damaged",
        "file_not_a_list",
    }


@pytest.mark.parametrize("place", range(5))
def test_a_workbook_with_a_broken_part_is_refused(place: int):
    """Bytes turned over inside a packed part: the sum of the part no longer fits, or it does not unpack."""
    whole = bytearray(xlsx(("a", [HEAD, *([n, f"Lê Ba {n}", "0905123456"] for n in range(500))])))
    with zipfile.ZipFile(io.BytesIO(bytes(whole))) as opened:
        entry = opened.getinfo("xl/worksheets/sheet1.xml")
    middle = entry.header_offset + 60 + entry.compress_size * (place + 1) // 7
    for near in range(middle, middle + 8):
        whole[near] ^= 0xFF
    assert refusal(bytes(whole)) in {"file_damaged", "file_bomb"}


def test_nested_archives_are_left_alone():
    inside = package({"a.bin": b"\0" * 10_000_000})
    parts = xlsx_parts(ONE_ROW) | {"xl/embeddings/nested.zip": inside}
    assert rows(open_book(package(parts), "x")) == [("Lê Thị Đào",)]


def test_the_largest_list_that_is_taken_is_taken_whole():
    data = "".join(f"{n};Lê Ba\n" for n in range(bounds.MAX_ROWS)).encode()
    found = rows(open_book(data, "x.csv"))
    assert (len(found), found[-1]) == (bounds.MAX_ROWS, (str(bounds.MAX_ROWS - 1), "Lê Ba"))
