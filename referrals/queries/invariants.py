"""What must hold between the confirmed acts, the lineage and the credit, compared over the whole forest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from referrals import lineage as rules
from referrals.models.acts import Confirmation, Teaching, TeachingMove
from referrals.models.tree import Credit, Lineage
from referrals.states import State

_CONFIRMED = Teaching.state == State.CONFIRMED.value


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold: a stable kind, and the people or acts in it."""

    kind: str
    ids: tuple[int, ...]


def problems(session: Session) -> list[Finding]:
    """Return what does not hold; an empty list is a sound forest.

    Always: no circle; a place and a credit rest on a confirmed act of the very pair; a confirmed act has its
    evidence. While no confirmed act was ever taken back the tree has only grown, so it must hold as well that
    every act whose learner is not above its teacher has its credit, and its learner a place.
    """
    pairs = session.execute(select(Lineage.learner_id, Lineage.teacher_id))
    parents = dict(pairs.all())
    found = [Finding(problem.kind, problem.members) for problem in rules.check(parents)]
    found += _without_ground(session)
    if not found and not _anything_taken_back(session):
        found += _missing(session, parents)
    return found


def _without_ground(session: Session) -> Iterator[Finding]:
    for kind, table in (("place_without_act", Lineage), ("credit_without_act", Credit)):
        rows = session.execute(
            select(table.teacher_id, table.learner_id, table.teaching_id)
            .join(Teaching, Teaching.id == table.teaching_id)
            .where(
                or_(
                    ~_CONFIRMED,
                    Teaching.teacher_id != table.teacher_id,
                    Teaching.learner_id != table.learner_id,
                )
            )
        )
        yield from (Finding(kind, tuple(row)) for row in rows)
    bare = session.execute(
        select(Teaching.id)
        .outerjoin(Confirmation, Confirmation.teaching_id == Teaching.id)
        .where(_CONFIRMED, Confirmation.teaching_id.is_(None))
    )
    yield from (Finding("confirmed_without_evidence", tuple(row)) for row in bare)
    placed_by_stranger = session.execute(
        select(Lineage.teacher_id, Lineage.learner_id)
        .outerjoin(
            Credit, and_(Credit.teacher_id == Lineage.teacher_id, Credit.learner_id == Lineage.learner_id)
        )
        .where(Credit.teacher_id.is_(None))
    )
    yield from (Finding("place_without_credit", tuple(row)) for row in placed_by_stranger)


def _anything_taken_back(session: Session) -> bool:
    taken_back = select(TeachingMove.id).where(TeachingMove.from_state == State.CONFIRMED.value).limit(1)
    return session.scalar(taken_back) is not None


def _missing(session: Session, parents: dict[int, int]) -> Iterator[Finding]:
    tree = rules.Lineage.from_parents(parents.items())
    uncredited = session.execute(
        select(Teaching.teacher_id, Teaching.learner_id)
        .outerjoin(
            Credit, and_(Credit.teacher_id == Teaching.teacher_id, Credit.learner_id == Teaching.learner_id)
        )
        .where(_CONFIRMED, Credit.teacher_id.is_(None))
        .distinct()
    )
    for teacher, learner in uncredited:
        if not tree.is_above(learner, teacher):
            yield Finding("credit_missing", (teacher, learner))
    for teacher, learner in session.execute(select(Credit.teacher_id, Credit.learner_id)):
        if learner not in parents:
            yield Finding("place_missing", (teacher, learner))
