"""The coordinator's view of one unit: the path of its members, and who has not reached five."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from people.models import Person, Unit
from referrals.models.acts import Teaching
from referrals.models.tree import Credit, Lineage

GOAL = 5
SHOWN = 200


@dataclass(frozen=True)
class Member:
    """A member on the way to five; `taught` counts credited learners, `waiting` unconfirmed acts."""

    person_id: int
    full_name: str
    unit_name: str
    taught: int
    waiting: int


@dataclass(frozen=True)
class Desk:
    """The funnel of a unit, everything below included, and its members on the way to five.

    `members` are persons on record; each later step counts the members who got that far. `raised` counts
    learners of members who have themselves taught somebody.
    """

    members: int
    recorded: int
    confirmed: int
    reached: int
    raised: int
    contacts: int
    learners: int
    on_the_way: list[Member]
    more: int


def children(session: Session, unit_id: int) -> list[Unit]:
    """Return the open units right below, by name."""
    statement = (
        select(Unit).where(Unit.parent_id == unit_id, Unit.closed_at.is_(None)).order_by(Unit.name_key)
    )
    return list(session.scalars(statement))


_under = select(Unit.id).where(Unit.id == bindparam("unit_id")).cte("under", recursive=True)
UNDER = _under.union_all(select(Unit.id).join(_under, Unit.parent_id == _under.c.id))

MEMBERS = select(Person.id).where(Person.unit_id.in_(select(UNDER.c.id)))

_credit = (
    select(Credit.teacher_id, func.count().label("taught"))
    .where(Credit.teacher_id.in_(MEMBERS))
    .group_by(Credit.teacher_id)
    .subquery("credited")
)
_acts = (
    select(
        Teaching.teacher_id,
        func.count().filter(Teaching.state == "confirmed").label("confirmed"),
        func.count().filter(Teaching.state == "recorded").label("waiting"),
    )
    .where(Teaching.teacher_id.in_(MEMBERS), Teaching.state != "voided")
    .group_by(Teaching.teacher_id)
    .subquery("acts")
)
_taught = func.coalesce(_credit.c.taught, 0)

FUNNEL = (
    select(
        func.count(Person.id),
        func.count(_acts.c.teacher_id),
        func.count(_credit.c.teacher_id),
        func.count().filter(_taught >= GOAL),
        func.coalesce(func.sum(_acts.c.confirmed), 0),
    )
    .select_from(Person)
    .outerjoin(_credit, _credit.c.teacher_id == Person.id)
    .outerjoin(_acts, _acts.c.teacher_id == Person.id)
    .where(Person.unit_id.in_(select(UNDER.c.id)))
)

SHORT = (
    select(Person.id, Person.full_name, Unit.name, _taught, func.coalesce(_acts.c.waiting, 0))
    .join(Unit, Unit.id == Person.unit_id)
    .outerjoin(_credit, _credit.c.teacher_id == Person.id)
    .outerjoin(_acts, _acts.c.teacher_id == Person.id)
    .where(Person.unit_id.in_(select(UNDER.c.id)), _taught < GOAL)
    .order_by(_taught.desc(), Person.sort_key, Person.id)
    .limit(bindparam("most"))
)

LEARNERS = select(func.count(func.distinct(Teaching.learner_id))).where(
    Teaching.teacher_id.in_(MEMBERS), Teaching.state == "confirmed"
)

RAISED = (
    select(func.count())
    .select_from(Lineage)
    .where(Lineage.teacher_id.in_(MEMBERS), Lineage.learner_id.in_(select(Credit.teacher_id)))
)


def desk(session: Session, unit_id: int) -> Desk:
    """Gather the desk of a unit with everything below it; the list of members is cut at SHOWN."""
    unit = {"unit_id": unit_id}
    members, recorded, confirmed, reached, contacts = session.execute(FUNNEL, unit).one()
    short = [Member(*row) for row in session.execute(SHORT, {**unit, "most": SHOWN})]
    return Desk(
        members=members,
        recorded=recorded,
        confirmed=confirmed,
        reached=reached,
        raised=session.execute(RAISED, unit).scalar_one(),
        contacts=contacts,
        learners=session.execute(LEARNERS, unit).scalar_one(),
        on_the_way=short,
        more=members - reached - len(short),
    )
