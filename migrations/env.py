"""Alembic's environment: the same engine settings as the product, every table of every package."""

from __future__ import annotations

from alembic import context

import app.tables  # noqa: F401  # registers every table
from core.database import Base, UtcDateTime, make_engine

config = context.config


def run() -> None:
    """Migrate over the connection handed in, or over one made from the URL."""
    connection = config.attributes.get("connection")
    if connection is not None:
        migrate(connection)
        return
    engine = make_engine(str(config.get_main_option("sqlalchemy.url")))
    with engine.connect() as own:
        migrate(own)
        if own.in_transaction():
            own.get_transaction().commit()
    engine.dispose()


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Write our column types as plain ones: a migration must not change with our code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def described(_item: object, name: str | None, kind: str, reflected: bool, _other: object) -> bool:
    """Leave out what only the triggers of the tree use; no model describes it."""
    return not (kind == "table" and reflected and name == "lineage_probe")


def migrate(connection) -> None:  # type: ignore[no-untyped-def]
    """Run the migrations, in batch mode on SQLite, which cannot alter most of a table."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=render_item,
        include_object=described,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
