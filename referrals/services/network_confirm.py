"""Import, third stage: confirm what a source recorded, act by act in the order of the rules, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, insert, literal, select, tuple_, update
from sqlalchemy.orm import Session

from core.bulk import among, insert_rows
from core.database import lock_tree
from people.permissions import Actor, Permission, ensure
from referrals.lineage import Lineage
from referrals.models.acts import Confirmation, Teaching, TeachingMove
from referrals.models.tree import Credit
from referrals.models.tree import Lineage as LineageRow
from referrals.services.import_state import BATCH, ImportState
from referrals.services.network_acts import put_moves

Triple = tuple[int, int, int]
"""Teacher, learner, teaching."""


@dataclass
class Growth:
    """The tree in memory while it grows, the place reached in the order of acts, and the last move seen."""

    tree: Lineage | None = None
    after: tuple[date, int, int] | None = None
    last_move: int = 0

    def forget(self) -> None:
        """Read the tree anew before the next batch."""
        self.tree = None
        self.after = None


def waiting(session: Session, source: str) -> int:
    """How many acts of a source wait for their confirmation; for the house alone."""
    query = select(func.count()).where(Teaching.source == source, Teaching.state == "recorded")
    return session.scalar(query) or 0


def confirm_some(
    session: Session, actor: Actor, state: ImportState, growth: Growth, most: int = BATCH
) -> int:
    """Confirm the next acts of the source, at most `most`; return how many, 0 at the end.

    The tree's lock is held, so nobody else places a learner meanwhile. Where somebody moved a teaching
    between two batches, the tree is read anew.
    """
    ensure(actor, Permission.SYSTEM_OPERATE)
    lock_tree(session)
    if growth.tree is None or growth.last_move != _last_move(session):
        growth.tree = read_tree(session)
    acts = _next(session, state.source, growth.after, most)
    if not acts:
        return 0
    places: list[Triple] = []
    credited: list[Triple] = []
    for act_id, teacher, learner, _, _ in acts:
        verdict = growth.tree.take(teacher, learner)
        if verdict.credited:
            credited.append((teacher, learner, act_id))
        if verdict.becomes_parent:
            places.append((teacher, learner, act_id))
    _write(session, state, [act.id for act in acts], places, credited)
    last = acts[-1]
    growth.after = (last.taught_on, last.taught_second, last.id)
    growth.last_move = _last_move(session)
    state.report.confirmed_now += len(acts)
    state.report.credited_now += len(credited)
    state.report.placed_now += len(places)
    return len(acts)


def read_tree(session: Session) -> Lineage:
    """The tree as it is stored, with the credits; for the house alone."""
    stream = {"yield_per": 4 * BATCH}
    pairs = session.execute(select(LineageRow.learner_id, LineageRow.teacher_id), execution_options=stream)
    credited = session.execute(select(Credit.teacher_id, Credit.learner_id), execution_options=stream)
    return Lineage.from_parents(
        ((learner, teacher) for learner, teacher in pairs),
        ((teacher, learner) for teacher, learner in credited),
    )


def _next(session: Session, source: str, after: tuple[date, int, int] | None, most: int) -> Sequence[Any]:
    order = (Teaching.taught_on, Teaching.taught_second, Teaching.id)
    query = (
        select(
            Teaching.id, Teaching.teacher_id, Teaching.learner_id, Teaching.taught_on, Teaching.taught_second
        )
        .where(Teaching.source == source, Teaching.state == "recorded")
        .order_by(*order)
        .limit(most)
        .with_for_update()
    )
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*(literal(value) for value in after)))
    return session.execute(query).all()


def _write(
    session: Session,
    state: ImportState,
    act_ids: list[int],
    places: list[Triple],
    credited: list[Triple],
) -> None:
    connection = session.connection()
    act = Teaching.__table__
    connection.execute(
        insert(Confirmation.__table__).from_select(  # type: ignore[arg-type]
            ["teaching_id", "kind", "confirmed_at"],
            select(act.c.id, literal("import"), literal(state.now, Confirmation.confirmed_at.type))
            .where(among(session, act.c.id, act_ids))
            .order_by(act.c.id),
        )
    )
    put_moves(session, act_ids, "recorded", "confirmed", state)
    connection.execute(
        update(act).where(among(session, act.c.id, act_ids)).values(state="confirmed", confirmed_at=state.now)  # type: ignore[arg-type]
    )
    columns = ("teacher_id", "learner_id", "teaching_id")
    insert_rows(session, Credit, columns, credited)
    insert_rows(session, LineageRow, columns, places, same={"since": state.now})


def _last_move(session: Session) -> int:
    return session.scalar(select(func.max(TeachingMove.id))) or 0
