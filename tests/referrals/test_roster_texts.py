"""Texts of every encoding and every separator give the same cells; tables of HTML and of old XML too."""

from __future__ import annotations

import codecs
import datetime as dt
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Invalid
from referrals.importing.rosters.bounds import MAX_CELL
from referrals.importing.rosters.grids import Book
from referrals.importing.rosters.legacy import from_tcvn3, from_vni, is_syllable
from referrals.importing.rosters.reading import read_book
from referrals.importing.rosters.texts import decode
from referrals.importing.rosters.wire import book_of, lines_of

BLNS = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad_input" / "blns.json"
TONES = "\u0300\u0301\u0303\u0309\u0323"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"
NAMES = (
    "Nguyễn Thị Đào", "TRẦN VĂN HỒNG", "Lê Bá Hòa", "Phạm Thuỳ Dương", "Huỳnh Thị Tuyết", "Đặng Quốc Khánh",
    "Bùi Thị Ngọc Ánh", "VÕ THỊ MỸ DUYÊN", "Hồ Văn Tú", "Ông Ích Khiêm", "Phan Nguyễn Như Quỳnh", "Đỗ Ưng Ẩn",
    "Trương Thị Lượm", "Lý Thường Kiệt", "Châu Khải Huyền", "Giang Thị Thoại", "Nghiêm Xuân Yểng", "Tạ Khuê",
)  # fmt: skip
HEADING = ["STT", "Họ và tên", "Số điện thoại", "Địa chỉ"]
PLACES = ("Phường Hải Châu", "Xã Hòa Vang", "Tổ 12, phường Sơn Trà", "Đà Nẵng", "")


def rows(book: Book) -> list[tuple[Any, ...]]:
    [sheet] = book.sheets
    return sheet.rows


def as_1258(text: str) -> bytes:
    """Vietnamese Windows writes a vowel with its hat or horn, and the tone behind it."""
    out = b""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(part for part in parts if part in TONES)
        body = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
        out += body.encode("cp1258") + tone.encode("cp1258")
    return out


def as_old_font(read: Callable[[str], str]) -> Callable[[str], bytes]:
    """The inverse of a reader of an old font: by trying all that one letter can be written as."""
    signs = [chr(code) for code in range(0xA1, 0xFF)]
    letters = "aeiouyAEIOUYôöÔÖ"
    known = {read(sign): sign for sign in reversed(signs) if len(read(sign)) == 1}
    known |= {
        read(pair): pair
        for pair in (a + b for a in letters for b in signs)
        if len(read(pair)) == 1 < len(pair)
    }

    def write(text: str) -> bytes:
        # TCVN3 has hardly any capital with a tone: people typed the small letter, in a font of capitals.
        signs = (
            letter if letter.isascii() else known.get(letter) or known[letter.lower()] for letter in text
        )
        return "".join(signs).encode("latin-1")

    return write


ENCODERS: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: text.encode(),
    "utf-8-sig": lambda text: text.encode("utf-8-sig"),
    "utf-8, apart": lambda text: unicodedata.normalize("NFD", text).encode(),
    "utf-16": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "utf-16, big end first": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "cp1258": as_1258,
    "tcvn3": as_old_font(from_tcvn3),
    "vni": as_old_font(from_vni),
}


@st.composite
def lists(draw: st.DrawFn) -> list[list[str]]:
    people = draw(
        st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(PLACES)), min_size=3, max_size=12)
    )
    return [HEADING] + [
        [str(place), name, f"09{place:08}", where] for place, (name, where) in enumerate(people, start=1)
    ]


@pytest.mark.parametrize("encoding", ENCODERS)
@settings(deadline=None)
@given(list_=lists(), separator=st.sampled_from(";\t,|"), newline=st.sampled_from(["\n", "\r\n", "\r"]))
def test_every_encoding_and_separator_gives_the_same_cells(
    encoding: str, list_: list[list[str]], separator: str, newline: str
):
    def quoted(cell: str) -> str:
        return f'"{cell}"' if separator in cell else cell

    text = newline.join(separator.join(map(quoted, row)) for row in list_)
    book = read_book(ENCODERS[encoding](text), "x")
    wanted = [tuple(cell or None for cell in row) if row[-1] else tuple(row[:-1]) for row in list_]
    if encoding == "tcvn3":
        assert str(rows(book)).lower() == str(wanted).lower()
    else:
        assert rows(book) == wanted
    assert book.encoding == encoding.partition(",")[0]
    assert book.delimiter == separator
    assert book.kind == ("txt" if separator == "\t" else "csv")


@settings(deadline=None)
@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5))
def test_a_list_of_names_alone_is_one_column(names: list[str]):
    book = read_book("\n".join(names).encode(), "x")
    assert (rows(book), book.delimiter, book.kind) == ([(name,) for name in names], None, "txt")


