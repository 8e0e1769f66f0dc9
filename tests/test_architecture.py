"""The laws of the house: kept by the source as it stands, and seen to fail on a planted violation of each."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask_wtf import CSRFProtect

from core.web import access
from tests.support import edge_laws, laws
from tests.support.catalogues import untranslated
from tests.support.laws import Law
from tests.support.source_tree import SourceTree

ROOT = Path(__file__).resolve().parent.parent

LAWS: tuple[Law, ...] = (
    laws.only_downwards,
    laws.no_circle,
    laws.imports_stand_at_the_top,
    laws.rules_are_pure,
    laws.order_inside_a_package,
    laws.edges_stay_inside,
    laws.two_files_commit,
    laws.nobody_below_the_edge_looks_at_the_clock,
    laws.everything_has_a_home,
    edge_laws.services_ask_first,
    edge_laws.routes_declare_access,
    edge_laws.parameters_have_converters,
    edge_laws.jobs_are_wired,
    edge_laws.templates_are_rendered,
    edge_laws.pages_keep_to_the_policy,
    untranslated,
)

# A house of three rooms that keeps every law.
SMALL_HOUSE = {
    "wsgi.py": "from app.factory import create_app\n",
    "core/__init__.py": '"""The ground."""\n',
    "core/database.py": "import sqlalchemy\n",
    "core/unit_of_work.py": "def finish(session):\n    session.commit()\n",
    "people/__init__.py": '"""People."""\n',
    "people/names.py": "import re\n",
    "people/models.py": "import sqlalchemy\nfrom core import database\nfrom people import names\n",
    "people/queries.py": "from people import models\n",
    "people/services.py": (
        "from people.queries import models\ndef rename(session, actor, wish, now):\n    ensure(actor)\n"
        "def part_of_it(session):\n    pass\n"
    ),
    "people/forms.py": "import wtforms\n",
    "people/routes.py": (
        "from core.web import access\n"
        "from people import forms, services\n"
        "@blueprint.get('/people/<int:person_id>')\n"
        "@access.public\n"
        "def show(person_id):\n"
        "    return render_template('people/show.html')\n"
    ),
    "referrals/__init__.py": '"""Referrals."""\n',
    "referrals/lineage.py": "import networkx\nfrom people import names\n",
    "referrals/services.py": "from people import services\n",
    "referrals/jobs.py": "def rebuild(session, now):\n    pass\n",
    "badges/__init__.py": '"""Badges."""\n',
    "app/__init__.py": '"""The roof."""\n',
    "app/factory.py": "from people import routes\nimport app.wiring\n",
    "app/wiring.py": (
        "from core.jobs import JobLine\nimport referrals.jobs\n"
        "JOBS = (JobLine('rebuild', referrals.jobs.rebuild),)\n"
    ),
    "templates/base.html": "<!doctype html>\n",
    "templates/people/show.html": '{% extends "base.html" %}<p class="big">{{ _("Xin chào") }}</p>\n',
    "translations/babel.cfg": "[python: **.py]\n[jinja2: **.html]\n",
    "translations/en/LC_MESSAGES/messages.po": (
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Xin chào"\nmsgstr "Hello"\n'
    ),
}

PLANTED: tuple[tuple[Law, str, str, str], ...] = (
    (
        laws.only_downwards,
        "people/services.py",
        "import referrals.lineage\n",
        "people may not import referrals",
    ),
    (laws.only_downwards, "core/clock.py", "import people.names\n", "core may not import people"),
    (
        laws.only_downwards,
        "badges/catalogue.py",
        "from leaderboards import metrics\n",
        "badges may not import",
    ),
    (laws.only_downwards, "referrals/api.py", "def f():\n    import app.wiring\n", "may not import app"),
    (
        laws.only_downwards,
        "people/names.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import badges.catalogue\n",
        "people may not import badges",
    ),
    (
        laws.no_circle,
        "people/names.py",
        "from people import queries\n",
        "people.models, people.names, people.queries",
    ),
    (
        laws.imports_stand_at_the_top,
        "people/names.py",
        "def f():\n    import json\n",
        "import of json inside",
    ),
    (laws.imports_stand_at_the_top, "people/names.py", "from . import models\n", "relative import"),
    (laws.imports_stand_at_the_top, "people/names.py", "import_module('json')\n", "by a computed name"),
    (
        laws.rules_are_pure,
        "referrals/lineage.py",
        "import sqlalchemy.orm\n",
        "lineage may not import sqlalchemy",
    ),
    (
        laws.rules_are_pure,
        "referrals/lineage.py",
        "from flask import request\n",
        "lineage may not import flask",
    ),
    (laws.rules_are_pure, "people/queries.py", "import flask_login\n", "queries may not import flask_login"),
    (laws.rules_are_pure, "people/services.py", "import wtforms\n", "services may not import wtforms"),
    (laws.rules_are_pure, "people/forms.py", "import sqlalchemy\n", "forms may not import sqlalchemy"),
    (laws.rules_are_pure, "core/vietnamese.py", "import flask\n", "vietnamese may not import flask"),
    (
        laws.order_inside_a_package,
        "people/queries.py",
        "from people import services\n",
        "queries may not import",
    ),
    (
        laws.order_inside_a_package,
        "referrals/lineage.py",
        "from people import models\n",
        "pure lineage may not",
    ),
    (
        laws.edges_stay_inside,
        "referrals/routes.py",
        "from people.routes import show\n",
        "people.routes is an edge",
    ),
    (
        laws.edges_stay_inside,
        "referrals/services.py",
        "from people import forms\n",
        "people.forms is an edge",
    ),
    (
        laws.two_files_commit,
        "people/services.py",
        "def f(session):\n    session.commit()\n",
        ".commit( belongs",
    ),
    (laws.two_files_commit, "app/factory.py", "work.rollback()\n", ".rollback( belongs"),
    (
        laws.nobody_below_the_edge_looks_at_the_clock,
        "people/services.py",
        "from datetime import UTC, datetime\nNOW = datetime.now(UTC)\n",
        "datetime.now is read",
    ),
    (
        laws.nobody_below_the_edge_looks_at_the_clock,
        "referrals/lineage.py",
        "import os\nHOME = os.environ['HOME']\n",
        "os.environ is read",
    ),
    (laws.everything_has_a_home, "people/utils.py", "", "says nothing"),
    (
        laws.everything_has_a_home,
        "people/__init__.py",
        '"""People."""\nfrom people import models\n',
        "one docstring",
    ),
    (laws.everything_has_a_home, "people/names.py", "\n" * (laws.LONGEST + 1), "make it a folder"),
    (
        edge_laws.services_ask_first,
        "people/routes.py",
        "from people import services\nservices.part_of_it(1)\n",
        "part_of_it takes no actor",
    ),
    (
        edge_laws.services_ask_first,
        "people/cli.py",
        "from people.services import part_of_it\n",
        "part_of_it takes no actor",
    ),
    (
        edge_laws.services_ask_first,
        "people/services.py",
        "def f(session, actor, wish, now):\n    pass\n",
        "f never calls ensure",
    ),
    (
        edge_laws.routes_declare_access,
        "people/routes.py",
        "@blueprint.route('/people')\ndef everyone():\n    pass\n",
        "everyone declares no access",
    ),
    (
        edge_laws.parameters_have_converters,
        "people/routes.py",
        "@blueprint.get('/people/<who>')\n@access.public\ndef show(who):\n    pass\n",
        "<who>",
    ),
    (
        edge_laws.jobs_are_wired,
        "referrals/jobs.py",
        "def forgotten(session, now):\n    pass\n",
        "forgotten has no",
    ),
    (
        edge_laws.jobs_are_wired,
        "people/services.py",
        "def on_it(session):\n    jobs.enqueue_after_commit(session, 'lost')\n",
        "'lost' has no line",
    ),
    (
        edge_laws.templates_are_rendered,
        "templates/people/old.html",
        "<p>\n",
        "old.html is rendered by nobody",
    ),
    (
        edge_laws.templates_are_rendered,
        "people/api.py",
        "PAGE = 'people/new.html'\n",
        "there is no such template",
    ),
    (edge_laws.pages_keep_to_the_policy, "templates/base.html", '<p style="color:red">\n', "inline style"),
    (edge_laws.pages_keep_to_the_policy, "templates/base.html", '<a onclick="go()">\n', "inline handler"),
    (edge_laws.pages_keep_to_the_policy, "templates/base.html", "<script>go()</script>\n", "inline script"),
    (
        edge_laws.pages_keep_to_the_policy,
        "templates/base.html",
        '<img src="https://elsewhere/x">\n',
        "another host",
    ),
    (edge_laws.pages_keep_to_the_policy, "templates/base.html", "{{ name|safe }}\n", "|safe in a page"),
    (untranslated, "templates/base.html", '{{ _("Chưa dịch") }}\n', "Chưa dịch"),
    (untranslated, "people/names.py", 'N_("Tên")\n', "Tên"),
)


def build(folder: Path, files: dict[str, str]) -> SourceTree:
    """Write a small house and read it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return SourceTree(folder)


