"""Public pages, held for two seconds for visitors who carry no cookie of a session.

A crowd that opens the home page or a board at once is answered from memory. What a visitor may see there
depends on the address and the language alone, so nothing of a person can leak: a request with a session
cookie never comes here. Whatever this process commits empties the hold at once; another process's commit is
seen after `SECONDS`.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final

from flask import Flask, Response, current_app, g, request

from app.formats import language
from core.web import HOLD_MARK, house

SECONDS: Final = 2.0
MOST_PAGES: Final = 200
LONGEST_ADDRESS: Final = 300

Key = tuple[str, str, bool]


@dataclass(frozen=True)
class Kept:
    """An answer as it left, and when."""

    at: datetime
    body: bytes
    headers: tuple[tuple[str, str], ...]


class Hold:
    """The answers of one process, the oldest dropped first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    def empty(self) -> None:
        """Forget everything: something was written."""
        self._kept.clear()

    def give(self) -> Response | None:
        """Answer from the hold, where there is a fresh answer to this request."""
        key = self._key()
        if key is None:
            return None
        kept = self._kept.get(key)
        if kept is None or not 0 <= (house().clock.now() - kept.at).total_seconds() < SECONDS:
            g.held_key = key
            return None
        return _conditional(Response(kept.body, headers=list(kept.headers)))

    def take(self, response: Response) -> Response:
        """Keep an answer that came to be for a visitor."""
        key: Key | None = g.pop("held_key", None)
        if key is None or response.status_code != 200 or "Set-Cookie" in response.headers:
            return response
        response.headers["Cache-Control"] = "no-cache"
        body = response.get_data()
        response.set_etag(blake2b(body, digest_size=12).hexdigest())
        self._kept[key] = Kept(house().clock.now(), body, tuple(response.headers.items()))
        while len(self._kept) > MOST_PAGES:
            self._kept.popitem(last=False)
        return _conditional(response)

    def _key(self) -> Key | None:
        if request.method != "GET" or len(request.full_path) > LONGEST_ADDRESS:
            return None
        view = current_app.view_functions.get(request.endpoint or "")
        # Any session, signed in or not, may hold a message that was never shown.
        if (
            not getattr(view, HOLD_MARK, False)
            or current_app.config["SESSION_COOKIE_NAME"] in request.cookies
        ):
            return None
        packed = request.accept_encodings.quality("gzip") > 0
        return request.full_path, language(), packed


def _conditional(response: Response) -> Response:
    response.make_conditional(request)
    return response


def init_hold(app: Flask) -> None:
    """Hold the marked pages of this application. Called first: it then sees answers as they leave."""
    hold = Hold()
    house(app).work.after_each_commit.append(hold.empty)
    app.before_request(hold.give)
    app.after_request(hold.take)
