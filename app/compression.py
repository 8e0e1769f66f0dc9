"""Texts travel gzipped where the browser takes it: a page costs a phone a quarter of its size.

A page holds the form token of its visitor beside words of the address, and the length of what is compressed
may give the token away (BREACH). So each page hides its length behind up to 100 bytes in the gzip header.
"""

from __future__ import annotations

import gzip
import io
import secrets

from flask import Flask, Response, request

# Below this the header of gzip eats what compression saves.
SMALLEST = 600
LEVEL = 6
MOST_PADDING = 100
TYPES = frozenset(
    {
        "text/html",
        "text/css",
        "text/plain",
        "text/javascript",
        "application/javascript",
        "application/json",
        "application/problem+json",
        "application/manifest+json",
        "image/svg+xml",
    }
)


def packed(body: bytes, padding: str = "") -> bytes:
    """Return the body as gzip; `padding` stands in the header, as the name of the file, and is not read.

    >>> gzip.decompress(packed(b"abc", "xyz")), len(packed(b"", "xyz")) - len(packed(b""))
    (b'abc', 4)
    """
    held = io.BytesIO()
    with gzip.GzipFile(padding, "wb", LEVEL, held, mtime=0) as file:
        file.write(body)
    return held.getvalue()


class Compression:
    """Compresses answers; a static file is compressed once for each of its versions."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[str, bytes]] = {}

    def __call__(self, response: Response) -> Response:
        """Compress an answer where it is a text of some length and the browser takes gzip."""
        static = request.endpoint == "static"
        if (
            response.mimetype not in TYPES
            or response.status_code in (204, 206, 304)
            or "Content-Encoding" in response.headers
            or (response.is_streamed and not static)
        ):
            return response
        response.vary.add("Accept-Encoding")
        if request.accept_encodings.quality("gzip") <= 0:
            return response
        response.direct_passthrough = False
        whole = response.get_data()
        if len(whole) < SMALLEST:
            return response
        if static:
            response.set_data(self._file(request.path, response.get_etag()[0] or "", whole))
            response.set_etag(response.get_etag()[0] or "", weak=True)
        else:
            padding = secrets.token_hex(MOST_PADDING)[: secrets.randbelow(MOST_PADDING)]
            response.set_data(packed(whole, padding))
        response.headers["Content-Encoding"] = "gzip"
        return response

    def _file(self, path: str, etag: str, whole: bytes) -> bytes:
        kept = self._files.get(path)
        if kept is None or kept[0] != etag:
            kept = self._files[path] = (etag, packed(whole))
        return kept[1]


def init_compression(app: Flask) -> None:
    """Compress the answers of this application."""
    app.after_request(Compression())
