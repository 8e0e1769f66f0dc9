"""`make migration SAYS="Add the shoe size"`: draft the next migration from the models. Read it well."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from app.migrations import alembic_config, migrate, newest
from app.tables import TABLE_MODULES
from core.database import make_engine


def main() -> None:
    """Migrate an empty SQLite database, compare it with the models, write the difference down."""
    says = " ".join(sys.argv[1:]).strip()
    if not says:
        sys.exit('Say what it does: make migration SAYS="Add the shoe size"')
    assert TABLE_MODULES
    number = f"{int(newest() or '0') + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'empty.db'}")
        migrate(engine)
        config = alembic_config()
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.revision(config, says, autogenerate=True, rev_id=number)
        engine.dispose()


if __name__ == "__main__":
    main()
