"""Any file opened by the child process: real lists, every format, and files made to do harm."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from core.errors import Invalid
from referrals.importing.rosters import bounds, child, opening
from referrals.importing.rosters.grids import Book
from referrals.importing.rosters.opening import ROOT, open_book
from referrals.importing.rosters.refusals import REFUSALS, refuse
from tests.support.spreadsheets import (
    ods,
    ods_cell,
    ole,
    package,
    sheet_xml,
    written,
    xls,
    xlsx,
    xlsx_parts,
)

ROSTERS = Path(__file__).resolve().parents[3] / "shared" / "data" / "rosters"
PRACTICE = sorted(path.name for path in ROSTERS.glob("[0-9]*")) if ROSTERS.exists() else []
HEAD = ("STT", "Họ và tên", "SĐT")
ONE_ROW = sheet_xml(f'<row r="1">{written("A1", "Lê Thị Đào")}</row>')
MiB = 1024 * 1024


def refusal(data: bytes, name: str = "list.xlsx") -> str:
    with pytest.raises(Invalid) as caught:
        open_book(data, name)
    assert caught.value.fields == {"file": caught.value.code}
    assert caught.value.code in REFUSALS
    return caught.value.code


def rows(book: Book, sheet: int = 0) -> list[tuple[Any, ...]]:
    return book.sheets[sheet].rows


# ── real files ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(not PRACTICE, reason="by design: no ../shared/data/rosters beside the checkout")
def test_every_practice_file_opens_and_its_header_stands_where_a_human_counts_it():
    said = json.loads((ROSTERS / "expected.json").read_text(encoding="utf-8"))
    for name in PRACTICE:
        book = open_book((ROSTERS / name).read_bytes(), name)
        places = said[name]["header_row"]
        visible = [sheet for sheet in book.sheets if sheet.visible]
        for sheet, place in zip(visible, places if isinstance(places, list) else [places], strict=False):
            heading = said[name]["name"]
            wanted = heading if isinstance(heading, list) else [heading]
            assert set(wanted) <= set(sheet.rows[place - 1]), name


@pytest.mark.skipif(not PRACTICE, reason="by design: no ../shared/data/rosters beside the checkout")
def test_hidden_sheets_are_told_apart():
    book = open_book((ROSTERS / "19_three_classes_hidden_sheet.xlsx").read_bytes(), "19.xlsx")
    assert [(sheet.name, sheet.visible) for sheet in book.sheets] == [
        ("Lớp sáng", True),
        ("Lớp chiều", True),
        ("Lớp tối", True),
        ("nhap", False),
    ]


# ── every format ────────────────────────────────────────────────────────────────────────────────────────


def test_values_come_as_they_are():
    moment = dt.datetime.fromisoformat("2026-03-01T08:30")
    data = xlsx(
        (
            "Lớp",
            [["0905123456", 905123456, 1.5, True, dt.date(2026, 3, 1), moment, dt.time(7, 5), "", " \xa0"]],
        ),
    )
    [row] = rows(open_book(data, "x"))
    assert row[:3] == ("0905123456", 905123456, 1.5)
    assert [type(cell) for cell in row] == [str, int, float, bool, dt.date, dt.datetime, dt.time]
    assert row[4:] == (dt.date(2026, 3, 1), moment, dt.time(7, 5))


def test_the_grid_begins_at_its_first_cell_wherever_the_first_value_stands():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("a")
        sheet.write(3, 2, "x")
        sheet.write(4, 4, "y")
        book.add_worksheet("b")
    opened = open_book(out.getvalue(), "x")
    assert rows(opened) == [(), (), (), (None, None, "x"), (None, None, None, None, "y")]
    assert rows(opened, 1) == []


def test_a_merged_range_keeps_its_value_in_the_first_cell_and_paint_is_no_value():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("a")
        sheet.merge_range("A1:C2", "DANH SÁCH")
        sheet.write_string("A3", "Họ tên")
        sheet.write_blank("XFD1048576", None, book.add_format({"bold": True}))
        sheet.set_column("A:XFD", 20, book.add_format({"bold": True}))
    assert rows(open_book(out.getvalue(), "x")) == [("DANH SÁCH",), (), ("Họ tên",)]


def test_a_formula_gives_its_value_and_a_fault_gives_nothing():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("a")
        sheet.write_formula("A1", '=HYPERLINK("http://x","Lê Ba")', None, "Lê Ba")
        sheet.write_formula("B1", "=A9", None, "#REF!")
        sheet.write_formula("C1", "=1/0", None, "#DIV/0!")
        sheet.write_string("D1", "=1+1")
        sheet.write_string("E1", "#N/A")
        sheet.write_string("F1", "@SUM")
    assert rows(open_book(out.getvalue(), "x")) == [("Lê Ba", None, None, "=1+1", None, "@SUM")]


def test_texts_are_composed():
    [[name]] = rows(open_book(xlsx(("a", [["Nguye\u0302\u0303n Thi\u0323 \u0110a\u0300o"]])), "x"))
    assert name == "Nguyễn Thị Đào"


def test_cells_of_old_fonts_become_unicode_and_others_stay():
    book = xlsx(
        (
            "a",
            [
                ["Họ tên", "VNI", "Khách"],
                ["NguyÔn V¨n §øc", "Nguyeãn Vaên Ñöùc", "François Müller"],
                ["TRÇN THÞ HUÖ", "TRAÀN THÒ HUEÄ", "Renée Châtelet"],
                ["Lª B¸ Hßa", "Leâ Baù Hoøa", "Lê Bá Hòa"],
            ],
        )
    )
    assert rows(open_book(book, "x")) == [
        ("Họ tên", "VNI", "Khách"),
        ("Nguyễn Văn Đức", "Nguyễn Văn Đức", "François Müller"),
        ("TRẦN THỊ HUỆ", "TRẦN THỊ HUỆ", "Renée Châtelet"),
        ("Lê Bá Hòa", "Lê Bá Hòa", "Lê Bá Hòa"),
    ]


def test_old_excel_opens():
    book = open_book(xls([["Họ tên", "SĐT"], ["Lê Ba", 905123456.0], ["Zơrâm Thị Hạnh", 1.5]]), "cũ.xls")
    assert book.kind == "xls"
    assert rows(book) == [("Họ tên", "SĐT"), ("Lê Ba", 905123456), ("Zơrâm Thị Hạnh", 1.5)]
    assert not open_book(xls([["nháp"]], hidden=True), "x").sheets[0].visible


def test_open_document_opens_and_its_painted_rest_is_left_out():
    rest = (
        '<table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    book = open_book(ods(f"<table:table-row>{ods_cell('Họ tên')}</table:table-row>{rest}"), "x.ods")
    assert (book.kind, rows(book)) == ("ods", [("Họ tên",)])


def test_macros_stay_asleep():
    book = open_book(package(xlsx_parts(ONE_ROW, macros=b"\xcc\x61 no project")), "x.xlsm")
    assert (book.kind, rows(book)) == ("xlsx", [("Lê Thị Đào",)])


@pytest.mark.parametrize("name", ["list.csv", "list.xls", "list.pdf", "", "../../etc/passwd", "a\0b" * 300])
def test_the_name_decides_nothing(name: str):
    assert open_book(xlsx(("a", [["Họ tên"]])), name).kind == "xlsx"
    assert open_book("Họ tên;SĐT\nLê Ba;0905123456\n".encode(), name).kind == "csv"


def test_a_text_keeps_what_was_written():
    book = open_book(
        '"Họ tên";SĐT\r\n"Lê ""Ba""\nHòa";0905123456;\r\n;;\r\n'.encode("utf-8-sig"), "Lớp 1.csv"
    )
    assert (book.kind, book.encoding, book.delimiter) == ("csv", "utf-8-sig", ";")
    assert (book.sheets[0].name, book.sheets[0].visible) == ("Lớp 1", True)
    assert rows(book) == [("Họ tên", "SĐT"), ('Lê "Ba"\nHòa', "0905123456")]


# ── files made to do harm ───────────────────────────────────────────────────────────────────────────────


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


# ── the child ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("way", "code"),
    [
        ("spin", "file_too_slow"),
        ("grow", "file_bomb"),
        ("abort", "file_bomb"),
        ("fall", "file_damaged"),
        ("leave", "file_damaged"),
        ("babble", "file_damaged"),
        ("pickle", "file_damaged"),
        ("short", "file_damaged"),
        ("unknown", "file_damaged"),
    ],
)
def test_however_the_child_ends_the_parent_says_why(monkeypatch: pytest.MonkeyPatch, way: str, code: str):
    monkeypatch.setattr(opening, "_CHILD", "tests.support.bad_child")
    assert refusal(b"x" * 3_000_000, way) == code


def test_the_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATA_KEYS", "a secret")
    monkeypatch.setattr(opening, "_CHILD", "tests.support.bad_child")
    assert rows(open_book(b"x", "environment")) == [("",)]


def test_the_child_loads_little():
    """What opens a list loads neither the web nor the database: it starts in a moment and knows nothing."""
    code = f"import sys, {child.__name__}; print(sorted({{name.partition('.')[0] for name in sys.modules}}))"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    assert not [name for name in ("flask", "sqlalchemy", "babel", "people") if f"'{name}'" in found]


def test_a_code_without_words_cannot_be_raised():
    with pytest.raises(KeyError):
        refuse("no_such_code")


def test_every_limit_is_told_in_its_words():
    assert f"{bounds.MAX_BYTES // MiB} MB" in REFUSALS["file_too_large"].advice
    assert str(bounds.MAX_COLUMNS) in REFUSALS["too_many_columns"].advice
    assert f"{bounds.MAX_ROWS:,}".replace(",", ".") in REFUSALS["too_many_rows"].advice
    assert f"{bounds.MAX_CELL:,}".replace(",", ".") in REFUSALS["cell_too_long"].advice
