"""My learners as a list: what may be asked of it, how an address says so, and what to do next about each.

An address keeps what was asked, so that a list can be bookmarked, sent and come back to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal

from referrals.states import WAITING, State

View = Literal["all", "waiting", "recorded", "expired", "returned", "disputed", "confirmed", "teachers"]
Order = Literal["newest", "name", "longest"]
Period = Literal["", "week", "month", "quarter", "year"]
Step = Literal["show_code", "renew", "mend", "see_why", "none"]

OPEN: Final = (*sorted(state.value for state in WAITING), State.EXPIRED.value)
"""States in which somebody still has something to do."""

STATES_OF: Final[Mapping[View, tuple[str, ...]]] = {
    "all": tuple(state.value for state in State if state is not State.VOIDED),
    "waiting": OPEN,
    "recorded": (State.RECORDED.value,),
    "expired": (State.EXPIRED.value,),
    "returned": (State.RETURNED.value,),
    "disputed": (State.DISPUTED.value,),
    "confirmed": (State.CONFIRMED.value,),
    "teachers": (State.CONFIRMED.value,),
}

# What an address says → what is meant. The first of each is what an address without it means.
VIEWS: Final[Mapping[str, View]] = {
    "": "all",
    "cho": "waiting",
    "cho-tra-loi": "recorded",
    "het-han": "expired",
    "can-sua": "returned",
    "khong-dung": "disputed",
    "xac-nhan": "confirmed",
    "day-tiep": "teachers",
}
ORDERS: Final[Mapping[str, Order]] = {"": "newest", "ten": "name", "cho-lau": "longest"}
PERIODS: Final[Mapping[str, Period]] = {
    "": "",
    "tuan": "week",
    "thang": "month",
    "quy": "quarter",
    "nam": "year",
}
SEARCH_LENGTH: Final = 100
SEARCH_WORDS: Final = 6


@dataclass(frozen=True)
class Filters:
    """What is asked of the list; everything together must hold for one act of the learner with me."""

    view: View = "all"
    search: str = ""
    skill_id: int | None = None
    ward_code: str | None = None
    period: Period = ""
    order: Order = "newest"

    @property
    def narrowed(self) -> bool:
        """Whether more than a view was asked for."""
        return bool(self.search or self.skill_id or self.ward_code or self.period)


def read_filters(args: Mapping[str, str]) -> Filters:
    """What an address asks for; nonsense asks for nothing.

    >>> read_filters({"xem": "het-han", "q": " Hoa ", "xep": "ten", "ky-nang": "3"})
    Filters(view='expired', search='Hoa', skill_id=3, ward_code=None, period='', order='name')
    >>> read_filters({"xem": "?", "ky-nang": "x", "ky": "0", "xep": "cho-lau"})
    Filters(view='waiting', search='', skill_id=None, ward_code=None, period='', order='longest')
    """
    skill, ward = args.get("ky-nang", ""), args.get("phuong", "")
    found = Filters(
        view=VIEWS.get(args.get("xem", ""), "all"),
        search=" ".join(args.get("q", "")[:SEARCH_LENGTH].split()),
        skill_id=int(skill) if skill.isascii() and skill.isdecimal() and len(skill) < 18 else None,
        ward_code=ward if ward.isascii() and ward.isalnum() and len(ward) <= 10 else None,
        period=PERIODS.get(args.get("ky", ""), ""),
        order=ORDERS.get(args.get("xep", ""), "newest"),
    )
    # Who waits longest is asked of those who wait.
    if found.order == "longest" and not set(STATES_OF[found.view]) <= set(OPEN):
        return replace(found, view="waiting")
    return found


def address_of(filters: Filters) -> dict[str, str]:
    """What an address has to say to ask for this: only what is not taken for granted.

    >>> address_of(Filters(view="expired", search="Hoa", order="name"))
    {'xem': 'het-han', 'q': 'Hoa', 'xep': 'ten'}
    """
    said = {
        "xem": _name(VIEWS, filters.view),
        "q": filters.search,
        "ky-nang": str(filters.skill_id or ""),
        "phuong": filters.ward_code or "",
        "ky": _name(PERIODS, filters.period),
        "xep": _name(ORDERS, filters.order),
    }
    return {name: value for name, value in said.items() if value}


def _name(names: Mapping[str, str], meant: str) -> str:
    return next(name for name, meaning in names.items() if meaning == meant)


def first_day(period: Period, today: date) -> date | None:
    """The day on which the period that is running began; weeks begin on Monday. None for all time.

    >>> [str(first_day(period, date(2026, 11, 22))) for period in ("week", "month", "quarter", "year", "")]
    ['2026-11-16', '2026-11-01', '2026-10-01', '2026-01-01', 'None']
    """
    if period == "week":
        return today - timedelta(days=today.weekday())
    if period == "month":
        return today.replace(day=1)
    if period == "quarter":
        return today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    return today.replace(month=1, day=1) if period == "year" else None


def next_step(state: str, expires_at: datetime | None, now: datetime) -> Step:
    """What a teacher does next about an act in this state, whose present code ends then.

    >>> moment = datetime(2026, 11, 22)
    >>> next_step("recorded", moment + timedelta(days=1), moment), next_step("recorded", moment, moment)
    ('show_code', 'renew')
    >>> [next_step(state, None, moment) for state in ("expired", "returned", "disputed", "confirmed")]
    ['renew', 'mend', 'see_why', 'none']
    """
    if state == State.RECORDED.value:
        return "show_code" if expires_at is not None and expires_at > now else "renew"
    steps: dict[str, Step] = {
        State.EXPIRED.value: "renew",
        State.RETURNED.value: "mend",
        State.DISPUTED.value: "see_why",
    }
    return steps.get(state, "none")
