"""Laws of the edges: services and permissions, jobs, templates, addresses, access and forgery."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from flask import Flask

from core.web import ACCESS_MARK, SAFE_METHODS
from tests.support.laws import EDGES, called
from tests.support.source_tree import FEATURES, Module, SourceTree

ROUTE_CALLS = frozenset({"route", "get", "post", "put", "patch", "delete"})
# Rendered by hand by their own shape, not by a view of the same name.
LAYOUTS = re.compile(r"(^|/)(_|base|layout)|^components/")
INLINE = (
    (re.compile(r"\sstyle\s*="), "an inline style: the policy of the pages refuses it"),
    (re.compile(r"\son[a-z]+\s*=\s*[\"']"), "an inline handler: the policy of the pages refuses it"),
    (
        re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/(ld\+)?json\")[^>]*>"),
        "an inline script",
    ),
    (re.compile(r"<style[\s>]"), "an inline style sheet"),
    (re.compile(r"(src|href)=\"(https?:)?//(?!www\.w3\.org)"), "a byte from another host"),
)
# Macros of our own may print markup of our own (a QR code); a page may not.
UNESCAPED = (re.compile(r"\|\s*safe\b"), "|safe in a page: only a macro in components/ may")
ALLOWED_LINKS = ("https://binhdanhocvuso.gov.vn", "https://zalo.me", "https://sp.zalo.me")


def services_ask_first(tree: SourceTree) -> list[str]:
    """Every service that takes an actor calls `ensure`; no edge calls one that writes without an actor.

    Reactions (`on_…`) run inside a service that asked; so do the parts that services are made of. The jobs of
    the table in `app/wiring.py` are the house's own acts.
    """
    found = []
    jobs = {ast.unparse(line.args[1]).split(".")[-1] for line in _job_lines(tree) if len(line.args) > 1}
    unasked: dict[str, set[str]] = {}
    for module in _of_duty(tree, "services"):
        for function in module.tree.body:
            if not isinstance(function, ast.FunctionDef) or function.name.startswith(("_", "on_")):
                continue
            if function.name in jobs:
                continue
            names = [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]
            if "actor" not in names and "session" in names:
                unasked.setdefault(module.name, set()).add(function.name)
            elif "actor" in names and not {"ensure", "ensure_seen"} & {
                called(node) for node in _calls(function)
            }:
                found.append(module.at(function.lineno, f"{function.name} never calls ensure"))
    for module in tree.modules.values():
        if module.duty in EDGES or module.package == "app":
            found += [
                module.at(line, f"{target}.{name} takes no actor: an edge may not call it")
                for target, name, line in _uses(tree, module)
                if name in unasked.get(target, ())
            ]
    return found


def _uses(tree: SourceTree, module: Module) -> Iterator[tuple[str, str, int]]:
    """Yield (module of ours, name, line) for each name that a module takes from another."""
    known_as: dict[str, str] = {}
    for item in module.imports:
        target = tree.target(item)
        if target is None:
            continue
        if item.name is not None and target == item.module:
            yield target, item.name, item.line
        else:
            known_as[item.name or item.module] = target
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and (target := known_as.get(ast.unparse(node.value))):
            yield target, node.attr, node.lineno


def routes_declare_access(tree: SourceTree) -> list[str]:
    """Beside each route stands `@access.…`: public, signed_in or needs(Permission.X)."""
    found = []
    for module in tree.modules.values():
        for function in ast.walk(module.tree):
            if not isinstance(function, ast.FunctionDef) or not any(_route_patterns(function)):
                continue
            declared = any(
                ast.unparse(decorator).startswith("access.") for decorator in function.decorator_list
            )
            if not declared:
                found.append(module.at(function.lineno, f"{function.name} declares no access"))
    return found


def parameters_have_converters(tree: SourceTree) -> list[str]:
    """Each parameter of an address has a converter: `<int:id>`, never `<id>`."""
    return [
        module.at(function.lineno, f"<{parameter}> in {pattern} has no converter")
        for module in tree.modules.values()
        for function in ast.walk(module.tree)
        if isinstance(function, ast.FunctionDef)
        for pattern in _route_patterns(function)
        for parameter in re.findall(r"<([^>]*)>", pattern)
        if ":" not in parameter
    ]


def _route_patterns(function: ast.FunctionDef) -> Iterator[str]:
    for decorator in function.decorator_list:
        if (
            isinstance(decorator, ast.Call)
            and isinstance(decorator.func, ast.Attribute)
            and decorator.func.attr in ROUTE_CALLS
            and decorator.args
            and isinstance(decorator.args[0], ast.Constant)
            and isinstance(decorator.args[0].value, str)
        ):
            yield decorator.args[0].value


def jobs_are_wired(tree: SourceTree) -> list[str]:
    """Every job that is put into the queue, and every function of a jobs module, has a line in the table."""
    lines = _job_lines(tree)
    names = {line.args[0].value for line in lines if line.args and isinstance(line.args[0], ast.Constant)}
    functions = {ast.unparse(line.args[1]).split(".")[-1] for line in lines if len(line.args) > 1}
    found = []
    for module in tree.modules.values():
        for node in _calls(module.tree):
            if called(node) != "enqueue_after_commit" or len(node.args) < 2:
                continue
            name = node.args[1]
            if isinstance(name, ast.Constant) and name.value not in names:
                found.append(module.at(node.lineno, f"job {name.value!r} has no line in app/wiring.py"))
        if module.duty == "jobs" and module.package in FEATURES:
            found += [
                module.at(function.lineno, f"{function.name} has no line in app/wiring.py")
                for function in module.tree.body
                if isinstance(function, ast.FunctionDef)
                and not function.name.startswith("_")
                and function.name not in functions
            ]
    return found


def _job_lines(tree: SourceTree) -> list[ast.Call]:
    wiring = tree.modules.get("app.wiring")
    return [node for node in _calls(wiring.tree) if called(node) == "JobLine"] if wiring else []


def templates_are_rendered(tree: SourceTree) -> list[str]:
    """Every template is named by some view or template, and every name has its template."""
    in_python = {
        node.value: module.at(node.lineno, "")
        for module in tree.modules.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_template_name(node.value)
    }
    in_templates = {
        match: f"templates/{name}"
        for name, text in tree.templates.items()
        for match in re.findall(r"{%-?\s*(?:extends|include|import|from)\s+[\"']([^\"']+)[\"']", text)
    }
    named = {**in_python, **in_templates}
    patterns = _computed_names(tree)
    found = [
        f"templates/{name} is rendered by nobody"
        for name in tree.templates
        if name.endswith(".html") and name not in named and not any(p.fullmatch(name) for p in patterns)
    ]
    return found + [f"{where} names {name}: there is no such template" for name, where in named.items()
                    if name not in tree.templates]  # fmt: skip


def _is_template_name(text: str) -> bool:
    return re.fullmatch(r"[a-z_]+(/[a-z0-9_]+)*\.html", text) is not None


def _computed_names(tree: SourceTree) -> list[re.Pattern[str]]:
    """Names such as f"errors/{status}.html" render every template of their shape."""
    patterns = []
    for module in tree.modules.values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z0-9_]+"
                    for part in node.values
                ]
                if parts[-1].endswith(r"\.html"):
                    patterns.append(re.compile("".join(parts)))
    return patterns


def pages_keep_to_the_policy(tree: SourceTree) -> list[str]:
    """No inline style, script or handler, no unescaped text, nothing from another host."""
    found = []
    for name, text in tree.templates.items():
        if not name.endswith(".html"):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            plain = line
            for link in ALLOWED_LINKS:
                plain = plain.replace(link, "")
            rules = INLINE if name.startswith("components/") else (*INLINE, UNESCAPED)
            found += [
                f"templates/{name}:{number}: {sentence}" for rule, sentence in rules if rule.search(plain)
            ]
    return found


def endpoints_without_access(app: Flask) -> list[str]:
    """Endpoints of a running application whose view declares no access."""
    return [
        f"{rule.endpoint} ({rule}) declares no access"
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], ACCESS_MARK)
    ]


def endpoints_open_to_forgery(app: Flask) -> list[str]:
    """Addresses of a running application that take an unsafe request without a token (anything but 400)."""
    found = []
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - SAFE_METHODS):
            values: dict[str, Any] = {name: _any_value(rule.rule, name) for name in rule.arguments}
            with app.test_request_context():
                address = app.url_for(rule.endpoint, **values)
            status = client.open(address, method=method).status_code
            if status != 400:
                found.append(f"{method} {rule} answers {status} without a token")
    return found


def _any_value(rule: str, name: str) -> object:
    converter = re.search(rf"<(?:([a-z_]+)(?:\([^)]*\))?:)?{name}>", rule)
    kind = converter.group(1) if converter else None
    return {"int": 1, "uuid": "00000000-0000-4000-8000-000000000000"}.get(kind or "", "x")


def _of_duty(tree: SourceTree, duty: str) -> list[Module]:
    return [
        module
        for module in tree.modules.values()
        if module.duty == duty and module.package in FEATURES and module.path.name != "__init__.py"
    ]


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    for child in ast.walk(node):
        if isinstance(child, ast.Call):
            yield child
