"""What travels over the wire: gzip where it is taken, the same page, the same caching."""

from __future__ import annotations

import gzip

from flask import Flask

TAKES = {"Accept-Encoding": "gzip, deflate, br"}
SHEET = "/static/css/app.css"


def test_a_page_is_compressed_for_who_takes_it(bare_app: Flask) -> None:
    client = bare_app.test_client()
    plain, packed = client.get("/quyen-rieng-tu"), client.get("/quyen-rieng-tu", headers=TAKES)

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "</html>" in gzip.decompress(packed.data).decode()
    assert len(packed.data) < len(plain.data) / 2
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_the_same_page_never_has_the_same_length(bare_app: Flask) -> None:
    client = bare_app.test_client()
    lengths = {len(client.get("/quyen-rieng-tu", headers=TAKES).data) for _ in range(12)}

    assert len(lengths) > 1


def test_a_static_file_is_compressed_and_still_known_by_its_mark(bare_app: Flask) -> None:
    client = bare_app.test_client()
    with client.get(SHEET, headers=TAKES) as first, client.get(SHEET, headers=TAKES) as second:
        assert first.headers["Content-Encoding"] == "gzip"
        assert first.data == second.data
        mark = first.headers["ETag"]
    with client.get(SHEET) as plain:
        assert gzip.decompress(first.data) == plain.data
    with client.get(SHEET, headers=TAKES | {"If-None-Match": mark}) as again:
        assert (again.status_code, again.data) == (304, b"")
    with client.get(SHEET, headers=TAKES | {"Range": "bytes=0-9"}) as part:
        assert part.status_code == 206
        assert "Content-Encoding" not in part.headers


def test_a_picture_and_a_few_bytes_stay_as_they_are(bare_app: Flask) -> None:
    client = bare_app.test_client()
    with client.get("/static/img/icon-192.png", headers=TAKES) as picture:
        assert "Content-Encoding" not in picture.headers
        assert "Vary" not in picture.headers
    assert "Content-Encoding" not in client.get("/health/live", headers=TAKES).headers


def test_gzip_may_be_declined(bare_app: Flask) -> None:
    answer = bare_app.test_client().get("/quyen-rieng-tu", headers={"Accept-Encoding": "gzip;q=0, *;q=0"})

    assert "Content-Encoding" not in answer.headers
