"""Make .venv and install the locked, hash-checked dependencies; nothing happens when they are there already.

    python3 scripts/environment.py run|dev

Standard library only, and written so that an old Python can at least read the sentence that refuses it.
"""

import hashlib
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
VENV_PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "installed.json"
OLDEST = (3, 11)


def refuse(sentence: str) -> None:
    """Stop with a sentence and no traceback."""
    print(sentence, file=sys.stderr)
    raise SystemExit(1)


def fingerprint(kind: str) -> str:
    """Return what the installation depends on: the lock file, and the Python that .venv was made with."""
    lock = (ROOT / "requirements" / f"{kind}.txt").read_bytes()
    config = VENV / "pyvenv.cfg"
    return hashlib.sha256(lock + (config.read_bytes() if config.exists() else b"")).hexdigest()


def installed() -> dict:  # type: ignore[type-arg]
    """Return the fingerprints of what was installed, by kind; empty when nothing was."""
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def make_venv() -> None:
    """Make .venv with pip in it; one made by a Python that is gone is made anew."""
    if VENV_PYTHON.exists() and subprocess.run([str(VENV_PYTHON), "-c", ""], check=False).returncode == 0:
        return
    print("Making .venv …", flush=True)
    try:
        venv.EnvBuilder(with_pip=True, clear=VENV.exists(), symlinks=os.name != "nt").create(VENV)
    except (subprocess.CalledProcessError, OSError) as error:
        refuse(
            f"Could not make .venv ({error}).\n"
            "On Debian and Ubuntu the module is a package of its own: apt install python3-venv. "
            "Then remove .venv and try again."
        )


def install(kind: str) -> None:
    """Install one lock file, every archive checked against its hash."""
    print(f"Installing the locked dependencies (requirements/{kind}.txt) …", flush=True)
    if subprocess.run(
        [str(VENV_PYTHON), "-m", "pip", "--version"], capture_output=True, check=False
    ).returncode:
        subprocess.run([str(VENV_PYTHON), "-m", "ensurepip", "--upgrade"], check=True, capture_output=True)
    command = [str(VENV_PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    command += ["--only-binary", ":all:", "--require-hashes", "-r", f"requirements/{kind}.txt"]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        refuse(
            "\nThe dependencies could not be installed; pip tells why above.\n"
            "No network? Name a folder of wheels: PIP_NO_INDEX=1 PIP_FIND_LINKS=/wheels make run\n"
            "A hash that does not match means the archive is not the one we tested: do not work round it."
        )


def ensure(kind: str) -> None:
    """Bring .venv to the state that `kind` ("run" or "dev") needs."""
    if sys.version_info < OLDEST:
        refuse(
            "Python 3.11 or newer is needed; this one is {}.{}. "
            "Name another: PYTHON=python3.12 make run".format(*sys.version_info[:2])
        )
    if installed().get(kind) == fingerprint(kind) and VENV_PYTHON.exists():
        return
    make_venv()
    install(kind)
    # The development lock holds every pin of the running one, so it serves both.
    kinds = ("run", "dev") if kind == "dev" else ("run",)
    STAMP.write_text(
        json.dumps({**installed(), **{each: fingerprint(each) for each in kinds}}), encoding="utf-8"
    )


def main() -> None:
    """Read the one argument."""
    if sys.argv[1:] not in (["run"], ["dev"]):
        refuse("usage: python3 scripts/environment.py run|dev")
    try:
        ensure(sys.argv[1])
    except KeyboardInterrupt:
        refuse("\nStopped; nothing is lost, the next start goes on.")


if __name__ == "__main__":
    main()
