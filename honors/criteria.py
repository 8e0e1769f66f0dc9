"""Criteria by which somebody is brought to the eyes of the communication staff. One entry a criterion.

No official criteria for an exemplary digital citizen were found: the software finds and gives reasons,
people decide. Each reason is a number that the tree or the confirmed acts can show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.i18n import N_
from referrals.facts import PersonFacts

THE_FIVE = 5


@dataclass(frozen=True)
class Criterion:
    """A fact that reaches a threshold.

    `title` names it in a filter, `sentence` is the reason in full and `short` the reason in a pill; both take
    `%(n)s`. `weight` orders candidates and decides nothing.
    """

    code: str
    fact: str
    threshold: int
    weight: int
    icon: str
    title: str
    sentence: str
    short: str


@dataclass(frozen=True)
class Reason:
    """A criterion that somebody meets, with the number."""

    criterion: Criterion
    value: int


# In the order in which reasons are read: first the five that make a candidate, then by weight.
CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        "taught_five",
        "taught",
        THE_FIVE,
        3,
        "people",
        N_("Dạy được từ năm người"),
        N_("%(n)s người học tự xác nhận đã học được"),
        N_("%(n)s người xác nhận"),
    ),
    Criterion(
        "raised",
        "raised",
        1,
        4,
        "sprout",
        N_("Có người học nay đi dạy lại"),
        N_("%(n)s người học nay đã dạy lại từ năm người"),
        N_("%(n)s người học đã dạy lại"),
    ),
    Criterion(
        "elders",
        "elders",
        3,
        3,
        "heart",
        N_("Dạy người cao tuổi"),
        N_("%(n)s người học từ 60 tuổi trở lên"),
        N_("%(n)s người từ 60 tuổi"),
    ),
    Criterion(
        "generations",
        "depth",
        3,
        2,
        "tree",
        N_("Lan qua nhiều thế hệ"),
        N_("Cây đã lan tới thế hệ thứ %(n)s"),
        N_("%(n)s thế hệ"),
    ),
    Criterion(
        "reach",
        "reach",
        20,
        2,
        "star",
        N_("Sức lan tỏa lớn"),
        N_("Sức lan tỏa %(n)s người"),
        N_("Lan tới %(n)s người"),
    ),
    Criterion(
        "skills",
        "skills",
        5,
        1,
        "book",
        N_("Dạy nhiều kỹ năng"),
        N_("Đã dạy %(n)s kỹ năng khác nhau"),
        N_("%(n)s kỹ năng"),
    ),
    Criterion(
        "wards",
        "wards",
        3,
        1,
        "place",
        N_("Đi nhiều phường, xã"),
        N_("Đi tới %(n)s phường, xã"),
        N_("%(n)s phường, xã"),
    ),
)

BY_CODE: Mapping[str, Criterion] = {criterion.code: criterion for criterion in CRITERIA}


def is_candidate(facts: PersonFacts) -> bool:
    """Tell whether somebody stands among the candidates: five learners have confirmed.

    >>> is_candidate(PersonFacts(1, taught=5)), is_candidate(PersonFacts(1, taught=4, contacts=9))
    (True, False)
    """
    return facts.taught >= THE_FIVE


def value_of(criterion: Criterion, facts: PersonFacts) -> int:
    """Return the number that a criterion looks at.

    >>> value_of(BY_CODE["generations"], PersonFacts(1, depth=3))
    3
    """
    return int(getattr(facts, criterion.fact))


def reasons(facts: PersonFacts) -> list[Reason]:
    """Return the reasons that speak for somebody, in the order of `CRITERIA`.

    >>> [(reason.criterion.code, reason.value) for reason in reasons(PersonFacts(1, taught=6, elders=4))]
    [('taught_five', 6), ('elders', 4)]
    """
    return [
        Reason(criterion, value)
        for criterion in CRITERIA
        if (value := value_of(criterion, facts)) >= criterion.threshold
    ]


def weight(facts: PersonFacts) -> tuple[int, int, int]:
    """Return what candidates are ordered by: weight of the reasons, people taught, reach; larger first.

    >>> weight(PersonFacts(1, taught=6, elders=4)) > weight(PersonFacts(2, taught=9))
    True
    """
    return sum(reason.criterion.weight for reason in reasons(facts)), facts.taught, facts.reach


def as_stored(found: Iterable[Reason]) -> list[dict[str, int | str]]:
    """Return reasons as they are kept with a nomination.

    >>> as_stored(reasons(PersonFacts(1, taught=5)))
    [{'code': 'taught_five', 'value': 5}]
    """
    return [{"code": reason.criterion.code, "value": reason.value} for reason in found]


def from_stored(rows: Iterable[Mapping[str, object]]) -> list[Reason]:
    """Return stored reasons; a criterion that is gone since is left out.

    >>> from_stored([{"code": "elders", "value": 4}, {"code": "gone", "value": 1}])[0].value
    4
    """
    return [
        Reason(criterion, int(str(row["value"])))
        for row in rows
        if (criterion := BY_CODE.get(str(row["code"]))) is not None
    ]
