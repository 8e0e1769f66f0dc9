"""The door for a WSGI server and for the `flask` command: `gunicorn wsgi:app`."""

from __future__ import annotations

import sys

from app.factory import create_app
from core.settings import SettingsError

try:
    app = create_app()
except SettingsError as error:
    sys.exit(f"Chưa khởi động được / Cannot start: {error}")
