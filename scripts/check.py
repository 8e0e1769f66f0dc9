"""Run the checks, all of them even when one fails, and say at the end how each went.

    python scripts/check.py everything    lint, types, templates; tests on both databases and in a browser
    python scripts/check.py quick         the same lint and format, and the quick tests on SQLite

Further arguments go to pytest. The tests come last, so that pytest's own closing line stands at the end.
"""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = (sys.executable, "-m")

LINT = ("lint (ruff)", (*PYTHON, "ruff", "check", "."))
FORMAT = ("format (ruff)", (*PYTHON, "ruff", "format", "--check", "--quiet", "."))
TYPES = ("types (mypy --strict)", (*PYTHON, "mypy"))
TEMPLATES = ("templates (djlint)", (*PYTHON, "djlint", "--quiet", "--lint", "templates"))
TESTS = (*PYTHON, "pytest", "-n", "2", "--dist", "worksteal")

PLANS: dict[str, tuple[tuple[tuple[str, tuple[str, ...]], ...], tuple[str, ...]]] = {
    "everything": ((LINT, TYPES, TEMPLATES), TESTS),
    "quick": (
        (LINT, FORMAT, TYPES, TEMPLATES),
        (*TESTS, "-q", "--on", "sqlite", "-m", "not slow and not browser"),
    ),
}


@dataclass(frozen=True)
class Outcome:
    """How one check went."""

    name: str
    passed: bool
    seconds: float


def run(name: str, command: tuple[str, ...]) -> Outcome:
    """Run one check with its output on the terminal."""
    print(f"\n── {name} ──", flush=True)
    began = time.monotonic()
    passed = subprocess.run(command, cwd=ROOT, check=False).returncode == 0
    return Outcome(name, passed, time.monotonic() - began)


def main() -> None:
    """Run a plan; leave with 1 when anything failed."""
    if len(sys.argv) < 2 or sys.argv[1] not in PLANS:
        print(f"usage: check.py {'|'.join(PLANS)} [arguments of pytest]", file=sys.stderr)
        raise SystemExit(2)
    checks, tests = PLANS[sys.argv[1]]
    try:
        outcomes = [run(name, command) for name, command in checks]
        outcomes.append(run("tests (pytest)", (*tests, *sys.argv[2:])))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    print()
    for outcome in outcomes:
        print(f"{'ok    ' if outcome.passed else 'FAILED'}  {outcome.name}  ({outcome.seconds:.0f} s)")
    raise SystemExit(0 if all(outcome.passed for outcome in outcomes) else 1)


if __name__ == "__main__":
    main()
