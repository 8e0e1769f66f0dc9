"""Passwords: the rules, the hash, and the work that hides whether an account exists.

Argon2id with the low-memory profile of RFC 9106, section 4: 64 MiB, three passes, four lanes. A password is
composed (NFC) first, because two keyboards may send "ế" in two ways.
"""

import secrets
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.vietnamese import fold

SHORTEST = 10
# Hashing a megabyte on every try would be a gift to whoever wants the server busy.
LONGEST = 200
FEWEST_CHARACTERS = 5

PasswordProblem = Literal["password_too_short", "password_too_long", "password_too_common"]

# What the lists of stolen passwords put first here, and the words of this very product.
_COMMON = frozenset(
    {
        "1234567890",
        "0123456789",
        "0987654321",
        "9876543210",
        "12345678910",
        "123456789a",
        "a123456789",
        "abcd123456",
        "abc1234567",
        "1qaz2wsx3edc",
        "qwertyuiop",
        "qwerty123456",
        "password123",
        "password1234",
        "iloveyou123",
        "anhyeuem123",
        "emyeuanh123",
        "matkhau123",
        "matkhau1234",
        "matkhau123456",
        "mat khau cua toi",
        "khongbiet123",
        "vietnam123",
        "vietnam2025",
        "vietnam2026",
        "danang1234",
        "danang2025",
        "danang2026",
        "thanhdoandanang",
        "doanthanhnien",
        "daisuso2025",
        "daisuso2026",
        "binhdanhocvuso",
    }
)
_RUNS = (
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
)
# No letter or digit that is easily taken for another when read aloud or from paper.
_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Profile:
    """How much work a hash is: memory in KiB, passes over it, parallel lanes."""

    memory_kib: int
    passes: int
    lanes: int


RFC_9106_LOW_MEMORY = Profile(memory_kib=64 * 1024, passes=3, lanes=4)
# For tests alone: as little work as the algorithm allows.
CHEAPEST = Profile(memory_kib=8, passes=1, lanes=1)


class Passwords:
    """Hashes and checks passwords with one profile.

    >>> passwords = Passwords(CHEAPEST)
    >>> stored = passwords.hash("con trâu là đầu cơ nghiệp")
    >>> passwords.verify(stored, "con trâu là đầu cơ nghiệp"), passwords.verify(stored, "con trâu")
    (True, False)
    >>> passwords.needs_rehash(stored), STRONG.needs_rehash(stored)
    (False, True)
    """

    def __init__(self, profile: Profile) -> None:
        self._hasher = PasswordHasher(
            time_cost=profile.passes, memory_cost=profile.memory_kib, parallelism=profile.lanes
        )

    def hash(self, password: str) -> str:
        """Return the text to store: algorithm, parameters, salt and hash."""
        return self._hasher.hash(_composed(password))

    def verify(self, stored: str, password: str) -> bool:
        """Tell whether this is the password; a broken stored text is no password's."""
        if len(password) > LONGEST:
            return False
        try:
            return self._hasher.verify(stored, _composed(password))
        except (VerificationError, InvalidHashError):
            return False

    def verify_nothing(self, password: str) -> None:
        """Do the work of a check for an account that is not there, so that time tells nothing."""
        self.verify(self._of_nobody, password)

    def needs_rehash(self, stored: str) -> bool:
        """Tell whether a stored text was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    @cached_property
    def _of_nobody(self) -> str:
        return self._hasher.hash(secrets.token_hex(16))


STRONG = Passwords(RFC_9106_LOW_MEMORY)
CHEAP = Passwords(CHEAPEST)


def passwords_for(mode: str) -> Passwords:
    """Return what hashes in this mode of the settings: cheaply in tests, strongly everywhere else."""
    return CHEAP if mode == "test" else STRONG


def password_problem(password: str) -> PasswordProblem | None:
    """Return why this may not be a password, or None. Spaces and Vietnamese words are welcome.

    Length counts and variety does not (NIST SP 800-63B): what is refused beside short ones are those that
    everybody tries first.

    >>> password_problem("con mèo trèo cây cau")
    >>> password_problem("ngắn quá"), password_problem("Mật Khẩu 123"), password_problem("aaaaaaaaaaaa")
    ('password_too_short', 'password_too_common', 'password_too_common')
    """
    composed = _composed(password)
    if len(composed) > LONGEST:
        return "password_too_long"
    if len(composed.strip()) < SHORTEST:
        return "password_too_short"
    plain = fold(composed)
    bare = plain.replace(" ", "")
    if plain in _COMMON or bare in _COMMON or len(set(bare)) < FEWEST_CHARACTERS:
        return "password_too_common"
    if any(bare in run for run in _RUNS):
        return "password_too_common"
    return None


def new_password() -> str:
    """Return a random first password of 15 letters and digits (74 bits), in groups that are easy to read out.

    >>> len(new_password()), password_problem(new_password())
    (17, None)
    """
    groups = ("".join(secrets.choice(_CLEAR) for _ in range(5)) for _ in range(3))
    return "-".join(groups)


def _composed(password: str) -> str:
    return unicodedata.normalize("NFC", password)
