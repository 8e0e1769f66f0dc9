"""Phones: every way in which people and spreadsheets write them."""

import json
import random
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumber, is_valid_number

from people.phones import Phone, PhoneProblem, display, mask, read_phone, read_phones, tail

NAUGHTY = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad_input" / "blns.json"

TAKEN = [
    # as people write them
    ("0905123456", "905123456"),
    (" 0905123456\n", "905123456"),
    ("0905 123 456", "905123456"),
    ("0905.123.456", "905123456"),
    ("0905-123-456", "905123456"),
    ("0905 - 123 - 456", "905123456"),
    ("0905–123–456", "905123456"),
    ("(0905) 123 456", "905123456"),
    ("0905\u00a0123\u202f456", "905123456"),
    ("0905\u200b123456\ufeff", "905123456"),
    ("09 05 12 34 56", "905123456"),
    # with the country's code
    ("+84905123456", "905123456"),
    ("+84 905 123 456", "905123456"),
    ("(+84) 905 123 456", "905123456"),
    ("+84 (0) 905 123 456", "905123456"),
    ("+840905123456", "905123456"),
    ("0084905123456", "905123456"),
    ("00 84 905 123 456", "905123456"),
    ("84905123456", "905123456"),
    ("840905123456", "905123456"),
    # what spreadsheets make of them
    ("905123456", "905123456"),
    ("845123456", "845123456"),
    ("905123456.0", "905123456"),
    ("905123456.00", "905123456"),
    ("905123456,0", "905123456"),
    ("84905123456.0", "905123456"),
    ("905,123,456", "905123456"),
    ("9.05123456E8", "905123456"),
    ("9.05123456E+08", "905123456"),
    ("9,05123456E+08", "905123456"),
    ("9.0512345e8", "905123450"),
    ("8.4905123456E10", "905123456"),
    ("'0905123456", "905123456"),
    ('"0905123456"', "905123456"),
    ('="0905123456"', "905123456"),
    # words around
    ("905123456 (con trai)", "905123456"),
    ("0905123456 (con trai 2)", "905123456"),
    ("0905123456 [zalo]", "905123456"),
    ("(con) 0905123456", "905123456"),
    ("0905123456 - con trai", "905123456"),
    ("0905 123 456 con trai", "905123456"),
    ("0905123456, gọi buổi tối.", "905123456"),
    ("SĐT: 0905123456", "905123456"),
    ("sđt/zalo: 0905.123.456", "905123456"),
    ("Số điện thoại 0905123456", "905123456"),
    ("ĐT 0905123456", "905123456"),
    ("Zalo 0905 123 456", "905123456"),
    ("tel:+84905123456", "905123456"),
    ("Mẹ: 0905123456", "905123456"),
    ("con trai 0905123456", "905123456"),
    ("Lan - 0905 123 456", "905123456"),
    ("chị N. Lan 0905123456", "905123456"),
    ("LH: 0905123456", "905123456"),
    ("sđt zalo: 0905 123 456", "905123456"),
    ("SĐT 1: 0905123456", "905123456"),
    ("Đ/T: 0905123456", "905123456"),
    ("D.Đ: 0905123456", "905123456"),
    ("0905123456: Lan", "905123456"),
    ("0905123456; mẹ", "905123456"),
    ("0905123456 (mẹ", "905123456"),
    ("0905123456 mẹ)", "905123456"),
    ("☎ 0905 123 456", "905123456"),
    ("“0905123456”", "905123456"),
    ("’0905123456", "905123456"),
    # written twice, or cut by other signs
    ("0905123456 / 0905-123-456", "905123456"),
    ("0905123456 0905123456", "905123456"),
    ("0905,123,456", "905123456"),
    ("0905/123/456", "905123456"),
    ("0905−123−456", "905123456"),
    ("084 905 123 456", "905123456"),
    ("9.0512345600E+08", "905123456"),
    # other hands
    ("０９０５１２３４５６", "905123456"),
    # each family of prefixes
    ("0320186743", "320186743"),
    ("0522123456", "522123456"),
    ("0592123456", "592123456"),
    ("0706520402", "706520402"),
    ("0880468475", "880468475"),
    # eleven digits, before 2018
    ("01631234567", "331234567"),
    ("0163 123 4567", "331234567"),
    ("1631234567", "331234567"),
    ("+841631234567", "331234567"),
    ("1631234567.0", "331234567"),
]

OLD = {
    **{f"016{digit}": f"03{digit}" for digit in range(2, 10)},
    "0120": "070",
    "0121": "079",
    "0122": "077",
    "0126": "076",
    "0128": "078",
    "0123": "083",
    "0124": "084",
    "0125": "085",
    "0127": "081",
    "0129": "082",
    "0186": "056",
    "0188": "058",
    "0199": "059",
}

