"""Numbers in addresses: no larger than a row id can be, so that a huge one is a 404 and not an accident."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**63 - 1


class RowIdConverter(IntegerConverter):
    """A whole number that fits into a row id."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


def init_converters(app: Flask) -> None:
    """Let every `<int:…>` be a row id."""
    app.url_map.converters["int"] = RowIdConverter
