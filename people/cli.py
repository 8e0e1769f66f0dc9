"""`flask people …`: accounts, units and phone numbers from the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final, TypeVar, cast
from unicodedata import category

import click
from flask.cli import AppGroup
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from core.errors import AppError, Invalid
from core.web import house
from people.forms import FIELD_WORDS
from people.names import NameProblem, clean_name, given_name, name_key, sort_key
from people.passwords import new_password, password_problem
from people.permissions import HOUSE, Role
from people.phones import Phone, display, read_phone
from people.queries import unit_by_code, unit_options
from people.services.accounts import OpenAccountWish, open_account
from people.sessions import hasher

Command = TypeVar("Command", bound=Callable[..., Any])

group = AppGroup("people", help="Tài khoản, đơn vị, số điện thoại / accounts, units, phone numbers.")

REFUSED = 2
_BREAKS_LINES: Final = frozenset({"Cc", "Zl", "Zp", "Cs"})
NO_PHONE: Final = _l("Ở đây không có số điện thoại.")


def _in_language(command: Command) -> Command:
    """Give a command that asks no database `--lang`."""

    @click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", help="Ngôn ngữ / language.")
    @wraps(command)
    def wrapped(*args: Any, lang: str, **kwargs: Any) -> Any:
        with force_locale(lang):
            return command(*args, **kwargs)

    return cast(Command, wrapped)


def _sentence(code: str) -> str:
    return str(FIELD_WORDS.get(code, NO_PHONE))


def _on_one_line(text: str) -> str:
    r"""The text with what a line of a table cannot hold written as Python writes it.

    >>> print(_on_one_line("0905\t123"))
    0905\t123
    """
    return "".join(repr(sign)[1:-1] if category(sign) in _BREAKS_LINES else sign for sign in text)


@group.command("create-account")
@click.option("--name", "full_name", required=True, help="Full name, family name first.")
@click.option("--phone", help="Mobile number, in any spelling.")
@click.option("--email", help="E-mail address.")
@click.option("--role", type=click.Choice([str(role) for role in Role]), required=True)
@click.option("--unit", "unit_code", help="Code of the home unit; for a coordinator the unit that is led.")
@click.option("--ask-password", is_flag=True, help="Ask for the password instead of making one.")
def create_account_command(
    full_name: str, phone: str | None, email: str | None, role: str, unit_code: str | None, ask_password: bool
) -> None:
    """Open an account for a new person. A password that is made is printed once."""
    password = _asked_password() if ask_password else new_password()
    with _in_words(), house().work.begin() as session:
        unit = unit_by_code(session, unit_code) if unit_code else None
        if unit_code and unit is None:
            click.echo(f"--unit {unit_code}: no such unit; `flask people units` lists them.", err=True)
            sys.exit(REFUSED)
        wish = OpenAccountWish(
            full_name, password, role, email=email, phone=phone, unit_id=unit.id if unit else None
        )
        account = open_account(session, HOUSE, wish, house().clock.now(), house().box, hasher())
        click.echo(f"account {account.id}: {account.person.full_name}, {role}")
    if not ask_password:
        click.echo(f"password (shown once): {password}")


@group.command("read-phone", context_settings={"ignore_unknown_options": True})
@click.argument("texts", nargs=-1, required=True)
@_in_language
def read_phone_command(texts: tuple[str, ...]) -> None:
    r"""Show how phone numbers are read; exit status 1 when one of them is none.

    One line for each TEXT, its parts set apart by tabs: the text, the number in E.164, the number as it is
    shown. For a text that is no number: the text, "–", the code, a sentence. In the text a tab, a line end
    and whatever else would break the line is written as Python writes it ("\t").
    """
    refused = False
    for text in texts:
        found = read_phone(text)
        if isinstance(found, Phone):
            click.echo(f"{_on_one_line(text)}\t{found.e164}\t{display(found.e164)}")
        else:
            refused = True
            click.echo(f"{_on_one_line(text)}\t–\t{found.code}\t{_sentence(f'phone_{found.code}')}")
    sys.exit(1 if refused else 0)


@group.command("read-name", context_settings={"ignore_unknown_options": True})
@click.argument("texts", nargs=-1, required=True)
@_in_language
def read_name_command(texts: tuple[str, ...]) -> None:
    """Show how names are read, in Vietnamese order; exit status 1 when one of them is none.

    One line for each TEXT, its parts set apart by tabs: the text, the name as it is kept, the word by which
    the person is addressed, the key of search, the key of order. For a text that is no name: the text, "–",
    the code, a sentence; these come last.
    """
    read = [(text, clean_name(text)) for text in texts]
    names = [(text, name) for text, name in read if isinstance(name, str)]
    for text, name in sorted(names, key=lambda one: sort_key(one[1])):
        keys = f"{given_name(name)}\t{name_key(name)}\t{sort_key(name)}"
        click.echo(f"{_on_one_line(text)}\t{name}\t{keys}")
    problems = [(text, name) for text, name in read if isinstance(name, NameProblem)]
    for text, problem in problems:
        click.echo(f"{_on_one_line(text)}\t–\t{problem.code}\t{_sentence(f'name_{problem.code}')}")
    sys.exit(1 if problems else 0)


@group.command("units")
@click.option("--depth", type=click.IntRange(0), help="Leave out what stands deeper.")
def units_command(depth: int | None) -> None:
    """Print the tree of units with their codes."""
    with house().work.begin(write=False) as session:
        for option in unit_options(session):
            if depth is None or option.depth <= depth:
                click.echo(f"{'  ' * option.depth}{option.label}\t{option.code}")


def _asked_password() -> str:
    password = str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    if problem := password_problem(password):
        click.echo(f"{problem}: at least 10 characters, and not one that everybody tries first.", err=True)
        sys.exit(REFUSED)
    return password


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn a refusal into one line that names field and reason, and exit status 2."""
    try:
        yield
    except AppError as error:
        fields = error.fields if isinstance(error, Invalid) else {}
        for name, code in (fields or {"refused": error.code}).items():
            click.echo(f"{name}: {code}", err=True)
        sys.exit(REFUSED)
