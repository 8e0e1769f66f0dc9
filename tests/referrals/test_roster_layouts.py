"""Layouts of lists collected in roster_layouts.txt, each with what a careful reader finds in it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from referrals.importing.rosters.grids import Book, Cell, Row, Sheet
from referrals.importing.rosters.shapes import Roster, RosterSheet
from referrals.importing.rosters.telling import as_json, mapping_of
from referrals.importing.rosters.understanding import Corrections, read_book

TODAY = date(2026, 11, 22)
FILE = Path(__file__).parent / "roster_layouts.txt"


class Layout(NamedTuple):
    """A grid as text, and the lines that tell what is in it."""

    name: str
    grid: list[str]
    headers: str
    found: list[str]


def layouts() -> list[Layout]:
    parts = FILE.read_text(encoding="utf-8").split("### ")[1:]
    found: list[Layout] = []
    for part in parts:
        above, _, below = part.partition("\n=> ")
        name, *grid = above.split("\n")
        headers, *lines = below.rstrip("\n").split("\n")
        found.append(Layout(name, grid, headers, lines))
    return found


def cell(text: str) -> Cell:
    text = text.strip().replace("\\n", "\n")
    return (int(text) if re.fullmatch(r"[1-9]\d{0,11}", text) else text) or None


def grid(lines: list[str]) -> list[Row]:
    return [tuple(map(cell, line.split("|"))) if line.strip() else () for line in lines]


def read(rows: list[Row], corrected: Corrections | None = None, header: int | None = None) -> RosterSheet:
    roster = read_all(rows, corrected, header)
    return roster.sheets[0]


def read_all(rows: list[Row], corrected: Corrections | None = None, header: int | None = None) -> Roster:
    book = Book("xlsx", (Sheet("S", visible=True, rows=rows),))
    return read_book(book, corrected, None if header is None else {"S": header}, today=TODAY)


def told(sheet: RosterSheet) -> list[str]:
    lines = []
    for one in sheet.people:
        day = one.taught_on.isoformat() if one.taught_on else None
        parts = (str(one.row), one.full_name, one.phone, one.gender, one.age_band, one.ward_code, day)
        lines.append(" | ".join(part or "" for part in parts).rstrip(" |"))
    return lines + [f"{one.row} ! {one.reason}" for one in sheet.refused]


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.name)
def test_each_layout_is_read_as_a_careful_reader_reads_it(layout: Layout) -> None:
    sheet = read(grid(layout.grid))
    assert (" ".join(map(str, sheet.header_rows)) or "no header") == layout.headers
    assert told(sheet) == layout.found


HEAD: Row = ("STT", "Họ và tên", "Liên hệ", "Nơi ở", "Dân tộc")
BODY: list[Row] = [
    (1, "Lê Thị Lan", "0905123456", "Hải Châu", "Kinh"),
    (2, "Trần Văn Bé", None, "Sơn Trà", "Cơ Tu"),
]


def test_somebody_s_word_on_a_column_stands_over_the_guess() -> None:
    sheet = read([HEAD, *BODY], {"S": {2: "note", 3: "ignored"}})
    assert [(one.phone, one.note, one.ward_code) for one in sheet.people] == [
        (None, "0905123456", None),
        (None, "", None),
    ]
    fields = [column.field for column in sheet.columns]
    assert fields == ["number", "full_name", "note", "ignored", "ignored"]


def test_a_corrected_column_takes_its_field_from_where_it_was() -> None:
    sheet = read([("STT", "Họ và tên", "Biệt danh"), (1, "Chị Tư", "Lê Thị Lan")], {"S": {2: "full_name"}})
    assert [one.full_name for one in sheet.people] == ["Lê Thị Lan"]
    assert {column.index: column.field for column in sheet.columns} == {
        0: "number",
        1: "ignored",
        2: "full_name",
    }


def test_a_correction_holds_for_every_header_of_the_same_words() -> None:
    rows: list[Row] = [("STT", "Họ tên", "Mã"), (1, "Lê Thị Lan", "0905123456"), ("STT", "Mã", "Họ tên")]
    rows.append((1, "0905123457", "Trần Văn Bé"))
    sheet = read(rows, {"S": {2: "phone"}})
    assert [one.phone for one in sheet.people] == ["+84905123456", "+84905123457"]


def test_somebody_may_point_at_the_header_or_say_that_there_is_none() -> None:
    rows: list[Row] = [("Tên", "Số"), ("Họ tên thật", "Máy"), ("Lê Thị Lan", "0905123456")]
    assert [one.row for one in read(rows, header=2).people] == [3]
    assert read(rows, header=2).header_row == 2
    assert read([("Lê Thị Lan",), ("Trần Văn Bé",)], header=0).header_row is None
    assert len(read([("Lê Thị Lan",), ("Trần Văn Bé",)], header=0).people) == 2


def test_lists_of_one_shape_have_one_name_whatever_stands_in_them() -> None:
    first, second = read([HEAD, *BODY]), read([("DANH SÁCH",), (), tuple(str(one).upper() for one in HEAD)])
    assert first.shape == second.shape != ""
    assert read([(*HEAD, "Ghi chú"), *BODY]).shape != first.shape


def test_titles_are_kept_as_a_title_and_hidden_sheets_are_left_alone() -> None:
    rows: list[Row] = [("DANH SÁCH LỚP",), ("Tháng 3",), HEAD, *BODY]
    book = Book("xlsx", (Sheet("A", visible=True, rows=rows), Sheet("B", visible=False, rows=rows)))
    roster = read_book(book, today=TODAY)
    assert roster.sheets[0].title == "DANH SÁCH LỚP · Tháng 3"
    assert (roster.people, roster.refused) == (2, 0)
    assert [sheet["hidden"] for sheet in as_json(roster)["sheets"]] == [False, True]
    assert as_json(roster)["sheets"][1]["people"] == []


def test_the_mapping_gives_headers_as_they_stand() -> None:
    split = read([("Họ đệm ", "TÊN", "Số\nĐT"), ("Lê Thị", "Lan", "0905123456")])
    assert mapping_of(split) == {"full_name": ["Họ đệm", "TÊN"], "phone": "Số\nĐT"}
    assert mapping_of(read([("Lê Thị Lan",)])) == {"full_name": None, "phone": None}


def test_what_a_list_must_not_tell_is_named_and_never_read() -> None:
    secrets = ("Dân tộc", "Tôn giáo", "Số CCCD", "Hộ nghèo", "Sức khỏe", "Ngày vào Đảng", "Khuyết tật")
    rows: list[Row] = [
        ("Họ tên", *secrets),
        ("Lê Thị Lan", *[f"bí mật {place}" for place in range(len(secrets))]),
    ]
    roster = read_all(rows)
    assert "bí mật" not in repr(roster)
    assert as_json(roster)["sheets"][0]["mapping"]["ignored"] == list(secrets)


def test_two_tables_side_by_side_are_told_apart() -> None:
    head: Row = ("STT", "Họ tên", None, "STT", "Họ tên")
    sheet = read([head, (1, "Lê Thị Lan", None, 2, "Trần Văn Bé")])
    assert [(one.row, one.side, one.full_name) for one in sheet.people] == [
        (2, 0, "Lê Thị Lan"),
        (2, 1, "Trần Văn Bé"),
    ]


def test_ditto_marks_mean_what_stands_above() -> None:
    head: Row = ("Họ tên", "Phường", "Người dạy")
    rows: list[Row] = [
        head,
        ("Lê Thị Lan", "Sơn Trà", "Võ Dạy"),
        ("Trần Văn Bé", '"', "nt"),
        ("Lê An", "-nt-", "//"),
    ]
    sheet = read(rows)
    assert [(one.ward_code, one.teacher_text) for one in sheet.people] == [("20263", "Võ Dạy")] * 3
