"""Writing consents: rows are only added, the newest one holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import BadRequest, Invalid, NotFound
from core.vietnamese import clean_text
from people.audit import CONSENT_GIVEN, CONSENT_WITHDRAWN
from people.consents import PURPOSES, WAYS
from people.models import Consent, Person
from people.permissions import Actor, Permission, ensure
from people.services.audit import write_audit

ITEM_LENGTH = 80
NAME_LENGTH = 120
LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class ConsentWish:
    """One act of giving or taking back consent: who, for what, in which words, by which way.

    `text` is what the person saw or heard, in `language`; `item` tells what exactly, where a purpose has
    several (a nomination, a picture).
    """

    person_id: int
    purpose: str
    text: str
    language: str
    how: str
    item: str = ""
    guardian_name: str | None = None


def record_consent(session: Session, actor: Actor, wish: ConsentWish, now: datetime) -> Consent:
    """Add a row that consent was given. Raises BadRequest, Invalid("consent_without_text"), NotFound."""
    ensure(actor, _needed(wish), owner_id=wish.person_id, anywhere=True)
    return _add(session, actor, wish, now, given=True)


def withdraw_consent(session: Session, actor: Actor, wish: ConsentWish, now: datetime) -> Consent:
    """Add a row that consent was taken back; as easy as giving it, and never refused for want of one."""
    ensure(actor, _needed(wish), owner_id=wish.person_id, anywhere=True)
    return _add(session, actor, wish, now, given=False)


def _needed(wish: ConsentWish) -> Permission:
    purpose = PURPOSES.get(wish.purpose)
    if purpose is None:
        raise BadRequest("unknown_purpose", purpose=wish.purpose)
    return purpose.taken_by


def _add(session: Session, actor: Actor, wish: ConsentWish, now: datetime, *, given: bool) -> Consent:
    if wish.how not in WAYS or wish.language not in LANGUAGES or len(wish.item) > ITEM_LENGTH:
        raise BadRequest("consent_malformed")
    if given and not wish.text.strip():
        raise Invalid("consent_without_text", {"text": "required"})
    if session.get(Person, wish.person_id) is None:
        raise NotFound("not_found")
    guardian = clean_text(wish.guardian_name or "")[:NAME_LENGTH]
    consent = Consent(
        person_id=wish.person_id,
        purpose=wish.purpose,
        item=wish.item,
        given=given,
        text_shown=wish.text,
        language=wish.language,
        how=wish.how,
        at=now,
        recorded_by=actor.account_id,
        guardian_name=guardian or None,
    )
    session.add(consent)
    session.flush()
    if actor.account_id is not None and actor.person_id != wish.person_id:
        details = {"purpose": wish.purpose, "item": wish.item, "how": wish.how}
        action = CONSENT_GIVEN if given else CONSENT_WITHDRAWN
        write_audit(session, actor, action, "person", wish.person_id, details, now)
    return consent
