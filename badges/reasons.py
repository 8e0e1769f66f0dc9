"""Why a badge is there, or not yet: what counts, what does not, and how much of each. Pure.

The sentences of the codes, and of what is missing, stand in `templates/badges/words.html`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from badges.catalogue import Progress
from core.i18n import N_
from referrals.facts import PersonFacts

# These come from the snapshot of the whole tree, so they may be some minutes old.
FROM_SNAPSHOT: Final = frozenset({"reach", "depth"})


@dataclass(frozen=True)
class Uncounted:
    """What a person did that a badge may not count.

    `repeats` are confirmed acts with somebody who counts already by another act; `above` learners who stood
    above the teacher in the tree. `expired`, `disputed`, `returned` are acts in these states. `no_age` and
    `no_ward` are counted learners of whom this is not known.
    """

    repeats: int = 0
    above: int = 0
    expired: int = 0
    disputed: int = 0
    returned: int = 0
    no_age: int = 0
    no_ward: int = 0


@dataclass(frozen=True)
class Reason:
    """A stable code with its number; `helps` tells that something can be done about it."""

    code: str
    number: int
    helps: bool = False


@dataclass(frozen=True)
class Rule:
    """What counts towards a fact, and what does not, in words to translate."""

    counts: str
    not_counts: str


_CONFIRMED: Final = N_("Lượt chưa được người học xác nhận thì chưa tính.")

RULES: Final[dict[str, Rule]] = {
    "taught": Rule(
        N_("Mỗi người học đã xác nhận được tính một lần, dù bạn dạy họ bao nhiêu lượt."),
        N_("Không tính người vốn đứng trên bạn trong cây: người từng dạy bạn, hay người đã dạy họ."),
    ),
    "raised": Rule(
        N_("Tính người học đứng ngay dưới bạn trong cây, khi chính họ đã có năm người học xác nhận."),
        N_("Không tính người đã được ai khác dạy trước: họ đứng dưới người dạy đầu tiên của mình."),
    ),
    "depth": Rule(
        N_("Tính số thế hệ bên dưới bạn: người được bạn dạy là một, người họ dạy lại là hai, cứ thế tiếp."),
        _CONFIRMED,
    ),
    "reach": Rule(N_("Tính mọi người bên dưới bạn trong cây, dù cách bao nhiêu thế hệ."), _CONFIRMED),
    "elders": Rule(
        N_("Tính người học từ 60 tuổi trở lên đã xác nhận, theo nhóm tuổi được ghi."),
        N_("Người chưa ghi nhóm tuổi thì chưa tính được vào đây."),
    ),
    "skills": Rule(
        N_("Mỗi kỹ năng được tính một lần, từ những lượt dạy đã xác nhận."),
        N_("Dạy cùng một kỹ năng cho nhiều người vẫn tính là một kỹ năng."),
    ),
    "wards": Rule(
        N_("Tính các phường, xã nơi những người học đã xác nhận đang ở."),
        N_("Người chưa ghi phường, xã thì chưa tính được vào đây."),
    ),
}

_ABOUT_LEARNERS: Final = frozenset({"taught", "elders", "wards"})


def reasons(found: Progress, facts: PersonFacts, uncounted: Uncounted) -> list[Reason]:
    """Return what does not count (yet) towards a badge, what can be mended first; zeros are left out.

    >>> from badges.catalogue import MAIN, progress
    >>> facts = PersonFacts(person_id=7, taught=3, contacts=5, waiting=2)
    >>> [(one.code, one.number) for one in reasons(progress(MAIN, facts), facts, Uncounted(repeats=2))]
    [('waiting', 2), ('repeats', 2)]
    """
    fact = found.badge.fact
    lines = [
        Reason("waiting", facts.waiting, helps=True),
        Reason("returned", uncounted.returned, helps=True),
        Reason("expired", uncounted.expired, helps=True),
        Reason("no_age", uncounted.no_age if fact == "elders" else 0),
        Reason("no_ward", uncounted.no_ward if fact == "wards" else 0),
        Reason("disputed", uncounted.disputed),
        Reason("repeats", uncounted.repeats if fact in _ABOUT_LEARNERS else 0),
        Reason("above", uncounted.above if fact in _ABOUT_LEARNERS else 0),
    ]
    return [line for line in lines if line.number]
