"""Every refusal and every accident becomes a page, or problem JSON (RFC 9457) where JSON was asked for."""

from __future__ import annotations

import structlog
from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from werkzeug.exceptions import HTTPException, SecurityError

from app.error_words import words_for
from core.errors import AppError, Unavailable
from core.web import house
from people.sessions import viewer

log = structlog.get_logger("daisuso")

JSON = ("application/json", "application/problem+json")


def rule_of_request() -> str:
    """Return the rule of this address for the log, never the address: it may hold a learner's key."""
    return request.url_rule.rule if request.url_rule else "no such address"


def wants_json() -> bool:
    """Tell whether the answer should be JSON."""
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", *JSON], default="text/html")
    return best in JSON


def error_answer(status: int, code: str, headers: dict[str, str] | None = None) -> Response:
    """Return the page, or the problem JSON, of a status and a code."""
    words = words_for(status, code)
    if wants_json():
        answer = jsonify(
            type="about:blank",
            title=gettext(words.title),
            status=status,
            detail=gettext(words.text),
            code=code,
        )
        answer.content_type = "application/problem+json"
    else:
        page = render_template(
            "errors/error.html",
            status=status,
            code=code,
            title=gettext(words.title),
            text=gettext(words.text),
        )
        answer = Response(page, content_type="text/html; charset=utf-8")
    answer.status_code = status
    answer.headers.extend(headers or {})
    return answer


def meet_visitor() -> None:
    """Learn who sits there, for the page of an address that leads nowhere: no view opened a session."""
    if "session" in g or "visitor" in g or current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return
    try:
        with house().work.begin(write=False) as session:
            g.session = session
            viewer()
    except DBAPIError:
        log.warning("nobody is known without a database")
    finally:
        g.pop("session", None)


def closed_database(error: DBAPIError) -> Unavailable | None:
    """Return what an error of the database means for a person, or None for a mistake of ours."""
    words = str(error.orig).lower()
    if "locked" in words or "lock timeout" in words or "deadlock" in words:
        return Unavailable("database_locked")
    # PostgreSQL says "does not exist" of a table, and of the whole database while connecting.
    lacks = isinstance(error, ProgrammingError) and "does not exist" in words
    if lacks or "no such table" in words or "no such column" in words:
        return Unavailable("database_behind")
    if isinstance(error, OperationalError):
        return Unavailable("database_missing")
    return None


def init_error_pages(app: Flask) -> None:
    """Register the handlers; an unexpected accident is logged whole and shown as a plain 500 page."""

    @app.errorhandler(AppError)
    def refused(error: AppError) -> Response:
        return error_answer(error.status, error.code)

    @app.errorhandler(CSRFError)
    def stale(_error: CSRFError) -> Response:
        return error_answer(400, "csrf")

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response | HTTPException:
        status = error.code or 500
        if status < 400:
            return error
        if isinstance(error, SecurityError):
            # Called by a name that is not ours: no address can be built, so no page either.
            return error
        meet_visitor()
        kept = {"Allow": error.get_response().headers["Allow"]} if status == 405 else {}
        retry = dict(error.get_response().headers).get("Retry-After") if status == 429 else None
        return error_answer(status, f"http_{status}", kept | ({"Retry-After": retry} if retry else {}))

    @app.errorhandler(OperationalError)
    @app.errorhandler(ProgrammingError)
    def database(error: DBAPIError) -> Response:
        meant = closed_database(error)
        log.exception("database error", rule=rule_of_request())
        if meant is None:
            return error_answer(500, "accident")
        return error_answer(meant.status, meant.code, {"Retry-After": "30"})

    @app.errorhandler(Exception)
    def accident(_error: Exception) -> Response:
        log.exception("accident", rule=rule_of_request(), method=request.method)
        return error_answer(500, "accident")
