"""Facts of teachers, and the counters of the whole network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import BindParameter, Select, and_, bindparam, case, distinct, func, select
from sqlalchemy.orm import Session

from people.models import Person
from referrals.facts import PersonFacts
from referrals.models.acts import Teaching, TeachingSkill
from referrals.models.tree import Credit, Lineage, PersonFigures, Snapshot
from referrals.queries.slices import lineage_slice
from referrals.states import WAITING, State
from referrals.tree import TreeSlice, figures

IN_ONE_GO: Final = 500
GOAL: Final = 5
ELDERS: Final = ("60_74", "75_plus")
FOREST: Final = "forest"
PUBLIC: Final = "public"
"""The key under which the sums of the snapshot `forest` keep `public_sums`."""
# Up to this many acts the public counters are counted anew each time; beyond, the snapshot answers.
COUNTED_LIVE: Final = 20_000

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_WAITING: Final = tuple(sorted(state.value for state in WAITING))


def _facts_statement() -> Select[Any]:
    counted = (
        select(
            Credit.teacher_id,
            func.count().label("taught"),
            func.sum(case((Person.age_band.in_(ELDERS), 1), else_=0)).label("elders"),
            func.count(distinct(Person.ward_code)).label("wards"),
        )
        .join(Person, Person.id == Credit.learner_id)
        .where(Credit.teacher_id.in_(_IDS))
        .group_by(Credit.teacher_id)
        .subquery("counted")
    )
    confirmed = Teaching.state == State.CONFIRMED.value
    dated = and_(confirmed, Teaching.taught_precision.in_(("day", "time")))
    acts = (
        select(
            Teaching.teacher_id,
            func.sum(case((confirmed, 1), else_=0)).label("contacts"),
            func.sum(case((Teaching.state.in_(_WAITING), 1), else_=0)).label("waiting"),
            func.min(case((dated, Teaching.taught_on))).label("first_on"),
            func.max(case((dated, Teaching.taught_on))).label("last_on"),
        )
        .where(Teaching.teacher_id.in_(_IDS))
        .group_by(Teaching.teacher_id)
        .subquery("acts")
    )
    skills = (
        select(Teaching.teacher_id, func.count(distinct(TeachingSkill.skill_id)).label("skills"))
        .join(TeachingSkill, TeachingSkill.teaching_id == Teaching.id)
        .where(Teaching.teacher_id.in_(_IDS), confirmed)
        .group_by(Teaching.teacher_id)
        .subquery("skills")
    )
    of_the_learner = (
        select(func.count())
        .where(Credit.teacher_id == Lineage.learner_id)
        .correlate(Lineage)
        .scalar_subquery()
    )
    places = (
        select(
            Lineage.teacher_id,
            func.count().label("direct"),
            func.sum(case((of_the_learner >= GOAL, 1), else_=0)).label("raised"),
        )
        .where(Lineage.teacher_id.in_(_IDS))
        .group_by(Lineage.teacher_id)
        .subquery("places")
    )
    return (
        select(
            Person.id,
            counted.c.taught,
            acts.c.contacts,
            acts.c.waiting,
            places.c.direct,
            PersonFigures.reach,
            PersonFigures.depth,
            places.c.raised,
            counted.c.elders,
            skills.c.skills,
            counted.c.wards,
            acts.c.first_on,
            acts.c.last_on,
        )
        .outerjoin(counted, counted.c.teacher_id == Person.id)
        .outerjoin(acts, acts.c.teacher_id == Person.id)
        .outerjoin(skills, skills.c.teacher_id == Person.id)
        .outerjoin(places, places.c.teacher_id == Person.id)
        .outerjoin(PersonFigures, PersonFigures.person_id == Person.id)
        .where(Person.id.in_(_IDS))
    )


_FACTS = _facts_statement()


def facts_of(session: Session, person_ids: Iterable[int]) -> dict[int, PersonFacts]:
    """Return the facts of each of these people; reach and depth are those of the snapshot, the rest is live.

    One statement for 500 people. Everyone asked for has an entry, all zeros where there is nothing to tell.
    """
    wanted = sorted(set(person_ids))
    found = {one: PersonFacts(one) for one in wanted}
    for start in range(0, len(wanted), IN_ONE_GO):
        for row in session.execute(_FACTS, {"ids": wanted[start : start + IN_ONE_GO]}):
            found[row.id] = PersonFacts(
                person_id=row.id,
                taught=int(row.taught or 0),
                contacts=int(row.contacts or 0),
                waiting=int(row.waiting or 0),
                direct=int(row.direct or 0),
                # The snapshot may be older than the newest learner.
                reach=max(int(row.reach or 0), int(row.direct or 0)),
                depth=max(int(row.depth or 0), 1 if row.direct else 0),
                raised=int(row.raised or 0),
                elders=int(row.elders or 0),
                skills=int(row.skills or 0),
                wards=int(row.wards or 0),
                first_on=_day(row.first_on),
                last_on=_day(row.last_on),
            )
    return found


def fresh_facts(session: Session, person_id: int, part: TreeSlice | None = None) -> PersonFacts:
    """Return one person's facts with reach and depth counted now, for the person's own pages.

    `part` is a slice of this person loaded already. Beyond its bound the snapshot's reach and depth stand.
    """
    known = facts_of(session, [person_id])[person_id]
    counted = figures(part or lineage_slice(session, person_id))
    if counted.exact:
        return replace(known, reach=counted.reach, depth=counted.depth, direct=counted.direct)
    return replace(known, reach=max(known.reach, counted.reach), depth=max(known.depth, counted.depth))


def teachers(session: Session, after: int = 0, limit: int = IN_ONE_GO) -> list[int]:
    """Return the ids of people who have credit, in order, those after an id: for loops over everybody."""
    statement = (
        select(Credit.teacher_id)
        .where(Credit.teacher_id > after)
        .group_by(Credit.teacher_id)
        .order_by(Credit.teacher_id)
        .limit(limit)
    )
    return list(session.scalars(statement))


# ── the whole network ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class NetworkCounters:
    """What the public sees: unique people taught, contacts, people who taught one, and who taught five.

    `as_of` is the moment of the snapshot they come from; None: counted now.
    """

    people: int
    contacts: int
    ambassadors: int
    five: int
    as_of: datetime | None = None


def network_counters(session: Session) -> NetworkCounters:
    """Return the counters of the whole network: counted now while it is small, else as of the snapshot."""
    acts = session.scalar(select(func.max(Teaching.id))) or 0
    if acts > COUNTED_LIVE:
        taken = session.get(Snapshot, FOREST)
        known = _from_sums(taken) if taken else None
        if known is not None:
            return known
    return _counters(public_sums(session), None)


def public_sums(session: Session) -> dict[str, int]:
    """Count what the public sees, over all acts; the snapshot keeps the same names among its sums."""
    confirmed = Teaching.state == State.CONFIRMED.value
    contacts, people = session.execute(
        select(func.count(), func.count(distinct(Teaching.learner_id))).where(confirmed)
    ).one()
    each = select(func.count().label("taught")).select_from(Credit).group_by(Credit.teacher_id).subquery()
    five = func.coalesce(func.sum(case((each.c.taught >= GOAL, 1), else_=0)), 0)
    teachers_of_one, teachers_of_five = session.execute(select(func.count(), five).select_from(each)).one()
    return {
        "people": int(people),
        "contacts": int(contacts),
        "ambassadors": int(teachers_of_one),
        "five": int(teachers_of_five),
    }


def _from_sums(taken: Snapshot) -> NetworkCounters | None:
    sums = taken.sums.get(PUBLIC)
    return _counters(sums, taken.taken_at) if isinstance(sums, dict) else None


def _counters(sums: Mapping[str, int], as_of: datetime | None) -> NetworkCounters:
    return NetworkCounters(sums["people"], sums["contacts"], sums["ambassadors"], sums["five"], as_of)


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
