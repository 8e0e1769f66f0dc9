"""The badges: one entry a badge. Pure: facts in, badges and progress out.

A badge speaks of one fact of `referrals.facts.PersonFacts` and asks for a number of it. Names are warm and
plain, and never sound like the official confirmation of digital skills, which belongs to VNeID.

>>> facts = PersonFacts(person_id=7, taught=3, contacts=4, elders=1)
>>> [badge.code for badge in earned(facts)]
['first_learner']
>>> progress(MAIN, facts)
Progress(badge=<five_learners>, have=3, need=5)
>>> progress(MAIN, facts).missing
2
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from core.i18n import N_
from referrals.facts import PersonFacts


@dataclass(frozen=True, repr=False)
class Badge:
    """A badge: due when a person's `fact` reaches `threshold`.

    `family` is the medal's shape, `level` (1 to 4) its ring, `glyph` the name of an icon.
    """

    code: str
    name: str
    description: str
    family: str
    level: int
    glyph: str
    fact: str
    threshold: int

    def __repr__(self) -> str:
        return f"<{self.code}>"


@dataclass(frozen=True)
class Progress:
    """How far a person is on the way to a badge."""

    badge: Badge
    have: int
    need: int

    @property
    def missing(self) -> int:
        """Return how much is still missing, 0 when nothing is."""
        return max(self.need - self.have, 0)

    @property
    def done(self) -> bool:
        """Tell whether the badge is due."""
        return self.have >= self.need


CATALOGUE: Final[tuple[Badge, ...]] = (
    Badge(
        "first_learner",
        N_("Người khơi mạch"),
        N_("Người đầu tiên bạn chỉ dẫn đã xác nhận. Mọi dòng suối đều bắt đầu như thế."),
        "path",
        1,
        "chat",
        "taught",
        1,
    ),
    Badge(
        "five_learners",
        N_("Người gieo hạt"),
        N_("Năm người đã học được nhờ bạn, và chính họ xác nhận điều đó."),
        "path",
        2,
        "sprout",
        "taught",
        5,
    ),
    Badge(
        "twenty_learners",
        N_("Người vun vườn"),
        N_("Hai mươi người đã học được nhờ bạn: cả một khu vườn xanh."),
        "path",
        3,
        "medal",
        "taught",
        20,
    ),
    Badge(
        "fifty_learners",
        N_("Mùa bội thu"),
        N_("Năm mươi người đã học được nhờ bạn. Ít ai đi được xa như vậy."),
        "path",
        4,
        "trophy",
        "taught",
        50,
    ),
    Badge(
        "raised_one",
        N_("Người trồng cây"),
        N_("Một người được bạn dạy nay đã dạy lại cho năm người khác."),
        "reach",
        2,
        "tree",
        "raised",
        1,
    ),
    Badge(
        "raised_five",
        N_("Người trồng rừng"),
        N_("Năm người được bạn dạy, mỗi người đã dạy lại cho ít nhất năm người khác."),
        "reach",
        4,
        "people",
        "raised",
        5,
    ),
    Badge(
        "three_generations",
        N_("Ba thế hệ"),
        N_("Dưới bạn đã có ba lớp người học, lớp trước chỉ cho lớp sau."),
        "reach",
        1,
        "flag",
        "depth",
        3,
    ),
    Badge(
        "reach_fifty",
        N_("Sóng lan xa"),
        N_("Năm mươi người có mặt trên cây của bạn, cả những người bạn chưa từng gặp."),
        "reach",
        3,
        "megaphone",
        "reach",
        50,
    ),
    Badge(
        "five_elders",
        N_("Bạn của người cao tuổi"),
        N_("Năm người từ 60 tuổi trở lên đã học được nhờ bạn kiên nhẫn chỉ dẫn."),
        "care",
        2,
        "heart",
        "elders",
        5,
    ),
    Badge(
        "five_skills",
        N_("Biết gì chỉ nấy"),
        N_("Bạn đã chỉ cho mọi người năm kỹ năng khác nhau."),
        "skill",
        2,
        "book",
        "skills",
        5,
    ),
    Badge(
        "three_wards",
        N_("Bước chân không mỏi"),
        N_("Bạn đã dạy người ở ít nhất ba phường, xã."),
        "place",
        2,
        "place",
        "wards",
        3,
    ),
)
BY_CODE: Final[dict[str, Badge]] = {badge.code: badge for badge in CATALOGUE}
MAIN: Final = BY_CODE["five_learners"]


def have(badge: Badge, facts: PersonFacts) -> int:
    """Return how much of the badge's fact a person has."""
    return int(getattr(facts, badge.fact))


def earned(facts: PersonFacts) -> tuple[Badge, ...]:
    """Return the badges that are due for these facts, in the order of the catalogue."""
    return tuple(badge for badge in CATALOGUE if have(badge, facts) >= badge.threshold)


def progress(badge: Badge, facts: PersonFacts) -> Progress:
    """Return how far these facts are on the way to a badge."""
    return Progress(badge, have(badge, facts), badge.threshold)


def next_of(facts: PersonFacts, held: Collection[str] = ()) -> Progress | None:
    """Return the progress to the next badge: the next of the path first, then the nearest of the others.

    >>> next_of(PersonFacts(person_id=7, taught=5), {"first_learner", "five_learners"}).badge
    <twenty_learners>
    """
    open_ones = [progress(badge, facts) for badge in CATALOGUE if badge.code not in held]
    open_ones = [one for one in open_ones if not one.done] or open_ones
    on_the_path = [one for one in open_ones if one.badge.family == MAIN.family]
    if on_the_path:
        return on_the_path[0]
    return max(open_ones, key=lambda one: one.have / one.need, default=None)


def best_first(badges: Collection[Badge]) -> list[Badge]:
    """Return badges with the proudest first: by level, then by the order of the catalogue.

    >>> best_first([BY_CODE["first_learner"], BY_CODE["five_elders"], MAIN])
    [<five_learners>, <five_elders>, <first_learner>]
    """
    order = {badge.code: place for place, badge in enumerate(CATALOGUE)}
    return sorted(badges, key=lambda badge: (-badge.level, order[badge.code]))
