"""Pages that mix features: the public home, today, my unit, privacy, the language switch."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import pages
from app.languages import LANGUAGES
from core.clock import local_day
from core.web import access, asked_id, db, house, now, same_for_visitors
from people.permissions import Permission
from people.sessions import actor, remember_language, safe_next
from referrals.words import STATE_WORDS

blueprint = Blueprint("app", __name__)


@blueprint.get("/")
@access.public
@same_for_visitors
def home() -> str:
    """Show the public what the city has done, how it works, and who does it."""
    return render_template("app/home.html", page=pages.home(db(), local_day(now())))


@blueprint.get("/hom-nay")
@access.needs(Permission.TEACHING_RECORD)
def today() -> str:
    """Show an ambassador the path to five, what waits, the tree, the next badge and the chapter."""
    page = pages.today(db(), actor(), local_day(now()))
    return render_template("app/today.html", page=page, state_words=STATE_WORDS)


@blueprint.get("/don-vi")
@access.needs(Permission.UNIT_SEE)
def my_unit() -> str:
    """Show a coordinator the unit: the path of its members, and who is on the way to five."""
    chosen = asked_id("don_vi")
    return render_template("app/my_unit.html", page=pages.my_unit(db(), actor(), chosen, local_day(now())))


@blueprint.get("/bat-dau")
@access.signed_in
def start() -> Response:
    """Lead somebody who has just signed in to the page of their work."""
    return redirect(url_for(pages.start_of(actor())), code=303)


@blueprint.get("/quyen-rieng-tu")
@access.public
def privacy() -> str:
    """Say in plain words what is kept about whom, why, and how to take it back."""
    return render_template("app/privacy.html")


@blueprint.get("/ngon-ngu/<string:chosen>")
@access.public
def set_language(chosen: str) -> Response:
    """Remember the chosen language on this device, and come back to the same page.

    A link and no form: nothing is written but a cookie, and a page without a form's token can be held.
    """
    if chosen not in LANGUAGES:
        abort(404)
    answer = redirect(_page_again(request.args.get("next", "")), code=303)
    return remember_language(answer, chosen)


def _page_again(asked: str) -> str:
    """Return the same page where it can be opened; a form that was refused may stand where nothing can."""
    adapter = current_app.create_url_adapter(request)
    page = safe_next(asked)
    if page is not None and adapter is not None and adapter.test(urlsplit(page).path, "GET"):
        return page
    return url_for("app.start") if actor().signed_in else url_for("app.home")


@blueprint.get("/mau-giao-dien")
@access.public
def style_guide() -> str:
    """Show every component at once; only outside production."""
    if house().settings.production:
        abort(404)
    return render_template("app/style_guide.html")
