"""Invented names: true to gender and generation, deterministic, and fit to be stored as they are."""

from collections import Counter
from random import Random

import pytest

from app.demo.names import given_names, make_name
from people.age_bands import AGE_BANDS
from people.names import clean_name, given_name, name_key, split_name

MANY = 3000


def made(gender: str, band: str | None, *, highland: float = 0.0, seed: int = 1) -> list[str]:
    random = Random(seed)
    return [make_name(random, gender, band, highland=highland) for _ in range(MANY)]


def test_there_are_many_given_names_for_each_gender() -> None:
    assert len(given_names("m") | given_names("f")) >= 200
    assert len(given_names("m")) >= 120
    assert len(given_names("f")) >= 120


def test_one_seed_makes_one_city() -> None:
    assert made("f", "25_44", highland=0.1) == made("f", "25_44", highland=0.1)
    assert made("f", "25_44") != made("f", "25_44", seed=2)


@pytest.mark.parametrize("band", [*AGE_BANDS, None])
@pytest.mark.parametrize("gender", ["m", "f", "x"])
def test_every_name_is_fit_to_be_stored(gender: str, band: str | None) -> None:
    for name in made(gender, band, highland=0.05):
        assert clean_name(name) == name
        family, middle, given = split_name(name)
        assert family
        assert given not in middle.split()
        assert name_key(name).isascii()


@pytest.mark.parametrize("band", AGE_BANDS)
def test_no_man_is_called_thi_and_no_woman_van(band: str) -> None:
    assert not any("Thị" in name.split() for name in made("m", band, highland=0.1))
    assert not any("Văn" in name.split()[1:] for name in made("f", band, highland=0.1))
    for gender in ("m", "f"):
        assert {given_name(name) for name in made(gender, band, highland=0.1)} <= given_names(gender)


def test_names_follow_the_generation() -> None:
    old, young = made("f", "75_plus"), made("f", "16_24")
    assert sum(name.split()[1] == "Thị" for name in old) > 0.85 * MANY
    assert sum(name.split()[1] == "Thị" for name in young) < 0.5 * MANY
    given_old, given_young = Counter(map(given_name, old)), Counter(map(given_name, young))
    assert given_old["Lan"] > given_young["Lan"]
    assert given_young["Hân"] > given_old["Hân"] == 0
    assert given_old["Bảy"] > 0 == given_young["Bảy"]


def test_the_commonest_family_is_nguyen_and_names_repeat_little() -> None:
    names = made("m", "25_44") + made("f", "25_44")
    families = Counter(name.split()[0] for name in names)
    assert families.most_common(1)[0][0] == "Nguyễn"
    assert 0.2 < families["Nguyễn"] / len(names) < 0.35
    assert len(set(names)) > 0.75 * len(names)


def test_highland_names_appear_where_they_are_asked_for() -> None:
    families = {split_name(name).family for name in made("f", "25_44", highland=1.0)}
    assert "Zơrâm" in families
    assert "Nguyễn" not in families
    assert "Zơrâm" not in {split_name(name).family for name in made("f", "25_44", highland=0.0)}
