"""What may still be put right in an act: while nobody answered, and only what nobody else relies on."""

from __future__ import annotations

from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.models import Account
from people.permissions import Actor, Permission, may
from referrals.models.acts import Teaching
from referrals.states import State

CORRECTABLE: Final = frozenset({State.RECORDED.value, State.RETURNED.value})

Bound = Literal["account", "confirmed", "shared", "anonymised"]


def may_correct(actor: Actor, teaching: Teaching) -> bool:
    """Tell whether this actor may correct this act as it stands."""
    allowed = may(
        actor, Permission.TEACHING_CORRECT, unit_id=teaching.teacher.unit_id, owner_id=teaching.teacher_id
    )
    return allowed and teaching.state in CORRECTABLE


def bound(session: Session, teaching: Teaching) -> Bound | None:
    """Tell why the learner's own data are not the teacher's to change; None where they are.

    They are as long as nobody else relies on them: no account, no confirmed act, no other teacher.
    """
    learner_id = teaching.learner_id
    if teaching.learner.anonymised_at is not None:
        return "anonymised"
    if session.scalar(select(Account.id).where(Account.person_id == learner_id).limit(1)) is not None:
        return "account"
    standing = select(Teaching.id).where(
        Teaching.learner_id == learner_id, Teaching.state != State.VOIDED.value
    )
    if session.scalar(standing.where(Teaching.state == State.CONFIRMED.value).limit(1)) is not None:
        return "confirmed"
    # Whoever has taught others stands in the tree with this name.
    taught = select(Teaching.id).where(Teaching.teacher_id == learner_id).limit(1)
    others = standing.where(Teaching.teacher_id != teaching.teacher_id).limit(1)
    if session.scalar(others) is not None or session.scalar(taught) is not None:
        return "shared"
    return None
