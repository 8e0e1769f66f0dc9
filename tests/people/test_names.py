"""Names: cleaned, taken apart, matched, put in order, and hidden where they must be."""

import csv
import json
import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.names import (
    NAME_KEY_LENGTH,
    NAME_LENGTH,
    SORT_KEY_LENGTH,
    NameProblem,
    avatar_letter,
    clean_name,
    given_name,
    initials,
    name_key,
    public_name,
    sort_key,
    split_name,
)

NAUGHTY = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad_input" / "blns.json"
SAMPLE = NAUGHTY.parents[1] / "vn_names" / "sample_names_5000.csv"
CLDR = SAMPLE.with_name("cldr_vi_person_names.tsv")
NAMES = st.one_of(
    st.text(alphabet="aăâđêôơưàảãáạừệỗNHTZ '-.", max_size=40),
    st.text(max_size=120),
)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Nguyễn Thị Lan", "Nguyễn Thị Lan"),
        ("  Nguyễn \u00a0 Thị\tLan\n", "Nguyễn Thị Lan"),
        (unicodedata.normalize("NFD", "Nguyễn Thị Lan"), "Nguyễn Thị Lan"),
        ("NGUYỄN THỊ LAN", "Nguyễn Thị Lan"),
        ("nguyễn thị lan", "Nguyễn Thị Lan"),
        ("Nguyễn thị lan", "Nguyễn thị lan"),
        ("ZƠRÂM THỊ HẠNH", "Zơrâm Thị Hạnh"),
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("H’hen Niê", "H’hen Niê"),
        ("ĐỖ ĐỨC ĐẠT", "Đỗ Đức Đạt"),
        ("Lan", "Lan"),
        ("- Lê Thị B.", "Lê Thị B."),
        ("• Lê Văn C,", "Lê Văn C"),
        ("Lê Thị Hoa (con bác Tư)", "Lê Thị Hoa (con bác Tư)"),
        ("Tr\u200bần Văn\ufeff An", "Trần Văn An"),
        ("Ngọc-Anh", "Ngọc-Anh"),
        # what lists put round a name
        ("12. Nguyễn Văn An", "Nguyễn Văn An"),
        ("3) nguyễn văn an", "Nguyễn Văn An"),
        ("Nguyễn Văn An .", "Nguyễn Văn An"),
        ("Nguyễn Văn An*", "Nguyễn Văn An"),
        ("ＮＧＵＹỄＮ ＶＡＮ", "Nguyễn Van"),
        ("Ðào Thị Ɖẹp", "Đào Thị Đẹp"),
        # titles go where nothing else can be meant
        ("Ông/Bà Trần Thị C", "Trần Thị C"),
        ("Ông (Bà): Trần Thị C", "Trần Thị C"),
        ("ÔNG NGUYỄN VĂN AN", "Nguyễn Văn An"),
        ("bà Lê Thị Lan", "Lê Thị Lan"),
        ("Anh: Hồ Văn Tú", "Hồ Văn Tú"),
        # and stay where they may be the name
        ("Ông Ích Khiêm", "Ông Ích Khiêm"),
        ("Bà Rịa", "Bà Rịa"),
        ("Bác Tư", "Bác Tư"),
        ("cô Hoa", "cô Hoa"),
        ("Cô Lê", "Cô Lê"),
        ("Em Hồ (lớp chín)", "Em Hồ (lớp chín)"),
        # one letter, and names of the mountains
        ("O", "O"),
        ("ý", "Ý"),
        ("Ksor H'Bơ Khăp", "Ksor H'Bơ Khăp"),
        ("BHNƯỚCH THỊ MAI", "Bhnướch Thị Mai"),
        ("Lan\u202e\u0007", "Lan"),
        ("\u200fLan\x00", "Lan"),
    ],
)
def test_a_name_is_cleaned(raw: str, clean: str) -> None:
    assert clean_name(raw) == clean


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "empty"),
        (" \u200b\u00a0 ", "empty"),
        ("...", "no_letters"),
        ("-", "no_letters"),
        ("0905123456", "no_letters"),
        ("😀", "no_letters"),
        ("A" * (NAME_LENGTH + 1), "too_long"),
        ("A" + " " * 100_000 + "B", "too_long"),
        ("x" * 300, "too_long"),
        ("Lan 2", "has_digits"),
        ("Lan ½", "has_digits"),
        ("Lan 0905123456", "has_digits"),
        ("https://x.vn", "has_link"),
        ("www.lan", "has_link"),
        ("lan@x", "has_link"),
        ("Lan.vn", "has_link"),
        ("<b>Lan</b>", "has_symbols"),
        ("=Lan", "has_symbols"),
        ("Lan 😀", "has_symbols"),
        ("Lan; DROP TABLE person", "has_symbols"),
    ],
)
def test_what_is_no_name_says_why(raw: str, code: str) -> None:
    problem = clean_name(raw)
    assert isinstance(problem, NameProblem)
    assert problem.code == code


