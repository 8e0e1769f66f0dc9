"""The source read as a tree of modules, for the laws of the architecture."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PACKAGES = (
    "core",
    "people",
    "learning",
    "referrals",
    "badges",
    "leaderboards",
    "programme",
    "honors",
    "app",
)
FEATURES = tuple(name for name in PACKAGES if name not in ("core", "app"))


@dataclass(frozen=True)
class Import:
    """One imported module, with the name taken from it when there is one."""

    module: str
    name: str | None
    line: int
    level: int
    in_function: bool

    @property
    def package(self) -> str:
        """The first word: `flask` of `flask.views`."""
        return self.module.split(".")[0]


@dataclass(frozen=True)
class Module:
    """One file of Python."""

    name: str
    path: Path
    shown: str
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file, parsed."""
        return ast.parse(self.source)

    @property
    def package(self) -> str:
        """The package that owns the file; `wsgi` for the entry point."""
        return self.name.split(".")[0]

    @property
    def duty(self) -> str:
        """The word after the package: `services` of `people.services` and of `people.services.accounts`."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else "__init__"

    @cached_property
    def imports(self) -> list[Import]:
        """Every import at any depth, those for the type checker and inside functions included."""
        return list(_imports(self.tree, in_function=False))

    def at(self, line: int, sentence: str) -> str:
        """Return a violation as `path:line: sentence`."""
        return f"{self.shown}:{line}: {sentence}"


def _imports(node: ast.AST, *, in_function: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(alias.name, None, child.lineno, 0, in_function)
        elif isinstance(child, ast.ImportFrom):
            for alias in child.names:
                yield Import(child.module or "", alias.name, child.lineno, child.level, in_function)
        else:
            inside = in_function or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(child, in_function=inside)


class SourceTree:
    """The packages below a folder, with `wsgi.py` and the templates."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def modules(self) -> dict[str, Module]:
        """Every module of the product by its name."""
        found = [self.root / "wsgi.py"] if (self.root / "wsgi.py").exists() else []
        for package in PACKAGES:
            found += sorted((self.root / package).rglob("*.py"))
        modules = {}
        for path in found:
            shown = path.relative_to(self.root)
            parts = shown.with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            modules[name] = Module(name, path, shown.as_posix(), path.read_text(encoding="utf-8"))
        return modules

    @cached_property
    def templates(self) -> dict[str, str]:
        """Every template by its name below `templates/`."""
        folder = self.root / "templates"
        return {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(folder.rglob("*"))
            if path.suffix in (".html", ".txt", ".xml", ".svg", ".webmanifest")
        }

    def target(self, item: Import) -> str | None:
        """Return the module of ours that an import reaches, or None for a foreign one."""
        if item.name is not None and f"{item.module}.{item.name}" in self.modules:
            return f"{item.module}.{item.name}"
        return item.module if item.module in self.modules else None
