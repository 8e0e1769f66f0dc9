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
    bad = runner.invoke(args=["people", "read-phone", "0905123456", "O905123456", "", "-\t1", "--lang", "vi"])
    assert bad.exit_code == 1
    assert bad.output.splitlines()[1:] == [
        "O905123456\t–\tletters\tSố điện thoại có lẫn chữ cái, ví dụ chữ O thay cho số 0.",
        "\t–\tempty\tỞ đây không có số điện thoại.",
        "-\\t1\t–\ttoo_short\tSố điện thoại còn thiếu chữ số.",
    ]


def test_each_refused_phone_has_a_sentence(app: Flask) -> None:
    texts = [
        "O905",
        "=1",
        "0905123456 / 0912345678",
        "9.05E+08",
        "113",
        "09051234567",
        "02363822222",
        "+14155550123",
        "0605123456",
    ]
    for lang in ("vi", "en"):
        done = app.test_cli_runner().invoke(args=["people", "read-phone", "--lang", lang, *texts])
        lines = [line.split("\t") for line in done.output.splitlines()]
        assert [line[:2] for line in lines] == [[text, "–"] for text in texts]
        assert len({line[3] for line in lines}) == len(lines)


def test_names_are_read_and_put_in_order(app: Flask) -> None:
    runner = app.test_cli_runner()
    done = runner.invoke(args=["people", "read-name", "lê thị ánh", "Lan 2", "Ông/Bà Trần An"])
    assert done.exit_code == 1
    assert [line.split("\t")[:4] for line in done.output.splitlines()] == [
        ["Ông/Bà Trần An", "Trần An", "An", "tran an"],
        ["lê thị ánh", "Lê Thị Ánh", "Ánh", "le thi anh"],
        ["Lan 2", "–", "has_digits", "Họ tên không thể có chữ số."],
    ]
    assert runner.invoke(args=["people", "read-name", "Lan"]).exit_code == 0


def test_the_tree_of_units(app: Flask, cast: Cast) -> None:
    runner = app.test_cli_runner()
    lines = runner.invoke(args=["people", "units"]).output.splitlines()
    assert lines[:3] == [
        "Thành đoàn Đà Nẵng\tcast-city",
        "  Đoàn phường Hải Châu\tcast-haichau",
        "    Chi đoàn Hai\tcast-two",
    ]
    assert len(runner.invoke(args=["people", "units", "--depth", "1"]).output.splitlines()) == 3
