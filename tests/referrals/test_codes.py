"""Tokens and digits, and what stands behind a door."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.secrets_box import SecretsBox
from referrals.codes import Door, clean_digits, link_token, new_digits, read_token, spaced

BOX = SecretsBox(["a key"], "an index key")


@given(st.integers(0, 2**62), st.integers(1, 999_999), st.sampled_from(["link", "code"]))
def test_a_token_leads_to_its_door(teaching_id, serial, kind):
    door = Door(teaching_id, serial, kind)
    assert read_token(BOX, link_token(BOX, door)) == door


@given(st.text(max_size=60))
def test_nonsense_leads_nowhere(text):
    assert read_token(BOX, text) is None


def test_every_changed_letter_closes_the_door():
    token = link_token(BOX, Door(123, 1))
    for place, letter in enumerate(token):
        for other in "abc234-":
            if other != letter:
                assert read_token(BOX, token[:place] + other + token[place + 1 :]) is None


def test_another_house_makes_other_tokens():
    token = link_token(BOX, Door(123, 1))
    assert read_token(SecretsBox(["a key"], "another key"), token) is None
    assert token != link_token(BOX, Door(123, 1, "code"))


def test_a_token_is_short_and_survives_a_chat_program():
    token = link_token(BOX, Door(1_000_000, 1))
    assert len(token) <= 30
    assert token.replace("-", "").isalnum()
    assert token == token.lower()
    assert token[-1].isalnum()


@pytest.mark.parametrize("typed", ["482913", " 482 913 ", "482-913", "482.913", "482\u00a0913"])
def test_digits_as_people_type_them(typed):
    assert clean_digits(typed) == "482913"


@pytest.mark.parametrize("typed", ["", "48291", "4829131", "48291a", "４８２９１３", "٤٨٢٩١٣"])
def test_what_is_no_code(typed):
    assert clean_digits(typed) is None


def test_digits_keep_their_zeros(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("referrals.codes.secrets.randbelow", lambda below: 42)
    assert new_digits() == "000042"
    assert spaced(new_digits()) == "000 042"


def test_digits_are_spread_over_the_whole_range(monkeypatch: pytest.MonkeyPatch):
    chance = random.Random(7)
    monkeypatch.setattr("referrals.codes.secrets.randbelow", chance.randrange)
    drawn = {new_digits() for _ in range(2000)}
    assert all(len(one) == 6 for one in drawn)
    assert {one[0] for one in drawn} == set("0123456789")
