"""`make run`: bring .venv up to date, then hand over to `python -m app.serve` in it."""

import os
import sys
from pathlib import Path

from environment import VENV_PYTHON, ensure

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Install when needed and become the server."""
    try:
        ensure("run")
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(str(VENV_PYTHON), [str(VENV_PYTHON), "-m", "app.serve", *sys.argv[1:]])


if __name__ == "__main__":
    main()
