"""Which language a page speaks: Vietnamese first, English beside it, remembered."""

from __future__ import annotations

from flask import Flask, g, has_request_context, request
from flask_babel import Babel

from people.sessions import LANGUAGE_COOKIE

LANGUAGES = ("vi", "en")


def choose() -> str:
    """Return the language of this request: the one chosen before, else Vietnamese.

    The browser's own list is not asked: phones here are often sold set to English.
    """
    if not has_request_context():
        return str(g.get("language", "vi"))
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in LANGUAGES else "vi"


def init_languages(app: Flask) -> None:
    """Bind the translations to this application."""
    Babel(
        app,
        default_locale="vi",
        default_timezone="Asia/Ho_Chi_Minh",
        default_translation_directories=str(app.config["TRANSLATIONS"]),
        locale_selector=choose,
    )
