"""Everything that `flask referrals verify` asks: the invariants, the history, the snapshot."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from people.models import Person
from referrals.forest import CircleError
from referrals.models.acts import Teaching, TeachingMove
from referrals.models.tree import PersonFigures, Snapshot
from referrals.queries.invariants import Finding, problems
from referrals.queries.network import FOREST, read_forest

_MOST = 1_000


def everything(session: Session) -> list[Finding]:
    """Return all that does not hold; an empty list is a sound database."""
    return [*problems(session), *_histories(session), *_snapshot(session)]


def _histories(session: Session) -> Iterator[Finding]:
    """The last move of each teaching leads to the state it is in."""
    last = (
        select(TeachingMove.teaching_id, func.max(TeachingMove.id).label("move_id"))
        .group_by(TeachingMove.teaching_id)
        .subquery()
    )
    rows = session.scalars(
        select(Teaching.id)
        .outerjoin(last, last.c.teaching_id == Teaching.id)
        .outerjoin(TeachingMove, TeachingMove.id == last.c.move_id)
        .where(TeachingMove.to_state.is_distinct_from(Teaching.state))
        .order_by(Teaching.id)
        .limit(_MOST)
    )
    yield from (Finding("history_elsewhere", (teaching,)) for teaching in rows)


def _snapshot(session: Session) -> Iterator[Finding]:
    """A snapshot that is newer than every move and every person says what is counted now."""
    taken = session.get(Snapshot, FOREST)
    moved = session.scalar(select(func.max(TeachingMove.at)))
    joined = session.scalar(select(func.max(Person.created_at)))
    if taken is None or any(moment and moment >= taken.taken_at for moment in (moved, joined)):
        return
    try:
        found = read_forest(session)
    except CircleError:
        return  # told already
    counted = dict(
        zip(
            found.people.tolist(),
            zip(
                found.direct.tolist(),
                found.reach.tolist(),
                found.depth.tolist(),
                found.generation.tolist(),
                strict=True,
            ),
            strict=True,
        )
    )
    rows = session.execute(
        select(
            PersonFigures.person_id,
            PersonFigures.direct,
            PersonFigures.reach,
            PersonFigures.depth,
            PersonFigures.generation,
        ),
        execution_options={"yield_per": 10_000},
    )
    wrong = [row[0] for row in rows if counted.pop(row[0], None) != tuple(row[1:])]
    yield from (Finding("figures_differ", (person,)) for person in sorted([*wrong, *counted])[:_MOST])
