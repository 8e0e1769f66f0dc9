"""Writing persons: make one, give one a home unit, show one's whole phone number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.errors import Invalid, NotFound, TooMany
from core.secrets_box import SecretsBox
from people.age_bands import AGE_BANDS
from people.audit import PERSON_PLACED, PHONE_REVEALED
from people.models import Person, Unit, Ward
from people.names import NameProblem, clean_name, name_key, sort_key
from people.permissions import Actor, Permission, ensure
from people.phones import Phone, PhoneProblem, read_phone, tail
from people.queries import audit_count
from people.services.audit import write_audit

GENDERS = ("m", "f", "x")
NAME_KEY_LENGTH = 120
REVEALS_AN_HOUR = 20


@dataclass(frozen=True)
class PersonWish:
    """What is known of a person; everything but the name may be unknown.

    `source` and `source_id` say where an imported person came from; `allow_digits` lets a stand-in name from
    a file ("User 7") pass.
    """

    full_name: str
    phone: str | None = None
    gender: str | None = None
    age_band: str | None = None
    ward_code: str | None = None
    unit_id: int | None = None
    source: str | None = None
    source_id: str | None = None
    is_demo: bool = False
    allow_digits: bool = False


def create_person(session: Session, actor: Actor, wish: PersonWish, now: datetime, box: SecretsBox) -> Person:
    """Return a new person, flushed. Whoever gives a home unit must be allowed to place people there.

    Raises Invalid("person_invalid") whose fields name what has to be corrected.
    """
    ensure(actor, Permission.PERSON_CREATE, anywhere=True)
    if wish.unit_id is not None:
        ensure(actor, Permission.PERSON_PLACE, unit_id=wish.unit_id)
    fields: dict[str, str] = {}
    name = clean_name(wish.full_name, allow_digits=wish.allow_digits)
    if isinstance(name, NameProblem):
        fields["full_name"] = f"name_{name.code}"
    phone = read_phone(wish.phone or "")
    if isinstance(phone, PhoneProblem) and phone.code != "empty":
        fields["phone"] = f"phone_{phone.code}"
    if wish.gender is not None and wish.gender not in GENDERS:
        fields["gender"] = "not_a_choice"
    if wish.age_band is not None and wish.age_band not in AGE_BANDS:
        fields["age_band"] = "not_a_choice"
    if wish.ward_code is not None and session.get(Ward, wish.ward_code) is None:
        fields["ward_code"] = "not_a_choice"
    if wish.unit_id is not None and _open_unit(session, wish.unit_id) is None:
        fields["unit_id"] = "not_a_choice"
    if fields or isinstance(name, NameProblem):
        raise Invalid("person_invalid", fields)
    person = Person(
        full_name=name,
        name_key=name_key(name)[:NAME_KEY_LENGTH],
        sort_key=sort_key(name),
        gender=wish.gender,
        age_band=wish.age_band,
        ward_code=wish.ward_code,
        unit_id=wish.unit_id,
        source=wish.source,
        source_id=wish.source_id,
        is_demo=wish.is_demo,
        boards_opt_out=False,
        created_at=now,
    )
    if isinstance(phone, Phone):
        _keep_phone(person, phone, box)
    session.add(person)
    session.flush()
    return person


def place_person(session: Session, actor: Actor, person_id: int, unit_id: int, now: datetime) -> Person:
    """Give a person a home unit, the one that counts for ranking; one must lead both the old and the new.

    Raises NotFound for a person or a unit that is not there.
    """
    ensure(actor, Permission.PERSON_PLACE, unit_id=unit_id)
    person = session.get(Person, person_id)
    if person is None or _open_unit(session, unit_id) is None:
        raise NotFound("not_found")
    if person.unit_id == unit_id:
        return person
    if person.unit_id is not None:
        ensure(actor, Permission.PERSON_PLACE, unit_id=person.unit_id)
    details = {"from": person.unit_id, "to": unit_id}
    person.unit_id = unit_id
    write_audit(session, actor, PERSON_PLACED, "person", person.id, details, now)
    return person


def correct_person(
    session: Session,
    actor: Actor,
    person: Person,
    *,
    full_name: str,
    ward_code: str | None,
    age_band: str | None,
    phone: Phone | None,
    drop_phone: bool,
    box: SecretsBox,
) -> Person:
    """Put a typing mistake in a person's own data right. All of it was checked before, the name cleaned.

    Without a `phone` the number that is there stays, unless `drop_phone`. For the house alone: whether these
    data are the actor's to change is for the caller to say.
    """
    ensure(actor, Permission.PERSON_CREATE, anywhere=True)
    if full_name != person.full_name:
        person.full_name = full_name
        person.name_key = name_key(full_name)[:NAME_KEY_LENGTH]
        person.sort_key = sort_key(full_name)
    person.ward_code, person.age_band = ward_code, age_band
    if phone is not None and box.blind_index("phone", phone.e164) != person.phone_hash:
        _keep_phone(person, phone, box)
    elif phone is None and drop_phone:
        person.phone_sealed = person.phone_hash = person.phone_tail = None
    session.flush()
    return person


def reveal_phone(session: Session, actor: Actor, person_id: int, now: datetime, box: SecretsBox) -> str:
    """Return a person's whole phone number (E.164); every look is logged, and few are allowed an hour.

    Raises NotFound for a person without a phone or outside the actor's units, TooMany("too_many_reveals").
    """
    ensure(actor, Permission.PHONE_REVEAL, anywhere=True)
    person = session.get(Person, person_id)
    if person is None or person.phone_sealed is None or not _in_reach(actor, person):
        raise NotFound("not_found")
    if actor.account_id is not None:
        since = now - timedelta(hours=1)
        if audit_count(session, actor.account_id, PHONE_REVEALED, since) >= REVEALS_AN_HOUR:
            raise TooMany("too_many_reveals", seconds=3600)
    write_audit(session, actor, PHONE_REVEALED, "person", person.id, {}, now)
    return box.open(person.phone_sealed)


def _in_reach(actor: Actor, person: Person) -> bool:
    return actor.is_house or (person.unit_id is not None and person.unit_id in actor.units)


def _open_unit(session: Session, unit_id: int) -> Unit | None:
    unit = session.get(Unit, unit_id)
    return unit if unit is not None and unit.closed_at is None else None


def _keep_phone(person: Person, phone: Phone, box: SecretsBox) -> None:
    person.phone_sealed = box.seal(phone.e164)
    person.phone_hash = box.blind_index("phone", phone.e164)
    person.phone_tail = tail(phone.e164)
