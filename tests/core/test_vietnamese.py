"""Vietnamese text: folding, cleaning, tone placement and order."""

import itertools
import json
import random
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vietnamese import clean_lines, clean_text, collation_key, fold, same_spelling, without_marks

NAUGHTY = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad_input" / "blns.json"

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
VIETNAMESE = st.text(
    alphabet=[
        unicodedata.normalize("NFC", letter + tone)
        for letter, tone in itertools.product("aăâeêioôơuưy", TONES)
    ]
    + list("bcdđghklmnpqrstvx BCDĐGHKLMNPQRSTVX'-"),
    max_size=30,
)
ANY = st.one_of(VIETNAMESE, st.text(max_size=40))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("   ", ""),
        ("Nguyễn Thị Đào", "nguyen thi dao"),
        ("NGUYỄN THỊ ĐÀO", "nguyen thi dao"),
        (unicodedata.normalize("NFD", "Nguyễn Thị Đào"), "nguyen thi dao"),
        ("Ðặng", "dang"),  # Icelandic eth, as old keyboards typed it
        ("Ɖặng", "dang"),  # African D
        ("đặng ðặng", "dang dang"),
        ("Hoà\u00a0 Hòa\t\nHoá", "hoa hoa hoa"),
        ("Zơrâm Thị Hạnh", "zoram thi hanh"),
        ("H’Hen Niê", "h'hen nie"),
        ("H´Hen `H ʼH", "h'hen 'h 'h"),
        ("Ngũ–Hành—Sơn", "ngu-hanh-son"),
        ("Ｎｇｕｙễｎ １２", "nguyen 12"),
        ("Tr\u200bần\ufeff", "tran"),
        ("\u202eevil\u202c", "evil"),
        ("Strauß", "strauss"),
        ("Å Łódź", "a lodz"),
        ("ÊÊ", "ee"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(ANY)
def test_fold_is_idempotent_and_blind_to_the_normal_form(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text)) == folded


@given(VIETNAMESE)
def test_fold_of_vietnamese_is_ascii_and_blind_to_case(text: str) -> None:
    assert fold(text).isascii()
    assert fold(text.upper()) == fold(text.lower()) == fold(text)


@given(ANY)
def test_fold_does_not_see_where_the_tone_stands(text: str) -> None:
    assert fold(same_spelling(text)) == fold(text)


def test_without_marks_keeps_the_case() -> None:
    assert without_marks("Đặc khu Hoàng Sa, La Êê") == "Dac khu Hoang Sa, La Ee"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("", ""),
        ("\u200b\ufeff\u00ad", ""),
        ("  a  b\tc\nd\u00a0e\u3000f ", "a b c d e f"),
        ("Le\u0302\u0301", "Lế"),
        ("a\u200b\u0301", "á"),
        ("x\x00y\x07z", "xyz"),
        ("\ud800lone", "lone"),
        ("\u202eabc\u2066", "abc"),
        ("Z\u0351\u0306\u0324\u0301\u0302\u0303alo", None),
        ("Chào 😀", "Chào 😀"),
    ],
)
def test_clean_text(text: str, clean: str | None) -> None:
    cleaned = clean_text(text)
    if clean is not None:
        assert cleaned == clean
    assert len(cleaned) <= len(text)


@given(ANY)
def test_clean_text_is_idempotent_composed_and_storable(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean_text(unicodedata.normalize("NFD", text)) == clean_text(unicodedata.normalize("NFC", text))
    assert "\x00" not in cleaned
    assert "\n" not in cleaned
    cleaned.encode()


def test_clean_lines_keeps_lines() -> None:
    assert clean_lines("\n\n a \r\n b\u2028c\n\n\n\nd\n ") == "a\nb\nc\n\nd"
    assert clean_lines("") == ""


@given(ANY)
def test_clean_lines_is_idempotent(text: str) -> None:
    assert clean_lines(clean_lines(text)) == clean_lines(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hòa", "Hoà"),
        ("HÒA", "HOÀ"),
        ("hỏa", "hoả"),
        ("hõa", "hoã"),
        ("hóa", "hoá"),
        ("họa", "hoạ"),
        ("khỏe", "khoẻ"),
        ("lóe", "loé"),
        ("Thúy", "Thuý"),
        ("Thùy Thủy", "Thuỳ Thuỷ"),
        ("lũy lụy", "luỹ luỵ"),
        ("qúy", "quý"),
        ("gìa", "già"),
        ("hòan", "hoàn"),
        ("nguyêñ", "nguyễn"),
        ("Hòa Khánh, Hòa Xuân", "Hoà Khánh, Hoà Xuân"),
    ],
)
def test_same_spelling_makes_two_ways_of_typing_equal(one: str, other: str) -> None:
    assert same_spelling(one) == same_spelling(other)
    assert same_spelling(unicodedata.normalize("NFD", one)) == same_spelling(other)


