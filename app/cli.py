"""`flask app …`: the database, the reference data, the demonstration city and the worker."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from flask import current_app
from flask.cli import AppGroup
from huey.consumer_options import ConsumerConfig
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.demo.accounts import DEMO_PASSWORD, demo_accounts
from app.demo.city import CityWish, build_city
from app.error_pages import closed_database
from app.migrations import migrate, standing
from app.reference import install_reference_data
from app.wiring import JOBS
from core.commands import spoken
from core.jobs import Jobs
from core.web import house
from people.models import Person
from people.permissions import HOUSE

group = AppGroup(
    "app", help="Cơ sở dữ liệu, dữ liệu trình diễn, tác vụ nền / database, demonstration, worker."
)


def in_words(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn errors of the database into one sentence and exit status 1, where it need not be migrated yet."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except DBAPIError as error:
            if closed_database(error) is None:
                raise
            reason = str(error.orig).partition("\n")[0]
            click.echo(f"Không dùng được cơ sở dữ liệu / cannot use the database: {reason}", err=True)
        except (CommandError, RevisionError) as error:
            click.echo(f"Không nâng cấp được / cannot migrate: {error}", err=True)
        sys.exit(1)

    return wrapped


@group.command("migrate")
@click.option("--to", "target", default="head", help="A revision, head, or base.")
@in_words
def migrate_command(target: str) -> None:
    """Bring the database to the newest form."""
    engine = house().work.database.engine
    before = standing(engine)
    migrate(engine, target)
    click.echo(f"database: {before or 'empty'} → {standing(engine) or 'empty'}")


@group.command("prepare")
@spoken
def prepare() -> None:
    """Install the reference data: wards and communes, ward unions, the start set of skills."""
    with house().work.begin() as session:
        for name, count in install_reference_data(session, HOUSE, house().clock.now()).items():
            click.echo(f"{name}: +{count}")


@group.command("demo-city")
@click.option("--people", default=600, show_default=True, type=click.IntRange(50, 20_000))
@click.option("--seed", default=2026, show_default=True)
@spoken
def demo_city(people: int, seed: int) -> None:
    """Fill an empty database with an invented city, clearly marked as demonstration."""
    if house().settings.production:
        click.echo(
            "Không tạo thành phố trình diễn ở nơi chạy thật, vì ai cũng biết mật khẩu của nó / "
            "not in production: everybody knows its passwords.",
            err=True,
        )
        sys.exit(2)
    with house().work.begin(write=False) as session:
        if session.scalars(select(Person.id).limit(1)).first() is not None:
            click.echo(
                "Cơ sở dữ liệu đã có người / the database has people already: nothing was made.", err=True
            )
            sys.exit(2)
    made = build_city(house(), CityWish(people=people, seed=seed))
    click.echo(str(made))


@group.command("demo-accounts")
@spoken
def demo_accounts_command() -> None:
    """Print the accounts of the demonstration city, one per role."""
    with house().work.begin(write=False) as session:
        for line in demo_accounts(session):
            click.echo(f"{line.role:<15} {line.sign_in:<28} {DEMO_PASSWORD}   {line.full_name}")


@group.command("run-job")
@click.argument("name", type=click.Choice([line.name for line in JOBS]))
@spoken
def run_job(name: str) -> None:
    """Run one background job here and now."""
    jobs: Jobs = current_app.extensions["jobs"]
    done = jobs.run(name)
    click.echo(f"{name}: {'done' if done is None else done}")


@group.command("worker")
def worker() -> None:
    """Run the background jobs until stopped."""
    jobs: Jobs = current_app.extensions["jobs"]
    config = ConsumerConfig(workers=1, worker_type="thread", graceful_signal="TERM")
    config.validate()
    jobs.queue.create_consumer(**config.values).run()