@pytest.mark.parametrize("name", ["735", "User 7", "abc12", "Lan 2"])
def test_a_stand_in_from_a_file_stays_as_written(name: str) -> None:
    assert clean_name(name, allow_digits=True) == name


@given(NAMES)
def test_cleaning_twice_changes_nothing(raw: str) -> None:
    clean = clean_name(raw)
    if isinstance(clean, str):
        assert clean_name(clean) == clean
        assert 0 < len(clean) <= NAME_LENGTH
    assert clean_name(unicodedata.normalize("NFD", raw)) == clean_name(unicodedata.normalize("NFC", raw))


@pytest.mark.parametrize(
    ("full_name", "parts"),
    [
        ("Nguyễn Văn An", ("Nguyễn", "Văn", "An")),
        ("Nguyễn An", ("Nguyễn", "", "An")),
        ("An", ("", "", "An")),
        ("", ("", "", "")),
        ("Trần Thị Minh Khai", ("Trần", "Thị Minh", "Khai")),
        ("Tôn Nữ Thị Ninh", ("Tôn Nữ", "Thị", "Ninh")),
        ("Tôn Thất Tùng", ("Tôn Thất", "", "Tùng")),
        ("Tôn Đức Thắng", ("Tôn", "Đức", "Thắng")),
        ("Công Huyền Tôn Nữ Lan Anh", ("Công Huyền Tôn Nữ", "Lan", "Anh")),
        ("Tôn Thất", ("Tôn", "", "Thất")),
        ("Zơrâm Thị Hạnh", ("Zơrâm", "Thị", "Hạnh")),
        ("Lê Thị Hoa (con bác Tư)", ("Lê", "Thị", "Hoa")),
        ("(Hoa)", ("", "", "(Hoa)")),
    ],
)
def test_a_name_is_taken_apart(full_name: str, parts: tuple[str, str, str]) -> None:
    assert split_name(full_name) == parts
    assert given_name(full_name) == parts[2]


@given(NAMES)
def test_the_parts_make_the_whole(full_name: str) -> None:
    if "(" not in full_name:
        assert " ".join(filter(None, split_name(full_name))) == " ".join(full_name.split())


@pytest.mark.parametrize("other", ["ĐỖ THỊ HOÀ", "do thi hoa", "Đỗ  Thị Hoà", "Ðỗ Thị Hòa", "Đỗ-Thị Hòa"])
def test_one_key_for_all_ways_of_typing(other: str) -> None:
    assert name_key(other) == name_key("Đỗ Thị Hòa")


@given(NAMES)
def test_keys_fit_their_columns_and_do_not_see_the_normal_form(full_name: str) -> None:
    composed = unicodedata.normalize("NFC", full_name)
    decomposed = unicodedata.normalize("NFD", full_name)
    assert name_key(composed) == name_key(decomposed)
    assert sort_key(composed) == sort_key(decomposed)
    assert len(name_key(full_name)) <= NAME_KEY_LENGTH
    assert len(sort_key(full_name)) <= SORT_KEY_LENGTH
    assert name_key(name_key(full_name)) == name_key(full_name)
    assert sort_key(full_name).isascii()


