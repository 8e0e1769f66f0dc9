"""What a database holds, read from the database itself, so that two can be compared word by word."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Engine, inspect, text

# Needed by a trigger, and by nobody else.
WITHOUT_MODEL = frozenset({"alembic_version", "lineage_probe"})

TRIGGERS = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal"
    ),
}


def schema_of(engine: Engine) -> set[str]:
    """Return one sentence for each column, key, constraint and index of a database."""
    inspector = inspect(engine)
    found: set[str] = set()
    for table in inspector.get_table_names():
        if table in WITHOUT_MODEL:
            continue
        for column in inspector.get_columns(table):
            null = "null" if column["nullable"] else "not null"
            default = "counted" if str(column["default"]).startswith("nextval") else column["default"]
            found.add(f"{table}.{column['name']} {column['type']} {null} default {default}")
        found.add(f"{table} pk {_words(inspector.get_pk_constraint(table))}")
        for key in inspector.get_foreign_keys(table):
            # SQLite does not tell the name of a key that was added with its column.
            known = {**key, "name": None} if engine.dialect.name == "sqlite" else dict(key)
            found.add(f"{table} fk {_words(known)}")
        found |= {f"{table} unique {_words(key)}" for key in inspector.get_unique_constraints(table)}
        found |= {f"{table} check {_words(check)}" for check in inspector.get_check_constraints(table)}
        found |= {f"{table} index {_words(index)}" for index in inspector.get_indexes(table)}
    return found


def _words(thing: Any) -> str:
    if isinstance(thing, dict):
        inside = (
            f"{key}={_words(value)}" for key, value in sorted(thing.items()) if value not in (None, {}, [])
        )
        return f"({', '.join(inside)})"
    # The predicate of a partial index is a clause; printed, it is its own words.
    return re.sub(r"\s+", " ", str(thing))


def triggers_of(engine: Engine) -> set[tuple[str, str]]:
    """Return the table and name of each trigger."""
    with engine.connect() as connection:
        return {(table, name) for table, name in connection.execute(text(TRIGGERS[engine.dialect.name]))}
