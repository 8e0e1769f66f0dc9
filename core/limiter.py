"""Rate limits at the web edge: one Flask-Limiter, its counters in Redis or in the database.

Limits are checked before the view and its transaction, so that a refused request is counted all the same.
"""

from __future__ import annotations

from flask import Flask, request
from flask_limiter import Limiter
from sqlalchemy import Engine

from core.limits import DatabaseStorage
from core.settings import Settings


def address() -> str:
    """Return the address the request came from; proxies are believed only as far as the settings say."""
    return request.remote_addr or "unknown"


limiter = Limiter(key_func=address, default_limits=[], headers_enabled=True, strategy="fixed-window")


def init_limiter(app: Flask, settings: Settings, engine: Engine) -> None:
    """Bind the limiter to this application and its storage."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.limits_url
    in_database = settings.limits_url.startswith(DatabaseStorage.STORAGE_SCHEME[0])
    app.config["RATELIMIT_STORAGE_OPTIONS"] = {"engine": engine} if in_database else {}
    app.config["RATELIMIT_HEADERS_ENABLED"] = True
    limiter.init_app(app)
