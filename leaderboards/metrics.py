"""What a board may rank by: one entry a metric.

Rates are drawn towards the common rate
---------------------------------------
A chapter of three that taught two is no better proved than a chapter of sixty that taught forty. So a rate is
the posterior mean of a Gamma–Poisson model (for shares: beta–binomial, the same formula) whose prior is worth
ten members teaching at the common rate:

    rate per 100 = 100 × (learners + 10 × common rate) / (members + 10)

The common rate is all learners over all members of the units that the board ranks. It is the estimator of
D. G. Clayton and J. Kaldor, "Empirical Bayes estimates of age-standardized relative risks", Biometrics 43
(1987) 671–681, with the weight of the prior held fixed instead of estimated: whoever sees the board can redo
the sum by hand. The value always lies between the unit's own rate and the common one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from core.i18n import N_

PRIOR_MEMBERS: Final = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums of one unit, or of many together, in one period.

    `learners` counts pairs (teacher, learner) that count, `contacts` confirmed acts; never mixed.
    `reached_five` counts members who have taught five or more, whenever.
    """

    members: int = 0
    learners: int = 0
    contacts: int = 0
    reached_five: int = 0


def total_of(figures: Collection[Figures]) -> Figures:
    """Return the sums of many units together.

    >>> total_of([Figures(3, 2, 5, 1), Figures(4, 1, 1, 0)])
    Figures(members=7, learners=3, contacts=6, reached_five=1)
    """
    return Figures(
        sum(one.members for one in figures),
        sum(one.learners for one in figures),
        sum(one.contacts for one in figures),
        sum(one.reached_five for one in figures),
    )


def per_100(count: int, members: int) -> float:
    """Return the plain rate per 100 members, 0 where there is no member.

    >>> per_100(2, 3)
    66.7
    """
    return round(100 * count / members, 1) if members else 0.0


def drawn_in(count: int, members: int, all_count: int, all_members: int) -> float:
    """Return the rate per 100 members, drawn towards the common one, to one decimal.

    The sum is made of whole numbers and divided once, so that equal rates are equal floats.

    >>> drawn_in(2, 3, 40, 100), drawn_in(40, 60, 40, 100)
    (46.2, 62.9)
    >>> drawn_in(0, 5, 0, 0)
    0.0
    """
    if not all_members:
        return 0.0
    above = 100 * (count * all_members + PRIOR_MEMBERS * all_count)
    return round(above / (all_members * (members + PRIOR_MEMBERS)), 1)


@dataclass(frozen=True)
class RateSum:
    """The sum behind a drawn-in rate, for whoever wants to redo it; all per 100 members but `borrowed`.

    `borrowed` is what the prior's ten members bring at the common rate.
    """

    count: int
    members: int
    own: float
    common: float
    borrowed: float
    prior: int
    value: float


def sum_of_rate(count: int, members: int, all_count: int, all_members: int) -> RateSum:
    """Return the sum behind a drawn-in rate.

    >>> sum_of_rate(2, 3, 40, 100)
    RateSum(count=2, members=3, own=66.7, common=40.0, borrowed=4.0, prior=10, value=46.2)
    """
    return RateSum(
        count,
        members,
        per_100(count, members),
        per_100(all_count, all_members),
        round(PRIOR_MEMBERS * all_count / all_members, 1) if all_members else 0.0,
        PRIOR_MEMBERS,
        drawn_in(count, members, all_count, all_members),
    )


@dataclass(frozen=True)
class Metric:
    """A way to rank: `value` takes a unit's figures and those of all ranked units together.

    `counted` is the figure that moves it; a unit where that is 0 is not ranked. `is_rate` tells that the
    value is per 100 members and drawn in.
    """

    code: str
    name: str
    value: Callable[[Figures, Figures], float]
    counted: Callable[[Figures], int]
    is_rate: bool = False


METRICS: Final[tuple[Metric, ...]] = (
    Metric(
        "rate",
        N_("Người xác nhận / 100 đoàn viên"),
        lambda own, every: drawn_in(own.learners, own.members, every.learners, every.members),
        lambda own: own.learners,
        is_rate=True,
    ),
    Metric("learners", N_("Người học"), lambda own, _: float(own.learners), lambda own: own.learners),
    Metric("contacts", N_("Lượt dạy"), lambda own, _: float(own.contacts), lambda own: own.contacts),
    Metric(
        "reached_five",
        N_("Đoàn viên đạt năm người / 100 đoàn viên"),
        lambda own, every: drawn_in(own.reached_five, own.members, every.reached_five, every.members),
        lambda own: own.reached_five,
        is_rate=True,
    ),
)
BY_CODE: Final[dict[str, Metric]] = {metric.code: metric for metric in METRICS}
