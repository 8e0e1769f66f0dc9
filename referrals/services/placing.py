"""Places and credit: what a confirmed act counts, and what is left when it no longer counts.

The rules are those of `referrals.lineage`; here they meet the tables. All of it runs under the lock of the
tree, which the caller took (`core.database.lock_tree`), inside a service that asked for permission.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import events
from people.models import Person
from referrals.events import CreditMoved, TeachingConfirmed, TeachingVoided
from referrals.lineage import Act, Verdict, judge, successor
from referrals.models.acts import Teaching
from referrals.models.tree import Credit, Lineage
from referrals.queries.slices import stands_above
from referrals.states import State


def count_act(session: Session, teaching: Teaching, now: datetime) -> Verdict:
    """Give the learner of a confirmed act its place and the teacher the credit, as far as they are due.

    For the house alone, under the lock of the tree. Announces TeachingConfirmed.
    """
    teacher, learner = teaching.teacher_id, teaching.learner_id
    verdict = judge(
        teacher,
        learner,
        learner_has_parent=session.get(Lineage, learner) is not None,
        learner_is_above_teacher=stands_above(session, learner, teacher),
        already_credited=session.get(Credit, (teacher, learner)) is not None,
    )
    if verdict.becomes_parent:
        session.add(_place(teaching.id, teacher, learner, now))
    if verdict.credited:
        session.add(Credit(teacher_id=teacher, learner_id=learner, teaching_id=teaching.id))
    # The constraints and the trigger speak here, before anybody reacts to the event.
    session.flush()
    unit_id = session.scalar(select(Person.unit_id).where(Person.id == teacher))
    events.record(
        session,
        TeachingConfirmed(
            teaching_id=teaching.id,
            teacher_id=teacher,
            learner_id=learner,
            taught_on=teaching.taught_on,
            unit_id=unit_id,
            credited=verdict.credited,
            placed=verdict.becomes_parent,
        ),
    )
    return verdict


def uncount_act(session: Session, teaching: Teaching, now: datetime) -> None:
    """Take back the place and the credit that rest on an act which is confirmed no more, and hand them on.

    The learner's branch moves with the learner; where no other act fits, the learner becomes a root. For the
    house alone, under the lock of the tree. Announces TeachingVoided, then CreditMoved for each heir.
    """
    teacher, learner = teaching.teacher_id, teaching.learner_id
    session.flush()
    acts = _remaining(session, learner)
    had_place = _drop(session, Lineage, teaching.id)
    had_credit = _drop(session, Credit, teaching.id)
    handed_on: list[Act] = []
    if had_place:
        heir = _heir(session, learner, acts)
        if heir is not None:
            session.add(_place(heir.id, heir.teacher_id, learner, now))
            session.flush()
            if session.get(Credit, (heir.teacher_id, learner)) is None:
                handed_on.append(heir)
    if had_credit and not any(act.teacher_id == teacher for act in handed_on):
        keeper = _heir(session, learner, [act for act in acts if act.teacher_id == teacher])
        if keeper is not None:
            handed_on.append(keeper)
    for act in handed_on:
        session.add(Credit(teacher_id=act.teacher_id, learner_id=learner, teaching_id=act.id))
    session.flush()
    events.record(session, TeachingVoided(teaching.id, teacher, learner, uncredited=had_credit))
    for act in handed_on:
        unit_id = session.scalar(select(Person.unit_id).where(Person.id == act.teacher_id))
        events.record(session, CreditMoved(act.id, act.teacher_id, learner, act.taught_on, unit_id))


def _heir(session: Session, learner: int, acts: list[Act]) -> Act | None:
    return successor(learner, acts, stands_below=lambda person: stands_above(session, learner, person))


def _remaining(session: Session, learner: int) -> list[Act]:
    rows = session.execute(
        select(
            Teaching.id, Teaching.teacher_id, Teaching.learner_id, Teaching.taught_on, Teaching.taught_second
        ).where(Teaching.learner_id == learner, Teaching.state == State.CONFIRMED.value)
    )
    return [Act(*row) for row in rows]


def _drop(session: Session, table: type[Lineage | Credit], teaching_id: int) -> bool:
    row = session.scalar(select(table).where(table.teaching_id == teaching_id))
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True


def _place(teaching_id: int, teacher: int, learner: int, now: datetime) -> Lineage:
    return Lineage(learner_id=learner, teacher_id=teacher, teaching_id=teaching_id, since=now)