REFUSED = [
    ("", "empty"),
    ("   ", "empty"),
    ("-", "empty"),
    ("--", "empty"),
    ("không có", "empty"),
    ("Không", "empty"),
    ("N/A", "empty"),
    ("không có số điện thoại", "empty"),
    ("#N/A", "empty"),
    ("O905123456", "letters"),
    ("Ol 905123456", "letters"),
    ("l 905123456", "letters"),
    ("+0905123456", "symbols"),
    ("0905***456", "symbols"),
    ("0905123456 (Lan 0912345678)", "several"),
    ("0905123456 mẹ 0912345678 con", "several"),
    ("09o5123456", "letters"),
    ("0905l23456", "letters"),
    ("0905 123 45 o", "letters"),
    ("0905123456x", "letters"),
    ("con trai", "letters"),
    ("Nguyễn Văn An", "letters"),
    ("٠٩٠٥١٢٣٤٥٦", "letters"),
    ("=905123456", "symbols"),
    ("=+84905123456", "symbols"),
    ("0905*123456", "symbols"),
    ("84+905123456", "symbols"),
    ("++84905123456", "symbols"),
    ("0905123456#", "symbols"),
    ("0905123456 / 0912345678", "several"),
    ("0905123456, 0912345678", "several"),
    ("0905123456,0912345678", "several"),
    ("0905123456 - 0912345678", "several"),
    ("0905123456 0912345678", "several"),
    ("0905123456 hoặc 0912345678", "several"),
    ("9.05E+08", "rounded"),
    ("8.49051E+10", "rounded"),
    ("9.051234567E8", "rounded"),
    ("9.05123456E99", "rounded"),
    ("0", "too_short"),
    ("113", "too_short"),
    ("090512345", "too_short"),
    ("+8490512345", "too_short"),
    ("09051234567", "too_long"),
    ("090512345678901234567890", "too_long"),
    ("02363822222", "landline"),
    ("0236 382 2222", "landline"),
    ("+842363822222", "landline"),
    ("02838222222", "landline"),
    ("2363822222", "landline"),
    ("0511 3822222", "landline"),
    ("+14155550123", "foreign"),
    ("+1 415 555 0123", "foreign"),
    ("0014155550123", "foreign"),
    ("+856 20 1234 5678", "foreign"),
    ("0405123456", "unknown_prefix"),
    ("0605123456", "unknown_prefix"),
    ("0105123456", "unknown_prefix"),
    ("01301234567", "unknown_prefix"),
    ("0501234567", "unknown_prefix"),
    ("0710123456", "unknown_prefix"),
    ("0000000000", "unknown_prefix"),
]


@pytest.mark.parametrize(("text", "digits"), TAKEN)
def test_what_is_taken(text: str, digits: str) -> None:
    assert read_phone(text) == Phone(f"+84{digits}")
    assert read_phones(text) == [Phone(f"+84{digits}")]


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_what_is_refused_says_why(text: str, code: str) -> None:
    problem = read_phone(text)
    assert isinstance(problem, PhoneProblem)
    assert problem.code == code


@pytest.mark.parametrize(("old", "new"), OLD.items())
def test_old_numbers_become_todays(old: str, new: str) -> None:
    assert read_phone(f"{old}1234567") == Phone(f"+84{new[1:]}1234567")


@pytest.mark.parametrize(
    "text",
    [
        "0905123456/0912345678",
        "0905123456 ; 0912.345.678",
        "0905123456\n0912345678",
        "0905123456, 912345678",
        "0905123456 hoặc 0912345678",
        "0905123456 và +84 912 345 678",
        "0905123456 - 0912345678",
        "0905 123 456 0912 345 678",
        "0905123456 (mẹ), 0912345678 (con trai)",
        "0905123456 / 0912345678 / 0905.123.456",
        "0905123456 (Lan 0912345678)",
        "0905123456 mẹ 0912345678 con trai",
        "Mẹ: 0905123456; Con: 0912345678",
    ],
)
def test_two_numbers_in_one_cell(text: str) -> None:
    assert read_phones(text) == [Phone("+84905123456"), Phone("+84912345678")]


def test_a_cell_keeps_its_problems_and_an_empty_one_gives_none() -> None:
    assert read_phones("0905123456 / O912") == [Phone("+84905123456"), PhoneProblem("letters")]
    assert read_phones("0236 382 2222") == [PhoneProblem("landline")]
    assert read_phones("") == read_phones("không có") == read_phones(" / ") == read_phones("n/a") == []


@given(st.integers(min_value=0, max_value=10**9 - 1))
def test_four_digits_decide_as_the_whole_number_does(number: int) -> None:
    digits = f"{number:09}"
    taken = isinstance(read_phone(f"0{digits}"), Phone)
    whole = is_valid_number(PhoneNumber(country_code=84, national_number=int(digits)))
    assert taken == (whole and digits[0] in "35789")


@given(st.text(alphabet=string.digits + "+.,eE ()-/=O'\u00a0", max_size=24) | st.text())
def test_any_text_is_read_or_refused_and_what_is_read_reads_again(text: str) -> None:
    for phone in (read_phone(text), *read_phones(text)):
        if isinstance(phone, Phone):
            assert read_phone(phone.e164) == phone
            assert read_phone(display(phone.e164)) == phone


def test_how_a_number_is_shown() -> None:
    assert display("+84905123456") == "0905 123 456"
    assert tail("+84905123456") == "456"
    assert mask("+84905123456") == mask("456") == "••• 456"


def test_hostile_length_takes_no_time() -> None:
    for text in ("(" * 5_000, "0905 " * 5_000, "0905123456" + " x" * 5_000, "9" * 10_000, "/" * 10_000):
        assert isinstance(read_phone(text), PhoneProblem)
        assert len(read_phones(text)) <= 1000


@pytest.mark.skipif(not NAUGHTY.exists(), reason="no ../shared/data/bad_input/blns.json beside the checkout")
def test_naughty_strings_are_no_phones() -> None:
    naughty = json.loads(NAUGHTY.read_text(encoding="utf-8"))
    for text in random.Random(5).sample(naughty, len(naughty)):
        assert isinstance(read_phone(text), PhoneProblem)
        read_phones(text)
