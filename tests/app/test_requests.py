"""A NUL never reaches a feature, and nothing else of what was typed is lost."""

from __future__ import annotations

from flask import Flask, request
from flask.testing import FlaskClient


def test_a_nul_in_a_path_is_no_page(client: FlaskClient) -> None:
    assert client.get("/x/a%00b").status_code == 404


def test_a_nul_is_dropped_and_the_rest_is_kept(app: Flask) -> None:
    with app.test_request_context(
        "/?q=La%00n&q=2&%00=1", method="POST", data={"name": "a\x00b", "many": ["1", "2"]}
    ):
        assert request.args.getlist("q") == ["Lan", "2"]
        assert request.form["name"] == "ab"
        assert request.form.getlist("many") == ["1", "2"]


def test_a_form_with_a_nul_keeps_what_was_typed(client: FlaskClient) -> None:
    answer = client.post("/dang-nhap", data={"name": "la\x00n@demo.vn", "password": "x"})
    assert "lan@demo.vn" in answer.text