@settings(deadline=None)
@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_no_text_breaks_the_reader(text: str):
    data = text.encode("utf-8", "replace")
    try:
        book = read_book(data, "x")
    except Invalid:
        return
    assert book_of(lines_of(book)) == book


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_decoder(data: bytes):
    try:
        text, _ = decode(data)
    except Invalid:
        return
    assert unicodedata.is_normalized("NFC", text)
    assert "\x00" not in text


def test_windows_1252_is_the_last_resort():
    data = "Họ;SĐT\n".replace("ọ", "o").replace("Đ", "D") + "François Müller;1\nAndré;2\n"
    assert rows(read_book(data.encode("cp1252"), "x"))[1:] == [("François Müller", "1"), ("André", "2")]
    book = read_book("“Lop 1” – khoi 2;x\n1;2\n".encode("cp1252"), "x")
    assert (rows(book)[0][0], book.encoding) == ("“Lop 1” – khoi 2", "cp1252")


def test_vietnamese_that_windows_1252_can_write_is_read_by_its_shape():
    book = read_book("Hà Xã Hòa;1\nLã Bòng;2\n".encode("cp1252"), "x")
    assert (rows(book), book.encoding) == ([("Hà Xã Hòa", "1"), ("Lã Bòng", "2")], "cp1252")


def test_a_letter_for_another_stays_as_it_was_typed():
    assert rows(read_book("Ðào Thị Ðịnh;1\nLê Ba;2".encode(), "x"))[0] == ("Ðào Thị Ðịnh", "1")


@pytest.mark.parametrize(
    "data",
    [
        "Nguyễn Thị Đào;1\nTrần Văn Tú;2\nLê Thị Hồng;3\n".encode().replace("ầ".encode(), b"\xe1\xff"),
        bytes(range(0x80, 0x100)) * 3,
        codecs.BOM_UTF16_LE + b"\x00\xd8" * 20,
    ],
    ids=["UTF-8 with a broken letter", "every byte", "half surrogates"],
)
def test_what_cannot_be_read_for_sure_is_refused(data: bytes):
    with pytest.raises(Invalid) as caught:
        read_book(data, "x")
    assert caught.value.code == "file_encoding"


def test_a_list_cut_off_in_the_middle_of_a_letter_keeps_the_rest():
    assert rows(read_book("Họ tên;Xã\nLê Bá;Hòạ".encode()[:-1], "x")) == [("Họ tên", "Xã"), ("Lê Bá", "Hò")]
    assert rows(read_book("Họ tên;Xã\nLê Bá;Hò".encode("utf-16")[:-1], "x"))[1] == ("Lê Bá", "H")


def test_ends_of_files_and_zeros_are_no_text():
    assert rows(read_book(b"a;b\r\nc;d\r\n\x1a", "x")) == [("a", "b"), ("c", "d")]
    assert rows(read_book(b"a;b\0\r\nc;d\0\0\0", "x")) == [("a", "b"), ("c", "d")]


@pytest.mark.parametrize(
    ("text", "found", "separator"),
    [
        ("sep=;\nA;B\n1;2", [(), ("A", "B"), ("1", "2")], ";"),
        ('"sep=,"\r\nA,B\r\n1;1,2', [(), ("A", "B"), ("1;1", "2")], ","),
        ("sep=\t\nA\tB", [(), ("A", "B")], "\t"),
        (
            "DANH SÁCH, LỚP 1\n\n\nSTT;Tên\n1;A",
            [("DANH SÁCH, LỚP 1",), (), (), ("STT", "Tên"), ("1", "A")],
            ";",
        ),
        ("STT,Tên\n1,A,,thừa\n2\n", [("STT", "Tên"), ("1", "A", None, "thừa"), ("2",)], ","),
        ('A;B\n"x\ny";2\n', [("A", "B"), ("x\ny", "2")], ";"),
        ('A;B\n"Tý;1\nLê;2\n', [("A", "B"), ('"Tý', "1"), ("Lê", "2")], ";"),
        ('A;B\nLê "Tý" Ba;1\n', [("A", "B"), ('Lê "Tý" Ba', "1")], ";"),
        ("\n\nA|B\n1|2", [(), (), ("A", "B"), ("1", "2")], "|"),
        ("A;B\n1,5;2\n2,5;3\n", [("A", "B"), ("1,5", "2"), ("2,5", "3")], ";"),
        ("=1+1;#REF!\n0905;@x", [("=1+1",), ("0905", "@x")], ";"),
    ],
)
def test_rows_count_as_the_sender_counts_them(text: str, found: list[tuple[Any, ...]], separator: str):
    book = read_book(text.encode(), "x")
    assert (rows(book), book.delimiter) == (found, separator)


