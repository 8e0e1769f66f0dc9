"""What the file of my learners says of each: all acts of a learner with me, summed up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from learning.models import Skill
from people.models import Person, Ward
from referrals.learner_list import OPEN, Filters
from referrals.models.acts import Teaching, TeachingSkill
from referrals.models.tree import Credit
from referrals.queries.learners import every_learner
from referrals.queries.lists import SkillName
from referrals.states import State

PART: Final = 500
"""So many learners are read at a time."""


@dataclass(frozen=True)
class LearnerSums:
    """A learner with the sums of the acts with me: `contacts` are confirmed acts, `people` is 1 or 0."""

    learner_id: int
    full_name: str
    ward_name: str | None
    ward_name_en: str | None
    age_band: str | None
    phone_tail: str | None
    people: int
    contacts: int
    waiting: int
    taught: int
    last_on: date | None
    state: str
    skills: tuple[SkillName, ...]


def every_sum(
    session: Session, teacher_id: int, filters: Filters, today: date, *, phone_hash: str | None = None
) -> Iterator[LearnerSums]:
    """Yield the whole list in its order, read by parts."""
    for acts in every_learner(session, teacher_id, filters, today, phone_hash=phone_hash, part=PART):
        yield from sums_of(session, teacher_id, acts)


def sums_of(session: Session, teacher_id: int, acts: Sequence[int]) -> list[LearnerSums]:
    """Return the learners of these acts in their order; `state` is that of the act."""
    states = {
        row.learner_id: (row.id, row.state)
        for row in session.execute(
            select(Teaching.id, Teaching.learner_id, Teaching.state).where(
                Teaching.id.in_(acts), Teaching.teacher_id == teacher_id
            )
        )
    }
    ids = list(states)
    confirmed = case((Teaching.state == State.CONFIRMED.value, 1), else_=0)
    waiting = case((Teaching.state.in_(OPEN), 1), else_=0)
    mine = (
        Teaching.teacher_id == teacher_id,
        Teaching.learner_id.in_(ids),
        Teaching.state != State.VOIDED.value,
    )
    sums = {
        row[0]: row[1:]
        for row in session.execute(
            select(Teaching.learner_id, func.sum(confirmed), func.sum(waiting), func.max(Teaching.taught_on))
            .where(*mine)
            .group_by(Teaching.learner_id)
        )
    }
    counted = set(
        session.scalars(
            select(Credit.learner_id).where(Credit.teacher_id == teacher_id, Credit.learner_id.in_(ids))
        )
    )
    of_theirs = select(Credit.teacher_id, func.count()).where(Credit.teacher_id.in_(ids))
    taught = {row[0]: row[1] for row in session.execute(of_theirs.group_by(Credit.teacher_id))}
    people = {
        row[0]: row
        for row in session.execute(
            select(
                Person.id,
                Person.full_name,
                Ward.full_name,
                Ward.full_name_en,
                Person.age_band,
                Person.phone_tail,
            )
            .outerjoin(Ward, Ward.code == Person.ward_code)
            .where(Person.id.in_(ids))
        )
    }
    skills = _skills(session, teacher_id, ids)
    place = {act: number for number, act in enumerate(acts)}
    found = [
        LearnerSums(
            *people[one],
            people=int(one in counted),
            contacts=int(sums[one][0]),
            waiting=int(sums[one][1]),
            taught=taught.get(one, 0),
            last_on=sums[one][2],
            state=states[one][1],
            skills=skills.get(one, ()),
        )
        for one in ids
        if one in people and one in sums
    ]
    return sorted(found, key=lambda row: place[states[row.learner_id][0]])


def _skills(session: Session, teacher_id: int, ids: Sequence[int]) -> dict[int, tuple[SkillName, ...]]:
    """Every skill that each of them was taught by me, once, in the order of the list of skills."""
    rows = session.execute(
        select(Teaching.learner_id, Skill.name_vi, Skill.name_en)
        .join(TeachingSkill, TeachingSkill.teaching_id == Teaching.id)
        .join(Skill, Skill.id == TeachingSkill.skill_id)
        .where(
            Teaching.teacher_id == teacher_id,
            Teaching.learner_id.in_(ids),
            Teaching.state != State.VOIDED.value,
        )
        .group_by(Teaching.learner_id, Skill.id, Skill.name_vi, Skill.name_en, Skill.position)
        .order_by(Teaching.learner_id, Skill.position, Skill.id)
    )
    found: dict[int, tuple[SkillName, ...]] = {}
    for learner_id, vi, en in rows:
        found[learner_id] = (*found.get(learner_id, ()), SkillName(vi, en))
    return found
