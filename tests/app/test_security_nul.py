"""A NUL in what was sent is refused before any database sees it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("path", ["/x/a%00b", "/vinh-danh?phuong-xa=%00", "/vinh-danh?%00=1"])
def test_a_nul_in_an_address_is_a_bad_request(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 400


def test_a_nul_in_a_form_is_a_bad_request(client: FlaskClient) -> None:
    answer = client.post("/dang-nhap", data={"name": "a\x00b", "password": "x"})
    assert answer.status_code == 400
    assert "Yêu cầu" in answer.text
