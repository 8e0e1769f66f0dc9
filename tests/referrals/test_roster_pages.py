"""Pages of lists: who may open them, what they refuse, what they give."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.database import Database
from core.secrets_box import SecretsBox
from learning.models import Skill
from referrals.importing.rosters.reading import read_book
from referrals.models.rosters import RosterImport
from referrals.rosters import LARGEST_FILE
from referrals.services.rosters import intake
from tests.support.application import SignIn
from tests.support.cast import Cast
from tests.referrals.test_rosters import HEADER, NAMES, people, workbook


@pytest.fixture
def alice(client: FlaskClient, sign_in: SignIn, reference: None, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.alice)


def send(client: FlaskClient, data: bytes, name: str = "ds.xlsx", **more: Any) -> Any:
    form = {
        "file": (io.BytesIO(data), name),
        "skills": "1",
        "taught_on": "2026-11-21",
        "place": "home",
        **more,
    }
    return client.post("/danh-sach", data=form, content_type="multipart/form-data")


def test_a_list_from_upload_to_report(alice: FlaskClient) -> None:
    page = alice.get("/danh-sach")
    assert page.status_code == 200
    sent = send(
        alice,
        workbook(
            [
                HEADER,
                *((at, name, "0905000111" if at else "") for at, name in enumerate(NAMES)),
                (4, "0905 111 222", ""),
            ]
        ),
    )
    assert sent.status_code == 303, sent.text
    preview = alice.get(sent.location)
    assert preview.status_code == 200
    assert "Ghi nhận 3 người" in preview.text
    assert "0905000111" not in preview.text
    assert alice.post(f"{sent.location}/ghi").status_code == 303
    report = alice.get(sent.location)
    assert report.status_code == 200
