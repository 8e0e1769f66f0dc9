"""Enforces, before each view, the access that its route declared."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from core.errors import NotAllowed
from people.permissions import Permission, may
from people.sessions import actor


def guard(declared: object) -> Response | None:
    """Let the request through, send it to sign in, or refuse it.

    Raises NotAllowed where the actor lacks the permission everywhere, and for a route that declared nothing.
    """
    if declared == "public":
        return None
    if declared is None:
        raise NotAllowed("not_declared")
    if not actor().signed_in:
        return redirect(url_for("people.sign_in", next=_back()), code=303)
    if isinstance(declared, Permission) and not may(actor(), declared, anywhere=True):
        raise NotAllowed("not_allowed", permission=str(declared))
    return None


def _back() -> str:
    """Return where to go after signing in: this page, or the start for a lost POST."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"
