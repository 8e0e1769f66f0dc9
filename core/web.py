"""The web edge: the transaction round each view, the declared access, the request's session and clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import NotFound
from core.paging import LARGEST
from core.secrets_box import SecretsBox
from core.settings import Settings
from core.unit_of_work import UnitOfWork, conflict_of

View = TypeVar("View", bound=Callable[..., Any])

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
EXTENSION = "daisuso"
ACCESS_MARK = "declared_access"
NO_SESSION_MARK = "no_database"
HOLD_MARK = "same_for_visitors"


class House:
    """What the running application holds; one per Flask application, in `app.extensions`."""

    def __init__(self, settings: Settings, work: UnitOfWork, clock: Clock, box: SecretsBox) -> None:
        self.settings = settings
        self.work = work
        self.clock = clock
        self.box = box


def house(app: Flask | None = None) -> House:
    """Return the house of this application."""
    return cast(House, (app or current_app).extensions[EXTENSION])


def db() -> Session:
    """Return the session of this request; it exists only inside a view wrapped by `in_one_transaction`."""
    return cast(Session, g.session)


def now() -> datetime:
    """Return the moment of this request: the same one however often it is asked."""
    if "now" not in g:
        g.now = house().clock.now()
    return cast(datetime, g.now)


def asked_id(name: str) -> int | None:
    """Return the row id that the address asks for, None where it asks for none or for no number.

    Raises NotFound for a number that no row can have.
    """
    number = request.args.get(name, type=int)
    if number is not None and not 0 <= number <= LARGEST:
        raise NotFound("not_found")
    return number


class Access:
    """Declares, beside each route, who may call it; a law test refuses a route without a declaration.

    The declaration is enforced once, by the guard that `wrap_views` puts before each view.
    """

    def public(self, view: View) -> View:
        """Anyone may call it."""
        setattr(view, ACCESS_MARK, "public")
        return view

    def signed_in(self, view: View) -> View:
        """Anyone who is signed in may call it; the service still decides what they may do."""
        setattr(view, ACCESS_MARK, "signed_in")
        return view

    def needs(self, permission: object) -> Callable[[View], View]:
        """Only actors with this permission somewhere may call it; the service checks the scope."""

        def declare(view: View) -> View:
            setattr(view, ACCESS_MARK, permission)
            return view

        return declare


access = Access()


def without_database(view: View) -> View:
    """Mark a view that must answer even when the database does not (liveness, static pages)."""
    setattr(view, NO_SESSION_MARK, True)
    return view


def same_for_visitors(view: View) -> View:
    """Mark a page that shows every visitor without a session the same, for one address and language."""
    setattr(view, HOLD_MARK, True)
    return view


def status_of(answer: Any) -> int:
    """Return the HTTP status that a view's answer will have."""
    if isinstance(answer, Response):
        return answer.status_code
    if isinstance(answer, tuple) and len(answer) > 1 and isinstance(answer[1], int):
        return answer[1]
    status = getattr(answer, "status_code", None)
    return status if isinstance(status, int) else 200


Guard = Callable[[object], Any]


def in_one_transaction(view: Callable[..., Any], guard: Guard) -> Callable[..., Any]:
    """Wrap a view: below 400 commits, an error or an exception rolls back, GET never writes.

    The guard is asked first, with what the route declared; an answer of its own replaces the view's.
    """
    declared = getattr(view, ACCESS_MARK, None)

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        work = house().work
        write = request.method not in SAFE_METHODS
        session = g.session = work.database.session(write=write)
        try:
            answer = guard(declared)
            if answer is None:
                answer = view(*args, **kwargs)
            work.finish(session, write=write and status_of(answer) < 400)
        except IntegrityError as error:
            raise conflict_of(error) from error
        finally:
            # Closing rolls back whatever was not committed.
            session.close()
            g.pop("session", None)
        return answer

    return wrapped


def wrap_views(app: Flask, guard: Guard) -> None:
    """Put every view behind the guard and into its transaction; called once, at the end of the factory."""
    for endpoint, view in list(app.view_functions.items()):
        if endpoint == "static" or getattr(view, NO_SESSION_MARK, False):
            continue
        app.view_functions[endpoint] = in_one_transaction(view, guard)
