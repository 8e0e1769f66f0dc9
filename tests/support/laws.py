"""Laws of the source: who may import whom, and what may stand where. Each returns its violations."""

from __future__ import annotations

import ast
from collections.abc import Callable

import networkx as nx

from tests.support.source_tree import FEATURES, PACKAGES, Module, SourceTree

Law = Callable[[SourceTree], list[str]]

MAY_IMPORT: dict[str, frozenset[str]] = {
    "core": frozenset(),
    "people": frozenset({"core"}),
    "learning": frozenset({"core", "people"}),
    "referrals": frozenset({"core", "people", "learning"}),
    "badges": frozenset({"core", "people", "learning", "referrals"}),
    "leaderboards": frozenset({"core", "people", "learning", "referrals"}),
    "programme": frozenset({"core", "people", "learning", "referrals", "leaderboards"}),
    "honors": frozenset({"core", "people", "referrals", "badges", "leaderboards"}),
    "app": frozenset(set(PACKAGES) - {"app"}),
    "wsgi": frozenset({"app", "core"}),
}

# Inside a package: pure → events, models → queries → services → forms → the edges.
ORDER = {
    "events": 1, "models": 1, "queries": 2, "services": 3, "forms": 4, "sessions": 4,
    "routes": 5, "api": 5, "cli": 5, "jobs": 5,
}  # fmt: skip
EDGES = frozenset({"routes", "api", "forms", "cli", "jobs"})
WEB = frozenset(
    {"flask", "werkzeug", "jinja2", "wtforms", "flask_wtf", "flask_login", "flask_babel", "flask_limiter"}
)
STORAGE = frozenset({"sqlalchemy", "alembic", "psycopg", "sqlite3"})
# The ground has no vocabulary of duties: these of its modules touch the web, the database or a wire.
NOT_PURE_IN_CORE = frozenset(
    {
        "bulk",
        "commands",
        "database",
        "events",
        "forms",
        "jobs",
        "limiter",
        "limits",
        "mail",
        "outbox",
        "unit_of_work",
        "web",
        "__init__",
    }
)
NO_HOME = frozenset(
    {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base", "tools"}
)
LONGEST = 400
OPENS_TRANSACTIONS = frozenset({"core.unit_of_work", "core.jobs"})


def is_pure(module: Module) -> bool:
    """Tell whether a module holds rules alone: values in, values out."""
    if module.package == "core":
        return module.duty not in NOT_PURE_IN_CORE
    return module.package in FEATURES and module.duty not in ORDER and module.duty != "__init__"


def only_downwards(tree: SourceTree) -> list[str]:
    """A package imports only what stands below it; `app` is imported by `wsgi.py` alone."""
    return [
        module.at(item.line, f"{module.package} may not import {item.package}")
        for module in tree.modules.values()
        for item in module.imports
        if item.package in (*PACKAGES, "wsgi", "tests", "bench", "scripts", "migrations")
        and item.package != module.package
        and item.package not in MAY_IMPORT[module.package]
    ]


def no_circle(tree: SourceTree) -> list[str]:
    """No module reaches itself by imports, at any depth, the type checker's included."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for module in tree.modules.values():
        for item in module.imports:
            target = tree.target(item)
            if target is not None:
                graph.add_edge(module.name, target)
    circles = [sorted(group) for group in nx.strongly_connected_components(graph) if len(group) > 1]
    circles += [[name] for name in nx.nodes_with_selfloops(graph)]
    return [f"circle of imports: {', '.join(circle)}" for circle in sorted(circles)]


def imports_stand_at_the_top(tree: SourceTree) -> list[str]:
    """No import inside a function, none by a computed name, none relative."""
    found = []
    for module in tree.modules.values():
        for item in module.imports:
            if item.in_function:
                found.append(module.at(item.line, f"import of {item.module} inside a function"))
            if item.level:
                found.append(module.at(item.line, "relative import"))
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and called(node) in ("__import__", "import_module"):
                found.append(module.at(node.lineno, "import by a computed name"))
    return found


def rules_are_pure(tree: SourceTree) -> list[str]:
    """Pure modules know no web and no database; what reads and writes knows no web; forms no database."""
    found = []
    for module in tree.modules.values():
        forbidden: frozenset[str] = frozenset()
        if is_pure(module):
            forbidden = WEB | STORAGE
        elif module.package in FEATURES and module.duty in ("models", "events", "queries", "services"):
            forbidden = WEB
        elif module.package in FEATURES and module.duty == "forms":
            forbidden = STORAGE
        found += [
            module.at(item.line, f"{module.duty} may not import {item.package}")
            for item in module.imports
            if item.package in forbidden
        ]
    return found


def order_inside_a_package(tree: SourceTree) -> list[str]:
    """Inside a package: pure → models → queries → services → forms → routes, api, cli, jobs."""
    found = []
    for module in tree.modules.values():
        if module.package not in FEATURES or module.duty == "__init__":
            continue
        for item in module.imports:
            target = tree.modules.get(tree.target(item) or "")
            if target is None or target.duty == "__init__":
                continue
            own = target.package == module.package
            if own and ORDER.get(target.duty, 0) > ORDER.get(module.duty, 0):
                found.append(module.at(item.line, f"{module.duty} may not import {target.duty}"))
            if is_pure(module) and not is_pure(target):
                found.append(module.at(item.line, f"pure {module.duty} may not import {target.name}"))
    return found


def edges_stay_inside(tree: SourceTree) -> list[str]:
    """Nobody outside `app` imports another package's routes, api, forms, cli or jobs."""
    return [
        module.at(item.line, f"{target.name} is an edge of {target.package}")
        for module in tree.modules.values()
        if module.package != "app"
        for item in module.imports
        if (target := tree.modules.get(tree.target(item) or "")) is not None
        and target.package != module.package
        and target.package in FEATURES
        and target.duty in EDGES
    ]


def two_files_commit(tree: SourceTree) -> list[str]:
    """`.commit(` and `.rollback(` stand in the unit of work and in the jobs."""
    return [
        module.at(node.lineno, f".{node.func.attr}( belongs to the unit of work")
        for module in tree.modules.values()
        if module.name not in OPENS_TRANSACTIONS
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("commit", "rollback")
    ]


def nobody_below_the_edge_looks_at_the_clock(tree: SourceTree) -> list[str]:
    """Pure modules, models, queries and services read neither clock nor environment: they are told."""
    reads = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "os.getenv"}
    found = []
    for module in tree.modules.values():
        edge = module.duty in EDGES - {"forms"}
        if edge or not (
            module.package in FEATURES or (is_pure(module) and module.duty not in ("clock", "settings"))
        ):
            continue
        for node in ast.walk(module.tree):
            text = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
            if ".".join(text.split(".")[-2:]) in reads or text == "os.environ":
                found.append(module.at(getattr(node, "lineno", 0), f"{text} is read below the edge"))
    return found


def everything_has_a_home(tree: SourceTree) -> list[str]:
    """No `utils` and its kin; `__init__.py` is one docstring; a long file becomes a folder."""
    found = []
    for module in tree.modules.values():
        found += [
            module.at(1, f"{part!r} says nothing: an idea wants a name")
            for part in module.name.split(".")
            if part in NO_HOME
        ]
        if module.path.name == "__init__.py" and not _one_docstring(module.tree):
            found.append(module.at(1, "__init__.py is one docstring: what the package is for"))
        if (length := module.source.count("\n")) > LONGEST:
            found.append(module.at(length, f"longer than {LONGEST} lines: make it a folder, split by idea"))
    return found


def _one_docstring(tree: ast.Module) -> bool:
    return len(tree.body) == 1 and ast.get_docstring(tree) is not None


def called(node: ast.Call) -> str:
    """Return the last word of what is called: `ensure` of `permissions.ensure(…)`."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""
