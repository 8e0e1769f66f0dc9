"""The blueprint that every page of referrals hangs on, and what all of them ask of a request."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask_babel import get_locale

from core.web import house
from referrals.codes import Door, link_token

blueprint = Blueprint("referrals", __name__)


def language() -> str:
    """Return the language of this request: "vi" or "en"."""
    locale = get_locale()
    return locale.language if locale else "vi"


def whole_address(path: str) -> str:
    """Return the whole address of a path, as people outside open it."""
    return (house().settings.public_url or request.url_root.rstrip("/")) + path


def answer_link(door: Door) -> str:
    """Return the link by which the learner answers."""
    return whole_address(url_for("referrals.answer", token=link_token(house().box, door)))
