"""The tree of units: which kind may stand below which, and that nothing stands below itself.

The depth varies: a chapter may stand right below a ward union, and a base may hold bases.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from core.i18n import N_
from core.vietnamese import without_marks

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "city": N_("Thành Đoàn"),
        "ward_union": N_("Đoàn phường, xã, đặc khu"),
        "bloc": N_("Đoàn khối, trường, ngành"),
        "base": N_("Đoàn cơ sở"),
        "chapter": N_("Chi đoàn"),
    }
)

# Kind → the kinds it may stand below. The city stands below nothing.
_PARENTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "city": frozenset(),
        "ward_union": frozenset({"city"}),
        "bloc": frozenset({"city", "bloc"}),
        "base": frozenset({"city", "ward_union", "bloc", "base"}),
        "chapter": frozenset({"ward_union", "bloc", "base"}),
    }
)

_CODE = re.compile(r"[A-Z0-9]+(?:[-._][A-Z0-9]+)*")
CODE_LENGTH = 60


def fits_below(kind: str, parent_kind: str) -> bool:
    """Tell whether a unit of one kind may stand below one of another.

    >>> fits_below("chapter", "ward_union"), fits_below("ward_union", "chapter"), fits_below("city", "city")
    (True, False, False)
    """
    return parent_kind in _PARENTS.get(kind, frozenset())


def kinds_below(parent_kind: str) -> list[str]:
    """Return the kinds that may stand below a kind, in the order of the tree.

    >>> kinds_below("ward_union")
    ['base', 'chapter']
    """
    return [kind for kind in KINDS if fits_below(kind, parent_kind)]


def would_circle(unit_id: int, parent_id: int, path_of_parent: list[int]) -> bool:
    """Tell whether a unit would come to stand below itself; the path runs from the root to the parent.

    >>> would_circle(3, 7, [1, 3, 7]), would_circle(3, 5, [1, 5]), would_circle(3, 3, [1, 3])
    (True, False, True)
    """
    return unit_id == parent_id or unit_id in path_of_parent


def clean_code(text: str) -> str | None:
    """Return a unit's code in capitals, or None where it is none: letters, digits, single - . _ between.

    >>> clean_code(" du-20194 "), clean_code("Đoàn 1"), clean_code("-A")
    ('DU-20194', None, None)
    """
    code = text.strip().upper()
    return code if len(code) <= CODE_LENGTH and _CODE.fullmatch(code) else None


def code_from_name(name: str) -> str:
    """Return a code made of a unit's name; the caller sees to it that it is free.

    >>> code_from_name("Chi đoàn Tổ 12 – Hoà Khánh"), code_from_name("…")
    ('CHI-DOAN-TO-12-HOA-KHANH', 'DON-VI')
    """
    words = re.findall(r"[A-Z0-9]+", without_marks(name).upper())
    return "-".join(words)[: CODE_LENGTH - 6].rstrip("-") or "DON-VI"
