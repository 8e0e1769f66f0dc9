"""The code that turns: the edges of its windows, and that nobody else can make one."""

from __future__ import annotations

import pytest

from core.clock import FixedClock
from core.secrets_box import SecretsBox
from referrals.turning_codes import (
    Refused,
    Screen,
    pass_of,
    read_pass,
    read_token,
    screens_of_digits,
    spoken_code,
    token_of,
    window_of,
)

BOX = SecretsBox(["a key"], "an index key")
SCREEN = Screen(2**40, 7)


@pytest.mark.parametrize(
    ("seconds", "answer"),
    [(0, SCREEN), (59, SCREEN), (60, SCREEN), (179, SCREEN), (180, Refused.OLD), (3600, Refused.OLD)],
)
def test_a_code_is_good_in_its_minute_and_the_two_after(seconds: int, answer: object):
    clock = FixedClock()  # ten o'clock sharp: the first second of a window
    token = token_of(BOX, SCREEN, window_of(clock.now()))
    clock.advance(seconds=seconds)
    assert read_token(BOX, token, window_of(clock.now())) == answer


def test_a_clock_that_is_a_little_behind_still_reads():
    assert read_token(BOX, token_of(BOX, SCREEN, 100), 99) == SCREEN
    assert read_token(BOX, token_of(BOX, SCREEN, 100), 98) is Refused.OLD


@pytest.mark.parametrize("seconds", [0, 20 * 60 + 59, 21 * 60])
def test_a_pass_lets_one_type_at_leisure(seconds: int):
    clock = FixedClock()
    given = pass_of(BOX, SCREEN, window_of(clock.now()))
    clock.advance(seconds=seconds)
    expected = SCREEN if seconds < 21 * 60 else Refused.OLD
    assert read_pass(BOX, given, window_of(clock.now())) == expected


def test_nothing_else_opens():
    token = token_of(BOX, SCREEN, 100)
    head, teacher, window, mac = token.split("-")
    other_mac = "a" if mac[0] != "a" else "b"
    for forged in (
        f"{head}-8-{window}-{mac}",
        f"1-{teacher}-{window}-{mac}",
        f"{head}-{teacher}-zzzz-{mac}",
        f"{head}-{teacher}-{window}-{other_mac}{mac[1:]}",
        token_of(SecretsBox(["a key"], "another index key"), SCREEN, 100),
        pass_of(BOX, SCREEN, 100),
        "",
        "-",
        "x" * 5000,
        "zzzzzzzzzzzzz-1-1-aaaaaaaaaaaaaaaa",
        token + "\n",
    ):
        assert read_token(BOX, forged, 100) is Refused.UNKNOWN
    assert read_pass(BOX, token, 100) is Refused.UNKNOWN
    assert read_token(BOX, token.upper(), 100) == SCREEN


def test_spoken_codes_turn_and_lead_to_one_screen():
    screens = [Screen(one, two) for one in range(1, 30) for two in (1, 2)]
    codes = {spoken_code(BOX, screen, 100) for screen in screens}
    assert len(codes) > len(screens) - 3
    digits = spoken_code(BOX, screens[5], 100)
    assert screens[5] in screens_of_digits(BOX, digits, screens, 102)
    assert screens[5] not in screens_of_digits(BOX, digits, screens, 103)
    assert screens_of_digits(BOX, "", screens, 100) == []
