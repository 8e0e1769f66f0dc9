"""Serials and codes on paper: every single slip of the pen and every swap is noticed."""

from __future__ import annotations

import random

import pytest

from referrals.papers import (
    LETTERS,
    Mark,
    MarkProblem,
    new_serial,
    new_slip_code,
    plain,
    read_mark,
    spaced,
)

DRAW = random.Random(7).choice


@pytest.mark.parametrize("make", [new_serial, new_slip_code])
def test_one_wrong_letter_is_found_wherever_it_is(make):
    for _ in range(40):
        whole = make(DRAW)
        for place in range(len(whole)):
            for letter in LETTERS.replace(whole[place], ""):
                typed = whole[:place] + letter + whole[place + 1 :]
                assert read_mark(typed) == MarkProblem("wrong", place + 1)


@pytest.mark.parametrize("make", [new_serial, new_slip_code])
def test_two_letters_that_changed_places_are_noticed(make):
    named = 0
    for _ in range(200):
        whole = make(DRAW)
        for one in range(len(whole)):
            for other in range(one + 1, len(whole)):
                letters = list(whole)
                letters[one], letters[other] = letters[other], letters[one]
                typed = "".join(letters)
                answer = read_mark(typed)
                if typed == whole:
                    continue
                assert isinstance(answer, MarkProblem), (whole, typed)
                if other == one + 1:
                    assert answer in (MarkProblem("swapped", one + 1), MarkProblem("unreadable"))
                    named += answer.code == "swapped"
    assert named > 1000


def test_how_it_is_typed_does_not_matter():
    serial = new_serial(DRAW)
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in serial)
    dashed = spaced(serial).replace("-", "–")
    for typed in (serial.lower(), spaced(serial), f"  {serial[:3]} {serial[3:]} ", dashed, wide):
        assert read_mark(typed) == Mark("sheet", serial), typed
    assert read_mark(new_slip_code(DRAW)).kind == "slip"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", MarkProblem("empty")),
        (" -- ", MarkProblem("empty")),
        ("K7QM", MarkProblem("short")),
        ("K7QM4XHMZZZ", MarkProblem("long")),
        ("K7OM4XHM", MarkProblem("strange", 3)),
        ("K7QM4XH1", MarkProblem("strange", 8)),
        ("Đ7QM4XHM", MarkProblem("strange", 1)),
        ("K7QN5XHM", MarkProblem("unreadable")),
    ],
)
def test_what_is_no_code_says_where_to_look(typed: str, problem: MarkProblem):
    assert read_mark(typed) == problem


def test_anything_at_all_is_read_in_bounds():
    for typed in ("a" * 100_000, "\x00", "\u202e" * 50, "{{7*7}}", "ß" * 200, "½⅓"):
        assert len(plain(typed)) <= 12
        assert isinstance(read_mark(typed), MarkProblem)
