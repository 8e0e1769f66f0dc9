"""Lists drawn by hypothesis, read by the importer, held against the truth that they were made from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.vietnamese import fold
from people.age_bands import band_of
from referrals.importing.rosters.grids import Book, Cell, Row, Sheet
from referrals.importing.rosters.shapes import FIELDS, HALF_FIELDS, RosterSheet
from referrals.importing.rosters.telling import as_json
from referrals.importing.rosters.understanding import read_book
from tests.support.messy_lists import WARDS, Messy, messy_list

TODAY = date(2026, 11, 22)
NAUGHTY = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad_input" / "blns.json"


def read(rows: Sequence[Row]) -> RosterSheet:
    roster = read_book(Book("xlsx", (Sheet("S", visible=True, rows=list(rows)),)), today=TODAY)
    json.dumps(as_json(roster))
    return roster.sheets[0]


@settings(max_examples=160, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(messy_list())
def test_whoever_is_in_a_messy_list_is_found_and_nobody_else(messy: Messy) -> None:
    sheet = read(messy.rows)

    assert sheet.header_row == messy.header_row
    assert list(sheet.header_rows) == messy.header_rows
    assert [(one.row, fold(one.full_name)) for one in sheet.people] == [
        (row, fold(one.name)) for row, one in messy.people
    ]
    assert not sheet.refused
    for found, (_, one) in zip(sheet.people, messy.people, strict=True):
        if "phone" in messy.layout:
            assert found.phone == (None if one.digits is None else "+84" + one.digits[1:])
        if "gender" in messy.layout:
            assert found.gender == one.gender
        if "birth" in messy.layout:
            ages = {band_of(TODAY.year - one.year), band_of(TODAY.year - one.year - 1)}
            assert found.age_band in ages
        if "ward" in messy.layout:
            assert found.ward_code == WARDS[one.ward]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(messy_list())
def test_what_must_not_be_read_never_leaves_the_reader(messy: Messy) -> None:
    sheet = read(messy.rows)
    if "secret" in messy.layout:
        told = repr(sheet.people)
        assert "048160001234" not in told
        assert "Kinh" not in told
        assert {column.field for column in sheet.columns if column.header in {"Dân tộc", "Số CCCD"}} <= {
            "ignored"
        }


CELLS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.text(max_size=40)
    | st.sampled_from(("STT", "Họ và tên", "Tên", "SĐT", "Năm sinh", "Nam", "Nữ", "Tổng", "Ngày", "#", "(1)"))
)


@settings(max_examples=160, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.lists(st.lists(CELLS, max_size=6).map(tuple), max_size=8))
def test_no_grid_makes_the_reader_stumble(rows: list[Row]) -> None:
    sheet = read(rows)
    assert {one.row for one in sheet.people} | {one.row for one in sheet.refused} <= set(
        range(1, len(rows) + 1)
    )
    assert {column.field for column in sheet.columns} <= {*FIELDS, *HALF_FIELDS}


@pytest.mark.skipif(not NAUGHTY.exists(), reason="../shared/data is not here")
def test_naughty_texts_in_every_cell_are_names_or_are_refused() -> None:
    naughty: list[str] = json.loads(NAUGHTY.read_text(encoding="utf-8"))
    head: Row = (
        "STT",
        "Họ và tên",
        "SĐT",
        "Năm sinh",
        "Giới tính",
        "Địa chỉ",
        "Ngày học",
        "Kỹ năng",
        "Ghi chú",
    )
    rows: list[Row] = [head]
    for number, text in enumerate(naughty, 1):
        rows.append((number, text, text, text, text, text, text, text, text))
        rows.append((number, "Lê Thị Lan", text, text, text, text, text, text, text))
    sheet = read(rows)
    lan = [one for one in sheet.people if one.full_name == "Lê Thị Lan"]
    assert len(lan) == len(naughty)
    assert all(one.full_name.isprintable() for one in sheet.people)
    for text in naughty:
        cells: tuple[Cell, ...] = (text,) * 9
        read([cells, cells, cells])
