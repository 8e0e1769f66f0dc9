"""The ward in an address as people write it: names of today and of before July 2025, with or without accents.

An address that cannot be placed for certain is said to be so; nothing is guessed from a street.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from core.vietnamese import clean_text, fold, same_spelling
from people.places_before_2025 import OLD_PLACES
from people.places_danang import PLACES, find_place

AddressDoubt = Literal["", "ward_unknown", "ward_several"]

ADDRESS_LENGTH: Final = 300


class WardFound(NamedTuple):
    """The code of a ward, or None; and what is doubtful about it. An empty address is no doubt."""

    code: str | None
    doubt: AddressDoubt = ""


class _Entry(NamedTuple):
    kind: str
    spelling: str
    codes: tuple[str, ...]
    today: bool


_KIND_WORDS: Final = {
    ("phuong",): "phuong",
    ("p",): "phuong",
    ("ward",): "phuong",
    ("xa",): "xa",
    ("x",): "xa",
    ("commune",): "xa",
    ("thi", "tran"): "thi tran",
    ("tt",): "thi tran",
    ("dac", "khu"): "dac khu",
    ("dk",): "dac khu",
}
_TODAY_KINDS: Final = {"ward": "phuong", "commune": "xa", "special_zone": "dac khu"}
_LARGER = re.compile(r"^(?:quan|q|huyen|h|tinh|thanh pho|tp|tx|thi xa|t)(?:\.\s*|\s+)(?P<name>.+)$")
_OURS: Final = frozenset(
    ("da nang", "quang nam", "hoi an", "tam ky", "dien ban", "quang nam da nang", "quang nam - da nang")
)
# fmt: off
_PROVINCES: Final = frozenset(
    (
        "an giang", "ba ria - vung tau", "bac giang", "bac kan", "bac lieu", "bac ninh", "ben tre",
        "binh dinh", "binh duong", "binh phuoc", "binh thuan", "ca mau", "can tho", "cao bang", "dak lak",
        "dac lac", "dak nong", "dien bien", "dong nai", "dong thap", "gia lai", "ha giang", "ha nam",
        "ha noi", "ha tinh", "hai duong", "hai phong", "hau giang", "hoa binh", "ho chi minh", "hcm",
        "hung yen", "khanh hoa", "kien giang", "kon tum", "lai chau", "lam dong", "lang son", "lao cai",
        "long an", "nam dinh", "nghe an", "ninh binh", "ninh thuan", "phu tho", "phu yen", "quang binh",
        "quang ngai", "quang ninh", "quang tri", "soc trang", "son la", "tay ninh", "thai binh",
        "thai nguyen", "thanh hoa", "thua thien hue", "thua thien - hue", "hue", "tien giang", "tra vinh",
        "tuyen quang", "vinh long", "vinh phuc", "yen bai", "sai gon",
    )
)
# fmt: on
_ENGLISH = re.compile(r"^(.+) (ward|commune|special zone)$", re.IGNORECASE)
_ENGLISH_KINDS: Final = {"ward": "phuong", "commune": "xa", "special zone": "dac khu"}
_PIECES = re.compile(r"[,;\n/|]+|\s[-–]\s")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def _entries() -> dict[tuple[str, ...], list[_Entry]]:
    found: dict[tuple[str, ...], list[_Entry]] = defaultdict(list)
    for place in PLACES:
        entry = _Entry(_TODAY_KINDS[place.kind], _spelling(place.name), (place.code,), today=True)
        found[_words(place.name)].append(entry)
    for old in OLD_PLACES:
        found[_words(old.name)].append(_Entry(old.kind, _spelling(old.name), old.codes, today=False))
    return dict(found)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(text)))


def _spelling(text: str) -> str:
    return same_spelling(text).lower()


_BY_NAME: Final = _entries()
_LONGEST: Final = max(map(len, _BY_NAME))


@lru_cache(maxsize=1 << 15)
def find_ward(address: str) -> WardFound:
    """The ward of an address.

    A name behind its kind ("P. Hòa Cường Bắc") is believed before a bare one; of bare names only whole
    pieces between commas count, the first one first. A unit that was divided gives its larger part and the
    doubt `ward_several`; a name of several units that nothing tells apart gives none.

    >>> find_ward("126 Lê Duẩn, Phường Thạch Thang, Quận Hải Châu, TP Đà Nẵng")
    WardFound(code='20242', doubt='')
    >>> find_ward("to 5 hoa minh, lien chieu"), find_ward("Xã Hòa Liên")
    (WardFound(code='20200', doubt=''), WardFound(code='20197', doubt='ward_several'))
    >>> find_ward(" ,, , "), find_ward("Phường Phú Hội, TP Huế")
    (WardFound(code=None, doubt=''), WardFound(code=None, doubt='ward_unknown'))
    """
    text = clean_text(address[:ADDRESS_LENGTH])
    if not any(map(str.isalnum, text)):
        return WardFound(None)
    place = find_place(text)
    if place is not None and (len(_BY_NAME[_words(place.name)]) == 1 or _says_kind(text)):
        return WardFound(place.code)
    pieces = [_kind_first(piece.strip(" .:")) for piece in _PIECES.split(text) if piece.strip(" .:")]
    if any(map(_elsewhere, pieces[-2:])):
        return WardFound(None, "ward_unknown")
    for piece in pieces:
        if entries := _behind_kind(piece):
            return _decided(entries)
    for piece in pieces:
        if entries := _bare(piece):
            return _decided(entries)
    return WardFound(None, "ward_unknown")


def _kind_first(piece: str) -> str:
    """The piece with its kind where Vietnamese has it: "Hai Chau Ward" → "phuong Hai Chau"."""
    match = _ENGLISH.match(piece)
    return piece if match is None else f"{_ENGLISH_KINDS[match[2].lower()]} {match[1]}"


def _says_kind(text: str) -> bool:
    words = _words(text)
    return words[:1] in _KIND_WORDS or words[:2] in _KIND_WORDS or text.isdecimal()


def _elsewhere(piece: str) -> bool:
    folded = fold(piece)
    larger = _LARGER.match(folded)
    name = larger["name"].strip(" .") if larger else folded
    return name in _PROVINCES and name not in _OURS and not _has_kind(folded)


def _has_kind(folded: str) -> bool:
    return folded.startswith(("phuong ", "xa ", "p.", "x."))


def _behind_kind(piece: str) -> list[_Entry]:
    """Places whose name follows the word for their kind, as in "tổ 5 phường Hòa Khánh Nam"."""
    spelt = _WORD.findall(_spelling(piece))
    words = [fold(word) for word in spelt]
    for start in range(len(words)):
        for length in (2, 1):
            kind = _KIND_WORDS.get(tuple(words[start : start + length]))
            if kind is not None and (entries := _starting(words, spelt, start + length)):
                fitting = [entry for entry in entries if entry.kind == kind]
                if fitting:
                    return fitting
    return []


def _starting(words: list[str], spelt: list[str], start: int) -> list[_Entry]:
    """The places of the longest name that begins there, those in this very spelling if there are any."""
    for length in range(min(_LONGEST, len(words) - start), 0, -1):
        entries = _BY_NAME.get(tuple(words[start : start + length]))
        if entries:
            spelling = " ".join(spelt[start : start + length])
            return [entry for entry in entries if entry.spelling == spelling] or entries
    return []


def _bare(piece: str) -> list[_Entry]:
    folded = fold(piece)
    if _LARGER.match(folded):
        return []
    piece = re.sub(r"^(?:tổ|to|thôn|thon|khu|kp|tdp|k)\.? ?\d+\w?\s+", "", piece, flags=re.IGNORECASE)
    spelt = _WORD.findall(_spelling(piece))
    words = [fold(word) for word in spelt]
    entries = _starting(words, spelt, 0)
    return entries if entries and tuple(words) in _BY_NAME else []


def _decided(entries: list[_Entry]) -> WardFound:
    codes = {entry.codes for entry in entries}
    if len(codes) > 1:
        spelt_today = {entry.codes for entry in entries if entry.today}
        return WardFound(spelt_today.pop()[0]) if len(codes) == len(spelt_today) == 1 else _several()
    only = codes.pop()
    return WardFound(only[0], "ward_several" if len(only) > 1 else "")


def _several() -> WardFound:
    return WardFound(None, "ward_several")
