from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honors.stories import LONGEST, SHORTEST, clean_story, is_told, names_whole, problem_of


@pytest.mark.parametrize(
    "phone",
    ["0905123456", "0905 123 456", "0905.123.456", "+84905123456", "84 905 123 456", "09-05-12-34-56"],
)
def test_a_number_to_call_is_refused_however_it_is_grouped(phone: str) -> None:
    assert problem_of(f"Ai cần thì gọi cô theo số {phone}, cô tới nhà.") == "has_phone"


@pytest.mark.parametrize(
    "story",
    [
        "Từ 5/6/2025 đến nay đã chỉ cho 1.204 người, 1.873 lượt.",
        "Lớp học lúc 19:30 ngày 22/11/2026, 48 buổi.",
        "Dạy bác trả 1.000.000 đồng tiền điện.",
        "",
    ],
)
def test_other_numbers_may_stand(story: str) -> None:
    assert problem_of(story) is None


def test_links_and_long_stories_are_refused() -> None:
    assert problem_of("Xem thêm ở HTTPS://example.org nhé") == "has_link"
    assert problem_of("a" * LONGEST) is None
    assert problem_of("a" * (LONGEST + 1)) == "too_long"


def test_a_story_is_told_from_a_whole_sentence_on() -> None:
    assert not is_told("a" * (SHORTEST - 1))
    assert is_told("a" * SHORTEST)


@pytest.mark.parametrize(
    ("story", "full_name", "found"),
    [
        ("Nguyễn Thuỳ Linh dạy bà nội.", "Nguyễn Thùy Linh", True),
        ("Em NGUYEN THUY LINH.", "Nguyễn Thuỳ Linh", True),
        ("Em Nguyễn Thuỳ\nLinh, lớp 9.", "Nguyễn Thuỳ Linh", True),
        ("Em Linh dạy bà nội.", "Nguyễn Thuỳ Linh", False),
        ("Cô Nguyễn Thuỳ Linhh.", "Nguyễn Thuỳ Linh", False),
        ("Em Linh dạy bà nội.", "Linh", False),
    ],
)
def test_a_whole_name_is_found_in_any_spelling(story: str, full_name: str, found: bool) -> None:
    assert names_whole(story, full_name) is found


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing(raw: str) -> None:
    once = clean_story(raw)
    assert clean_story(once) == once
    assert "\r" not in once
    assert "\n\n\n" not in once
