"""The teller of stories, on each database."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.secrets_box import SecretsBox
from tests.support.cast import Cast
from tests.support.story import Story


@pytest.fixture
def story(cast: Cast, session: Session, clock: FixedClock, box: SecretsBox) -> Story:
    """A story in a writing session, the cast committed before."""
    return Story(session, clock, box)
