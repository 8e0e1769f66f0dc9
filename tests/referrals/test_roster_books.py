"""The workbook to fill in and the workbook to mend: what they hold is read again without a loss."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale, gettext

from people.age_bands import AGE_BANDS
from people.places_danang import PLACES
from referrals.importing.rosters import reading
from referrals.importing.rosters.grids import Cell, Row
from referrals.importing.rosters.mending import MendSheet, mending_book, refused_rows
from referrals.importing.rosters.shapes import RosterSheet
from referrals.importing.rosters.template import HEADER_ROW, HEADERS, Choices, roster_template
from referrals.importing.rosters.understanding import read_book
from referrals.words import AGE_WORDS
from tests.support.spreadsheets import xlsx

TODAY = date(2026, 11, 22)
BAD = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad_input"
SKILLS = ("Dịch vụ công trực tuyến", "Tìm kiếm, kiểm tra thông tin")
CHOICES = Choices(
    genders=("Nam", "Nữ", "Khác"),
    age_bands=("Dưới 16", "16–24", "25–44", "45–59", "60–74", "Từ 75"),
    wards=("Phường Hải Châu", "Xã Hoà Vang", "Đặc khu Hoàng Sa"),
    skills=SKILLS,
)


def read(data: bytes, skills: tuple[str, ...] = ()) -> tuple[RosterSheet, ...]:
    return read_book(reading.read_book(data, "x.xlsx"), today=TODAY, skills=skills).sheets


def filled(people: list[Row]) -> bytes:
    """The template as somebody sends it back: rows written below the example, which is left in."""
    sheet = reading.read_book(roster_template(CHOICES), "mau.xlsx").sheets[0]
    return xlsx(("Danh sách", [*sheet.rows[: HEADER_ROW + 1], *people]))


def test_the_template_as_it_is_downloaded_holds_nobody() -> None:
    sheets = read(roster_template(CHOICES))
    assert [sheet.name for sheet in sheets if sheet.visible] == ["Danh sách", "Hướng dẫn"]
    assert not any(sheet.people or sheet.refused for sheet in sheets)
    assert sheets[0].header_row == HEADER_ROW
    assert [column.field for column in sheets[0].columns] == [field for field, _, _ in HEADERS]


def test_every_choice_of_the_template_is_understood() -> None:
    people: list[Row] = [
        (
            1,
            "Lê Thị Lan",
            "0905123456",
            "Nữ",
            "Từ 75",
            "Phường Hải Châu",
            "05/03/2026",
            SKILLS[1],
            "ghi chú",
        ),
        (2, "Trần Văn Bé", None, "Nam", "Dưới 16", "Xã Hoà Vang", None, ";".join(SKILLS), None),
        (3, "Minh", "0912345678", "Khác", "16–24", "Đặc khu Hoàng Sa"),
        *((place, "Võ An", None, None, band) for place, band in enumerate(CHOICES.age_bands, 4)),
    ]
    sheet = read(filled(people), SKILLS)[0]
    lan, be, minh, *others = sheet.people
    assert (lan.phone, lan.gender, lan.age_band, lan.ward_code) == ("+84905123456", "f", "75_plus", "20242")
    assert (lan.taught_on, lan.skill_texts, lan.note) == (date(2026, 3, 5), (SKILLS[1],), "ghi chú")
    assert (be.gender, be.age_band, be.ward_code, be.skill_texts) == (
        "m",
        "under_16",
        "20320",
        SKILLS,
    )
    assert (minh.gender, minh.age_band, minh.ward_code) == ("x", "16_24", "20333")
    assert [one.age_band for one in others] == ["under_16", "16_24", "25_44", "45_59", "60_74", "75_plus"]
    assert not any(one.doubts for one in sheet.people)
    assert sheet.skipped["example"] == 1
    assert [one.row for one in sheet.people] == list(range(HEADER_ROW + 2, HEADER_ROW + 11))


def test_the_template_speaks_the_language_it_is_asked_for() -> None:
    words = {
        "Họ và tên": "Full name",
        "Số điện thoại": "Phone number",
        "Nhóm tuổi": "Age group",
        "Danh sách": "List",
    }
    book = reading.read_book(roster_template(CHOICES, lambda text: words.get(text, text)), "x.xlsx")
    assert book.sheets[0].name == "List"
    assert "Full name" in book.sheets[0].rows[HEADER_ROW - 1]


def test_the_english_template_is_understood_too(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        english = Choices(
            [gettext("Nam"), gettext("Nữ")],
            [gettext(words) for words in AGE_WORDS.values()],
            [place.full_name_en for place in PLACES],
            ["Online public services"],
        )
        data = roster_template(english, gettext)
    grid = reading.read_book(data, "x.xlsx").sheets[0].rows
    rows: list[Row] = [
        (place, "Lê Thị Lan", "0905123456", "Woman", age, ward, "05/03/2026", "Online public services")
        for place, (age, ward) in enumerate(zip(english.age_bands, english.wards, strict=False), 1)
    ]
    sheet = read(xlsx(("List", [*grid[: HEADER_ROW + 1], *rows])))[0]
    assert [column.field for column in sheet.columns] == [field for field, _, _ in HEADERS]
    assert [one.age_band for one in sheet.people] == list(AGE_BANDS)
    assert [one.ward_code for one in sheet.people] == [place.code for place in PLACES[: len(AGE_BANDS)]]
    assert {one.taught_on for one in sheet.people} == {date(2026, 3, 5)}


def test_phones_are_text_and_choices_drop_down() -> None:
    with zipfile.ZipFile(io.BytesIO(roster_template(CHOICES))) as package:
        page = package.read("xl/worksheets/sheet1.xml").decode()
        workbook = package.read("xl/workbook.xml").decode()
    assert page.count("<dataValidation ") == 4
    assert 'paperSize="9"' in page
    assert 'state="hidden"' in workbook
    assert "<pane " in page


def test_a_template_without_skills_or_wards_is_made_all_the_same() -> None:
    assert read(roster_template(Choices(("Nam",), ("Từ 75",), (), ())))[0].header_row == HEADER_ROW


HEADER: list[Row] = [("STT", "Họ và tên", "SĐT"), (None, None, "(di động)")]


def test_the_mended_rows_are_read_again_and_the_reason_is_left_alone() -> None:
    rows: list[Row] = [(7, "Lan2", 905123456), (9, None, "0905123457")]
    data = mending_book(
        [MendSheet("Lớp sáng", HEADER, [(row, "Ô họ tên có chữ số lẫn vào.") for row in rows])]
    )
    sheet = read(data)[0]
    assert sheet.name == "Lớp sáng"
    assert [(one.row, one.reason) for one in sheet.refused] == [(3, "name_has_digits"), (4, "no_name")]
    assert sheet.columns[-1].header == "Lý do"
    assert sheet.columns[-1].field == "ignored"

    grid = reading.read_book(data, "x.xlsx").sheets[0].rows
    mended = [*grid[:2], (7, "Lan", *grid[2][2:]), (9, "Trần Văn Bé", *grid[3][2:])]
    people = read(xlsx(("Lớp sáng", mended)))[0].people
    assert [(one.full_name, one.phone) for one in people] == [
        ("Lan", "+84905123456"),
        ("Trần Văn Bé", "+84905123457"),
    ]


def test_what_is_sent_back_is_what_came() -> None:
    cells: Row = (
        "=1+1",
        "@SUM(A1)",
        "+84905123456",
        "0905",
        905123456,
        1.5,
        True,
        date(2026, 3, 5),
        "a\nb",
        None,
        "-",
    )
    data = mending_book([MendSheet("A", [], [(cells, "vì sao")])])
    back = reading.read_book(data, "x.xlsx").sheets[0].rows[0]
    expected: list[Cell] = [*cells[:9], None, "-", "vì sao"]
    expected[7] = back[7]
    assert list(back) == expected
    assert isinstance(back[7], date)
    assert (back[7].year, back[7].month, back[7].day) == (2026, 3, 5)


@pytest.mark.skipif(not BAD.exists(), reason="../shared/data is not here")
def test_no_cell_becomes_a_formula_a_link_or_a_fault() -> None:
    naughty: list[str] = json.loads((BAD / "blns.json").read_text(encoding="utf-8"))
    naughty += (BAD / "csv_injection_payloadbox.txt").read_text(encoding="utf-8").splitlines()
    rows: list[Row] = [(text, text * 20) for text in naughty]
    data = mending_book(
        [
            MendSheet(
                "=cmd|'/C calc'!A1",
                [("Họ tên",)],
                [(row, text) for row, text in zip(rows, naughty, strict=True)],
            )
        ]
    )
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        page = package.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in page
    assert "<hyperlink" not in page
    assert not any("vba" in name or "external" in name for name in names)
    found = {row[0] for row in reading.read_book(data, "x.xlsx").sheets[0].rows if row}
    assert {text for text in naughty if text.isalnum()} <= found


@pytest.mark.parametrize("name", ["", "a" * 80, "History", "a/b:c*?[]", "'quoted'", "\x00\x01", "=1+1"])
def test_any_name_of_a_sheet_is_made_one_that_a_workbook_may_have(name: str) -> None:
    twice = [MendSheet(name, [("Họ tên",)], [(("Lan2",), "x")])] * 3
    assert len(reading.read_book(mending_book(twice), "x.xlsx").sheets) == 3


def test_days_before_the_calendar_of_spreadsheets_are_texts() -> None:
    row: Row = (date(1850, 1, 1), datetime(2026, 3, 5, 8, 30), float("nan"), 10**20)  # noqa: DTZ001
    back = reading.read_book(mending_book([MendSheet("A", [], [(row, "x")])]), "x.xlsx").sheets[0].rows[0]
    assert back[0] == "1850-01-01"
    assert back[3] == str(10**20)


def test_an_empty_book_can_be_opened() -> None:
    with zipfile.ZipFile(io.BytesIO(mending_book([]))) as package:
        assert "xl/worksheets/sheet1.xml" in package.namelist()


def test_only_rows_with_a_reason_go_back() -> None:
    rows: list[Row] = [("Họ tên",), ("Lan2",), ("An",), ()]
    assert refused_rows(rows, {2: "a", 4: "b", 9: "c"}) == [(("Lan2",), "a"), ((), "b")]
