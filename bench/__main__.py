"""`python -m bench [import] [tree] [pages]`: all of them when none is named."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench import imports, pages, trees
from bench.measure import environment

NAMES = ("import", "tree", "pages")


def main() -> None:
    """Measure what is asked for, in a folder that goes afterwards."""
    asked = sys.argv[1:] or list(NAMES)
    if unknown := [name for name in asked if name not in NAMES]:
        sys.exit(f"bench: {', '.join(unknown)} is not among {', '.join(NAMES)}")
    print(environment())
    print("Medians. Compare ratios, not seconds: other work may run beside.")
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        if "import" in asked or "tree" in asked:
            database = imports.run(folder)
            if "tree" in asked:
                trees.run(database)
        if "pages" in asked:
            pages.run(folder)


if __name__ == "__main__":
    main()
