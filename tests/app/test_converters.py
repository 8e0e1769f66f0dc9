"""Numbers in addresses."""

from __future__ import annotations

from flask.testing import FlaskClient


def test_a_number_beyond_any_row_is_a_page_that_is_not_there(client: FlaskClient) -> None:
    assert client.get(f"/bang-xep-hang/{10**30}").status_code == 404
    assert client.get(f"/bang-xep-hang/{2**63}").status_code == 404