def test_people_are_listed_by_given_name_then_family_then_middle() -> None:
    ordered = [
        "An",
        "Bùi An",
        "Nguyễn An",
        "Nguyễn Thị An",
        "Nguyễn Văn An",
        "Lê Thị Ánh",
        "Võ Ân",
        "Trần Bình",
        "Hồ Dũng",
        "Cao Đào",
        "Lê Hoa",
        "Lê Hoà",
        "Mai Hoan",
        "Zơrâm Thị Hạnh",
    ]
    ordered.insert(10, ordered.pop())  # Hạnh stands before Hoa
    shuffled = random.Random(4).sample(ordered, len(ordered))
    assert sorted(shuffled, key=sort_key) == ordered
    assert sort_key("Lê Hòa") == sort_key("LÊ HOÀ")


_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]  # none, huyền, hỏi, ngã, sắc, nặng


def _naive(full_name: str) -> list[tuple[list[int], int]]:
    """The dictionary's order, written down a second time: in each syllable the letters, then the tone."""
    *before, given = full_name.lower().split()
    key = []
    for syllable in [given, *before]:
        tone = 0
        letters = []
        for sign in syllable:
            parts = unicodedata.normalize("NFD", sign)
            found = [_TONES.index(part) for part in parts if part in _TONES]
            tone = tone or sum(found)
            bare = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
            letters.append(_LETTERS.index(bare))
        key.append((letters, tone))
    return key


@pytest.mark.skipif(not SAMPLE.exists(), reason="no ../shared/data/vn_names/sample_names_5000.csv beside us")
def test_five_thousand_names_stand_as_a_naive_comparator_has_them() -> None:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        names = [row["full_name"] for row in csv.DictReader(file)]
    assert len(names) == 5000
    assert all(clean_name(name) == name for name in names)
    shuffled = random.Random(8).sample(names, len(names))
    wanted = sorted(names, key=lambda name: (_naive(name), name))
    assert sorted(shuffled, key=lambda name: (sort_key(name), name)) == wanted


@pytest.mark.skipif(not CLDR.exists(), reason="no ../shared/data/vn_names/cldr_vi_person_names.tsv beside us")
def test_names_are_shown_and_addressed_as_cldr_has_them() -> None:
    with CLDR.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    seen = 0
    for row in rows:
        name = " ".join(filter(None, (row["surname"], row["middle(given2)"], row["given"])))
        ours = {"full": name, "sorting-long": name, "address": given_name(name), "monogram": initials(name)}
        if row["style"] in ours and not (row["style"] == "full" and row["title"]):
            seen += 1
            assert ours[row["style"]] == row["expected"]
    assert seen >= 6


def test_initials_and_the_letter_of_the_circle() -> None:
    assert initials("Nguyễn Thị Minh Khai") == "NTMK"
    assert initials("đỗ văn ánh") == "ĐVÁ"
    assert initials("H'Hen Niê") == "HN"
    assert initials("") == ""
    assert avatar_letter("đỗ văn ánh") == "Á"
    assert avatar_letter("Lê Thị (Hoa)") == "T"
    assert avatar_letter("") == "?"


def test_a_minor_shows_the_given_name_alone() -> None:
    assert public_name("Zơrâm Thị Hạnh", minor=True) == "Hạnh"
    assert public_name("Nguyễn Thuỳ Linh (lớp trưởng)", minor=True) == "Linh"
    assert public_name("Linh", minor=True) == "L."
    assert public_name("Zơrâm Thị Hạnh", minor=False) == "Zơrâm Thị Hạnh"


@pytest.mark.skipif(not NAUGHTY.exists(), reason="no ../shared/data/bad_input/blns.json beside the checkout")
def test_naughty_strings_break_nothing() -> None:
    for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        for allow_digits in (False, True):
            clean = clean_name(text, allow_digits=allow_digits)
            assert isinstance(clean, NameProblem) or clean_name(clean, allow_digits=allow_digits) == clean
        split_name(text)
        name_key(text)
        sort_key(text)
        initials(text)
        assert len(avatar_letter(text)) == 1
        public_name(text, minor=True)
