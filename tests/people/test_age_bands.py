"""Age bands: they cover every age once, in order."""

import pytest

from people.age_bands import AGE_BANDS, OLDEST_AGE, band_of, band_place, first_age, is_minor_band, last_age


def test_the_bands_cover_every_age_once() -> None:
    ages = [age for band in AGE_BANDS for age in range(first_age(band), last_age(band) + 1)]
    assert ages == list(range(OLDEST_AGE + 1))
    assert all(first_age(band) <= age <= last_age(band) for age in ages if (band := band_of(age)))


def test_what_is_no_age_has_no_band() -> None:
    assert band_of(-1) is None
    assert band_of(OLDEST_AGE + 1) is None


def test_the_bands_are_in_order_and_the_unknown_is_last() -> None:
    assert sorted([None, *reversed(AGE_BANDS)], key=band_place) == [*AGE_BANDS, None]


def test_only_the_first_band_holds_children() -> None:
    assert [band for band in AGE_BANDS if is_minor_band(band)] == ["under_16"]
    assert not is_minor_band(None)


def test_an_unknown_code_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        first_age("teenager")
