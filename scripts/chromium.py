"""Find the Chromium that the browser tests drive; install Debian's where we may, else say how."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> None:
    """Leave quietly when there is one; never fail: the tests that need it say so themselves."""
    if os.environ.get("CHROMIUM") or any(shutil.which(name) for name in NAMES):
        return
    may = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")
    if not may:
        print(
            "No Chromium here: the browser tests will be skipped. Install it (Debian: apt install chromium) "
            "or set CHROMIUM=/path/to/chromium.",
            file=sys.stderr,
        )
        return
    print("Installing Debian's chromium for the browser tests …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        if subprocess.run(
            ["apt-get", *command], env=quiet, stdout=subprocess.DEVNULL, check=False
        ).returncode:
            print(f"apt-get {command[0]} failed: the browser tests will be skipped.", file=sys.stderr)
            return


if __name__ == "__main__":
    main()
