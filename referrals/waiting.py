"""Waiting: somebody wants to be taught, and an ambassador of the ward takes that one person.

wish
    what somebody asked for: who, where, by which phone, which skill. It belongs to no person here yet.
came by
    a *form* on the public page, a *call* to the ward that a coordinator wrote down, or a *walk-in* whom an
    ambassador met.
states
    waiting → taken → taught; back from taken to waiting (given back, or after 14 days by itself); withdrawn
    from either.
token
    the last part of the link by which the one who asked takes the wish back, such as "7-k5x…": nothing secret
    is stored.

>>> box = SecretsBox(["a key"], "an index key")
>>> read_wish_token(box, wish_token(box, 7)), read_wish_token(box, "8" + wish_token(box, 7)[1:])
(7, None)
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.i18n import N_
from core.secrets_box import SecretsBox

MOST_TAKEN: Final = 5
"""So many an ambassador may have taken at once: those who wait should not wait in somebody's pocket."""
DAYS_TO_TEACH: Final = 14
"""After so many days untaught a wish goes back to the list by itself."""
DAYS_UNTIL_ERASED: Final = 7
"""So long after the end of a wait the name and the phone are kept."""
LONGEST_NOTE: Final = 200

CONSENT: Final = N_(
    "Tôi đồng ý để chương trình giữ tên, số điện thoại và phường, xã của tôi, và đưa cho một Đại sứ số "
    "gọi hẹn ngày dạy. Dạy xong hoặc khi tôi rút lại, tên và số được xóa sau bảy ngày."
)
"""What somebody agrees to who asks to be taught."""

CAME_BY: Mapping[str, str] = MappingProxyType(
    {
        "form": N_("Tự đăng ký trên trang"),
        "call": N_("Gọi đến phường, xã"),
        "walk_in": N_("Nói với Đại sứ"),
    }
)

# Why a wish is given back; the last one ends it.
NOT_WANTED: Final = "not_wanted"
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "no_answer": N_("Gọi không được"),
        "no_time": N_("Tôi chưa sắp xếp được"),
        "too_far": N_("Xa tôi quá"),
        "other_skill": N_("Việc này tôi chưa rành"),
        NOT_WANTED: N_("Người ấy không cần nữa"),
    }
)

PURPOSE: Final = "waiting"
MAC_BYTES: Final = 10
_TOKEN = re.compile(r"([1-9][0-9]{0,17})-([a-z2-7]{16})")


def wish_token(box: SecretsBox, wish_id: int) -> str:
    """Return the token by which the one who asked comes back to the wish."""
    return f"{wish_id}-{_mac(box, wish_id)}"


def read_wish_token(box: SecretsBox, token: str) -> int | None:
    """Return the id of the wish, or None for a token that this house never made. Compares in constant time.

    >>> box = SecretsBox(["a key"], "an index key")
    >>> read_wish_token(box, wish_token(box, 12).upper()), read_wish_token(box, "nonsense")
    (12, None)
    """
    match = _TOKEN.fullmatch(token.lower())
    if match is None:
        return None
    wish_id = int(match[1])
    return wish_id if hmac.compare_digest(_mac(box, wish_id), match[2]) else None


def _mac(box: SecretsBox, wish_id: int) -> str:
    return base64.b32encode(box.code(PURPOSE, str(wish_id))[:MAC_BYTES]).decode().lower()