@pytest.mark.skipif(
    not BLNS.exists(), reason="by design: no ../shared/data/bad_input/blns.json beside the checkout"
)
def test_naughty_texts_come_through_or_are_refused():
    naughty = [text for text in json.loads(BLNS.read_text(encoding="utf-8")) if text.strip()]
    cells = [text for text in naughty if not set(text) & set("\r\n\0")]
    quoted = "".join(f'{place};"{text.replace(chr(34), chr(34) * 2)}"\n' for place, text in enumerate(cells))
    found = rows(read_book(f"STT;Họ tên\n{quoted}".encode(), "x"))
    assert len(found) == len(cells) + 1
    for row, text in zip(found[1:], cells, strict=True):
        if len(row) == 2:
            assert row[1] == unicodedata.normalize("NFC", text)
        else:
            shown = "".join(letter for letter in text if letter not in INVISIBLE)
            assert not shown.strip()


def test_shapes_of_syllables():
    good = "Nguyễn Thuỳ Thúy Khuê Yến Giếng Quốc Quỳnh Khuya Ngoằn Xoong Ươm Uyên Huệ Hươu Rượu Tuyết Gì Ðức"
    assert [word for word in good.split() if not is_syllable(word)] == []
    bad = "NguyÔn Vaên TrÇn Ḥa Xă NguyêÞn Mueller Façade Đđ"
    assert [word for word in bad.split() if is_syllable(word)] == []


# ── tables of pages ─────────────────────────────────────────────────────────────────────────────────────

PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8">
<style>td{color:red}</style>
<script>document.write("<table><tr><td>no</td></tr></table>")</script></head><body>
<table border=1><tr><td colspan="3">DANH S&Aacute;CH</td></tr>
<tr><th rowspan=2>STT</th><th colspan=2>Họ và tên</th></tr><tr><th>Họ</th><th>Tên</th></tr>
<tr><td>1</td><td>Nguyễn<br>Thị</td><td><b>Đào</b>&nbsp;</td></tr>
<tr><td>2<td>Lê <table><tr><td>trong</td></tr></table><td>Ba
</table><table><tr><td>Tổng<td>2</table></body></html>"""


def test_a_page_saved_as_xls_is_read_as_excel_shows_it():
    book = read_book(PAGE.encode(), "x.xls")
    assert book.kind == "html"
    assert rows(book) == [
        ("DANH SÁCH",),
        ("STT", "Họ và tên"),
        (None, "Họ", "Tên"),
        ("1", "Nguyễn\nThị", "Đào\xa0"),
        ("2", "Lê trong", "Ba"),
        ("Tổng", "2"),
    ]


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<table>" * 60, "file_bomb"),
        ("<table><tr>" + "<td colspan=9999>x" * 3, "too_many_columns"),
        (f"<table><tr><td>{'x' * (MAX_CELL + 1)}</table>", "cell_too_long"),
        ("<table><tr><td></table>", "file_empty"),
    ],
)
def test_a_page_made_to_do_harm_is_refused(page: str, code: str):
    with pytest.raises(Invalid) as caught:
        read_book(page.encode(), "x.xls")
    assert caught.value.code == code


XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">
<Worksheet ss:Name="Lớp"><Table>
<Row ss:Index="2"><Cell ss:MergeAcross="1"><Data ss:Type="String">Họ tên</Data></Cell>
<Cell><Data ss:Type="String">SĐT</Data></Cell></Row>
<Row><Cell ss:Index="3"><Data ss:Type="Number">905123456</Data></Cell>
<Cell><Data ss:Type="DateTime">2026-03-01T00:00:00.000</Data></Cell>
<Cell><Data ss:Type="Error">#REF!</Data></Cell></Row></Table></Worksheet>
<Worksheet ss:Name="nháp"><Table/>
<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">
<Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>"""


def test_the_xml_of_excel_2003_is_read():
    book = read_book(XML.encode(), "x.xls")
    assert (book.kind, [(sheet.name, sheet.visible) for sheet in book.sheets]) == (
        "xml",
        [("Lớp", True), ("nháp", False)],
    )
    assert book.sheets[0].rows == [(), ("Họ tên", None, "SĐT"), (None, None, 905123456, dt.date(2026, 3, 1))]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("?>\n<Workbook", '?><!DOCTYPE x [<!ENTITY a "b">]>\n<Workbook', "file_bomb"),
        ('ss:Index="2"', 'ss:Index="99999999"', "too_many_rows"),
        ('ss:Index="3"', 'ss:Index="99999999"', "too_many_columns"),
        ("</Workbook>", "", "file_damaged"),
    ],
)
def test_old_xml_made_to_do_harm_is_refused(old: str, new: str, code: str):
    with pytest.raises(Invalid) as caught:
        read_book(XML.replace(old, new).encode(), "x.xls")
    assert caught.value.code == code
