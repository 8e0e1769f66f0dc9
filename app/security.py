"""Security headers, ours and short. Every byte of a page comes from our own server."""

from __future__ import annotations

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from core.web import house

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

A_YEAR = 31_536_000


class Sessions(SecureCookieSessionInterface):
    """The cookie of a session; a static file is the same for everybody and knows of none."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Renew the cookie with each page."""
        if request.endpoint != "static":
            super().save_session(app, session, response)


def add_headers(response: Response) -> Response:
    """Add the headers; a page of a person is never kept by a cache."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if house().settings.secure_cookies:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR}; includeSubDomains")
    if is_as_asked(response):
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    elif request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def is_as_asked(response: Response) -> bool:
    """Tell whether this is a static file with the very content whose fingerprint the address names.

    During an upgrade an old server may be asked for a new file: what it gives must not be kept for a year.
    """
    if request.endpoint != "static" or "v" not in request.args or response.status_code not in (200, 304):
        return False
    name = (request.view_args or {}).get("filename", "")
    address: str = current_app.jinja_env.globals["asset"](name)  # type: ignore[operator]
    return address.endswith(f"?v={request.args['v']}")


def init_security(app: Flask) -> None:
    """Add the headers to every answer of this application."""
    app.session_interface = Sessions()
    app.after_request(add_headers)
