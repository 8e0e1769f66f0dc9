"""Reads of badges: what somebody has, what is next, what was not counted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from badges.catalogue import BY_CODE, Badge, Progress, best_first, next_of
from badges.models import Award
from badges.reasons import Uncounted
from people.models import Person
from referrals.facts import PersonFacts
from referrals.models.acts import Teaching
from referrals.models.tree import Credit


@dataclass(frozen=True)
class EarnedBadge:
    """A standing award with its badge."""

    award_id: int
    badge: Badge
    person_id: int
    awarded_at: datetime
    teaching_id: int | None
    seen_at: datetime | None


_STANDING: Any = select(
    Award.id, Award.badge_code, Award.person_id, Award.awarded_at, Award.teaching_id, Award.seen_at
).where(Award.revoked_at.is_(None))
OF_PERSON: Any = _STANDING.where(Award.person_id == bindparam("person_id"))
BY_ID: Any = _STANDING.where(Award.id == bindparam("award_id"))


def earned_of(session: Session, person_id: int) -> list[EarnedBadge]:
    """Return the badges that somebody has, the proudest first; those that the catalogue dropped stay away."""
    rows = session.execute(OF_PERSON, {"person_id": person_id}).all()
    found = {row[1]: EarnedBadge(row[0], BY_CODE[row[1]], *row[2:]) for row in rows if row[1] in BY_CODE}
    return [found[badge.code] for badge in best_first([one.badge for one in found.values()])]


def unseen(session: Session, person_id: int) -> list[EarnedBadge]:
    """Return the badges that somebody has and was not congratulated on yet, the proudest first."""
    return [one for one in earned_of(session, person_id) if one.seen_at is None]


def award_by_id(session: Session, award_id: int) -> EarnedBadge | None:
    """Return a standing award."""
    row = session.execute(BY_ID, {"award_id": award_id}).one_or_none()
    return EarnedBadge(row[0], BY_CODE[row[1]], *row[2:]) if row is not None and row[1] in BY_CODE else None


def next_badge(session: Session, facts: PersonFacts) -> Progress | None:
    """Return the progress to the next badge that this person does not have; None with all of them."""
    held = {one.badge.code for one in earned_of(session, facts.person_id)}
    return next_of(facts, held)


def holders(session: Session, badge_code: str) -> set[int]:
    """Return the ids of all who have a badge."""
    return set(
        session.scalars(
            select(Award.person_id).where(Award.badge_code == badge_code, Award.revoked_at.is_(None))
        )
    )


def holders_among(session: Session, badge_code: str, person_ids: Collection[int]) -> set[int]:
    """Return the ids of those among these people who have a badge; for a page, not for thousands."""
    return set(
        session.scalars(
            select(Award.person_id).where(
                Award.badge_code == badge_code,
                Award.revoked_at.is_(None),
                Award.person_id.in_(list(person_ids)),
            )
        )
    )


STATES = (
    select(Teaching.state, func.count())
    .where(Teaching.teacher_id == bindparam("person_id"))
    .group_by(Teaching.state)
)
# Confirmed acts that are not the one by which their pair counts, and whether the pair counts at all.
_counts = Credit.teaching_id.is_not(None)
BESIDE = (
    select(
        func.coalesce(func.sum(case((_counts, 1), else_=0)), 0),
        func.count(case((~_counts, Teaching.learner_id)).distinct()),
    )
    .select_from(Teaching)
    .outerjoin(
        Credit, (Credit.teacher_id == Teaching.teacher_id) & (Credit.learner_id == Teaching.learner_id)
    )
    .where(
        Teaching.teacher_id == bindparam("person_id"),
        Teaching.state == "confirmed",
        Credit.teaching_id.is_(None) | (Credit.teaching_id != Teaching.id),
    )
)
UNKNOWN = (
    select(
        func.coalesce(func.sum(case((Person.age_band.is_(None), 1), else_=0)), 0),
        func.coalesce(func.sum(case((Person.ward_code.is_(None), 1), else_=0)), 0),
    )
    .select_from(Credit)
    .join(Person, Person.id == Credit.learner_id)
    .where(Credit.teacher_id == bindparam("person_id"))
)


def uncounted(session: Session, person_id: int) -> Uncounted:
    """Return what somebody did that badges may not count, with numbers."""
    who = {"person_id": person_id}
    states: dict[str, int] = dict(session.execute(STATES, who).all())
    repeats, above = session.execute(BESIDE, who).one()
    no_age, no_ward = session.execute(UNKNOWN, who).one()
    return Uncounted(
        repeats=repeats,
        above=above,
        expired=states.get("expired", 0),
        disputed=states.get("disputed", 0),
        returned=states.get("returned", 0),
        no_age=no_age,
        no_ward=no_ward,
    )
