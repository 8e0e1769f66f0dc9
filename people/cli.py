"""`flask people …`: accounts, units and phone numbers from the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup

from core.errors import AppError, Invalid
from core.web import house
from people.passwords import new_password, password_problem
from people.permissions import HOUSE, Role
from people.phones import Phone, display, read_phone
from people.queries import unit_by_code, unit_options
from people.services.accounts import OpenAccountWish, open_account
from people.sessions import hasher

group = AppGroup("people", help="Tài khoản, đơn vị, số điện thoại / accounts, units, phone numbers.")

REFUSED = 2


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


@group.command("read-phone")
@click.argument("texts", nargs=-1, required=True)
def read_phone_command(texts: tuple[str, ...]) -> None:
    """Show how phone numbers are read; exit status 1 when one of them is none."""
    refused = False
    for text in texts:
        found = read_phone(text)
        if isinstance(found, Phone):
            click.echo(f"{text}\t{found.e164}\t{display(found.e164)}")
        else:
            refused = True
            click.echo(f"{text}\t–\t{found.code}")
    sys.exit(1 if refused else 0)


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
