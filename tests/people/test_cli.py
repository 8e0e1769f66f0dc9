"""`flask people …`: the same services from the command line."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.database import Database
from core.secrets_box import SecretsBox
from people.models import Account, AuditEntry, Person
from people.passwords import CHEAP
from people.permissions import Role
from people.queries import account_by_sign_in_name, actor_of
from tests.support.cast import Cast

ACCOUNT = ["people", "create-account", "--name", "Ngô Thị Lý"]


def test_an_account_with_a_password_that_is_printed_once(
    app: Flask, cast: Cast, database: Database, box: SecretsBox
) -> None:
    done = app.test_cli_runner().invoke(
        args=[*ACCOUNT, "--phone", "0905 777 888", "--role", "coordinator", "--unit", "cast-one"]
    )
    assert done.exit_code == 0, done.output
    found = re.search(r"password \(shown once\): (\S+)", done.output)
    assert found is not None
    with database.session(write=False) as session:
        account = account_by_sign_in_name(session, "0905777888", box)
        assert account is not None
        assert CHEAP.verify(account.password_hash, found[1])
        actor = actor_of(session, account)
        assert actor.roles == {Role.COORDINATOR}
        assert actor.units == {cast.units["one"]}
        # The house did it: no account stands in the log.
        assert set(session.scalars(select(AuditEntry.account_id))) == {None}


def test_an_account_with_a_password_that_is_asked(app: Flask, cast: Cast, database: Database) -> None:
    args = [*ACCOUNT, "--email", "ly@example.org", "--role", "administrator", "--ask-password"]
    done = app.test_cli_runner().invoke(args=args, input="con mèo trèo cây\ncon mèo trèo cây\n")
    assert done.exit_code == 0, done.output
    assert "con mèo" not in done.output
    with database.session(write=False) as session:
        account = session.scalars(select(Account).where(Account.email == "ly@example.org")).one()
        assert CHEAP.verify(account.password_hash, "con mèo trèo cây")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--role", "volunteer"], "phone: phone_or_email_required"),
        (["--role", "volunteer", "--email", "alice@example.org"], "email: email_taken"),
        (["--role", "volunteer", "--phone", "O905"], "phone: phone_letters"),
        (["--role", "coordinator", "--email", "ly@example.org"], "unit_id: unit_required"),
        (["--role", "volunteer", "--email", "ly@example.org", "--unit", "NONE"], "--unit NONE: no such unit"),
        (["--role", "king"], "Invalid value for '--role'"),
    ],
)
def test_a_refusal_is_one_line_and_leaves_nothing(
    app: Flask, cast: Cast, database: Database, more: list[str], said: str
) -> None:
    done = app.test_cli_runner().invoke(args=[*ACCOUNT, *more])
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output
    assert "shown once" not in done.output
    with database.session(write=False) as session:
        assert session.scalar(select(func.count()).where(Person.full_name == "Ngô Thị Lý")) == 0


def test_a_weak_password_is_refused(app: Flask, cast: Cast) -> None:
    args = [*ACCOUNT, "--email", "ly@example.org", "--role", "volunteer", "--ask-password"]
    done = app.test_cli_runner().invoke(args=args, input="1234567890\n1234567890\n")
    assert done.exit_code == 2
    assert "password_too_common" in done.output


def test_phones_are_read_aloud(app: Flask, cast: Cast) -> None:
    runner = app.test_cli_runner()
    good = runner.invoke(args=["people", "read-phone", "0905123456", "0163 123 4567"])
    assert good.exit_code == 0
    assert good.output.splitlines() == [
        "0905123456\t+84905123456\t0905 123 456",
        "0163 123 4567\t+84331234567\t0331 234 567",
    ]
    bad = runner.invoke(args=["people", "read-phone", "0905123456", "O905123456"])
    assert bad.exit_code == 1
    assert bad.output.splitlines()[1] == "O905123456\t–\tletters"


def test_the_tree_of_units(app: Flask, cast: Cast) -> None:
    runner = app.test_cli_runner()
    lines = runner.invoke(args=["people", "units"]).output.splitlines()
    assert lines[:3] == [
        "Thành đoàn Đà Nẵng\tcast-city",
        "  Đoàn phường Hải Châu\tcast-haichau",
        "    Chi đoàn Hai\tcast-two",
    ]
    assert len(runner.invoke(args=["people", "units", "--depth", "1"]).output.splitlines()) == 3
