"""Bringing the database to the newest form, and telling when it is not there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from core.database import WRITES

FOLDER = Path(__file__).resolve().parent.parent / "migrations"


def alembic_config() -> Config:
    """Return the configuration that finds our migrations; no ini file is needed."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config


def newest() -> str | None:
    """Return the newest migration that this code knows."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def present(connection: Connection) -> str | None:
    """Return the migration at which the database stands, or None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def standing(engine: Engine) -> str | None:
    """Return the migration at which the database stands; on SQLite without waiting for whoever writes."""
    with engine.execution_options(**{WRITES: False}).connect() as connection:
        return present(connection)


def migrate(engine: Engine, target: str = "head") -> None:
    """Bring the database up (or down) to a migration, in one transaction.

    Raises alembic's CommandError or RevisionError for a migration that this code does not know.
    """
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        if target.startswith(("-", "base")) or target in _before(present(connection)):
            command.downgrade(config, target)
        else:
            command.upgrade(config, target)


def _before(revision: str | None) -> set[str]:
    """Return the migrations that came before one."""
    if revision is None:
        return set()
    script = ScriptDirectory.from_config(alembic_config())
    return {one.revision for one in script.iterate_revisions(revision, "base")} - {revision}
