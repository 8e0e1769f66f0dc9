"""Slices of the tree: the chain above a person and a bounded part below, by recursive queries.

Statements are built once. A walk up filters on its own column, never on the joined table: SQLite would build
a filter over the whole table at each step. A walk down stops at a number of people; both databases walk it
generation by generation and compute no further than they are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import Connection, bindparam, literal, select
from sqlalchemy.orm import Session

from people.models import Person
from people.permissions import Actor, Permission, may
from referrals.models.tree import Lineage, PersonFigures
from referrals.tree import Node, TreeSlice, slice_of

MOST_NODES: Final = 2_000
LONGEST_CHAIN: Final = 500
IN_ONE_GO: Final = 500

# Columns of the table, not of the mapped class: half the cost of a short query is the mapping.
_place = Lineage.__table__.c

_walk_up = (
    select(_place.teacher_id.label("person_id"))
    .where(_place.learner_id == bindparam("lower"))
    .cte("above", recursive=True)
)
_walk_up = _walk_up.union(select(_place.teacher_id).where(_place.learner_id == _walk_up.c.person_id))
_STANDS_ABOVE = select(literal(1)).where(_walk_up.c.person_id == bindparam("upper")).limit(1)

_chain = (
    select(_place.teacher_id.label("person_id"), literal(1).label("distance"))
    .where(_place.learner_id == bindparam("person"))
    .cte("chain", recursive=True)
)
_chain = _chain.union_all(
    select(_place.teacher_id, _chain.c.distance + 1).where(
        _place.learner_id == _chain.c.person_id, _chain.c.distance < bindparam("longest")
    )
)
_ABOVE = select(_chain.c.person_id).order_by(_chain.c.distance)

_walk_down = (
    select(
        _place.learner_id.label("person_id"),
        _place.teacher_id.label("parent_id"),
        literal(1).label("level"),
    )
    .where(_place.teacher_id == bindparam("person"))
    .cte("below", recursive=True)
)
_walk_down = _walk_down.union_all(
    select(_place.learner_id, _place.teacher_id, _walk_down.c.level + 1).where(
        _place.teacher_id == _walk_down.c.person_id, _walk_down.c.level < bindparam("levels")
    )
)
_BELOW = select(_walk_down.c.person_id, _walk_down.c.parent_id).limit(bindparam("most"))

_HAS_CHILDREN = select(literal(1)).where(_place.teacher_id == bindparam("person")).limit(1)
_FIGURES = select(PersonFigures.person_id, PersonFigures.reach, PersonFigures.direct).where(
    PersonFigures.person_id.in_(bindparam("ids", expanding=True))
)
_PEOPLE = select(Person.id, Person.full_name, Person.unit_id).where(
    Person.id.in_(bindparam("ids", expanding=True))
)


def stands_above(session: Session, upper: int, lower: int) -> bool:
    """Tell whether `upper` stands above `lower` now. Whoever taught nobody stands above nobody.

    Under `core.database.lock_tree` the answer holds until the end of the transaction.
    """
    connection = _connection(session)
    if upper == lower or connection.execute(_HAS_CHILDREN, {"person": upper}).first() is None:
        return False
    return connection.execute(_STANDS_ABOVE, {"upper": upper, "lower": lower}).first() is not None


def lineage_slice(
    session: Session, person_id: int, *, nodes: int = MOST_NODES, generations: int = 10_000
) -> TreeSlice:
    """Return the part of the tree around a person: the chain above, and at most `nodes` people.

    The person counts among them. Where people were left out below, the nodes carry their reach and direct
    learners from the snapshot. A person whom nobody taught and who taught nobody is a slice of one.
    """
    values = {"person": person_id, "levels": generations, "most": nodes}
    connection = _connection(session)
    rows = [(row[0], row[1]) for row in connection.execute(_BELOW, values).all()]
    cut = len(rows) >= nodes
    rows = rows[: nodes - 1]
    walked = connection.execute(_ABOVE, {"person": person_id, "longest": LONGEST_CHAIN}).all()
    chain = [row[0] for row in walked]
    reach: dict[int, int] = {}
    direct: dict[int, int] = {}
    if cut:
        for some in _in_goes([person_id, *(learner for learner, _ in rows)]):
            for one, its_reach, its_direct in session.execute(_FIGURES, {"ids": some}):
                reach[one], direct[one] = its_reach, its_direct
    return slice_of(
        person_id,
        rows,
        reversed(chain),
        below_cut=cut,
        above_cut=len(chain) >= LONGEST_CHAIN,
        reach=reach,
        direct=direct,
    )


def names_for(session: Session, actor: Actor, part: TreeSlice, ids: Iterable[int]) -> Mapping[int, str]:
    """Return the full names that this actor may see of these people of a slice; the others stay nameless.

    One sees oneself, one's own learners and one's own teacher; a coordinator everybody of the units and those
    whom they taught; communication staff whoever belongs to a unit.
    """
    wanted = set(ids)
    nodes = {node.id: node for node in part.nodes if node.id in wanted}
    parents = {node.parent_id for node in nodes.values() if node.parent_id is not None}
    people: dict[int, tuple[str, int | None]] = {}
    for some in _in_goes(sorted(wanted | parents)):
        people |= {one: (name, unit) for one, name, unit in session.execute(_PEOPLE, {"ids": some})}
    teacher_of_root = part.above[-1] if part.above else None
    staff = may(actor, Permission.HONOR_DISCOVER)

    def visible(one: int) -> bool:
        node: Node | None = nodes.get(one)
        unit = people[one][1]
        parent = node.parent_id if node else None
        if actor.is_house or one == actor.person_id or (parent is not None and parent == actor.person_id):
            return True
        if one == teacher_of_root and part.root == actor.person_id:
            return True
        above = people.get(parent, ("", None))[1] if parent is not None else None
        return (
            may(actor, Permission.PERSON_SEE, unit_id=unit)
            or may(actor, Permission.PERSON_SEE, unit_id=above)
            or (staff and unit is not None)
        )

    return {one: people[one][0] for one in wanted if one in people and visible(one)}


def _connection(session: Session) -> Connection:
    """Return the connection of the session, with everything written that the session still holds."""
    session.flush()
    return session.connection()


def _in_goes(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + IN_ONE_GO] for start in range(0, len(ids), IN_ONE_GO))
