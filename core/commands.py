"""The edge of commands: a language, and a sentence instead of a traceback when the database is not there.

Exit status 1 is the database's: missing, empty, behind, locked. Commands document their own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from core.database import WRITES
from core.errors import Unavailable
from core.i18n import N_
from core.web import house

Command = TypeVar("Command", bound=Callable[..., Any])

WORDS: dict[str, str] = {
    "database_missing": N_(
        "Không mở được cơ sở dữ liệu %(where)s. Kiểm tra DATABASE_URL, hoặc chạy `make run` một lần."
    ),
    "database_empty": N_("Cơ sở dữ liệu %(where)s chưa có bảng nào. Chạy `flask app migrate` rồi thử lại."),
    "database_behind": N_(
        "Cơ sở dữ liệu ở bản %(present)s, phần mềm cần bản %(newest)s. Chạy `flask app migrate` rồi thử lại."
    ),
    "database_ahead": N_(
        "Cơ sở dữ liệu ở bản %(present)s, mới hơn phần mềm này (%(newest)s). Cập nhật phần mềm rồi thử lại."
    ),
    "database_locked": N_(
        "Cơ sở dữ liệu đang bận vì việc khác đang ghi. Đợi một phút rồi chạy lại; những gì đã ghi vẫn còn."
    ),
    "database_full": N_(
        "Không ghi được cơ sở dữ liệu: %(reason)s. Kiểm tra chỗ trống và quyền ghi trên đĩa rồi chạy lại."
    ),
}


def spoken(command: Command) -> Command:
    """Give a command `--lang`, and end it with one sentence and status 1 where the database is closed."""

    @click.option(
        "--lang",
        type=click.Choice(["vi", "en"]),
        default="vi",
        show_default=True,
        help="Ngôn ngữ / language.",
    )
    @wraps(command)
    def wrapped(*args: Any, lang: str, **kwargs: Any) -> Any:
        with force_locale(lang):
            try:
                check_form(house().work.database.engine)
                return command(*args, **kwargs)
            except Unavailable as error:
                click.echo(gettext(WORDS[error.code]) % error.values, err=True)
            except DBAPIError as error:
                closed = closed_database(error)
                if closed is None:
                    raise
                click.echo(gettext(WORDS[closed.code]) % closed.values, err=True)
            sys.exit(1)

    return wrapped  # type: ignore[return-value]  # the same signature, and one option more


def check_form(engine: Engine) -> None:
    """Raise Unavailable unless the database is there, in the form that this code knows."""
    where = engine.url.render_as_string(hide_password=True)
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    # SQLite would make an empty file of it.
    if file and file != ":memory:" and not Path(file).exists():
        raise Unavailable("database_missing", where=where)
    # Asked as a reader: a long import in another process is no reason to refuse.
    with engine.execution_options(**{WRITES: False}).connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    script = ScriptDirectory(str(Path(current_app.root_path) / "migrations"))
    newest = script.get_current_head()
    if present is None:
        raise Unavailable("database_empty", where=where)
    if present != newest:
        known = {revision.revision for revision in script.walk_revisions()}
        code = "database_behind" if present in known else "database_ahead"
        raise Unavailable(code, present=present, newest=newest)


def closed_database(error: DBAPIError) -> Unavailable | None:
    """What an error of the database means for whoever runs a command; None is a mistake of ours."""
    reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
    words = reason.lower()
    if "locked" in words or "lock timeout" in words or "deadlock" in words:
        return Unavailable("database_locked")
    if any(
        mark in words for mark in ("unable to open", "connection", "could not translate", "does not exist")
    ):
        return Unavailable("database_missing", where=reason)
    if any(
        mark in words for mark in ("full", "readonly", "read-only", "disk i/o", "no space", "not a database")
    ):
        return Unavailable("database_full", reason=reason)
    return None
