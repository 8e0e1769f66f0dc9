"""From the bytes of a text to its characters: byte order marks, UTF-8, UTF-16, and the old code pages."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable

from referrals.importing.rosters.legacy import accented_words, from_tcvn3, from_vni, vietnamese_share
from referrals.importing.rosters.refusals import refuse

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 65_536
_SURE = 0.6  # of the accented words must be Vietnamese
_WESTERN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŠšŽžŸŒœ]+")
_CONTROLS = re.compile("[\x01-\x08\x0e-\x19\x1b\x7f-\x84\x86-\x9f]")


def decode(data: bytes) -> tuple[str, str]:
    """Return the characters of a text, composed (NFC), and the name of its encoding.

    Raises `Invalid`: file_encoding when no reading makes sense, file_not_a_list when it is no text at all.

    >>> decode("Lê Thị Đào".encode("utf-16-be"))
    ('Lê Thị Đào', 'utf-16-be')
    >>> decode("Họ và tên".encode("utf-8"))
    ('Họ và tên', 'utf-8')
    """
    text, encoding = _characters(data)
    text = text.removeprefix("\ufeff")
    text = text.rstrip("\x00").rstrip("\x1a\x00").replace("\x00", "")
    sample = text[:_SAMPLE]
    if len(_CONTROLS.findall(sample)) * 20 > len(sample):
        raise refuse("file_not_a_list")
    return unicodedata.normalize("NFC", text), encoding


def _characters(data: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding), encoding
    wide = _without_mark(data)
    if wide is not None:
        return _strict(data, wide), wide
    text = _utf8(data)
    if text is not None:
        return text, "utf-8"
    if _mostly_utf8(data):
        raise refuse("file_encoding")
    return _old(data)


def _strict(data: bytes, encoding: str) -> str:
    """Decode; a character cut off at the very end is the end of a cut file and is dropped."""
    width = {"utf-16": 2, "utf-16-le": 2, "utf-16-be": 2, "utf-32": 4}.get(encoding, 1)
    data = data[: len(data) - len(data) % width]
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(data)
    except UnicodeDecodeError as fault:
        raise refuse("file_encoding") from fault


def _without_mark(data: bytes) -> str | None:
    """Tell UTF-16 without its mark by where the zeros stand: Latin letters have one in every pair."""
    sample = data[: min(_SAMPLE, len(data) // 2 * 2)]
    pairs = len(sample) // 2
    if not pairs:
        return None
    first, second = sample[0::2].count(0), sample[1::2].count(0)
    if second > 0.3 * pairs and first < 0.05 * pairs:
        return "utf-16-le"
    if first > 0.3 * pairs and second < 0.05 * pairs:
        return "utf-16-be"
    return None


def _utf8(data: bytes) -> str | None:
    try:
        return codecs.getincrementaldecoder("utf-8")("strict").decode(data)
    except UnicodeDecodeError:
        return None


def _mostly_utf8(data: bytes) -> bool:
    """Tell UTF-8 with a few broken places from a code page, where whole sequences are an accident."""
    text = data[:_SAMPLE].decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(ord(letter) > 0x7F for letter in text) - broken
    return whole > 3 * broken


def _old(data: bytes) -> tuple[str, str]:
    """Read a code page: the reading that gives Vietnamese wins."""
    if data[:_SAMPLE].count(0) * 10 > len(data[:_SAMPLE]):
        raise refuse("file_not_a_list")
    bytes_as_letters = data.decode("latin-1")
    ways: tuple[tuple[str, Callable[[], str]], ...] = (
        ("cp1258", lambda: data.decode("cp1258")),
        ("cp1252", lambda: data.decode("cp1252")),
        ("tcvn3", lambda: from_tcvn3(bytes_as_letters)),
        ("vni", lambda: from_vni(bytes_as_letters)),
    )
    best: tuple[float, str, str] | None = None
    for name, way in ways:
        try:
            text = way()
        except UnicodeDecodeError:
            continue
        share = vietnamese_share(text)
        if share is None:  # only signs beyond ASCII, such as quotes and dashes
            continue
        if best is None or share > best[0] + 1e-9:
            best = (share, text, name)
    if best is not None and best[0] >= _SURE:
        return best[1], best[2]
    return _western(data), "cp1252"


def _western(data: bytes) -> str:
    """Read Windows-1252 if nothing speaks against it. Raises `Invalid` where something does."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as fault:
        raise refuse("file_encoding") from fault
    words = accented_words(text)
    odd = [
        word for word in words if not (_WESTERN.fullmatch(word) and (word.isupper() or word[1:].islower()))
    ]
    symbols = sum(letter in "¡¢£¤¥¦§¨©ª¬®¯±²³´µ¶¸¹»¼½¾¿÷×" for letter in text)
    if len(odd) * 5 > len(words) or symbols * 50 > len(text):
        raise refuse("file_encoding")
    return text
