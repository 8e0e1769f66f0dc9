"""Refusals: exceptions with a stable code and the status of their class.

The words shown for a code live in `app/error_words.py`, never here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class AppError(Exception):
    """A refusal that a person can understand and act on.

    `code` is stable snake_case; `values` fill the placeholders of its words.
    """

    status: ClassVar[int] = 500

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class BadRequest(AppError):
    """The request makes no sense."""

    status = 400


class NotSignedIn(AppError):
    """Nobody is signed in; a page leads to the sign-in page instead, a machine is told."""

    status = 401


class NotAllowed(AppError):
    """The actor may not do this."""

    status = 403


class NotFound(AppError):
    """There is no such thing, or not for this actor: the two look the same on purpose."""

    status = 404


class Conflict(AppError):
    """The wish collides with what is stored already."""

    status = 409


class TooLarge(AppError):
    """What was sent is larger than we take."""

    status = 413


class Invalid(AppError):
    """Input that has to be corrected; `fields` maps a field name to a code."""

    status = 422

    def __init__(self, code: str, fields: Mapping[str, str] | None = None, **values: object) -> None:
        super().__init__(code, **values)
        self.fields = dict(fields or {})


class TooMany(AppError):
    """Too many tries; `seconds` in values tells when to try again."""

    status = 429


class Unavailable(AppError):
    """A part of the house is closed for now (database locked, missing or behind)."""

    status = 503