RIGHT_SPELLING = """
Nguyễn Trần Lê Phạm Huỳnh Võ Vũ Đỗ Bùi Đặng Ngô Dương Lý Phùng Triệu Giáp Quách Quý Quỳnh Quốc Khuê Thuý
Hoà Yến Diễm Uyên Hoàng Loan Toàn khuỷu khuya ngoéo múa mía tỷ tài cáo lửa rượu người giữa giặt gì gìn giếng
thuở huệ xoè ngoài xoáy hoẵng loạt xoèn xoẹt xoong quẹt quả quyết khuất tuýp suýt hưởng hươu bưởi tuổi muỗi
nghĩa yếu
"""


def test_same_spelling_leaves_right_spelling_alone() -> None:
    for word in RIGHT_SPELLING.split():
        assert same_spelling(word) == word
        assert same_spelling(word.upper()) == word.upper()


def test_same_spelling_does_not_confuse_different_syllables() -> None:
    assert same_spelling("hòa") != same_spelling("hóa")
    assert same_spelling("Zơrâm Êê Ođếng") == "Zơrâm Êê Ođếng"


@given(ANY)
def test_same_spelling_is_idempotent(text: str) -> None:
    assert same_spelling(same_spelling(text)) == same_spelling(text)


ALPHABET = list("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")


def test_the_alphabet_is_in_order() -> None:
    shuffled = random.Random(1).sample(ALPHABET, len(ALPHABET))
    assert sorted(shuffled, key=collation_key) == ALPHABET


def test_the_tones_are_in_order() -> None:
    tones = ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(random.Random(3).sample(tones, len(tones)), key=collation_key) == tones


@pytest.mark.parametrize(
    "ordered",
    [
        ["an", "Án", "anh", "ánh", "ăn", "ân", "ấn"],
        ["hoa", "hoa lê", "hòa", "hòa an", "hoan", "hoàn", "hoang", "hồ", "hơ"],
        ["Dung", "Dũng", "Đan", "Đào"],
        ["Tổ 2", "Tổ 10", "Tổ 10 A", "Tổ 11", "Tổ An"],
        ["z", "z z", "Ωmega", "Жук", "中"],
        ["H'Hen", "Hiền"],
    ],
)
def test_order(ordered: list[str]) -> None:
    shuffled = random.Random(2).sample(ordered, len(ordered))
    assert sorted(shuffled, key=collation_key) == ordered


@given(ANY)
def test_a_collation_key_is_plain_and_stable(text: str) -> None:
    key = collation_key(text)
    assert re.fullmatch("[0-9a-z]*", key)
    assert collation_key(unicodedata.normalize("NFC", text)) == key
    assert collation_key(unicodedata.normalize("NFD", text)) == key


@given(VIETNAMESE)
def test_a_collation_key_sees_neither_case_nor_tone_placement(text: str) -> None:
    assert collation_key(text.upper()) == collation_key(text)
    assert collation_key(same_spelling(text)) == collation_key(text)


@given(st.lists(st.text(alphabet=LETTERS, min_size=1, max_size=6), min_size=2, max_size=8))
def test_untoned_words_follow_their_letters(words: list[str]) -> None:
    by_letters = sorted(words, key=lambda word: [ALPHABET.index(letter) for letter in word])
    assert sorted(words, key=collation_key) == by_letters


@pytest.mark.skipif(not NAUGHTY.exists(), reason="no ../shared/data/bad_input/blns.json beside the checkout")
def test_naughty_strings_break_nothing() -> None:
    for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        assert fold(fold(text)) == fold(text)
        assert clean_text(clean_text(text)) == clean_text(text)
        same_spelling(text)
        clean_lines(text)
        without_marks(text)
        assert collation_key(text).isascii()
