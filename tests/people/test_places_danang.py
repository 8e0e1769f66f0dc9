"""The 94 places of Da Nang agree with the official list, and are found as people write them."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from core.vietnamese import fold, same_spelling
from people.places_danang import PLACE_BY_CODE, PLACES, find_place

OFFICIAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "vn_admin" / "danang_94.csv"


def test_the_city_has_94_places() -> None:
    assert Counter(place.kind for place in PLACES) == {"ward": 23, "commune": 70, "special_zone": 1}
    assert len(PLACE_BY_CODE) == 94
    assert all(len(code) == 5 and code.isdecimal() for code in PLACE_BY_CODE)
    assert [place.code for place in PLACES] == sorted(PLACE_BY_CODE)


def test_no_two_names_fold_into_one() -> None:
    assert len({fold(place.name) for place in PLACES}) == 94


def test_names_are_derived_in_both_languages() -> None:
    zone = PLACE_BY_CODE["20333"]
    assert (zone.full_name, zone.full_name_en) == ("Đặc khu Hoàng Sa", "Hoang Sa Special Zone")
    assert zone.population is None
    ward = PLACE_BY_CODE["20242"]
    assert (ward.full_name, ward.full_name_en) == ("Phường Hải Châu", "Hai Chau Ward")
    assert PLACE_BY_CODE["20698"].full_name_en == "La Ee Commune"


@pytest.mark.skipif(
    not OFFICIAL.exists(), reason="no ../shared/data/vn_admin/danang_94.csv beside the checkout"
)
def test_they_agree_with_the_official_list() -> None:
    with OFFICIAL.open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    assert rows.keys() == PLACE_BY_CODE.keys()
    for code, place in PLACE_BY_CODE.items():
        row = rows[code]
        assert (place.kind, place.name, place.full_name) == (row["type"], row["name"], row["full_name"])
        assert place.population == (int(row["population"]) if row["population"] else None)
        if place.kind != "special_zone":  # the list calls it by its foreign name
            assert (place.name_en, place.full_name_en) == (row["name_en"], row["full_name_en"])


def test_every_place_is_found_by_all_its_names() -> None:
    for place in PLACES:
        for text in (place.code, place.name, place.full_name, place.name_en, place.full_name.upper()):
            assert find_place(text) == place
        assert find_place(same_spelling(f"{place.full_name}, thành phố Đà Nẵng")) == place


@pytest.mark.parametrize(
    "text", ["Phường Hòa Khánh", "P. Hoà Khánh", "P.Hòa Khánh", "p hoa khanh", "Hòa Khánh, Đà Nẵng."]
)
def test_a_place_is_found_as_people_write_it(text: str) -> None:
    place = find_place(text)
    assert place is not None
    assert place.code == "20200"


@pytest.mark.parametrize(
    "text", ["", "Đà Nẵng", "Hà Nội", "Xã Hải Châu", "Phường Bà Nà", "Phường", "99999", "x" * 10_000]
)
def test_what_is_no_place_finds_nothing(text: str) -> None:
    assert find_place(text) is None
