"""The teller of stories, on each database."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.database import Database
from core.secrets_box import SecretsBox
from tests.support.application import SignIn
from tests.support.cast import Cast
from tests.support.class_town import Town
from tests.support.story import Story


@pytest.fixture
def story(cast: Cast, session: Session, clock: FixedClock, box: SecretsBox) -> Story:
    """A story in a writing session, the cast committed before."""
    return Story(session, clock, box)


@pytest.fixture
def town(app: Flask, database: Database, cast: Cast, clock: FixedClock, sign_in: SignIn) -> Town:
    """A class of Alice with Bob's help, and everybody's browser."""
    return Town(app, database, cast, clock, sign_in)
