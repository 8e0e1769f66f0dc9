"""Codes for the learner: make one for a teaching, make a new one, open the digits for the teacher's page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound, Unavailable
from core.secrets_box import SecretsBox
from people.permissions import Actor, Permission, ensure
from referrals.codes import new_digits
from referrals.models.acts import ConfirmationCode, Teaching, TeachingMove
from referrals.queries.teachings import newest_code, teaching_for
from referrals.states import State

TRIES: Final = 20
# Voided and confirmed acts need no code; a disputed or returned one waits for a person first.
REISSUABLE: Final = frozenset({State.RECORDED, State.EXPIRED})


def issue_code(
    session: Session, teaching: Teaching, now: datetime, box: SecretsBox, days: int
) -> ConfirmationCode:
    """Return a new code of a teaching; those before it lead nowhere any more. For the house alone.

    Raises Unavailable("no_free_digits") when many draws met only digits that are in use.
    """
    close_codes(session, teaching.id)
    serial = 1 + (
        session.scalar(
            select(func.max(ConfirmationCode.serial)).where(ConfirmationCode.teaching_id == teaching.id)
        )
        or 0
    )
    for _ in range(TRIES):
        digits = new_digits()
        code = ConfirmationCode(
            teaching_id=teaching.id,
            serial=serial,
            digits_hash=digits_index(box, digits),
            digits_sealed=box.seal(digits),
            made_at=now,
            expires_at=now + timedelta(days=days),
            wrong_tries=0,
        )
        try:
            with session.begin_nested():
                session.add(code)
        except IntegrityError:
            continue
        return code
    raise Unavailable("no_free_digits")


def reissue(
    session: Session, actor: Actor, teaching_id: int, now: datetime, box: SecretsBox, days: int
) -> ConfirmationCode:
    """Return a new code for a teaching of one's own that nobody has answered; the old link stops working.

    Raises NotFound, Conflict("wrong_state") once the teaching was answered or taken back.
    """
    teaching = teaching_for(session, actor, teaching_id)
    if teaching.teacher_id != actor.person_id and not actor.is_house:
        raise NotFound("not_found")
    ensure(actor, Permission.TEACHING_RECORD)
    session.refresh(teaching, ["state"], with_for_update=True)
    if State(teaching.state) not in REISSUABLE:
        raise Conflict("wrong_state")
    if teaching.state == State.EXPIRED.value:
        teaching.state = State.RECORDED.value
        session.add(
            TeachingMove(
                teaching_id=teaching.id,
                from_state=State.EXPIRED.value,
                to_state=State.RECORDED.value,
                at=now,
                account_id=actor.account_id,
            )
        )
    return issue_code(session, teaching, now, box, days)


def open_digits(session: Session, actor: Actor, teaching_id: int, box: SecretsBox) -> str | None:
    """Return the six digits of the present code, for the teacher alone; None once they are used or gone.

    Raises NotAllowed for anybody else: whoever knows them can answer in the learner's place.
    """
    teaching = teaching_for(session, actor, teaching_id)
    ensure(actor, Permission.ACCOUNT_OWN, owner_id=teaching.teacher_id)
    code = newest_code(session, teaching_id)
    return box.open(code.digits_sealed) if code is not None and code.digits_sealed else None


def close_codes(session: Session, teaching_id: int) -> None:
    """Forget the digits of every code of a teaching, so that others may draw them. For the house alone."""
    session.execute(
        update(ConfirmationCode)
        .where(ConfirmationCode.teaching_id == teaching_id, ConfirmationCode.digits_hash.is_not(None))
        .values(digits_hash=None, digits_sealed=None)
    )


def digits_index(box: SecretsBox, digits: str) -> str:
    """Return the keyed hash by which digits are found. For the house alone."""
    return box.blind_index("confirmation digits", digits)
