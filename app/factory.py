"""The factory: one Flask application from one set of settings."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app import cli, context, health, routes, tables
from app.access import guard
from app.assets import Assets
from app.compression import init_compression
from app.converters import init_converters
from app.error_pages import init_error_pages
from app.formats import init_formats
from app.held import init_hold
from app.languages import init_languages
from app.requests import init_requests
from app.security import init_security
from app.upkeep import use_box, use_mailer
from app.wiring import JOBS, REACTIONS
from badges import routes as badges_routes
from core.clock import Clock, SystemClock
from core.database import Database, make_engine
from core.jobs import Jobs, make_queue
from core.limiter import init_limiter
from core.secrets_box import SecretsBox
from core.settings import Settings
from core.unit_of_work import UnitOfWork
from core.web import EXTENSION, House, wrap_views
from honors import routes as honors_routes
from leaderboards import routes as leaderboards_routes
from learning import routes as learning_routes
from people import cli as people_cli
from people import routes as people_routes
from people import sessions
from referrals import api as referrals_api
from referrals.cli import network as network_commands
from referrals.cli import rosters as roster_commands
from referrals.cli.group import group as referrals_group
from referrals.routes import (
    answers,
    check_in,
    class_people,
    classes,
    correcting,
    learners,
    offline,
    papers,
    recording,
    rosters,
    several,
    teaching,
    trees,
    waiting,
)
from referrals.routes.blueprint import blueprint as referrals_blueprint

ROOT = Path(__file__).resolve().parent.parent

BLUEPRINTS = (
    health.blueprint,
    routes.blueprint,
    people_routes.blueprint,
    referrals_blueprint,
    referrals_api.blueprint,
    badges_routes.blueprint,
    leaderboards_routes.blueprint,
    learning_routes.blueprint,
    honors_routes.blueprint,
)

# Named here so that every page hangs on the blueprint of its room.
PAGES = (
    answers,
    check_in,
    class_people,
    classes,
    correcting,
    learners,
    offline,
    papers,
    recording,
    rosters,
    several,
    teaching,
    trees,
    waiting,
)

# Named here so that every table is registered wherever the application is.
TABLES = tables.TABLE_MODULES

# A module of commands is named here so that its commands join their group.
COMMAND_MODULES = (network_commands, roster_commands)
COMMANDS = (cli.group, people_cli.group, referrals_group)


def create_app(settings: Settings | None = None, clock: Clock | None = None, **config: Any) -> Flask:
    """Return the assembled application.

    Without settings they are read from the environment. Raises SettingsError with a sentence that says what
    to set. `config` goes to Flask's own configuration, for tests.
    """
    settings = settings or Settings.from_env(os.environ, ROOT)
    clock = clock or SystemClock()
    application = Flask(
        "daisuso",
        root_path=str(ROOT),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    application.config.update(flask_config(settings) | config)
    quiet_logs(settings)

    database = Database(make_engine(settings.database_url))
    work = UnitOfWork(database, REACTIONS, clock)
    box = SecretsBox(settings.data_keys, settings.index_key)
    application.extensions[EXTENSION] = House(settings, work, clock, box)
    application.extensions["jobs"] = Jobs(make_queue(settings.queue_url), work, JOBS)
    use_mailer(settings.mail_url, settings.mail_from)
    use_box(box, settings.confirm_days)

    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        application.wsgi_app = ProxyFix(application.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    # What is added first runs last on the way out: the hold sees what was compressed of what the others made.
    init_hold(application)
    init_compression(application)
    CSRFProtect(application)
    init_limiter(application, settings, database.engine)
    init_languages(application)
    init_formats(application)
    sessions.init(application)
    context.init_context(application, Assets(application, watch=not settings.production))
    init_security(application)
    init_error_pages(application)
    init_requests(application)
    init_converters(application)
    for blueprint in BLUEPRINTS:
        application.register_blueprint(blueprint)
    for command in COMMANDS:
        application.cli.add_command(command)
    wrap_views(application, guard)
    return application


def flask_config(settings: Settings) -> dict[str, Any]:
    """Return Flask's configuration for these settings."""
    return {
        "SECRET_KEY": settings.secret_key,
        "TRUSTED_HOSTS": trusted_hosts(settings),
        "SESSION_COOKIE_NAME": "phien",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "PERMANENT_SESSION_LIFETIME": settings.session_seconds,
        "MAX_CONTENT_LENGTH": settings.max_request_bytes,
        "MAX_FORM_MEMORY_SIZE": settings.max_request_bytes,
        # A form left open on a phone for a day still works.
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.secure_cookies,
        "TRANSLATIONS": str(ROOT / "translations"),
        "TEMPLATES_AUTO_RELOAD": not settings.production,
        "SEND_FILE_MAX_AGE_DEFAULT": 3600,
    }


def trusted_hosts(settings: Settings) -> list[str] | None:
    """Return the names by which this server may be called; None, in development, for all.

    Machines that ask for its health call it by its own address.
    """
    if not settings.production:
        return None
    return [urlsplit(settings.public_url).hostname or "", "localhost", "127.0.0.1", "[::1]"]


def quiet_logs(settings: Settings) -> None:
    """Log as JSON lines in production, as readable lines elsewhere."""
    renderer: Callable[..., Any] = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.production
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(),
    )
