"""Requests a second of whole pages, beside a bare Flask page: the same bytes, the same template engine."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, render_template, template_rendered
from jinja2 import DictLoader, Template
from sqlalchemy import select
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app.demo.city import CityWish, build_city
from app.factory import create_app
from app.migrations import migrate
from bench.measure import Line, seconds_of, show, turn_about
from core.settings import Settings
from core.web import house
from people.models import Account, RoleGrant

KEY = "a key for measuring, long enough to be taken"
PAGES = (("home", "/", False), ("record form", "/ghi-nhan", True), ("board", "/bang-xep-hang", False))


def run(folder: Path) -> None:
    """Serve the demonstration city and a bare page from one process, in turns."""
    app = city(folder)
    with app.app_context():
        cookie = signed_in(app)
        record = app.url_map.bind("localhost").build("referrals.record")
    lines = []
    for name, path, needs in PAGES:
        address = record if name == "record form" else path
        environ = EnvironBuilder(path=address, headers=[("Cookie", cookie)] if needs else []).get_environ()
        status, body = answer(app, environ)
        assert status.startswith("200"), f"{address}: {status}"
        floor = bare(body)
        works: dict[str, Callable[[], object]] = {
            "ours": partial(answer, app, environ),
            "bare": partial(answer, floor, EnvironBuilder(path="/").get_environ()),
        }
        found = turn_about(works, times=60)
        template = template_alone(app, environ)
        more = f"{len(body) / 1024:.1f} kB, {found['ours'] * 1e3:.2f} ms, template {template * 1e3:.2f}"
        lines.append(Line(name, 1 / found["ours"], 1 / found["bare"], "req/s", "≥ 0.33×", more))
    show("Pages a second of one processor, whole WSGI calls, demonstration city of 600 (SQLite)", lines)
    house(app).work.database.dispose()


def city(folder: Path) -> Flask:
    """The application as in production, but for its address, with the demonstration city in it."""
    environ = {
        "APP_ENV": "test",
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'city.db'}",
        "QUEUE_URL": "memory://",
        "SECRET_KEY": KEY,
        "INDEX_KEY": KEY,
        "DATA_KEYS": KEY,
    }
    app = create_app(Settings.from_env(environ, folder), TEMPLATES_AUTO_RELOAD=False)
    migrate(house(app).work.database.engine)
    with app.app_context():
        build_city(house(app), CityWish(people=600, seed=2026))
    return app


def signed_in(app: Flask) -> str:
    """The cookie of a volunteer of the city."""
    with house(app).work.begin(write=False) as session:
        account = session.scalars(
            select(Account)
            .join(RoleGrant, RoleGrant.account_id == Account.id)
            .where(RoleGrant.role == "volunteer", Account.active)
            .order_by(Account.id)
        ).first()
        assert account is not None
        who = f"{account.id}.{account.session_stamp}"
    client = app.test_client()
    with client.session_transaction() as session_:
        session_["_user_id"] = who
        session_["_fresh"] = True
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    return f"{name}={cookie.value}"


def template_alone(app: Flask, environ: dict[str, Any]) -> float:
    """Seconds that the page's template takes with all its values ready."""
    rendered: list[tuple[Template, dict[str, Any]]] = []

    def keep(_: Flask, template: Template, context: dict[str, Any], **__: object) -> None:
        rendered.append((template, context))

    with template_rendered.connected_to(keep, app):
        answer(app, environ)
    template, context = rendered[-1]
    with app.request_context({**environ, "wsgi.input": io.BytesIO()}):
        return seconds_of(lambda: template.render(context), times=60)


def bare(body: bytes) -> Flask:
    """A Flask application of one page: the same bytes, through the same template engine."""
    app = Flask("bare", template_folder=None)
    source = "{% raw %}" + body.decode().replace("{% endraw", "{ % endraw") + "{% endraw %}"
    app.jinja_loader = DictLoader({"page.html": source})  # compiled once, as files are

    @app.get("/")
    def page() -> str:
        return render_template("page.html")

    return app


def answer(app: Flask, environ: dict[str, Any]) -> tuple[str, bytes]:
    """One whole call of the application."""
    pages, status, _ = run_wsgi_app(app, {**environ, "wsgi.input": io.BytesIO()}, buffered=True)
    return status, b"".join(pages)
