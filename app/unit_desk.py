"""The coordinator's view of one unit: the path of its members, and who has not reached five."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from people.models import Person, Unit
from people.queries import units_below
from referrals.models import Credit, Lineage, Teaching

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


def desk(session: Session, unit_id: int) -> Desk:
    """Gather the desk of a unit with everything below it."""
    units = units_below(session, [unit_id])
    members = select(Person.id).where(Person.unit_id.in_(units)).scalar_subquery()
    credit = (
        select(Credit.teacher_id, func.count().label("taught"))
        .where(Credit.teacher_id.in_(members))
        .group_by(Credit.teacher_id)
        .subquery()
    )
    acts = (
        select(
            Teaching.teacher_id,
            func.count().label("all"),
            func.count().filter(Teaching.state == "confirmed").label("confirmed"),
            func.count().filter(Teaching.state == "recorded").label("waiting"),
        )
        .where(Teaching.teacher_id.in_(members), Teaching.state != "voided")
        .group_by(Teaching.teacher_id)
        .subquery()
    )
    taught = func.coalesce(credit.c.taught, 0)
    rows = session.execute(
        select(
            Person.id,
            Person.full_name,
            Unit.name,
            taught,
            func.coalesce(acts.c.waiting, 0),
            func.coalesce(acts.c.all, 0),
            func.coalesce(acts.c.confirmed, 0),
        )
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(credit, credit.c.teacher_id == Person.id)
        .outerjoin(acts, acts.c.teacher_id == Person.id)
        .where(Person.unit_id.in_(units))
        .order_by(taught.desc(), Person.sort_key)
    ).all()
    short = [Member(row[0], row[1], row[2], row[3], row[4]) for row in rows if row[3] < GOAL]
    learners = session.execute(
        select(func.count(func.distinct(Teaching.learner_id))).where(
            Teaching.teacher_id.in_(members), Teaching.state == "confirmed"
        )
    ).scalar_one()
    raised = session.execute(
        select(func.count())
        .select_from(Lineage)
        .where(Lineage.teacher_id.in_(members), Lineage.learner_id.in_(select(Credit.teacher_id)))
    ).scalar_one()
    return Desk(
        members=len(rows),
        recorded=sum(1 for row in rows if row[5]),
        confirmed=sum(1 for row in rows if row[3]),
        reached=sum(1 for row in rows if row[3] >= GOAL),
        raised=raised,
        contacts=sum(row[6] for row in rows),
        learners=learners,
        on_the_way=short[:SHOWN],
        more=max(0, len(short) - SHOWN),
    )
