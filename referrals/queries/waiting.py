"""Reads of those who wait: what is offered to an ambassador, what one has taken, and the list of each ward.

Before somebody takes a wish only the given name is read out; the whole name and the phone are the taker's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, joinedload

from core.errors import NotFound
from core.secrets_box import SecretsBox
from learning.models import Skill
from people.models import Ward
from people.names import given_name
from people.permissions import Actor, Permission, may
from people.phones import display
from referrals.models.waiting import WaitingLearner
from referrals.queries.ambassadors import Reach, reach_of, wards_of

ROWS_SHOWN: Final = 50
OPEN: Final = ("waiting", "taken")


@dataclass(frozen=True)
class Offer:
    """Somebody who waits, as everybody sees it who may take the wish."""

    id: int
    given_name: str
    ward_name: str
    ward_name_en: str
    age_band: str | None
    skill: Skill | None
    asked_at: datetime
    came_by: str


@dataclass(frozen=True)
class Offers:
    """What is offered to an ambassador, the longest wait first; `more` is how many are not shown."""

    near: list[Offer]
    wider: list[Offer]
    more: int


@dataclass(frozen=True)
class Taken:
    """A wish that this ambassador has taken, with the name and the phone; only for the taker."""

    id: int
    full_name: str
    phone: str | None
    phone_shown: str | None
    ward_code: str
    ward_name: str
    ward_name_en: str
    age_band: str | None
    skill: Skill | None
    note: str
    asked_at: datetime
    taken_at: datetime | None


@dataclass(frozen=True)
class WardWaits:
    """The waits of one ward: how many wait, how many are taken, since when the longest waits."""

    ward_code: str
    ward_name: str
    ward_name_en: str
    waiting: int
    taken: int
    oldest: datetime | None


@dataclass(frozen=True)
class DeskLine:
    """Somebody on the list of a ward, as a coordinator sees it; the phone stays with the taker."""

    offer: Offer
    state: str
    taker_id: int | None
    taker_name: str | None
    taken_at: datetime | None


def offers(session: Session, person_id: int) -> Offers:
    """Return who waits for this ambassador: first in the own wards, then in the others of the union."""
    reach = reach_of(session, person_id)
    if reach.everywhere:
        near, wider = _offered(session, None), []
    else:
        near, wider = _offered(session, reach.near), _offered(session, reach.wider)
    return Offers(near, wider, max(0, _count(session, reach) - len(near) - len(wider)))


def offers_count(session: Session, person_id: int) -> int:
    """Return how many wait in the wards where this ambassador teaches."""
    return _count(session, reach_of(session, person_id))


def taken_by(session: Session, person_id: int, box: SecretsBox) -> list[Taken]:
    """Return what this ambassador has taken and not taught yet, the oldest first."""
    statement = (
        _whole()
        .where(WaitingLearner.taken_by == person_id, WaitingLearner.state == "taken")
        .order_by(WaitingLearner.taken_at, WaitingLearner.id)
    )
    return [_taken(row, box) for row in session.scalars(statement)]


def taken_one(session: Session, person_id: int, wish_id: int, box: SecretsBox) -> Taken:
    """Return one wish that this ambassador has taken. Raises NotFound for any other."""
    row = session.scalar(_whole().where(WaitingLearner.id == wish_id))
    if row is None or row.state != "taken" or row.taken_by != person_id:
        raise NotFound("not_found")
    return _taken(row, box)


def by_id(session: Session, wish_id: int) -> WaitingLearner | None:
    """Return a wish, or None."""
    return session.get(WaitingLearner, wish_id)


def wards_seen(session: Session, actor: Actor) -> tuple[str, ...]:
    """Return the wards of the units that this coordinator answers for; the house sees them all."""
    if actor.is_house:
        return tuple(session.scalars(select(Ward.code).order_by(Ward.code)))
    units = [unit_id for unit_id in actor.units if may(actor, Permission.WAITING_SEE, unit_id=unit_id)]
    return wards_of(session, units)


def ward_waits(session: Session, ward_codes: Iterable[str]) -> list[WardWaits]:
    """Return the wards where somebody waits or is taken, the longest wait first."""
    waits = WaitingLearner.state == "waiting"
    oldest = func.min(case((waits, WaitingLearner.asked_at)))
    statement = (
        select(
            Ward.code,
            Ward.full_name,
            Ward.full_name_en,
            func.count(case((waits, 1))),
            func.count(case((WaitingLearner.state == "taken", 1))),
            oldest,
        )
        .join(Ward, Ward.code == WaitingLearner.ward_code)
        .where(WaitingLearner.ward_code.in_(list(ward_codes)), WaitingLearner.state.in_(OPEN))
        .group_by(Ward.code, Ward.full_name, Ward.full_name_en)
        .order_by(oldest.is_(None), oldest, Ward.code)
    )
    return [WardWaits(*row) for row in session.execute(statement)]


def desk_lines(session: Session, ward_codes: Sequence[str]) -> list[DeskLine]:
    """Return who waits and who is taken in these wards, the longest wait first; at most 50."""
    statement = (
        _whole()
        .where(WaitingLearner.ward_code.in_(ward_codes), WaitingLearner.state.in_(OPEN))
        .order_by(WaitingLearner.state.desc(), WaitingLearner.asked_at, WaitingLearner.id)
        .limit(ROWS_SHOWN)
    )
    return [
        DeskLine(
            _offer(row), row.state, row.taken_by, row.taker.full_name if row.taker else None, row.taken_at
        )
        for row in session.scalars(statement)
    ]


def desk_line(session: Session, actor: Actor, wish_id: int) -> DeskLine:
    """Return somebody on a list of this coordinator's wards. Raises NotFound for any other, or once ended."""
    row = session.scalar(_whole().where(WaitingLearner.id == wish_id, WaitingLearner.state.in_(OPEN)))
    if row is None or row.ward_code not in wards_seen(session, actor):
        raise NotFound("not_found")
    return _line(row)


