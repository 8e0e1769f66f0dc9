"""The people of the journeys, and the application as they meet it: forgery check on, passwords asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser

from app.catalogues import compile_catalogues
from app.factory import create_app
from core.clock import FixedClock
from core.settings import Settings
from core.web import house
from tests.journeys.story import Act
from tests.journeys.surfing import NoBrowser, Screen, Surfer, chromium, served
from tests.journeys.walker import Walker
from tests.support.cast import Cast
from tests.support.databases import alone, shared_folder
from tests.support.policies import lacking


@pytest.fixture(scope="session", autouse=True)
def _english() -> None:
    """English is there, as after a start."""
    with alone("catalogues"):
        compile_catalogues()


@pytest.fixture
def guarded_app(
    reference: None, cast: Cast, database_url: str, settings: Settings, clock: FixedClock
) -> Iterator[Flask]:
    """The application as in production, with the cast and the reference data in it."""
    application = create_app(settings, clock, TESTING=True)
    # Compiling the templates anew takes longer than most journeys.
    application.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(shared_folder()))
    yield application
    house(application).work.database.dispose()


@pytest.fixture
def walker(guarded_app: Flask) -> Callable[[], Walker]:
    """`walker()`: somebody with a browser of their own, without a cookie."""
    return lambda: Walker(guarded_app.test_client())


@pytest.fixture
def act(walker: Callable[[], Walker], cast: Cast) -> Act:
    """What the people of a journey do, in a line each."""
    return Act(walker, cast)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    try:
        with chromium() as started:
            yield started
    except NoBrowser as error:
        lacking(str(error))


@pytest.fixture
def site(guarded_app: Flask) -> Iterator[str]:
    """The address of the application, served to a browser."""
    with served(guarded_app) as address:
        yield address


@pytest.fixture
def surfer(browser: Browser, site: str) -> Iterator[Callable[[Screen], Surfer]]:
    """`surfer(Screen(360))`: somebody with a real browser; at the end no page had a fault."""
    everybody: list[Surfer] = []

    def enter(screen: Screen) -> Surfer:
        everybody.append(Surfer(browser, site, screen))
        return everybody[-1]

    yield enter
    for one in everybody:
        one.close()
    faults = [fault for one in everybody for fault in one.faults]
    assert not faults, "\n".join(faults)