@pytest.fixture(scope="module")
def house_as_it_stands() -> SourceTree:
    return SourceTree(ROOT)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_house_keeps_the_law(law: Law, house_as_it_stands: SourceTree) -> None:
    violations = law(house_as_it_stands)
    assert not violations, f"{law.__doc__}\n" + "\n".join(violations)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_house_without_violation_passes(law: Law, tmp_path: Path) -> None:
    assert law(build(tmp_path, SMALL_HOUSE)) == []


@pytest.mark.parametrize(
    ("law", "path", "source", "expected"),
    PLANTED,
    ids=[f"{law.__name__}-{path}" for law, path, _, _ in PLANTED],
)
def test_a_planted_violation_is_seen(law: Law, path: str, source: str, expected: str, tmp_path: Path) -> None:
    violations = law(build(tmp_path, {**SMALL_HOUSE, path: source}))
    assert any(expected in violation for violation in violations), violations


def test_every_law_has_a_planted_violation() -> None:
    assert {law.__name__ for law in LAWS} == {law.__name__ for law, _, _, _ in PLANTED}


def test_the_table_names_every_package() -> None:
    present = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench", "scripts"}
    assert present <= set(laws.MAY_IMPORT)


def test_every_endpoint_declares_its_access(bare_app: Flask) -> None:
    assert edge_laws.endpoints_without_access(bare_app) == []


def test_every_unsafe_endpoint_refuses_a_missing_token(bare_app: Flask) -> None:
    assert edge_laws.endpoints_open_to_forgery(bare_app) == []


def test_an_endpoint_without_access_and_one_without_token_are_seen() -> None:
    small = Flask("small", static_folder=None)
    small.config["SECRET_KEY"] = "for this test"
    protect = CSRFProtect(small)

    @small.post("/kept")
    @access.public
    def kept() -> str:
        return ""

    @small.post("/open/<int:number>")
    @protect.exempt
    def left_open(number: int) -> str:
        return str(number)

    assert edge_laws.endpoints_without_access(small) == ["left_open (/open/<int:number>) declares no access"]
    assert edge_laws.endpoints_open_to_forgery(small) == [
        "POST /open/<int:number> answers 200 without a token"
    ]
