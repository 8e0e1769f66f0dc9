"""Voiding: an act is taken back by its teacher, or struck out by whoever answers for the unit."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from core.database import lock_tree
from core.errors import Conflict, Invalid
from people.permissions import Actor, Permission, ensure
from people.services.audit import write_audit
from referrals.models.acts import Teaching, TeachingMove
from referrals.queries.teachings import teaching_for
from referrals.services.confirming import drop_evidence
from referrals.services.issuing import close_codes
from referrals.services.placing import uncount_act
from referrals.states import State, may_move

LONGEST_REASON: Final = 500


def void(session: Session, actor: Actor, teaching_id: int, reason: str, now: datetime) -> Teaching:
    """Take an act back: the row stays for the history, counts nowhere, and what rested on it is handed on.

    The teacher may void what nobody has confirmed; a confirmed act only whoever answers for the unit, with a
    reason. Raises NotFound, NotAllowed, Conflict("wrong_state"), Invalid with the field `reason`.
    """
    # Who may see it is asked before the lock is taken, so that a stranger holds nobody up.
    teaching = teaching_for(session, actor, teaching_id)
    lock_tree(session)
    session.refresh(teaching, ["state", "confirmed_at"], with_for_update=True)
    before = teaching.state
    confirmed = before == State.CONFIRMED.value
    unit_id, own = teaching.teacher.unit_id, actor.person_id == teaching.teacher_id
    if confirmed:
        ensure(actor, Permission.TEACHING_VOID, unit_id=unit_id)
    else:
        ensure(actor, Permission.TEACHING_VOID, unit_id=unit_id, owner_id=teaching.teacher_id)
    if not may_move(before, State.VOIDED):
        raise Conflict("wrong_state")
    if not reason.strip() and (confirmed or not own) and not actor.is_house:
        raise Invalid("teaching_invalid", {"reason": "required"})
    teaching.state = State.VOIDED.value
    teaching.confirmed_at = None
    session.add(
        TeachingMove(
            teaching_id=teaching.id,
            from_state=before,
            to_state=State.VOIDED.value,
            at=now,
            account_id=actor.account_id,
            reason=reason.strip()[:LONGEST_REASON],
        )
    )
    close_codes(session, teaching.id)
    if confirmed:
        drop_evidence(session, teaching.id)
        uncount_act(session, teaching, now)
    if not own and not actor.is_house:
        write_audit(session, actor, "teaching.voided", "teaching", teaching.id, {"from": before}, now)
    session.flush()
    return teaching
