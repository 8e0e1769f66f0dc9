"""Migrations build exactly what the models describe, up and down, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Engine, Integer, MetaData, inspect, text

from app.migrations import alembic_config, migrate, newest, present
from app.tables import TABLE_MODULES
from core.database import Base, make_engine
from tests.support.schemas import WITHOUT_MODEL, schema_of, triggers_of

REVISIONS = [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()]


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    engine = make_engine(empty_url)
    yield engine
    engine.dispose()


@pytest.fixture
def migrated(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def differences(engine: Engine, metadata: MetaData) -> list[object]:
    """Return what Alembic would change to make the database what the models describe."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _parents: kind != "table" or name not in WITHOUT_MODEL,
            },
        )
        return list(compare_metadata(context, metadata))


def test_one_line_of_migrations_leads_to_one_head() -> None:
    assert REVISIONS[0] == newest()
    assert len(REVISIONS) == len(set(REVISIONS))


def test_up_down_and_up_again(engine: Engine) -> None:
    migrate(engine)
    first = schema_of(engine), triggers_of(engine)
    migrate(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    assert inspect(engine).get_view_names() == []
    assert triggers_of(engine) == set()
    migrate(engine)
    assert (schema_of(engine), triggers_of(engine)) == first


def test_each_step_goes_down_and_up(engine: Engine) -> None:
    migrate(engine)
    for revision in REVISIONS:
        migrate(engine, "-1")
        with engine.connect() as connection:
            assert present(connection) != revision
    for revision in reversed(REVISIONS):
        migrate(engine, revision)
        with engine.connect() as connection:
            assert present(connection) == revision


def test_migrating_twice_changes_nothing(migrated: Engine) -> None:
    before = schema_of(migrated)
    migrate(migrated)
    assert schema_of(migrated) == before


def test_alembic_finds_nothing_to_change(migrated: Engine) -> None:
    assert TABLE_MODULES
    assert differences(migrated, Base.metadata) == []


def test_the_models_alone_make_the_same_tables(migrated: Engine, engine: Engine) -> None:
    """Sharper than Alembic: checks, and the predicates of partial indexes, are compared too."""
    Base.metadata.create_all(engine)
    by_migration, by_model = schema_of(migrated), schema_of(engine)
    assert sorted(by_migration - by_model) == []
    assert sorted(by_model - by_migration) == []


def test_a_column_without_migration_is_seen(migrated: Engine) -> None:
    planted = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.tables.values():
        table.to_metadata(planted)
    planted.tables["person"].append_column(Column("shoe_size", Integer))
    assert "shoe_size" in str(differences(migrated, planted))


def test_a_changed_check_is_seen(migrated: Engine, engine: Engine) -> None:
    planted = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.tables.values():
        table.to_metadata(planted)
    check = next(item for item in planted.tables["person"].constraints if "gender" in str(item.name))
    planted.tables["person"].constraints.remove(check)
    planted.create_all(engine)
    assert any("gender IS NULL" in line for line in schema_of(migrated) - schema_of(engine))


def test_triggers_refuse_circles_on_both(migrated: Engine) -> None:
    tables = {table for table, _name in triggers_of(migrated)}
    assert "lineage" in tables


def test_partial_keys_stand(migrated: Engine) -> None:
    option = f"{migrated.dialect.name}_where"
    partial = {
        index["name"]
        for table in ("teaching", "award", "nomination")
        for index in inspect(migrated).get_indexes(table)
        if index.get("dialect_options", {}).get(option) is not None and index["unique"]
    }
    assert partial == {"uq_teaching_same_act", "uq_award_standing", "uq_nomination_open"}


def test_sqlite_writes_ahead_and_keeps_foreign_keys(migrated: Engine) -> None:
    if migrated.dialect.name != "sqlite":
        return
    with migrated.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
