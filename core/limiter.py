"""Rate limits at the web edge: one Flask-Limiter, its counters in Redis or in the database.

Limits are checked before the view and its transaction, so that a refused request is counted all the same.
"""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address, ip_network

from flask import Flask, request
from flask_limiter import Limiter
from sqlalchemy import Engine

from core.limits import DatabaseStorage
from core.settings import Settings


def address() -> str:
    """Return the address the request came from; proxies are believed only as far as the settings say.

    Of an IPv6 address it is the network: whoever has one address of a /64 has 2^64 of them.
    """
    return network_of(request.remote_addr or "unknown")


def network_of(remote: str) -> str:
    """Return what one line of a provider counts as.

    >>> network_of("113.160.1.2"), network_of("2405:4800:1:2:3:4:5:6"), network_of("::ffff:113.160.1.2")
    ('113.160.1.2', '2405:4800:1:2::/64', '113.160.1.2')
    >>> network_of("unknown")
    'unknown'
    """
    try:
        address_ = ip_address(remote.partition("%")[0])
    except ValueError:
        return remote
    if isinstance(address_, IPv4Address):
        return str(address_)
    if address_.ipv4_mapped is not None:
        return str(address_.ipv4_mapped)
    return str(ip_network((address_, 64), strict=False))


limiter = Limiter(key_func=address, default_limits=[], headers_enabled=True, strategy="fixed-window")


def init_limiter(app: Flask, settings: Settings, engine: Engine) -> None:
    """Bind the limiter to this application and its storage."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.limits_url
    in_database = settings.limits_url.startswith(DatabaseStorage.STORAGE_SCHEME[0])
    app.config["RATELIMIT_STORAGE_OPTIONS"] = {"engine": engine} if in_database else {}
    app.config["RATELIMIT_HEADERS_ENABLED"] = True
    limiter.init_app(app)
