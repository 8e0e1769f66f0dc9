"""Sealing and blind indexes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.secrets_box import SealBroken, SecretsBox

BOX = SecretsBox(["key one"], "index key")


@given(st.text(max_size=200))
def test_what_is_sealed_opens(plain: str) -> None:
    assert BOX.open(BOX.seal(plain)) == plain


def test_the_same_text_is_never_sealed_alike() -> None:
    assert BOX.seal("+84905123456") != BOX.seal("+84905123456")
    assert b"905123456" not in BOX.seal("+84905123456")


def test_a_changed_or_foreign_seal_does_not_open() -> None:
    sealed = bytearray(BOX.seal("x"))
    sealed[-1] ^= 1
    for broken in (bytes(sealed), b"", b"\x00" * 40, SecretsBox(["other"], "i").seal("x")):
        with pytest.raises(SealBroken):
            BOX.open(broken)


def test_old_seals_open_after_a_new_key_came_in_front() -> None:
    rotated = SecretsBox(["key two", "key one"], "index key")
    assert rotated.open(BOX.seal("x")) == "x"
    with pytest.raises(SealBroken):
        BOX.open(rotated.seal("x"))


def test_indexes_match_by_kind_and_key_only() -> None:
    assert BOX.blind_index("phone", "1") == SecretsBox(["other"], "index key").blind_index("phone", "1")
    assert BOX.blind_index("phone", "1") != BOX.blind_index("code", "1")
    assert BOX.blind_index("phone", "1") != SecretsBox(["key one"], "another").blind_index("phone", "1")


def test_a_box_needs_a_key() -> None:
    with pytest.raises(ValueError, match="key"):
        SecretsBox([], "index key")
