"""Whether two records may be one person: the one set of rules that every way of recording asks.

key
    the name without marks, case and tone placement (`people.names.name_key`).
spelling
    the name with its marks, its tones in one place. Names of one key may be spelled apart ("Hoa", "Hòa"):
    those are two names, or a slip, so they are never one for certain. A name typed without any mark stands
    for all its spellings.
evidence
    what speaks for one person, or against: phone, ward, gender, age band. Nothing known is no evidence.

The answer is a hint, never an identity: households share phones, and a village shares names.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import OSA

from core.vietnamese import same_spelling
from people.age_bands import band_place

Likeness = Literal["phone", "certain", "maybe", "other"]
"""`phone`: certain, by name and phone together; `certain`: by name and ward; `maybe`: a human must say."""

FAR_BANDS = 2
"""Age bands so far apart are no slip and no birthday."""

# What a Vietnamese syllable looks like once its marks are gone. Two such words are two names ("Lan", "Loan");
# a word that is none ("Lann", "Nguyenx") is a slip of the keyboard.
_SYLLABLE = re.compile(
    r"(?:b|ch?|d|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th?|tr|v|x)?"
    r"(?:ieu|oai|oao|oay|oeo|uai|uao|uay|uoi|uou|uya|uye|uyu|yeu|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo"
    r"|ua|ue|ui|uo|uu|uy|ye|a|e|i|o|u|y)"
    r"(?:ch|nh|ng|c|m|n|p|t)?"
)


@dataclass(frozen=True, slots=True)
class Traits:
    """What a line, or a record, tells of a person. None: not known."""

    name_key: str
    full_name: str
    phone_hash: str | None = None
    ward_code: str | None = None
    gender: str | None = None
    age_band: str | None = None


def likeness(one: Traits, other: Traits) -> Likeness:
    """Tell how far two records may be one person.

    >>> lan = Traits("le thi lan", "Lê Thị Lan", phone_hash="p", ward_code="1")
    >>> likeness(lan, Traits("le thi lan", "LE THI LAN", phone_hash="p", ward_code="2"))
    'phone'
    >>> likeness(lan, Traits("le thi lan", "Lê Thị Lan", ward_code="1"))
    'certain'
    >>> likeness(lan, Traits("le thi lan", "Lê Thị Lan", ward_code="2"))
    'maybe'
    >>> likeness(lan, Traits("le thi lan", "Lê Thị Lan", phone_hash="q", ward_code="2"))
    'other'
    """
    same = one.name_key == other.name_key
    if not same and not near(one.name_key, other.name_key):
        return "other"
    phone = _agree(one.phone_hash, other.phone_hash)
    ward = _agree(one.ward_code, other.ward_code)
    against = _against(one, other)
    if not same or not same_name(one.full_name, other.full_name):
        return "maybe" if phone or not against else "other"
    if phone:
        return "maybe" if _differ(one.gender, other.gender) or _far(one, other) else "phone"
    if ward and not against and not _differ(one.age_band, other.age_band):
        return "certain"
    return "maybe" if against < 2 else "other"


def nothing_against(one: Traits, other: Traits) -> bool:
    """Tell whether two records have one name and contradict each other in nothing.

    >>> nothing_against(Traits("lan", "Lan", "p"), Traits("lan", "Lan")), nothing_against(
    ...     Traits("lan", "Lan", "p"), Traits("lan", "Lan", "q"))
    (True, False)
    """
    same = one.name_key == other.name_key and same_name(one.full_name, other.full_name)
    return same and not _against(one, other)


def same_name(one: str, other: str) -> bool:
    """Tell whether two names of one key are one name; what was typed without marks may be any of them.

    >>> same_name("Lê Thị Hoà", "LÊ THỊ HÒA"), same_name("Lê Thị Hoà", "Le Thi Hoa")
    (True, True)
    >>> same_name("Lê Thị Hoà", "Lê Thị Hoa")
    False
    """
    if one == other or one.isascii() or other.isascii():
        return True
    return _letters(one) == _letters(other)


def near(one: str, other: str) -> bool:
    """Tell whether two keys of names are one name, but for a slip of the keyboard or a word left out.

    >>> near("nguyen thi lan", "nguyenx thi lan"), near("nguyen thi lan", "nguyen lan")
    (True, True)
    >>> near("nguyen thi lan", "nguyen thi loan"), near("zoram thi hanh", "zram thi hanh")
    (False, True)
    """
    if one == other:
        return False
    if one.replace(" ", "") == other.replace(" ", ""):
        return True
    ours, theirs = one.split(), other.split()
    if len(ours) == len(theirs):
        odd = [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]]
        return len(ours) > 1 and len(odd) == 1 and _slip(*odd[0])
    short, long = sorted((ours, theirs), key=len)
    return len(short) > 1 and any(rest == short for rest in _without_a_middle(long))


class NearNames:
    """Finds near keys among many, without comparing each with each.

    Two near keys share their first word or their last: that is enough to look through the keys a few times.
    They also share all words but one, so they meet in a block: sorting the keys into blocks takes longer than
    a look, and pays when many are asked.

    >>> NearNames(["nguyen thi lan", "tran van nam"]).of("nguyen thi lann")
    ['nguyen thi lan']
    """

    FEW = 8

    def __init__(self, keys: Iterable[str]) -> None:
        self._places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
        self._blocks: dict[Hashable, list[str]] = {}
        self._asked = 0

    def of(self, key: str) -> list[str]:
        """Return the near keys, in the order in which they were given first."""
        self._asked += 1
        if self._asked <= self.FEW:
            return [one for one in self._alike(key) if near(key, one)]
        if not self._blocks:
            self._sort()
        met = {one for block in _blocks(key) for one in self._blocks.get(block, ()) if near(key, one)}
        return sorted(met, key=self._places.__getitem__)

    def _alike(self, key: str) -> Iterator[str]:
        words = key.split() or [""]
        first, last, joined = f"{words[0]} ", f" {words[-1]}", key.replace(" ", "")
        for one in self._places:
            if one.startswith(first) or one.endswith(last) or one.replace(" ", "") == joined:
                yield one

    def _sort(self) -> None:
        for one in self._places:
            for block in _blocks(one):
                self._blocks.setdefault(block, []).append(one)


def _blocks(key: str) -> Iterator[Hashable]:
    words = key.split()
    yield key.replace(" ", "")
    for place in range(len(words) if len(words) > 1 else 0):
        yield (place, len(words), *words[:place], *words[place + 1 :])
    # A word left out: the shorter name as a whole meets the longer one without a middle word.
    yield ("short", *words)
    for rest in _without_a_middle(words):
        yield ("short", *rest)


def _without_a_middle(words: list[str]) -> Iterator[list[str]]:
    for place in range(1, len(words) - 1):
        yield words[:place] + words[place + 1 :]


def _slip(one: str, other: str) -> bool:
    if _SYLLABLE.fullmatch(one) and _SYLLABLE.fullmatch(other):
        return False
    most = 1 if min(len(one), len(other)) <= 5 else 2
    return OSA.distance(one, other, score_cutoff=most) <= most


def _letters(name: str) -> str:
    return " ".join(same_spelling(name).casefold().split())


def _against(one: Traits, other: Traits) -> int:
    return (
        _differ(one.phone_hash, other.phone_hash)
        + _differ(one.ward_code, other.ward_code)
        + _differ(one.gender, other.gender)
        + _far(one, other)
    )


def _agree(one: str | None, other: str | None) -> bool:
    return one is not None and one == other


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _far(one: Traits, other: Traits) -> bool:
    if one.age_band is None or other.age_band is None:
        return False
    return abs(band_place(one.age_band) - band_place(other.age_band)) >= FAR_BANDS
