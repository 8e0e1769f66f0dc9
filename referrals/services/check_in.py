"""Checking in: the learner reads the code on the teacher's screen and types a name; that is a confirmed act.

The learner needs no account. The code of this minute is the key: whoever has it is in the room. An act that
was on the list of the class already is confirmed rather than made a second time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from core import events
from core.clock import local_day
from core.database import lock_tree
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.secrets_box import SecretsBox
from learning.classes import ClassState
from learning.models import ClassSession
from learning.queries.classes import class_for, class_for_everybody, teaches_in
from people.consents import LEARNING_RECORD
from people.models import Person
from people.names import NAME_KEY_LENGTH, NameProblem, clean_name, name_key
from people.permissions import HOUSE, Actor, Permission, ensure
from people.services.consents import ConsentWish, record_consent
from people.services.persons import PersonWish, create_person
from referrals.checking_in import Ask, Confirm, Decision, Question, Said, Take, Thank, decide
from referrals.codes import Door
from referrals.events import TeachingRecorded
from referrals.models.acts import ConfirmationCode, Teaching, TeachingMove
from referrals.places import OF_CLASS
from referrals.queries import class_lists
from referrals.queries.teachings import newest_code
from referrals.services.confirming import Shown, accept_yes
from referrals.states import State
from referrals.turning_codes import Screen

HOURS: Final = (1, 2, 3, 4, 8)
MOST_CHECK_INS: Final = 500
# An evening class may run past midnight; a later check-in would prove nothing.
LATE: Final = timedelta(days=1)
_TAIL = re.compile(r"[0-9]{3}")


@dataclass(frozen=True)
class CheckInWish:
    """What a learner says at a screen. The hashes are keyed; `said.who` answers a question asked before."""

    screen: Screen
    full_name: str
    said: Said
    consent: Shown
    device_hash: str | None = None
    address_hash: str | None = None


@dataclass(frozen=True)
class CheckedIn:
    """The act that stands now. `door` leads its learner back to it; None where that may be somebody else."""

    teaching: Teaching
    again: bool
    door: Door | None


class WhoIsIt(Invalid):
    """Somebody of this name is known here: the learner has to say whether it is the same person."""

    def __init__(self, question: Question) -> None:
        super().__init__("who_is_it", {"who": question})
        self.question = question


def open_door(session: Session, actor: Actor, class_id: int, hours: int, now: datetime) -> ClassSession:
    """Let learners check in for some hours, from any of the class's screens.

    Raises NotFound, NotAllowed for whoever does not teach in it or answer for it, Conflict("class_over"),
    Conflict("check_in_wrong_day"), Invalid for hours that are none of `HOURS`.
    """
    ensure(actor, Permission.CLASS_HOLD, anywhere=True)
    held = class_for(session, actor, class_id, lock=True)
    if held.state != ClassState.OPEN.value:
        raise Conflict("class_over")
    if hours not in HOURS:
        raise Invalid("class_invalid", {"hours": "not_a_choice"})
    if not may_check_in_on(held, now):
        raise Conflict("check_in_wrong_day")
    held.check_in_until = now + timedelta(hours=hours)
    session.flush()
    return held


def close_door(session: Session, actor: Actor, class_id: int) -> ClassSession:
    """Let nobody check in any more; it can be opened again. Raises NotFound."""
    ensure(actor, Permission.CLASS_HOLD, anywhere=True)
    held = class_for(session, actor, class_id, lock=True)
    held.check_in_until = None
    session.flush()
    return held


def may_check_in_on(held: ClassSession, now: datetime) -> bool:
    """Tell whether a class is held on the day of this moment, or was the day before."""
    return held.held_on <= local_day(now) <= held.held_on + LATE


def door_is_open(held: ClassSession, now: datetime) -> bool:
    """Tell whether learners can check in at this moment."""
    until = held.check_in_until
    return held.state == ClassState.OPEN.value and until is not None and until > now


def check_in(session: Session, actor: Actor, wish: CheckInWish, now: datetime, box: SecretsBox) -> CheckedIn:
    """Take down that a learner is here: an act recorded and confirmed, or one of the list confirmed.

    Raises NotFound("check_in_unknown"), Conflict("check_in_closed"), Conflict("class_full"),
    Conflict("check_in_disputed"), NotAllowed("own_class") for a teacher of the class,
    Invalid("check_in_invalid") with fields, and WhoIsIt.
    """
    ensure(actor, Permission.TEACHING_ANSWER)
    name, said = _read(wish)
    # One check-in at a time: two of one name at the same moment meet each other's rows.
    lock_tree(session)
    held = _class_of(session, wish.screen, now)
    if teaches_in(held, actor):
        raise NotAllowed("own_class")
    decision = _decide(session, actor, held, name, said, wish.device_hash)
    if isinstance(decision, Ask):
        raise WhoIsIt(decision.code)
    if isinstance(decision, Thank):
        teaching = _act(session, decision.teaching_id)
        mine = decision.same_device
        return CheckedIn(teaching, again=True, door=_way_back(session, teaching, now) if mine else None)
    if isinstance(decision, Confirm):
        teaching = _act(session, decision.teaching_id)
    else:
        teaching = _take(session, held, wish.screen.teacher_id, decision, name, said, now, box)
    if teaching.state == State.CONFIRMED.value:
        return CheckedIn(teaching, again=True, door=None)
    if teaching.state != State.RECORDED.value:
        raise Conflict("check_in_disputed")
    accept_yes(session, teaching, "check_in", actor.account_id, now, wish.device_hash, wish.address_hash)
    learner_id = teaching.learner_id
    consent = ConsentWish(learner_id, LEARNING_RECORD, wish.consent.text, wish.consent.language, "link")
    record_consent(session, Actor(person_id=learner_id), consent, now)
    return CheckedIn(teaching, again=False, door=_way_back(session, teaching, now))


def _read(wish: CheckInWish) -> tuple[str, Said]:
    fields: dict[str, str] = {}
    name = clean_name(wish.full_name)
    if isinstance(name, NameProblem):
        fields["full_name"] = f"name_{name.code}"
    tail = wish.said.tail.strip()
    if tail and not _TAIL.fullmatch(tail):
        fields["tail"] = "tail_three_digits"
    if fields or isinstance(name, NameProblem):
        raise Invalid("check_in_invalid", fields)
    return name, replace(wish.said, tail=tail)


def _class_of(session: Session, screen: Screen, now: datetime) -> ClassSession:
    held = class_for_everybody(session, screen.class_id)
    if held is None or not any(one.id == screen.teacher_id for one in held.teachers):
        raise NotFound("check_in_unknown")
    if not door_is_open(held, now):
        raise Conflict("check_in_closed")
    if class_lists.at_the_screen(session, held.id).number >= MOST_CHECK_INS:
        raise Conflict("class_full")
    return held


def _decide(
    session: Session, actor: Actor, held: ClassSession, name: str, said: Said, device_hash: str | None
) -> Decision:
    key = name_key(name)[:NAME_KEY_LENGTH]
    here = class_lists.namesakes_here(session, held.id, key, device_hash)
    earlier = class_lists.earlier_learners(session, [one.id for one in held.teachers], key)
    own = session.get(Person, actor.person_id) if actor.person_id is not None else None
    if own is not None and own.name_key == key and not here and said.who != "apart":
        # Somebody with an account who comes to learn, signed in: we know who it is.
        return Take(own.id)
    return decide(said, here, earlier)


def _act(session: Session, teaching_id: int) -> Teaching:
    teaching = session.get(Teaching, teaching_id, populate_existing=True, with_for_update=True)
    if teaching is None:
        raise NotFound("check_in_unknown")
    return teaching


def _take(
    session: Session,
    held: ClassSession,
    teacher_id: int,
    decision: Take,
    name: str,
    said: Said,
    now: datetime,
    box: SecretsBox,
) -> Teaching:
    if decision.person_id is not None:
        found = class_lists.same_act(session, teacher_id, decision.person_id, held.held_on)
        if found is not None:
            return _into_class(session, found, held)
    learner_id = decision.person_id or _new_person(session, name, said, now, box)
    teaching = Teaching(
        teacher_id=teacher_id,
        learner_id=learner_id,
        taught_on=held.held_on,
        taught_second=0,
        taught_precision="day",
        place=OF_CLASS[held.kind],
        ward_code=held.ward_code,
        class_id=held.id,
        state=State.RECORDED.value,
        recorded_at=now,
        skills=list(held.skills),
    )
    session.add(teaching)
    session.flush()
    session.add(TeachingMove(teaching_id=teaching.id, from_state=None, to_state=State.RECORDED.value, at=now))
    events.record(session, TeachingRecorded(teaching.id, teacher_id, learner_id))
    return teaching


def _into_class(session: Session, found: Teaching, held: ClassSession) -> Teaching:
    # The teacher wrote this person down the same day without the class: it is the same lesson.
    teaching = _act(session, found.id)
    if teaching.class_id is None:
        teaching.class_id = held.id
    return teaching


def _new_person(session: Session, name: str, said: Said, now: datetime, box: SecretsBox) -> int:
    wish = PersonWish(name, age_band=said.age_band, ward_code=said.ward_code)
    # The learner has no account and no role: the house writes, let in by the code of this minute.
    person = create_person(session, HOUSE, wish, now, box)
    # Three digits tell two people of one name apart; the whole number is nobody's business here.
    person.phone_tail = said.tail or None
    return person.id


def _way_back(session: Session, teaching: Teaching, now: datetime) -> Door:
    code = newest_code(session, teaching.id)
    if code is None:
        code = ConfirmationCode(
            teaching_id=teaching.id, serial=1, made_at=now, expires_at=now, used_at=now, wrong_tries=0
        )
        session.add(code)
    elif code.used_at is None:
        # By this link the yes can be taken back.
        code.used_at = now
    session.flush()
    return Door(teaching.id, code.serial)
