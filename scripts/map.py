"""`make map`: write the tables of docs/map.md from the first sentence of each file."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (
    "core", "people", "learning", "referrals", "badges", "leaderboards", "honors", "app", "scripts", "bench",
)  # fmt: skip
BEGIN, END = "<!-- modules -->\n", "<!-- /modules -->"


def first_sentence(path: Path) -> str:
    """Return the first sentence of a module's docstring."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    paragraph = " ".join(docstring.split("\n\n")[0].split())
    sentence = re.split(r"(?<=[.])\s", paragraph)[0].rstrip(".:")
    return sentence.replace("|", r"\|")


def table(folder: Path) -> str:
    """Return the table of one package; its `__init__.py` gives the heading's line."""
    lines = [f"## {folder.name}/", ""]
    own = folder / "__init__.py"
    if own.exists():
        lines += [first_sentence(own) + ".", ""]
    lines += ["| file | |", "| --- | --- |"]
    for path in sorted(folder.rglob("*.py")):
        if path.name == "__init__.py" and path.parent == folder:
            continue
        name = path.relative_to(folder).as_posix()
        lines.append(f"| `{name.replace('/__init__.py', '/')}` | {first_sentence(path)} |")
    return "\n".join(lines)


def main() -> None:
    """Put the tables between their two marks."""
    target = ROOT / "docs" / "map.md"
    text = target.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    tables = [table(ROOT / name) for name in FOLDERS if any((ROOT / name).glob("*.py"))]
    target.write_text(f"{head}{BEGIN}\n" + "\n\n".join(tables) + f"\n\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
