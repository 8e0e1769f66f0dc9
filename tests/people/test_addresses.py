"""The ward in an address: every unit of before 2025, by its name alone and in a whole address."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from core.vietnamese import without_marks
from people.addresses import WardFound, find_ward
from people.places_before_2025 import OLD_PLACES
from people.places_danang import PLACE_BY_CODE, PLACES

TABLE = Path(__file__).resolve().parents[3] / "shared" / "data" / "vn_admin" / "danang_old_to_new.csv"


@pytest.mark.skipif(not TABLE.exists(), reason="../shared/data is not here")
def test_every_old_unit_leads_to_its_unit_of_today() -> None:
    with TABLE.open(encoding="utf-8") as stream:
        units = [row for row in csv.DictReader(stream) if row["old_unit"] and row["is_default"] == "1"]
    assert len(units) > 270
    for row in units:
        whole = f"Tổ 3, {row['old_unit']}, {row['old_district']}, {row['old_province']}"
        for address in (row["old_unit"], whole, row["old_unit"].upper()):
            assert find_ward(address).code == row["new_code"], address


def test_every_unit_of_today_is_found_in_every_spelling() -> None:
    for place in PLACES:
        for text in (place.full_name, place.full_name.upper(), f"12 Lê Lợi, {place.full_name}, TP. Đà Nẵng"):
            assert find_ward(text) == WardFound(place.code), text
        if place.name != "Thạnh Bình":  # without marks also the former ward of Thanh Bình
            assert find_ward(without_marks(place.full_name)).code == place.code


@pytest.mark.parametrize(
    ("address", "code", "doubt"),
    [
        ("Hòa Cường Bắc, Hải Châu", "20257", ""),
        ("126 Lê Duẩn ,Phường Hải Châu , ,Thành phố Đà Nẵng", "20242", ""),
        ("tổ 12 phường Hòa Khánh quận Liên Chiểu", "20200", ""),
        ("TT. Ái Nghĩa", "20500", ""),
        ("Thanh Khe Ward, Da Nang", "20209", ""),
        ("Thanh Binh Commune", "20878", ""),
        ("Hoang Sa Special Zone", "20333", ""),
        ("P. An Hải Bắc - Sơn Trà", "20275", ""),
        ("Công an phường Hải Châu", "20242", ""),
        ("thanh binh", None, "ward_several"),
        ("Thạnh Bình", "20878", ""),
        ("Thanh Bình", "20242", ""),
        ("Q. Hải Châu", None, "ward_unknown"),
        ("Xã Bình Minh, tỉnh Vĩnh Long", None, "ward_unknown"),
        ("Phường 5", None, "ward_unknown"),
        ("Đà Nẵng", None, "ward_unknown"),
        (" ,, , ", None, ""),
        ("", None, ""),
        ("Xã Hòa Liên", "20197", "ward_several"),
    ],
)
def test_an_address_is_placed_or_said_to_be_doubtful(address: str, code: str | None, doubt: str) -> None:
    assert find_ward(address) == (code, doubt)


def test_the_old_units_lead_only_to_units_that_exist() -> None:
    assert all(code in PLACE_BY_CODE for old in OLD_PLACES for code in old.codes)
