"""Pages of the roof: numbers in addresses, and the language switch on pages that only take a form."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from app.factory import create_app
from core.clock import FixedClock
from core.paging import encode_key
from core.settings import Settings
from core.web import house

HUGE = "9" * 30


@pytest.mark.parametrize("number", [HUGE, f"{2**63}", "-1"])
def test_a_unit_that_no_row_can_be_is_not_there(client: FlaskClient, cast, sign_in, number: str):
    assert client.get(f"/bang-xep-hang?duoi={number}").status_code == 404
    assert sign_in(client, cast.carol).get(f"/don-vi?don_vi={number}").status_code == 404
    assert sign_in(client, cast.frank).get(f"/don-vi?don_vi={number}").status_code == 404


@pytest.mark.parametrize("key", [(10**30,), ("2026-01-01T00:00:00", 10**30)])
def test_a_page_key_beyond_any_row_shows_the_first_page(
    client: FlaskClient, cast, sign_in, key: tuple[str | int, ...]
):
    assert client.get(f"/vinh-danh?sau={encode_key(key)}").status_code == 200
    assert sign_in(client, cast.alice).get(f"/nguoi-hoc?sau={encode_key(key)}").status_code == 200


@pytest.mark.parametrize(
    ("page", "leads_to"),
    [
        ("/bang-xep-hang?ky=2026", "/bang-xep-hang?ky=2026"),
        ("/toi/mat-khau", "/bat-dau"),
        ("/x/3f-1-aaaaaaaaaaaaaaaa", "/x/3f-1-aaaaaaaaaaaaaaaa"),
        ("//evil.example/", "/bat-dau"),
        ("/khong/co", "/bat-dau"),
    ],
)
def test_the_language_switch_leads_to_a_page_that_can_be_opened(
    client: FlaskClient, cast, sign_in, page: str, leads_to: str
):
    answer = sign_in(client, cast.alice).get("/ngon-ngu/en", query_string={"next": page})
    assert (answer.status_code, answer.location) == (303, leads_to)


def test_a_guest_is_led_home(client: FlaskClient):
    answer = client.get("/ngon-ngu/en", query_string={"next": "/toi/mat-khau"})
    assert answer.location == "/"


def test_pages_believe_the_settings_and_not_the_request_about_their_address(
    settings: Settings, clock: FixedClock, cast
):
    application = create_app(replace(settings, public_url="https://daisuso.example"), clock, TESTING=True)
    page = application.test_client().get("/", headers={"Host": "evil.example"}).get_data(as_text=True)
    house(application).work.database.dispose()
    assert "https://daisuso.example/static/" in page
    assert "evil.example" not in page


def test_in_production_only_our_own_name_is_answered(settings: Settings, clock: FixedClock, cast):
    ours = replace(settings, mode="production", public_url="https://daisuso.example")
    application = create_app(ours, clock, TESTING=True)
    client = application.test_client()
    for host, status in (("daisuso.example", 200), ("127.0.0.1:8000", 200), ("evil.example", 400)):
        assert client.get("/", headers={"Host": host}).status_code == status, host
    house(application).work.database.dispose()
