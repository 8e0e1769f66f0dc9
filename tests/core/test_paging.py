"""Keys of pages, also hostile ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.paging import decode_key, encode_key

KEYS = st.lists(st.one_of(st.text(max_size=30), st.integers()), max_size=4).map(tuple)


@given(KEYS)
def test_a_key_comes_back(key: tuple[str | int, ...]) -> None:
    assert decode_key(encode_key(key)) == key


@given(st.text(max_size=700))
def test_nonsense_is_the_first_page(token: str) -> None:
    decoded = decode_key(token)
    assert decoded is None or isinstance(decoded, tuple)
