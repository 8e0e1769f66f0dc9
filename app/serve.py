"""The two children of `make run`: `python -m app.serve web` prepares and serves, `… worker` does the jobs.

The supervisor above (scripts/run.py) hands over a listening socket and stops both. Each is one process that
imports the application once, which is why a second start takes seconds.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

from flask import Flask
from flask.cli import ScriptInfo
from gunicorn.app.wsgiapp import WSGIApplication
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.catalogues import compile_catalogues
from app.demo.accounts import DEMO_PASSWORD, demo_accounts
from app.demo.city import CityWish, build_city
from app.factory import create_app
from app.migrations import migrate, newest, standing
from app.reference import install_reference_data
from core.settings import SettingsError
from core.web import house
from people.models import Person, Ward
from people.permissions import HOUSE

PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
NO = ("no", "n", "0", "false", "khong", "không")


def follow_the_parent() -> None:
    """Stop when the supervisor is gone, even by a signal that it cannot catch (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)
    # It may have gone while we were importing.
    if os.environ.get("SUPERVISOR", str(os.getppid())) != str(os.getppid()):
        sys.exit(1)


def application() -> Flask:
    """Return the application, or stop with the sentence that says what to set."""
    try:
        return create_app()
    except SettingsError as error:
        sys.exit(f"Cannot start: {error}")


def prepare(app: Flask) -> None:
    """Bring the database to the newest form and put the reference data in; offer the demonstration city."""
    work = house(app).work
    stands_at = standing(work.database.engine)
    if stands_at != newest():
        print(
            "Making the database …" if stands_at is None else "Bringing the database up to date …", flush=True
        )
        migrate(work.database.engine)
    with work.begin(write=False) as session:
        has_wards = session.scalars(select(Ward.code).limit(1)).first() is not None
        has_people = session.scalars(select(Person.id).limit(1)).first() is not None
    if not has_wards:
        with work.begin() as session:
            install_reference_data(session, HOUSE, work.clock.now())
    if not has_people and wants_demo(production=house(app).settings.production):
        print("Making the demonstration city …", flush=True)
        print(f"  {build_city(house(app), CityWish())}", flush=True)
    print_accounts(app)


def wants_demo(*, production: bool) -> bool:
    """Ask a person; without a terminal yes. DEMO=no refuses, DEMO=yes agrees.

    Never in production: everybody knows the passwords of the demonstration.
    """
    if production:
        return False
    said = os.environ.get("DEMO", "").strip().lower()
    if said:
        return said not in NO
    if not sys.stdin.isatty():
        return True
    try:
        answer = input("The database is empty. Fill it with an invented demonstration city? [Y/n] ")
    except EOFError:
        answer = ""
    return answer.strip().lower() not in NO


def print_accounts(app: Flask) -> None:
    """Print the accounts of the demonstration city, one per role; nothing where there is none."""
    with house(app).work.begin(write=False) as session:
        lines = list(demo_accounts(session))
    if not lines:
        return
    print(f"\nDemonstration accounts, password {DEMO_PASSWORD}:", flush=True)
    for line in lines:
        print(f"  {line.role:<14} {line.sign_in:<26} {line.full_name}", flush=True)


def web() -> None:
    """Prepare, then become the gunicorn master."""
    app = application()
    try:
        with app.app_context():
            prepare(app)
    except DBAPIError as error:
        sys.exit(
            f"Cannot use the database: {str(error.orig).strip()}\nIs it there, and may this user write to it?"
        )
    house(app).work.database.dispose()
    # The question is asked: from here on Ctrl-C reaches the supervisor alone, which lets requests finish.
    if os.getpid() != os.getpgrp():
        os.setsid()
    sys.argv = ["gunicorn", "wsgi:app"]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]", prog="gunicorn").run()


def worker() -> None:
    """Run the background jobs until told to stop."""
    app = application()
    info = ScriptInfo(create_app=lambda: app)
    app.cli.main(args=["app", "worker"], prog_name="flask", obj=info, standalone_mode=False)


def main() -> None:
    """Choose by the one argument."""
    duty = {"web": web, "worker": worker}.get(sys.argv[1] if len(sys.argv) == 2 else "")
    if duty is None:
        sys.exit("usage: python -m app.serve web|worker   (make run starts both)")
    follow_the_parent()
    compile_catalogues()
    duty()


if __name__ == "__main__":
    main()