def _whole() -> Select[WaitingLearner]:
    # What was taken by a bare UPDATE a moment ago is read anew.
    return (
        select(WaitingLearner)
        .options(
            joinedload(WaitingLearner.ward),
            joinedload(WaitingLearner.skill),
            joinedload(WaitingLearner.taker),
        )
        .execution_options(populate_existing=True)
    )


def _offered(session: Session, wards: tuple[str, ...] | None) -> list[Offer]:
    if wards == ():
        return []
    statement = (
        _whole()
        .where(WaitingLearner.state == "waiting")
        .order_by(WaitingLearner.asked_at, WaitingLearner.id)
        .limit(ROWS_SHOWN)
    )
    if wards is not None:
        statement = statement.where(WaitingLearner.ward_code.in_(wards))
    return [_offer(row) for row in session.scalars(statement)]


def _count(session: Session, reach: Reach) -> int:
    statement = select(func.count()).where(WaitingLearner.state == "waiting")
    if not reach.everywhere:
        statement = statement.where(WaitingLearner.ward_code.in_((*reach.near, *reach.wider)))
    return session.scalar(statement) or 0


def _offer(row: WaitingLearner) -> Offer:
    return Offer(
        id=row.id,
        given_name=given_name(row.full_name),
        ward_name=row.ward.full_name,
        ward_name_en=row.ward.full_name_en,
        age_band=row.age_band,
        skill=row.skill,
        asked_at=row.asked_at,
        came_by=row.came_by,
    )


def _line(row: WaitingLearner) -> DeskLine:
    taker = row.taker.full_name if row.taker else None
    return DeskLine(_offer(row), row.state, row.taken_by, taker, row.taken_at)


def _taken(row: WaitingLearner, box: SecretsBox) -> Taken:
    phone = box.open(row.phone_sealed) if row.phone_sealed else None
    return Taken(
        id=row.id,
        full_name=row.full_name,
        phone=phone,
        phone_shown=display(phone) if phone else None,
        ward_code=row.ward_code,
        ward_name=row.ward.full_name,
        ward_name_en=row.ward.full_name_en,
        age_band=row.age_band,
        skill=row.skill,
        note=row.note,
        asked_at=row.asked_at,
        taken_at=row.taken_at,
    )
