"""Passwords: the rules, the profile of RFC 9106, the work done for nobody."""

import unicodedata

import pytest
from argon2 import extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from people.passwords import CHEAP, RFC_9106_LOW_MEMORY, STRONG, new_password, password_problem, passwords_for


def test_the_strong_profile_is_that_of_the_rfc() -> None:
    parameters = extract_parameters(STRONG.hash("con mèo trèo cây cau"))
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (64 * 1024, 3, 4)
    assert (RFC_9106_LOW_MEMORY.memory_kib, RFC_9106_LOW_MEMORY.passes) == (65536, 3)


def test_only_tests_hash_cheaply() -> None:
    assert passwords_for("test") is CHEAP
    assert passwords_for("production") is passwords_for("development") is STRONG


def test_a_weaker_hash_wants_to_be_made_anew() -> None:
    assert STRONG.needs_rehash(CHEAP.hash("con mèo trèo cây cau"))
    assert not CHEAP.needs_rehash(CHEAP.hash("con mèo trèo cây cau"))


@given(st.text(max_size=60), st.text(max_size=60))
def test_only_the_same_password_opens(password: str, other: str) -> None:
    stored = CHEAP.hash(password)
    assert CHEAP.verify(stored, password)
    assert CHEAP.verify(stored, unicodedata.normalize("NFD", password))
    same = unicodedata.normalize("NFC", password) == unicodedata.normalize("NFC", other)
    assert CHEAP.verify(stored, other) == same


@pytest.mark.parametrize("stored", ["", "plain", "$argon2id$v=19$broken", "$2b$12$abc"])
def test_a_broken_hash_opens_for_nobody(stored: str) -> None:
    assert not CHEAP.verify(stored, "plain")


def test_nobody_costs_a_check_and_says_nothing() -> None:
    CHEAP.verify_nothing("con mèo trèo cây cau")
    CHEAP.verify_nothing("x" * 1_000_000)


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("", "password_too_short"),
        ("         a", "password_too_short"),
        ("chín ký t", "password_too_short"),
        ("x" * 201, "password_too_long"),
        ("1234567890", "password_too_common"),
        ("MATKHAU123", "password_too_common"),
        ("Mật Khẩu 123456", "password_too_common"),
        ("Đại sứ số 2026", "password_too_common"),
        ("abababababab", "password_too_common"),
        ("qwertyuiop", "password_too_common"),
        ("mười ký tự", None),
        ("con trâu là đầu cơ nghiệp", None),
        ("Tr0ub4dor&3x", None),
    ],
)
def test_the_rules(password: str, problem: str | None) -> None:
    assert password_problem(password) == problem


def test_first_passwords_are_good_and_differ() -> None:
    made = {new_password() for _ in range(200)}
    assert len(made) == 200
    assert not any(password_problem(password) for password in made)
