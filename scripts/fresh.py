"""`make fresh`: throw the embedded database away, after asking. A database server is never touched."""

import os
import sys
from pathlib import Path

HOME = Path(os.environ.get("DATA_DIR") or Path(__file__).resolve().parent.parent / "var")


def main() -> None:
    """Ask, then remove the database and the queue; the development secrets stay."""
    url = os.environ.get("DATABASE_URL", "")
    if url:
        print(
            "DATABASE_URL names a database of your own: `make fresh` only removes the embedded one. "
            "Drop and create it with your database's own tools.",
            file=sys.stderr,
        )
        raise SystemExit(1)
    files = sorted(file for name in ("daisuso.db", "queue.db") for file in HOME.glob(f"{name}*"))
    if not files:
        print("There is no embedded database yet; `make run` makes one.")
        return
    for file in files:
        print(f"  {file}  ({file.stat().st_size / 1e6:.1f} MB)")
    try:
        answer = input("Remove these files and everything in them, for good? Type 'yes': ")
    except (EOFError, KeyboardInterrupt):
        answer = ""
    if answer.strip().lower() != "yes":
        print("\nNothing was removed.")
        raise SystemExit(1)
    for file in files:
        file.unlink()
    print("Removed. `make run` begins with an empty database.")


if __name__ == "__main__":
    main()
