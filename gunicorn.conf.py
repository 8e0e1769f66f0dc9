"""How gunicorn serves, in production and behind `make run`. Each line can be overridden by GUNICORN_CMD_ARGS.

Sync workers, as many as cores: threads only add to the slowest answers here (docs/adr).
"""

import os
from pathlib import Path

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
