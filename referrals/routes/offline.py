"""The pages that work without signal, the outbox of this phone, and what makes them an app to install."""

from __future__ import annotations

import hashlib
import json

from flask import Response, current_app, render_template, request, url_for
from flask_babel import force_locale, gettext

from core.web import access, db, without_database
from learning.classes import COUNTS
from learning.classes import KINDS as CLASS_KINDS
from learning.queries import skills as skill_queries
from people import queries as people_queries
from people.age_bands import AGE_BANDS
from referrals.places import PLACES
from referrals.routes.blueprint import blueprint, language
from referrals.words import AGE_WORDS

LANGUAGES = ("vi", "en")
# What the pages without signal are made of; in this order the worker's own parts run.
WORKER_PARTS = ("js/outbox/store.js", "js/outbox/entry.js", "js/outbox/worker.js")
PARTS = (
    "css/app.css",
    "css/components.css",
    "css/print.css",
    "js/app.js",
    "js/outbox/store.js",
    "js/outbox/entry.js",
    "js/outbox/send.js",
    "js/outbox/start.js",
    "js/outbox/cards.js",
    "js/outbox/pages.js",
    "img/favicon.svg",
    "img/icon-192.png",
)


@blueprint.get("/ngoai-tuyen")
@access.public
def offline() -> Response:
    """Show the page that a phone keeps for when there is no signal. It holds nothing of any person."""
    asked = request.args.get("tieng", "")
    with force_locale(asked if asked in LANGUAGES else language()):
        page = render_template(
            "referrals/offline.html",
            # Whoever asks: the page is the same.
            viewer=None,
            outbox_key="",
            nav=[],
            skills=[
                (skill.id, skill_queries.skill_name(skill, language()))
                for skill in skill_queries.active_skills(db())
            ],
            wards=[
                (ward.code, ward.full_name if language() == "vi" else ward.full_name_en)
                for ward in people_queries.ward_options(db())
            ],
            places=PLACES,
            ages={band: AGE_WORDS[band] for band in AGE_BANDS},
            class_kinds=CLASS_KINDS,
            counts=COUNTS,
        )
    answer = Response(page, content_type="text/html; charset=utf-8")
    # The same for everybody: asked for again, it is most often not sent again.
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@blueprint.get("/cho-gui")
@access.public
def outbox() -> str:
    """Show what waits on this phone; the page is empty, the phone itself fills it in."""
    return render_template("referrals/outbox.html")


@blueprint.get("/sw.js")
@access.public
@without_database
def worker() -> Response:
    """Give the service worker, from the root so that it serves every page; a new version is a new text."""
    files = [_asset(name) for name in PARTS]
    parts = [_asset(name) for name in WORKER_PARTS]
    version = hashlib.sha256("\n".join((*files, *parts)).encode()).hexdigest()[:12]
    pages = {code: f"/ngoai-tuyen?tieng={code}" for code in LANGUAGES}
    shelf = {"version": version, "files": files, "pages": pages}
    text = f"self.SHELF = {json.dumps(shelf)};\nimportScripts({', '.join(map(json.dumps, parts))});\n"
    answer = Response(text, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/manifest.webmanifest")
@access.public
@without_database
def manifest() -> Response:
    """Tell a phone how to install the pages as an app."""
    asked = request.args.get("tieng", "")
    with force_locale(asked if asked in LANGUAGES else language()):
        described = _manifest()
    answer = Response(
        json.dumps(described, ensure_ascii=False), content_type="application/manifest+json; charset=utf-8"
    )
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


def _manifest() -> dict[str, object]:
    small = {"src": _asset("img/icon-192.png"), "sizes": "192x192", "type": "image/png"}
    large = {"src": _asset("img/icon-512.png"), "sizes": "512x512", "type": "image/png"}
    masked = {"src": _asset("img/icon-maskable-512.png"), "sizes": "512x512", "type": "image/png"}
    ways = (
        (gettext("Ghi nhận một người"), "/ghi-nhan"),
        (gettext("Ghi nhận nhiều người"), "/ghi-nhan/nhieu-nguoi"),
        (gettext("Mở một lớp"), "/lop-hoc/moi"),
        (gettext("Mục chờ gửi"), url_for("referrals.outbox")),
    )
    return {
        "id": "/",
        "name": gettext("Đại sứ số Đà Nẵng"),
        "short_name": gettext("Đại sứ số"),
        "description": gettext("Ghi nhận người tôi đã dạy, cả khi không có mạng."),
        "lang": language(),
        "start_url": "/hom-nay",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0a57a4",
        "icons": [small, large, masked | {"purpose": "maskable"}],
        "shortcuts": [{"name": name, "url": address, "icons": [small]} for name, address in ways],
    }


def _asset(name: str) -> str:
    address: str = current_app.jinja_env.globals["asset"](name)  # type: ignore[operator]
    return address
