"""Keys of pages, also hostile ones."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.paging import LARGEST, decode_key, encode_key

PARTS = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30),
    st.integers(-LARGEST, LARGEST),
)
KEYS = st.lists(PARTS, max_size=4).map(tuple)


@given(KEYS)
def test_a_key_comes_back(key: tuple[str | int, ...]) -> None:
    assert decode_key(encode_key(key)) == key


@given(st.text(max_size=700))
def test_nonsense_is_the_first_page(token: str) -> None:
    decoded = decode_key(token)
    assert decoded is None or isinstance(decoded, tuple)


@pytest.mark.parametrize("part", [LARGEST + 1, -LARGEST - 1, True, "a\0b", 1.5, None])
def test_a_part_that_no_column_holds_is_the_first_page(part: object) -> None:
    token = base64.urlsafe_b64encode(json.dumps([part]).encode()).decode()
    assert decode_key(token) is None
