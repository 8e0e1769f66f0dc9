"""Real networks load whole, and a second, naive computation from the CSV finds the same totals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core.database import Database
from core.secrets_box import SecretsBox
from core.unit_of_work import UnitOfWork
from people.models import Person
from people.permissions import HOUSE
from referrals.queries.checks import everything
from referrals.queries.network import network_figures
from referrals.reports import ImportReport, figures_values
from referrals.services.import_state import ImportWish
from referrals.services.network_import import import_network, source_of
from tests.support.naive_network import ABSENT, DATA, figures_of, same_largest

SMALL = (
    "demo/danang_jazz_264",
    "demo/danang_rds_511",
    "demo/danang_2800_real_shape",
    "trees/rds_faux",
    "trees/rds_fauxmadrona",
    "trees/rds_fauxsycamore",
    "trees/rds_fauxtime",
    "trees/statisticians",
)

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=ABSENT)


def files(network: str) -> tuple[Path, Path]:
    suffix = ".csv.gz" if "twitter" in network else ".csv"
    acts = "taught" if network.startswith("demo/") else "edges"
    return DATA / f"{network}_people{suffix}", DATA / f"{network}_{acts}{suffix}"


def load(uow: UnitOfWork, box: SecretsBox, network: str) -> ImportReport:
    people, taught = files(network)
    wish = ImportWish(people, taught, source_of(people, taught), confirmed=True)
    return import_network(uow, HOUSE, box, wish, lambda refusal: None, lambda stage, done, total: None)


def check(database: Database, network: str) -> dict[str, Any]:
    """Compare every total with the naive computation; returns ours."""
    with database.session(write=False) as session:
        ours = figures_values(network_figures(session))
    theirs = figures_of(*files(network))
    assert same_largest(ours["largest"], theirs.pop("largest"))
    assert {name: ours[name] for name in theirs} == theirs
    assert ours["teachings"]["total"] == ours["teachings"]["confirmed"] == ours["contacts"]
    assert ours["roots"] + ours["placed"] == ours["people"] == sum(ours["generations"])
    return ours


@pytest.mark.parametrize("network", SMALL)
def test_totals_are_those_of_a_naive_computation(
    network: str, uow: UnitOfWork, database: Database, box: SecretsBox
) -> None:
    report = load(uow, box, network)
    assert report.weights["mistake"] == report.weights["kept"] == 0
    ours = check(database, network)
    assert (report.contacts, report.unique_people, report.placed) == (
        ours["contacts"],
        ours["unique_people"],
        ours["placed"],
    )
    with database.session(write=False) as session:
        assert everything(session) == []
        # Whoever has a unit in the file has it here, with the ward.
        if network.startswith("demo/"):
            homeless = select(func.count()).where(Person.unit_id.is_(None) | Person.ward_code.is_(None))
            assert session.scalar(homeless) == 0
    again = load(uow, box, network)
    assert not again.wrote
    assert again.refused == report.refused


def test_the_real_shape_is_as_large_as_it_is_told(
    uow: UnitOfWork, database: Database, box: SecretsBox
) -> None:
    load(uow, box, "demo/danang_2800_real_shape")
    with database.session(write=False) as session:
        found = network_figures(session)
    assert (found.people, len(found.generations) - 1, found.taught_five) == (2805, 12, 62)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_network_of_three_hundred_thousand(uow: UnitOfWork, database: Database, box: SecretsBox) -> None:
    # On SQLite alone: PostgreSQL needs minutes beside other tests; the smaller networks tell the same.
    network = "trees/twitter16"
    report = load(uow, box, network)
    assert dict(report.refused) == {"teaches_oneself": 444}
    ours = check(database, network)
    assert (ours["people"], ours["contacts"]) == (289_675, 351_362)
