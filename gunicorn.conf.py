"""How gunicorn serves, in production and behind `make run`. Each line can be overridden by GUNICORN_CMD_ARGS.

Sync workers, as many as cores: threads only add to the slowest answers here (docs/adr).
"""

import os
import re
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

# The last part of a learner's link answers in the learner's name; what is searched for is often a name.
_SECRET = re.compile(r"(?<=/x/)[^/\s?]+|(?<=\?)\S+")


class DiscreetLogger(Logger):
    """Logs who asked for which page, without the keys and names that an address may hold."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """Return what a line of the access log is made of."""
        atoms: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        for name in ("r", "U", "q", "f"):
            atoms[name] = "…" if name == "q" else _SECRET.sub("…", str(atoms[name]))
        return atoms


logger_class = DiscreetLogger

bind = os.environ.get("BIND") or f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS") or os.cpu_count() or 2)
worker_class = "sync"
# One import serves every worker, and a broken setting stops the start instead of every worker in turn.
preload_app = True
timeout = 30
graceful_timeout = 10
# A worker that grew by accident goes now and then, never all at once.
max_requests = 20_000
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # heartbeats belong in memory
accesslog = "-" if os.environ.get("APP_ENV") == "production" else None
loglevel = os.environ.get("LOG_LEVEL", "info" if os.environ.get("APP_ENV") == "production" else "warning")
control_socket_disable = True
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
