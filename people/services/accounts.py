"""Writing accounts: open one, lock one, change one's password or language."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.secrets_box import SecretsBox
from people.audit import ACCOUNT_CLOSED, ACCOUNT_CREATED, ACCOUNT_OPENED, PASSWORD_CHANGED, PASSWORD_RESET
from people.models import Account, Person
from people.passwords import STRONG, Passwords, password_problem
from people.permissions import Actor, Permission, ensure
from people.phones import Phone, read_phone
from people.queries import other_open_administrators
from people.services.audit import write_audit
from people.services.persons import PersonWish, create_person
from people.services.roles import GrantWish, grant_role

LANGUAGES = ("vi", "en")
EMAIL_LENGTH = 200
# Enough to catch a slip of the keyboard; whether the address lives, only a letter to it can tell.
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


@dataclass(frozen=True)
class AccountWish:
    """What a person will sign in with: an e-mail address, a phone number, or either."""

    person_id: int
    password: str
    email: str | None = None
    phone: str | None = None
    language: str = "vi"


@dataclass(frozen=True)
class OpenAccountWish:
    """A new person with an account and a first role, in one wish.

    `unit_id` is the person's home unit, and for a coordinator the unit that is led as well.
    """

    full_name: str
    password: str
    role: str
    email: str | None = None
    phone: str | None = None
    unit_id: int | None = None
    language: str = "vi"
    is_demo: bool = False


@dataclass(frozen=True)
class PasswordWish:
    """A change of one's own password; the old one proves who sits there."""

    old: str
    new: str


def create_account(
    session: Session,
    actor: Actor,
    wish: AccountWish,
    now: datetime,
    box: SecretsBox,
    passwords: Passwords = STRONG,
) -> Account:
    """Return a new account of a person, flushed; it has no role yet.

    Raises NotFound, Invalid("account_invalid") with its fields, Conflict("person_has_account").
    """
    ensure(actor, Permission.ACCOUNT_MANAGE)
    person = session.get(Person, wish.person_id)
    if person is None:
        raise NotFound("not_found")
    email, phone_hash, fields = _sign_in_names(session, wish, box)
    if problem := password_problem(wish.password):
        fields["password"] = problem
    if fields:
        raise Invalid("account_invalid", fields)
    if session.scalar(select(Account.id).where(Account.person_id == person.id)) is not None:
        raise Conflict("person_has_account")
    account = Account(
        person=person,
        email=email,
        phone_hash=phone_hash,
        password_hash=passwords.hash(wish.password),
        language=wish.language if wish.language in LANGUAGES else LANGUAGES[0],
        active=True,
        session_stamp=_new_stamp(),
        created_at=now,
    )
    session.add(account)
    session.flush()
    write_audit(session, actor, ACCOUNT_CREATED, "account", account.id, {"person": person.id}, now)
    return account


def open_account(
    session: Session,
    actor: Actor,
    wish: OpenAccountWish,
    now: datetime,
    box: SecretsBox,
    passwords: Passwords = STRONG,
) -> Account:
    """Return a new account with its new person and its first role, flushed.

    Raises Invalid whose fields name what has to be corrected, those of the person and of the role included.
    """
    ensure(actor, Permission.ACCOUNT_MANAGE)
    person = create_person(
        session,
        actor,
        PersonWish(wish.full_name, phone=wish.phone, unit_id=wish.unit_id, is_demo=wish.is_demo),
        now,
        box,
    )
    names = AccountWish(person.id, wish.password, wish.email, wish.phone, wish.language)
    account = create_account(session, actor, names, now, box, passwords)
    grant_role(session, actor, GrantWish(account.id, wish.role, wish.unit_id), now)
    return account


def change_password(
    session: Session, actor: Actor, wish: PasswordWish, now: datetime, passwords: Passwords = STRONG
) -> Account:
    """Change one's own password; every other device is signed out.

    Raises Invalid("password_invalid"): the field `old` says "wrong_password", `new` what is wrong with it.
    """
    ensure(actor, Permission.ACCOUNT_OWN, owner_id=actor.person_id)
    account = _own(session, actor)
    if not passwords.verify(account.password_hash, wish.old):
        raise Invalid("password_invalid", {"old": "wrong_password"})
    if problem := password_problem(wish.new):
        raise Invalid("password_invalid", {"new": problem})
    account.password_hash = passwords.hash(wish.new)
    account.session_stamp = _new_stamp()
    write_audit(session, actor, PASSWORD_CHANGED, "account", account.id, {}, now)
    return account


def reset_password(
    session: Session,
    actor: Actor,
    account_id: int,
    password: str,
    now: datetime,
    passwords: Passwords = STRONG,
) -> Account:
    """Give somebody who forgot a new password; every device is signed out. Raises NotFound, Invalid."""
    ensure(actor, Permission.ACCOUNT_MANAGE)
    account = _account(session, account_id)
    if problem := password_problem(password):
        raise Invalid("password_invalid", {"new": problem})
    account.password_hash = passwords.hash(password)
    account.session_stamp = _new_stamp()
    write_audit(session, actor, PASSWORD_RESET, "account", account.id, {}, now)
    return account


def set_active(session: Session, actor: Actor, account_id: int, active: bool, now: datetime) -> Account:
    """Lock an account or open it again; a locked one is signed out everywhere at once.

    Raises NotFound, Conflict("last_administrator").
    """
    ensure(actor, Permission.ACCOUNT_MANAGE)
    account = _account(session, account_id)
    if account.active == active:
        return account
    if not active and account.id == actor.account_id:
        raise Conflict("own_account")
    if not active and not other_open_administrators(session, account.id):
        raise Conflict("last_administrator")
    account.active = active
    account.session_stamp = _new_stamp()
    action = ACCOUNT_OPENED if active else ACCOUNT_CLOSED
    write_audit(session, actor, action, "account", account.id, {}, now)
    return account


def set_language(session: Session, actor: Actor, language: str) -> Account:
    """Remember in which language one is spoken to. Raises Invalid("language_invalid")."""
    ensure(actor, Permission.ACCOUNT_OWN, owner_id=actor.person_id)
    if language not in LANGUAGES:
        raise Invalid("language_invalid", {"language": "not_a_choice"})
    account = _own(session, actor)
    account.language = language
    return account


def _sign_in_names(
    session: Session, wish: AccountWish, box: SecretsBox
) -> tuple[str | None, str | None, dict[str, str]]:
    """Return the e-mail address and the phone's hash to store, and what is wrong with them."""
    fields: dict[str, str] = {}
    email = (wish.email or "").strip().lower() or None
    if email is not None:
        if len(email) > EMAIL_LENGTH or not _EMAIL.fullmatch(email):
            fields["email"] = "email_malformed"
        elif session.scalar(select(Account.id).where(Account.email == email)) is not None:
            fields["email"] = "email_taken"
    phone_hash: str | None = None
    phone = read_phone(wish.phone or "")
    if isinstance(phone, Phone):
        phone_hash = box.blind_index("phone", phone.e164)
        if session.scalar(select(Account.id).where(Account.phone_hash == phone_hash)) is not None:
            fields["phone"] = "phone_taken"
    elif phone.code != "empty":
        fields["phone"] = f"phone_{phone.code}"
    if email is None and phone_hash is None and not fields:
        fields["phone"] = "phone_or_email_required"
    return email, phone_hash, fields


def _own(session: Session, actor: Actor) -> Account:
    if actor.account_id is None:
        raise NotFound("not_found")
    return _account(session, actor.account_id)


def _account(session: Session, account_id: int) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound("not_found")
    return account


def _new_stamp() -> str:
    return secrets.token_hex(16)
