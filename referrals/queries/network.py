"""The figures of the whole network, live from the tables: one pass over flat arrays, bounded memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sqlalchemy import Executable, func, select
from sqlalchemy.orm import Session

from people.models import Person
from referrals import forest
from referrals.forest import ForestFigures
from referrals.models.acts import Teaching
from referrals.models.tree import Credit, Lineage
from referrals.reports import LargeBranch, NetworkFigures
from referrals.states import State

MANY = 5
"""The pledge: each ambassador teaches at least five."""

FOREST = "forest"
"""The row of `snapshot` that tells when everybody's figures were taken."""

_STREAM = {"yield_per": 20_000}


def read_forest(session: Session) -> ForestFigures:
    """Everybody's figures, computed now. Raises forest.CircleError where the tables hold a circle."""
    people = np.fromiter(_column(session, select(Person.id).order_by(Person.id)), dtype=np.int64)
    pairs = np.fromiter(
        _column(session, select(Lineage.learner_id, Lineage.teacher_id).order_by(Lineage.learner_id), 2),
        dtype=np.int64,
    ).reshape(-1, 2)
    learners, teachers = np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
    return forest.figures(learners, teachers, people)


def network_figures(session: Session) -> NetworkFigures:
    """The figures of the whole network, live."""
    found = read_forest(session)
    counted = session.execute(select(Teaching.state, func.count()).group_by(Teaching.state))
    states: dict[str, int] = {state: count for state, count in counted}  # noqa: C416  # dict() asks a Result for keys
    teachings = {state.value: states.get(state.value, 0) for state in State}
    unique = session.scalar(
        select(func.count(Teaching.learner_id.distinct())).where(Teaching.state == State.CONFIRMED.value)
    )
    many = select(Credit.teacher_id).group_by(Credit.teacher_id).having(func.count() >= MANY).subquery()
    return NetworkFigures(
        people=len(found.people),
        teachings={**teachings, "total": sum(teachings.values())},
        contacts=teachings[State.CONFIRMED.value],
        unique_people=unique or 0,
        roots=found.roots,
        placed=found.placed,
        alone=found.alone,
        generations=found.generations,
        taught_five=session.scalar(select(func.count()).select_from(many)) or 0,
        largest=_named(session, found),
    )


def _named(session: Session, found: ForestFigures) -> tuple[LargeBranch, ...]:
    rows = session.execute(
        select(Person.id, Person.source_id, Person.full_name).where(
            Person.id.in_([large.id for large in found.largest])
        )
    )
    people = {row.id: row for row in rows}
    return tuple(
        LargeBranch(
            large.id, people[large.id].source_id, people[large.id].full_name, large.direct, large.reach
        )
        for large in found.largest
    )


def _column(session: Session, query: Executable, width: int = 1) -> Iterator[int]:
    """All values of a query, row after row, without keeping the rows."""
    rows = session.execute(query, execution_options=_STREAM)
    if width == 1:
        for (value,) in rows:
            yield value
    else:
        for row in rows:
            yield from row
