"""What a teacher wrote down in one go: the codes of those acts, and digits for those that have none yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.secrets_box import SecretsBox
from people.models import Person
from people.permissions import Actor, Permission, ensure
from referrals.models.acts import ConfirmationCode, Teaching
from referrals.services.batch_rows import draw_digits
from referrals.services.issuing import digits_index
from referrals.states import State

MOST: Final = 500


@dataclass(frozen=True)
class CodeLine:
    """One act and its code; `digits` is None where none were drawn, or where they were used."""

    teaching_id: int
    full_name: str
    state: str
    digits: str | None


def source_of(mark: str) -> str:
    """Return what the acts of one form are kept together by.

    >>> source_of("11111111-1111-4111-8111-111111111111")
    'several:11111111-1111-4111-8111-111111111111'
    """
    return f"several:{mark}"


def codes_of(session: Session, actor: Actor, mark: str, box: SecretsBox) -> list[CodeLine]:
    """Return the acts that the actor wrote down with this form, in order. Raises NotFound for none."""
    ensure(actor, Permission.TEACHING_RECORD, anywhere=True)
    rows = session.execute(
        select(Teaching.id, Person.full_name, Teaching.state, ConfirmationCode.digits_sealed)
        .join(Person, Person.id == Teaching.learner_id)
        .outerjoin(
            ConfirmationCode,
            (ConfirmationCode.teaching_id == Teaching.id) & ConfirmationCode.digits_sealed.is_not(None),
        )
        .where(
            Teaching.source == source_of(mark),
            Teaching.teacher_id == actor.person_id,
            Teaching.state != State.VOIDED.value,
        )
        .order_by(Teaching.id)
        .limit(MOST)
    ).all()
    if not rows:
        raise NotFound("not_found")
    return [
        CodeLine(row.id, row.full_name, row.state, box.open(row.digits_sealed) if row.digits_sealed else None)
        for row in rows
    ]


def deal_digits(session: Session, actor: Actor, mark: str, now: datetime, box: SecretsBox) -> int:
    """Draw digits for the acts of this form that wait without any; return for how many. Links stay."""
    ensure(actor, Permission.TEACHING_RECORD, anywhere=True)
    waiting = session.scalars(
        select(ConfirmationCode.id)
        .join(Teaching, Teaching.id == ConfirmationCode.teaching_id)
        .where(
            Teaching.source == source_of(mark),
            Teaching.teacher_id == actor.person_id,
            Teaching.state == State.RECORDED.value,
            ConfirmationCode.digits_hash.is_(None),
            ConfirmationCode.used_at.is_(None),
            ConfirmationCode.expires_at > now,
        )
        .order_by(ConfirmationCode.id)
        .limit(MOST)
    ).all()
    for code_id, digits in zip(waiting, draw_digits(session, len(waiting), box), strict=True):
        session.execute(
            update(ConfirmationCode)
            .where(ConfirmationCode.id == code_id)
            .values(digits_hash=digits_index(box, digits), digits_sealed=box.seal(digits))
        )
    return len(waiting)
