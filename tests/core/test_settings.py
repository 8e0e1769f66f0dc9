"""Settings: typed, and checked before anything starts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.settings import Settings, SettingsError

GOOD = {
    "APP_ENV": "production",
    "PUBLIC_URL": "https://daisuso.example/",
    "SECRET_KEY": "s" * 40,
    "INDEX_KEY": "i" * 40,
    "DATA_KEYS": f"{'a' * 40},{'b' * 40}",
}


def test_production_takes_what_it_needs(tmp_path: Path) -> None:
    settings = Settings.from_env({**GOOD, "TRUSTED_PROXIES": "1"}, tmp_path)
    assert settings.production
    assert settings.secure_cookies
    assert settings.public_url == "https://daisuso.example"
    assert settings.data_keys == ("a" * 40, "b" * 40)
    assert settings.trusted_proxies == 1


@pytest.mark.parametrize("name", ["SECRET_KEY", "INDEX_KEY", "DATA_KEYS"])
@pytest.mark.parametrize("value", ["", "short"])
def test_a_missing_or_weak_secret_stops_production_and_is_named(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({**GOOD, name: value}, tmp_path)


def test_one_weak_key_among_several_stops_production(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="DATA_KEYS"):
        Settings.from_env({**GOOD, "DATA_KEYS": f"{'a' * 40},weak"}, tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APP_ENV", "prod"),
        ("PUBLIC_URL", "http://plain.example"),
        ("TRUSTED_PROXIES", "one"),
        ("CONFIRM_DAYS", "-3"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({**GOOD, name: value}, tmp_path)


def test_development_keeps_its_secrets(tmp_path: Path) -> None:
    first = Settings.from_env({}, tmp_path)
    second = Settings.from_env({}, tmp_path)
    assert first == second
    assert not first.production
    assert not first.secure_cookies
    kept = tmp_path / "var" / "development-secrets.json"
    assert kept.stat().st_mode & 0o077 == 0
    assert json.loads(kept.read_text())["SECRET_KEY"] == first.secret_key


def test_a_broken_file_of_secrets_is_told_and_left_alone(tmp_path: Path) -> None:
    home = tmp_path / "var"
    home.mkdir()
    (home / "development-secrets.json").write_text("{")
    with pytest.raises(SettingsError, match="backup"):
        Settings.from_env({}, tmp_path)
    assert (home / "development-secrets.json").read_text() == "{"
