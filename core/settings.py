"""Settings: read once from the environment, typed, checked before anything starts.

In production a missing or weak secret stops the start. In development secrets are made once and kept in
the folder of the running data, so that a second start opens what the first one sealed.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

WEAK = 32
MODES = ("development", "production", "test")

Mode = Literal["development", "production", "test"]


class SettingsError(Exception):
    """The start has to stop; the message is a sentence that says what to set."""


@dataclass(frozen=True)
class Settings:
    """Everything the environment may say. Sizes are bytes; times are seconds."""

    mode: Mode
    home: Path
    database_url: str
    queue_url: str
    limits_url: str
    public_url: str
    secret_key: str
    data_keys: tuple[str, ...]
    index_key: str
    mail_url: str
    mail_from: str
    trusted_proxies: int
    max_request_bytes: int = 2 * 1024 * 1024
    session_seconds: int = 60 * 60 * 24 * 14
    confirm_days: int = 30

    @property
    def production(self) -> bool:
        """Tell whether real people's data are served."""
        return self.mode == "production"

    @property
    def secure_cookies(self) -> bool:
        """Tell whether cookies travel over HTTPS only."""
        return self.public_url.startswith("https://")

    @classmethod
    def from_env(cls, environ: Mapping[str, str], root: Path) -> Settings:
        """Read the settings; `root` is the folder of the checkout.

        Raises SettingsError with a sentence that names the variable and what to set.
        """
        mode = environ.get("APP_ENV", "development")
        if mode not in MODES:
            raise SettingsError(f"APP_ENV is {mode!r}: set it to development or production.")
        home = Path(environ.get("DATA_DIR") or root / "var")
        home.mkdir(parents=True, exist_ok=True)
        production = mode == "production"
        made = {} if production else _kept_secrets(home / "development-secrets.json")
        secret_key = _secret(environ, "SECRET_KEY", made, production)
        index_key = _secret(environ, "INDEX_KEY", made, production)
        data_keys = tuple(
            key.strip() for key in _secret(environ, "DATA_KEYS", made, production).split(",") if key.strip()
        )
        if production and any(len(key) < WEAK for key in data_keys):
            raise SettingsError(
                f"A key in DATA_KEYS is shorter than {WEAK} characters: "
                "make one with `python -c 'import secrets; print(secrets.token_urlsafe(48))'`."
            )
        public_url = environ.get("PUBLIC_URL", "").rstrip("/")
        if production and not public_url.startswith("https://"):
            raise SettingsError("PUBLIC_URL is missing: set it to the https:// address people open.")
        return cls(
            mode=mode,  # type: ignore[arg-type]  # checked against MODES above
            home=home,
            database_url=environ.get("DATABASE_URL") or f"sqlite:///{home / 'daisuso.db'}",
            queue_url=environ.get("QUEUE_URL") or f"sqlite:///{home / 'queue.db'}",
            limits_url=environ.get("LIMITS_URL") or environ.get("REDIS_URL") or "database://",
            public_url=public_url,
            secret_key=secret_key,
            data_keys=data_keys,
            index_key=index_key,
            mail_url=environ.get("MAIL_URL", "console://"),
            mail_from=environ.get("MAIL_FROM", "Đại sứ số <khong-tra-loi@localhost>"),
            trusted_proxies=_number(environ, "TRUSTED_PROXIES", 0),
            max_request_bytes=_number(environ, "MAX_REQUEST_BYTES", 2 * 1024 * 1024),
            confirm_days=_number(environ, "CONFIRM_DAYS", 30),
        )


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    raw = environ.get(name, "")
    if not raw:
        return default
    if not raw.isdigit():
        raise SettingsError(f"{name} is {raw!r}: set it to a whole number, or leave it out for {default}.")
    return int(raw)


def _secret(environ: Mapping[str, str], name: str, made: Mapping[str, str], production: bool) -> str:
    value = environ.get(name, "")
    if not value and not production:
        return made[name]
    if not value:
        raise SettingsError(
            f"{name} is missing: set it to a long random text that you keep safe, for example from "
            "`python -c 'import secrets; print(secrets.token_urlsafe(48))'`."
        )
    if production and len(value) < WEAK:
        raise SettingsError(f"{name} is too short: set at least {WEAK} random characters.")
    return value


def _kept_secrets(path: Path) -> dict[str, str]:
    """Return the development secrets of this folder, making them on the first start."""
    fresh = {name: secrets.token_urlsafe(48) for name in ("SECRET_KEY", "INDEX_KEY", "DATA_KEYS")}
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_secrets(path)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(fresh, file)
    return fresh


def _read_secrets(path: Path) -> dict[str, str]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {name: str(kept[name]) for name in ("SECRET_KEY", "INDEX_KEY", "DATA_KEYS")}
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            f"{path.name} in the data folder cannot be read: restore it from a backup. Without it the "
            "phone numbers stored so far cannot be opened."
        ) from error
