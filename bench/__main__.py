"""`python -m bench [NAME…]`, of the names below: all of them when none is named."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench import hints, imports, lists, pages, phone_page, postgres, recording, trees
from bench.measure import environment

NAMES = ("import", "tree", "pages", "record", "lists", "hints", "phone")


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
        if {"record", "lists", "hints"} & set(asked):
            with postgres.server() as server:
                if "record" in asked:
                    recording.run(folder, server)
                if "lists" in asked:
                    lists.run(folder, server)
                if "hints" in asked:
                    hints.run(folder, server)
        if "phone" in asked:
            phone_page.run(folder)


if __name__ == "__main__":
    main()
