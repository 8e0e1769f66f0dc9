"""`make lock`: choose the versions anew; both lock files hold hashes and no index address."""

import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "requirements"
OPTIONS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-annotate",
    "--no-header",
    "--quiet",
)


def main() -> None:
    """Compile run.in, then dev.in, which takes the pins of run.txt as its constraint."""
    if not shutil.which("uv"):
        print(
            "`make lock` needs uv (pip install uv): it resolves for every platform at once.", file=sys.stderr
        )
        raise SystemExit(1)
    for kind in ("run", "dev"):
        command = ["uv", "pip", "compile", f"{kind}.in", "-o", f"{kind}.txt", *OPTIONS, *sys.argv[1:]]
        subprocess.run(command, cwd=FOLDER, check=True)
        print(f"requirements/{kind}.txt is up to date")


if __name__ == "__main__":
    main()
