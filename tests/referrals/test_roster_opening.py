"""Any file opened by the child process: real lists, every format, and files made to do harm."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
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
