"""Vietnamese as it was written before Unicode: TCVN3 (ABC fonts), VNI fonts; and how Vietnamese a text looks.

An old file does not say how it was written. Each way of reading it is tried, and the one whose accented words
are syllables of Vietnamese is right: wrong readings hardly ever give any.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

# TCVN 5712:1993, bytes A1 to FE in order; B0 to B4 are the tones alone.
_TCVN3 = (
    "ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾ"
    "ỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵ"
)
_FROM_TCVN3 = {0xA1 + place: letter for place, letter in enumerate(_TCVN3)}

# VNI writes a letter and, behind it, one byte for its marks; some letters have a byte of their own.
_VNI_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_HAT = {"á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323", "â": ""}
_VNI_BREVE = {"é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323", "ê": ""}
_VNI_ALONE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}

_TONES = dict.fromkeys(map(ord, "\u0300\u0309\u0303\u0301\u0323"))
_TONE_ASTRAY = re.compile("(?<![aeiouy\u0306\u0302\u031b])[\u0300\u0309\u0303\u0301\u0323]")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|gh|gi|kh|nh|ph|qu|th|tr|ch|[bcdđðghklmnprstvxfjwz])?"
    r"(?:"
    r"(?:[aeêioôơuưy]|oa|oe|uy|uê|uơ|ia|ya|ua|ưa|[iy]ê|uô|ươ|uyê|oo)"  # open, or with an ending
    r"(?:ng|nh|ch|[cmnpt])?"
    r"|(?:ă|â|oă|uâ|uă)(?:ng|[cmnpt])"
    r"|(?:[aâăoôơuưê]|oa|uô|ươ|uâ)[iy]|(?:[aâeêiưo]|iê|yê|ươ|oa|oe)[ou]|uya|uyu"
    r")"
)
_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f][^\W\d_]*)*")
_ENOUGH = 4_000


def from_tcvn3(text: str) -> str:
    """Read a text whose characters are the bytes of TCVN3.

    Most accented letters have no capital there, a font of capitals shows them large: among capitals they are.

    >>> from_tcvn3("NguyÔn V¨n §øc, TRÇN THÞ TUYÕT")
    'Nguyễn Văn Đức, TRẦN THỊ TUYẾT'
    """
    return _WORD.sub(_all_capitals, text.translate(_FROM_TCVN3))


def _all_capitals(found: re.Match[str]) -> str:
    word = found.group()
    bare = [letter for letter in word if letter.isascii()]
    return word.upper() if len(bare) > 1 and all(map(str.isupper, bare)) else word


def _vni_pairs() -> dict[str, str]:
    pairs: dict[str, str] = {}
    for base in "aeouyôö":
        plain_base = _VNI_ALONE.get(base, base)
        pairs |= {base + mark: plain_base + tone for mark, tone in _VNI_TONES.items()}
    for base in "aeo":
        pairs |= {base + mark: base + "\u0302" + tone for mark, tone in _VNI_HAT.items()}
    pairs |= {"a" + mark: "a\u0306" + tone for mark, tone in _VNI_BREVE.items()}
    pairs |= _VNI_ALONE
    lower = {old: unicodedata.normalize("NFC", new) for old, new in pairs.items()}
    return lower | {old.upper(): new.upper() for old, new in lower.items()}


_FROM_VNI = _vni_pairs()
_VNI = re.compile("|".join(sorted(map(re.escape, _FROM_VNI), key=len, reverse=True)))


def from_vni(text: str) -> str:
    """Read a text whose characters are the bytes of a VNI font (VNI-Times and its kin).

    >>> from_vni("Nguyeãn Vaên Ñöùc, TRAÀN THÒ HOÀNG")
    'Nguyễn Văn Đức, TRẦN THỊ HỒNG'
    """
    return _VNI.sub(lambda found: _FROM_VNI[found.group()], text)


def is_syllable(word: str) -> bool:
    """Tell whether an NFC word has the shape of one Vietnamese syllable.

    >>> [word for word in ("Nguyễn", "ĐỨC", "NguyÔn", "Vaên", "Ḥa", "Xă", "Þ") if is_syllable(word)]
    ['Nguyễn', 'ĐỨC']
    """
    if not (word.islower() or word.isupper() or word.istitle() or word[1:].islower()):
        return False
    parts = unicodedata.normalize("NFD", word.lower())
    bare = parts.translate(_TONES)
    if len(parts) - len(bare) > 1 or _TONE_ASTRAY.search(parts):
        return False
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)) is not None


def accented_words(text: str) -> list[str]:
    """Return the different words of a text with a letter beyond ASCII, the first few thousand of them."""
    found = (match.group() for match in _WORD.finditer(unicodedata.normalize("NFC", text)))
    return list(islice(dict.fromkeys(word for word in found if not word.isascii()), _ENOUGH))


def vietnamese_share(text: str) -> float | None:
    """Return which part of the accented words are syllables of Vietnamese, None when there is none.

    >>> vietnamese_share("Nguyễn Văn A, Đà Nẵng"), vietnamese_share("Tran Van A")
    (1.0, None)
    """
    words = accented_words(text)
    if not words:
        return None
    return sum(map(is_syllable, words)) / len(words)
