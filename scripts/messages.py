"""`make messages`: collect the texts to translate. Ids are Vietnamese, so only English has a catalogue."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "translations/messages.pot"
PACKAGES = ("app", "badges", "core", "honors", "leaderboards", "learning", "people", "referrals", "templates")
KEYWORDS = ("_l", "lazy_gettext", "N_", "ngettext:1,2")


def babel(*arguments: str) -> None:
    """Run pybabel with the Python that runs us."""
    command = [sys.executable, "-m", "babel.messages.frontend", *arguments]
    subprocess.run(command, cwd=ROOT, check=True)


def main() -> None:
    """Extract, then bring the English catalogue up to date; fuzzy guesses are never made."""
    keywords = [part for keyword in KEYWORDS for part in ("-k", keyword)]
    options = [
        "--no-wrap",
        "--sort-by-file",
        "--add-location=file",
        "--project=digital-ambassadors",
        "--version=1",
    ]
    folders = [name for name in PACKAGES if (ROOT / name).is_dir()]
    babel("--quiet", "extract", "-F", "translations/babel.cfg", *keywords, *options, "-o", TEMPLATE, *folders)
    common = ["--no-wrap", "-i", TEMPLATE, "-d", "translations", "-l", "en"]
    if (ROOT / "translations" / "en").exists():
        babel(
            "--quiet",
            "update",
            "--no-fuzzy-matching",
            "--ignore-pot-creation-date",
            "--ignore-obsolete",
            *common,
        )
    else:
        babel("--quiet", "init", *common)
    (ROOT / TEMPLATE).unlink()
    print("translations/en/LC_MESSAGES/messages.po is ready to be filled in")


if __name__ == "__main__":
    main()
