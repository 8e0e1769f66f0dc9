"""Write a wish to be taught down, take one, give it back, end it: one wish has one taker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import CursorResult, Update, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.secrets_box import SecretsBox
from core.vietnamese import clean_text
from learning.models import Skill
from people.age_bands import AGE_BANDS
from people.audit import WAITING_ADDED, WAITING_GIVEN, WAITING_RETURNED, WAITING_TAKEN
from people.models import Person, Ward
from people.names import NameProblem, clean_name, name_key
from people.permissions import Actor, Permission, ensure, ensure_seen
from people.phones import Phone, PhoneProblem, read_phone, tail
from people.services.audit import write_audit
from people.services.persons import NAME_KEY_LENGTH
from referrals.models.acts import Teaching
from referrals.models.waiting import WaitingLearner
from referrals.queries.ambassadors import reach_of, teaches
from referrals.queries.waiting import wards_seen
from referrals.waiting import (
    CAME_BY,
    DAYS_TO_TEACH,
    DAYS_UNTIL_ERASED,
    LONGEST_NOTE,
    MOST_TAKEN,
    NOT_WANTED,
    REASONS,
)

ASKED_BY_ONESELF: Final = "form"


@dataclass(frozen=True)
class AskWish:
    """What somebody wants to be taught, and the words of consent, as they were shown or read out."""

    full_name: str
    ward_code: str
    phone: str = ""
    skill_id: int | None = None
    age_band: str | None = None
    note: str = ""
    came_by: str = ASKED_BY_ONESELF
    consent_text: str = ""


def ask_to_learn(
    session: Session, actor: Actor, wish: AskWish, now: datetime, box: SecretsBox
) -> WaitingLearner:
    """Put somebody on the list of a ward; whoever waits already by this name and phone is left as it is.

    One asks for oneself by the public form, with a phone. An ambassador writes down a walk-in, a coordinator
    a call to a ward of the units. Raises Invalid("wish_invalid") with fields, NotAllowed, NotFound.
    """
    ensure(actor, _needed(wish), anywhere=True)
    name, phone = _checked(session, wish)
    if wish.came_by == "call" and wish.ward_code not in wards_seen(session, actor):
        raise NotFound("not_found")
    row = WaitingLearner(
        full_name=name,
        name_key=name_key(name)[:NAME_KEY_LENGTH],
        phone_sealed=box.seal(phone.e164) if phone else None,
        phone_hash=box.blind_index("phone", phone.e164) if phone else None,
        phone_tail=tail(phone.e164) if phone else None,
        age_band=wish.age_band,
        ward_code=wish.ward_code,
        skill_id=wish.skill_id,
        note=clean_text(wish.note)[:LONGEST_NOTE],
        came_by=wish.came_by,
        consent_text=wish.consent_text,
        consent_at=now,
        asked_at=now,
        recorded_by=actor.account_id if wish.came_by != ASKED_BY_ONESELF else None,
        state="waiting",
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        present = _open_twin(session, row)
        if present is None:
            raise
        return present
    if actor.account_id is not None and wish.came_by != ASKED_BY_ONESELF:
        write_audit(session, actor, WAITING_ADDED, "waiting", row.id, {"by": wish.came_by}, now)
    return row


def take(session: Session, actor: Actor, wish_id: int, now: datetime) -> None:
    """Take a wish for oneself: from here on one sees the name and the phone, and the log says so.

    Raises NotFound for a wish of foreign wards, Conflict("wait_taken") when somebody was quicker, and
    Conflict("too_many_taken") for whoever has taken five and taught none of them yet.
    """
    ensure(actor, Permission.WAITING_TAKE)
    if actor.person_id is None:
        raise NotAllowed("no_person")
    row = _row(session, wish_id)
    if not reach_of(session, actor.person_id).has(row.ward_code):
        raise NotFound("not_found")
    if row.state == "taken" and row.taken_by == actor.person_id:
        return
    _hand_over(session, wish_id, actor.person_id, now)
    write_audit(session, actor, WAITING_TAKEN, "waiting", wish_id, {}, now)


def give_to(session: Session, actor: Actor, wish_id: int, person_id: int, now: datetime) -> None:
    """Give a wish of one's wards to an ambassador of one's units.

    Raises NotFound for what lies outside, Conflict("wait_taken"), Conflict("too_many_taken").
    """
    ensure(actor, Permission.WAITING_SEE, anywhere=True)
    row = _seen(session, actor, wish_id)
    person = session.get(Person, person_id)
    if person is None or not teaches(session, person_id):
        raise NotFound("not_found")
    ensure_seen(actor, Permission.WAITING_SEE, unit_id=person.unit_id)
    _hand_over(session, row.id, person_id, now)
    write_audit(session, actor, WAITING_GIVEN, "waiting", wish_id, {"to": person_id}, now)


def give_back(session: Session, actor: Actor, wish_id: int, reason: str, now: datetime) -> WaitingLearner:
    """Give back what one has taken; the place in the line stays. "Not wanted any more" ends the wait.

    Raises Invalid with the field `reason`, NotFound for what somebody else has taken.
    """
    ensure(actor, Permission.WAITING_TAKE)
    if reason not in REASONS:
        raise Invalid("wish_invalid", {"reason": "not_a_choice"})
    row = _row(session, wish_id, lock=True)
    if row.state != "taken" or row.taken_by != actor.person_id:
        raise NotFound("not_found")
    if reason == NOT_WANTED:
        row.state, row.ended_at = "withdrawn", now
    else:
        row.state, row.taken_by, row.taken_at = "waiting", None, None
    session.flush()
    write_audit(session, actor, WAITING_RETURNED, "waiting", wish_id, {"reason": reason}, now)
    return row


def take_back_wish(session: Session, actor: Actor, wish_id: int, now: datetime) -> WaitingLearner:
    """Let the one who asked take the wish back; a second time changes nothing. Raises NotFound.

    Whoever calls has proved by the signed link to be the one who asked.
    """
    ensure(actor, Permission.WAITING_ASK)
    row = _row(session, wish_id, lock=True)
    if row.state in ("waiting", "taken"):
        row.state, row.ended_at = "withdrawn", now
        session.flush()
    return row


def taught(session: Session, actor: Actor, wish_id: int, teaching_id: int, now: datetime) -> WaitingLearner:
    """End the wait that this ambassador has taken by the act that was written down for it.

    Raises NotFound for a wish that somebody else has taken, or for somebody else's act.
    """
    ensure(actor, Permission.WAITING_TAKE)
    row = _row(session, wish_id, lock=True)
    if row.state == "taught" and row.teaching_id == teaching_id:
        return row
    teaching = session.get(Teaching, teaching_id)
    mine = row.state == "taken" and row.taken_by == actor.person_id
    if not mine or teaching is None or teaching.teacher_id != actor.person_id:
        raise NotFound("not_found")
    row.state, row.teaching_id, row.ended_at = "taught", teaching_id, now
    session.flush()
    return row


def tend(session: Session, now: datetime) -> tuple[int, int]:
    """Return overdue wishes to the list, and erase the names and phones of waits that ended a week ago.

    Returns how many of each. For the house alone, daily, safe to repeat.
    """
    overdue = (
        update(WaitingLearner)
        .where(
            WaitingLearner.state == "taken", WaitingLearner.taken_at <= now - timedelta(days=DAYS_TO_TEACH)
        )
        .values(state="waiting", taken_by=None, taken_at=None)
    )
    ended = (
        update(WaitingLearner)
        .where(
            WaitingLearner.state.in_(("taught", "withdrawn")),
            WaitingLearner.ended_at <= now - timedelta(days=DAYS_UNTIL_ERASED),
            WaitingLearner.full_name != "",
        )
        .values(full_name="", name_key="", phone_sealed=None, phone_hash=None, phone_tail=None, note="")
    )
    return _changed(session, overdue), _changed(session, ended)


def _needed(wish: AskWish) -> Permission:
    by = {"walk_in": Permission.WAITING_TAKE, "call": Permission.WAITING_SEE}
    return by.get(wish.came_by, Permission.WAITING_ASK)


def _checked(session: Session, wish: AskWish) -> tuple[str, Phone | None]:
    fields: dict[str, str] = {}
    name = clean_name(wish.full_name)
    if isinstance(name, NameProblem):
        fields["full_name"] = f"name_{name.code}"
    phone = read_phone(wish.phone)
    if isinstance(phone, PhoneProblem) and (phone.code != "empty" or wish.came_by != "walk_in"):
        fields["phone"] = "required" if phone.code == "empty" else f"phone_{phone.code}"
    if not wish.ward_code or session.get(Ward, wish.ward_code) is None:
        fields["ward_code"] = "not_a_choice"
    skill = session.get(Skill, wish.skill_id) if wish.skill_id is not None else None
    if wish.skill_id is not None and (skill is None or not skill.active):
        fields["skill_id"] = "not_a_choice"
    if wish.age_band is not None and wish.age_band not in AGE_BANDS:
        fields["age_band"] = "not_a_choice"
    if not wish.consent_text.strip():
        fields["agree"] = "must_agree"
    if wish.came_by not in CAME_BY:
        fields["came_by"] = "not_a_choice"
    if fields or isinstance(name, NameProblem):
        raise Invalid("wish_invalid", fields)
    return name, phone if isinstance(phone, Phone) else None


def _open_twin(session: Session, row: WaitingLearner) -> WaitingLearner | None:
    statement = select(WaitingLearner).where(
        WaitingLearner.name_key == row.name_key,
        WaitingLearner.phone_hash == row.phone_hash,
        WaitingLearner.state.in_(("waiting", "taken")),
    )
    return session.scalar(statement)


def _hand_over(session: Session, wish_id: int, person_id: int, now: datetime) -> None:
    # The taker's own row is the lock of the taker's five; on SQLite the write lock does it already.
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    held = select(func.count()).where(WaitingLearner.taken_by == person_id, WaitingLearner.state == "taken")
    if (session.scalar(held) or 0) >= MOST_TAKEN:
        raise Conflict("too_many_taken")
    taken = _changed(
        session,
        update(WaitingLearner)
        .where(WaitingLearner.id == wish_id, WaitingLearner.state == "waiting")
        .values(state="taken", taken_by=person_id, taken_at=now),
    )
    if taken != 1:
        raise Conflict("wait_taken")


def _changed(session: Session, statement: Update) -> int:
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount


def _seen(session: Session, actor: Actor, wish_id: int) -> WaitingLearner:
    row = _row(session, wish_id)
    if row.ward_code not in wards_seen(session, actor):
        raise NotFound("not_found")
    return row


def _row(session: Session, wish_id: int, *, lock: bool = False) -> WaitingLearner:
    row = session.get(WaitingLearner, wish_id, populate_existing=True, with_for_update=lock or None)
    if row is None:
        raise NotFound("not_found")
    return row
