"""The access log of the server: pages, and no keys or names."""

from __future__ import annotations

import runpy
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from gunicorn.config import Config

CONFIG = Path(__file__).resolve().parent.parent / "gunicorn.conf.py"


def test_a_line_names_the_page_without_its_key_and_what_was_searched_for() -> None:
    logger = runpy.run_path(str(CONFIG))["DiscreetLogger"](Config())
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": "/x/3f-1-k5xk5xk5xk5xk5xk/khong-dung?q=Lan",
        "PATH_INFO": "/x/3f-1-k5xk5xk5xk5xk5xk/khong-dung",
        "QUERY_STRING": "q=Lan",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": "https://daisuso.example/x/3f-1-k5xk5xk5xk5xk5xk",
    }
    answer = SimpleNamespace(status="200 OK", sent=1, headers=[])
    atoms = logger.atoms(answer, SimpleNamespace(headers=[]), environ, timedelta(seconds=1))
    assert atoms["r"] == "GET /x/…/khong-dung?… HTTP/1.1"
    assert atoms["f"] == "https://daisuso.example/x/…"
    line = " ".join(str(atoms[name]) for name in ("r", "U", "q", "f"))
    assert "k5x" not in line
    assert "Lan" not in line
