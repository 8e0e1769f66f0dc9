"""What stands on paper: the serial of a sheet and the code of a slip, and how one that was typed is read.

letters
    31 of them, a prime number: digits and capitals without 0 and O, 1, I and L, which nobody can tell apart
    on paper.
serial
    of a sheet: eight letters in two groups, "K7QM-4XRT".
code
    of a slip: nine letters in three groups, "K7Q-M4X-RTB"; the length alone tells it from a serial.
check letters
    the last two. With x₁ … xₙ the places of the letters in the alphabet, Σ xᵢ ≡ 0 and Σ i·xᵢ ≡ 0 (mod 31): a
    Reed–Solomon code (Reed and Solomon, 1960) with two check symbols. One wrong letter is always noticed and
    its place is known; two letters that changed places are always noticed, neighbours or not.

>>> whole = with_check("K7QM4X")
>>> read_mark(whole) == Mark("sheet", whole)
True
>>> spaced(whole)
'K7QM-4XHM'
"""

from __future__ import annotations

import itertools
import secrets
import unicodedata
from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from core.i18n import N_

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SHEET_LETTERS: Final = 8
SLIP_LETTERS: Final = 9
CHECKS: Final = 2
LINES: Final = (8, 12, 24)
"""How many lines a sheet may be printed with: 8 tall ones (room for a finger) or 12 on one A4, 24 on two."""
LINES_AT_FIRST: Final = 12
SLIPS_A_PAGE: Final = 8

CONSENT: Final = N_(
    "Tôi đồng ý để chương trình lưu tên, phường, xã và việc tôi đã học, với ai, ngày nào, để đếm lượt dạy. "
    "Số điện thoại chỉ ghi khi tôi muốn. Tôi có thể rút lại bất cứ lúc nào."
)
"""What somebody agrees to who signs a line or a slip, in words that can be read out."""

Kind = Literal["sheet", "slip"]
ProblemCode = Literal["empty", "short", "long", "strange", "wrong", "swapped", "unreadable"]

_PRIME = len(LETTERS)
_PLACE = {letter: place for place, letter in enumerate(LETTERS)}
_KINDS: Final[dict[int, Kind]] = {SHEET_LETTERS: "sheet", SLIP_LETTERS: "slip"}
_GROUPS: Final[dict[int, int]] = {SHEET_LETTERS: 4, SLIP_LETTERS: 3}


class Mark(NamedTuple):
    """A serial or a code that is whole; `text` without the signs between its groups."""

    kind: Kind
    text: str


class MarkProblem(NamedTuple):
    """Why what was typed is neither: a code, and the letter to look at, counted from 1 (0: none alone)."""

    code: ProblemCode
    letter: int = 0


def new_serial(draw: Callable[[str], str] = secrets.choice) -> str:
    """Return a random serial of a sheet. Whether it is free, the database says.

    >>> read_mark(new_serial()).kind
    'sheet'
    """
    return with_check("".join(draw(LETTERS) for _ in range(SHEET_LETTERS - CHECKS)))


def new_slip_code(draw: Callable[[str], str] = secrets.choice) -> str:
    """Return a random code of a slip. Whether it is free, the database says.

    >>> read_mark(new_slip_code()).kind
    'slip'
    """
    return with_check("".join(draw(LETTERS) for _ in range(SLIP_LETTERS - CHECKS)))


def with_check(letters: str) -> str:
    """Return the letters with their two check letters behind them.

    >>> with_check("222222"), with_check("K7QM4X")
    ('22222222', 'K7QM4XHM')
    """
    length = len(letters) + CHECKS
    plain, weighed = _sums(letters)
    last = (plain * (length - 1) - weighed) % _PRIME
    return letters + LETTERS[(-plain - last) % _PRIME] + LETTERS[last]


def read_mark(typed: str) -> Mark | MarkProblem:
    """Return the serial or code that somebody typed, or what to look at again.

    Small letters, spaces and dashes do not matter. Problems: `empty`; `short` and `long`; `strange`, a letter
    that no serial has (O, 0, I, 1, L among them); `wrong`, one letter is not the printed one; `swapped`, this
    letter and the next changed places; `unreadable`, more than one is wrong.

    >>> read_mark(" k7qm 4xhm "), read_mark("K7QM-4X")
    (Mark(kind='sheet', text='K7QM4XHM'), MarkProblem(code='short', letter=0))
    >>> read_mark("K7QN-4XHM"), read_mark("K7QM-X4HM"), read_mark("KOQM-4XHM")
    (MarkProblem(code='wrong', letter=4), MarkProblem(code='swapped', letter=5), \
MarkProblem(code='strange', letter=2))
    """
    letters = plain(typed)
    if not letters:
        return MarkProblem("empty")
    strange = next((place for place, letter in enumerate(letters, 1) if letter not in _PLACE), 0)
    if strange:
        return MarkProblem("strange", strange)
    if len(letters) not in _KINDS:
        return MarkProblem("short" if len(letters) < SHEET_LETTERS else "long")
    if _sums(letters) == (0, 0):
        return Mark(_KINDS[len(letters)], letters)
    return _what_is_wrong(letters)


def plain(typed: str) -> str:
    """Return what was typed as bare capitals, at most a few more than any code has.

    >>> plain(" k7q–m4x rtb ")
    'K7QM4XRTB'
    """
    text = unicodedata.normalize("NFKC", typed[:100]).upper()
    return "".join(letter for letter in text if letter.isalnum())[: SLIP_LETTERS + 3]


def spaced(text: str) -> str:
    """Return a serial or code in groups, as it is printed and read aloud.

    >>> spaced("K7QM4XHM"), spaced("K7QM4XRTB")
    ('K7QM-4XHM', 'K7Q-M4X-RTB')
    """
    size = _GROUPS.get(len(text), len(text) or 1)
    return "-".join(text[start : start + size] for start in range(0, len(text), size))


def box_letters(number: int) -> list[str]:
    """Return the letters that stand for this many skills in the tick boxes of a sheet.

    >>> box_letters(3), len(set(box_letters(30)))
    (['A', 'B', 'C'], 30)
    """
    return [chr(ord("A") + one) if one < 26 else f"A{chr(ord('A') + one - 26)}" for one in range(number)]


def _sums(letters: str) -> tuple[int, int]:
    places = [_PLACE[letter] for letter in letters]
    weighed = sum(number * place for number, place in enumerate(places, 1))
    return sum(places) % _PRIME, weighed % _PRIME


def _what_is_wrong(letters: str) -> MarkProblem:
    """Say which letter to look at: an error e at place j leaves the sums e and j·e, a swap 0 and more."""
    difference, weighed = _sums(letters)
    if difference:
        letter = weighed * pow(difference, -1, _PRIME) % _PRIME
        return MarkProblem("wrong", letter) if 1 <= letter <= len(letters) else MarkProblem("unreadable")
    swaps = [
        place
        for place, (one, other) in enumerate(itertools.pairwise(letters), 1)
        if (_PLACE[one] - _PLACE[other]) % _PRIME == -weighed % _PRIME
    ]
    return MarkProblem("swapped", swaps[0]) if len(swaps) == 1 else MarkProblem("unreadable")
