"""What a request sent, without NUL characters: nobody types one, and PostgreSQL takes none in a text."""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.utils import cached_property

from core.errors import NotFound

NUL = "\x00"


def without_nul(sent: Any) -> ImmutableMultiDict[str, str]:
    r"""Return names and values without NUL; the rest is kept as it was typed.

    >>> without_nul(ImmutableMultiDict([("q", "La\x00n")]))["q"]
    'Lan'
    """
    return ImmutableMultiDict(
        [(name.replace(NUL, ""), value.replace(NUL, "")) for name, value in sent.items(multi=True)]
    )


class TidyRequest(Request):
    """A request whose arguments and form fields hold no NUL."""

    @cached_property
    def args(self) -> ImmutableMultiDict[str, str]:
        """What stands behind the question mark of the address."""
        return without_nul(super().args)

    @cached_property
    def form(self) -> ImmutableMultiDict[str, str]:
        """The fields of a form."""
        return without_nul(super().form)


def refuse_nul_in_path() -> None:
    """Answer that there is no such page. Raises NotFound."""
    if NUL in request.path:
        raise NotFound("not_found")


def init_requests(app: Flask) -> None:
    """Let every request of this application be a tidy one."""
    app.request_class = TidyRequest
    app.before_request(refuse_nul_in_path)
