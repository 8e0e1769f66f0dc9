"""Confirming: the learner says "yes, this is right" or "no"; only then anything counts, or nothing does.

The learner needs no account: the link, or the six digits with the learner's own name, are the key. The
teacher cannot answer for the learner while signed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from core.database import lock_tree
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from people.consents import LEARNING_RECORD
from people.permissions import Actor, Permission, ensure, ensure_seen
from people.services.consents import ConsentWish, record_consent, withdraw_consent
from referrals.codes import Door
from referrals.doors import Standing
from referrals.models.acts import Confirmation, Teaching, TeachingMove
from referrals.queries.teachings import AtTheDoor, at_the_door
from referrals.services.issuing import close_codes
from referrals.services.placing import count_act, uncount_act
from referrals.states import State, may_move

KINDS: Final = ("link", "code", "paper", "check_in", "call_back", "import")
LONGEST_REASON: Final = 500

_REFUSALS: Final = {
    Standing.EXPIRED: "code_expired",
    Standing.REPLACED: "code_replaced",
    Standing.CONFIRMED: "already_confirmed",
    Standing.DISPUTED: "wrong_state",
    Standing.WITHDRAWN: "wrong_state",
}


@dataclass(frozen=True)
class Shown:
    """The words of consent that stood above the button, and their language."""

    text: str
    language: str


@dataclass(frozen=True)
class Evidence:
    """How the learner came. The hashes are keyed, and only ever compared: signals for a human to look at.

    `consent` are the words that the learner agreed to with the same tap; None where none were shown.
    """

    door: Door
    device_hash: str | None = None
    address_hash: str | None = None
    consent: Shown | None = None


def confirm(session: Session, actor: Actor, evidence: Evidence, now: datetime) -> Teaching:
    """Take the learner's yes: the act becomes a contact, with its place and credit in one transaction.

    Raises NotFound("link_unknown"), NotAllowed("own_teaching"), Conflict("already_confirmed"),
    Conflict("code_expired"), Conflict("code_replaced"), Conflict("wrong_state").
    """
    ensure(actor, Permission.TEACHING_ANSWER)
    found = _answerable(session, actor, evidence.door, now)
    if found.standing is not Standing.OPEN:
        raise Conflict(_REFUSALS[found.standing])
    found.code.used_at = now
    accept_yes(
        session,
        found.teaching,
        evidence.door.kind,
        actor.account_id,
        now,
        evidence.device_hash,
        evidence.address_hash,
    )
    if evidence.consent is not None:
        learner_id = found.teaching.learner_id
        record_consent(session, Actor(person_id=learner_id), _consent(learner_id, evidence.consent), now)
    return found.teaching


def confirm_by_house(
    session: Session, actor: Actor, teaching_id: int, now: datetime, kind: str = "paper"
) -> Teaching:
    """Take a yes that reached us another way: on paper, by a call back, with the demonstration city.

    Raises NotFound, Invalid("unknown_kind"), Conflict("wrong_state").
    """
    ensure(actor, Permission.SYSTEM_OPERATE)
    if kind not in KINDS:
        raise Invalid("unknown_kind")
    lock_tree(session)
    teaching = session.get(Teaching, teaching_id, populate_existing=True, with_for_update=True)
    if teaching is None:
        raise NotFound("not_found")
    if not may_move(teaching.state, State.CONFIRMED):
        raise Conflict("wrong_state")
    accept_yes(session, teaching, kind, actor.account_id, now)
    return teaching


def confirm_on_paper(session: Session, actor: Actor, teaching_id: int, now: datetime) -> Teaching:
    """Take the yes that a learner signed on paper; whoever types it in stands beside the evidence.

    The teacher may, and whoever coordinates the teacher's unit. What the learner said otherwise is left as it
    is. Raises NotFound, Conflict("already_confirmed"), Conflict("wrong_state").
    """
    teaching = session.get(Teaching, teaching_id)
    if teaching is None:
        raise NotFound("not_found")
    if teaching.teacher_id == actor.person_id:
        ensure(actor, Permission.TEACHING_RECORD)
    else:
        ensure_seen(actor, Permission.TEACHING_RECORD_FOR, unit_id=teaching.teacher.unit_id)
    lock_tree(session)
    session.refresh(teaching, ["state", "confirmed_at"], with_for_update=True)
    if teaching.state == State.CONFIRMED.value:
        raise Conflict("already_confirmed")
    if teaching.state not in (State.RECORDED.value, State.EXPIRED.value):
        raise Conflict("wrong_state")
    if teaching.state == State.EXPIRED.value:
        teaching.state = State.RECORDED.value
        session.add(_move(teaching, State.EXPIRED.value, actor.account_id, now, ""))
    accept_yes(session, teaching, "paper", actor.account_id, now)
    return teaching


def dispute(session: Session, actor: Actor, evidence: Evidence, reason: str, now: datetime) -> Teaching:
    """Take the learner's no, or the withdrawal of an earlier yes: nothing counts until a person has looked.

    Raises as `confirm` does; a yes can be withdrawn through the very link or digits it was given with.
    """
    ensure(actor, Permission.TEACHING_ANSWER)
    found = _answerable(session, actor, evidence.door, now)
    teaching, before = found.teaching, found.teaching.state
    withdrawal = found.standing is Standing.CONFIRMED and found.code.used_at is not None
    if found.standing is not Standing.OPEN and not withdrawal:
        raise Conflict(_REFUSALS[found.standing])
    teaching.state = State.DISPUTED.value
    teaching.confirmed_at = None
    session.add(_move(teaching, before, actor.account_id, now, reason))
    close_codes(session, teaching.id)
    if before == State.CONFIRMED.value:
        drop_evidence(session, teaching.id)
        uncount_act(session, teaching, now)
        if evidence.consent is not None:
            learner_id = teaching.learner_id
            withdraw_consent(
                session, Actor(person_id=learner_id), _consent(learner_id, evidence.consent), now
            )
    session.flush()
    return teaching


def drop_evidence(session: Session, teaching_id: int) -> None:
    """Take away the confirmation of an act that is confirmed no more; the moves keep its story.

    For the house alone.
    """
    row = session.get(Confirmation, teaching_id)
    if row is not None:
        session.delete(row)
        session.flush()


def _consent(learner_id: int, shown: Shown) -> ConsentWish:
    return ConsentWish(learner_id, LEARNING_RECORD, shown.text, shown.language, "link")


def _answerable(session: Session, actor: Actor, door: Door, now: datetime) -> AtTheDoor:
    lock_tree(session)
    # The row lock waits for a withdrawal or a new code that is being written at this moment.
    session.get(Teaching, door.teaching_id, populate_existing=True, with_for_update=True)
    found = at_the_door(session, door, now)
    if actor.person_id is not None and actor.person_id == found.teaching.teacher_id:
        raise NotAllowed("own_teaching")
    return found


def accept_yes(
    session: Session,
    teaching: Teaching,
    kind: str,
    account_id: int | None,
    now: datetime,
    device_hash: str | None = None,
    address_hash: str | None = None,
) -> None:
    """Make an act that waits a contact, with its evidence, its place and its credit.

    For the house alone, under the lock of the tree, inside a service that asked. `account_id` is whoever
    was signed in; None for a learner without an account.
    """
    before = teaching.state
    teaching.state = State.CONFIRMED.value
    teaching.confirmed_at = now
    session.add(_move(teaching, before, account_id, now, ""))
    session.add(
        Confirmation(
            teaching_id=teaching.id,
            kind=kind,
            confirmed_at=now,
            account_id=account_id,
            device_hash=device_hash,
            address_hash=address_hash,
        )
    )
    close_codes(session, teaching.id)
    session.flush()
    count_act(session, teaching, now)


def _move(
    teaching: Teaching, before: str, account_id: int | None, now: datetime, reason: str
) -> TeachingMove:
    return TeachingMove(
        teaching_id=teaching.id,
        from_state=before,
        to_state=teaching.state,
        at=now,
        account_id=account_id,
        reason=reason[:LONGEST_REASON],
    )
