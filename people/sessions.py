"""Who sits there: a thin layer over Flask-Login, and the check of a name and a password.

The cookie names an account and its stamp; a new stamp signs every device out. Roles are read anew on each
request, so that what an administrator takes back is gone at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from urllib.parse import urlsplit

from flask import Flask, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.errors import NotAllowed
from core.secrets_box import SecretsBox
from core.web import db, house
from people.models import Account
from people.names import avatar_letter, given_name
from people.passwords import STRONG, Passwords, passwords_for
from people.permissions import ANYONE, Actor
from people.queries import account_by_id, account_by_sign_in_name, actor_of

NEXT_LENGTH = 500
# The language of a page is a cookie, since guests have one too.
LANGUAGE_COOKIE = "lang"
LANGUAGE_SECONDS = 60 * 60 * 24 * 365


@dataclass(frozen=True)
class Viewer:
    """The signed-in person as templates see them."""

    account_id: int
    person_id: int
    full_name: str
    given_name: str
    letter: str
    unit_id: int | None
    language: str


class Visitor(UserMixin):
    """What Flask-Login keeps of an account during a request."""

    def __init__(self, account: Account, actor: Actor) -> None:
        person = account.person
        self.id = f"{account.id}.{account.session_stamp}"
        self.actor = actor
        self.viewer = Viewer(
            account_id=account.id,
            person_id=person.id,
            full_name=person.full_name,
            given_name=given_name(person.full_name),
            letter=avatar_letter(person.full_name),
            unit_id=person.unit_id,
            language=account.language,
        )


def init(app: Flask) -> None:
    """Bind the sessions to this application."""
    # A phone changes its address at every corner, so a new address only makes a session stale ("basic").
    manager = LoginManager()
    manager.session_protection = "basic"
    manager.user_loader(load_visitor)
    manager.init_app(app, add_context_processor=False)


def load_visitor(cookie_id: str) -> Visitor | None:
    """Return the visitor of a session cookie, or None: unknown, locked, or signed out by a new stamp."""
    number, _, stamp = cookie_id.partition(".")
    if "session" not in g or not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    account = account_by_id(db(), int(number))
    if account is None or not account.active or account.session_stamp != stamp:
        return None
    return Visitor(account, actor_of(db(), account))


def actor() -> Actor:
    """Return who acts in this request; ANYONE for a guest, and where no database is at hand."""
    visitor = _visitor()
    return visitor.actor if visitor is not None else ANYONE


def viewer() -> Viewer | None:
    """Return the signed-in person for templates, or None."""
    visitor = _visitor()
    return visitor.viewer if visitor is not None else None


def _visitor() -> Visitor | None:
    # Asked once a request: an error page, drawn after the session was closed, still knows who sits there.
    if "visitor" in g:
        return cast("Visitor | None", g.visitor)
    if "session" not in g:
        return None
    g.visitor = current_user._get_current_object() if current_user.is_authenticated else None  # noqa: SLF001
    return cast("Visitor | None", g.visitor)


def sign_in(account: Account) -> None:
    """Sign an account in on this device; whatever the session held before is dropped."""
    session.clear()
    session.permanent = True
    visitor = Visitor(account, actor_of(db(), account))
    login_user(visitor)
    g.visitor = visitor


def sign_out() -> None:
    """Sign this device out."""
    logout_user()
    session.clear()
    g.visitor = None


def check_sign_in(
    session: Session,
    name: str,
    password: str,
    now: datetime,
    box: SecretsBox,
    passwords: Passwords = STRONG,
) -> Account:
    """Return the account of a sign-in name (e-mail address or phone in any spelling) and its password.

    It asks nobody's permission: whoever signs in is nobody yet. Raises NotAllowed("wrong_name_or_password"),
    the same words and the same work for an unknown name, a wrong password and a locked account.
    """
    account = account_by_sign_in_name(session, name, box)
    if account is None:
        passwords.verify_nothing(password)
        raise NotAllowed("wrong_name_or_password")
    if not passwords.verify(account.password_hash, password) or not account.active:
        raise NotAllowed("wrong_name_or_password")
    if passwords.needs_rehash(account.password_hash):
        account.password_hash = passwords.hash(password)
    account.last_signed_in_at = now
    return account


def hasher() -> Passwords:
    """Return what hashes passwords in this application."""
    return passwords_for(house().settings.mode)


def safe_next(target: str | None) -> str | None:
    r"""Return a path on our own host to go to, or None for anything else.

    >>> safe_next("/toi?a=1"), safe_next("https://evil.example/"), safe_next("//evil.example")
    ('/toi?a=1', None, None)
    >>> safe_next("/\\evil.example"), safe_next("javascript:alert(1)"), safe_next(None)
    (None, None, None)
    """
    if not target or len(target) > NEXT_LENGTH or not target.startswith("/") or target.startswith("//"):
        return None
    # Browsers read "\\" as "/" and drop tabs and line ends: "/\\t/evil.example" would leave the house.
    if "\\" in target or any(ord(character) < 0x21 or ord(character) == 0x7F for character in target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return target if not parts.scheme and not parts.netloc else None


def remember_language(answer: Response, language: str) -> Response:
    """Let this device speak a language from the next page on."""
    secure = house().settings.secure_cookies
    answer.set_cookie(
        LANGUAGE_COOKIE, language, max_age=LANGUAGE_SECONDS, samesite="Lax", httponly=True, secure=secure
    )
    return answer


def device_has_language() -> bool:
    """Tell whether somebody chose a language on this device."""
    return LANGUAGE_COOKIE in request.cookies
