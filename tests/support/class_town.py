"""A class in the database of a test, and the people who open its pages."""

from __future__ import annotations

import html
import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.database import Database
from core.web import house
from learning.models import ClassSession
from referrals.turning_codes import Screen, token_of, window_of
from tests.support.application import SignIn
from tests.support.cast import Cast, Member
from tests.support.classes import door, opened
from tests.support.story import Story

MARK = "33333333-3333-4333-8333-333333333333"


def words(answer: object) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))  # type: ignore[attr-defined]
    return " ".join(html.unescape(text).split())


class Town:
    """A class in the database, and people who open pages."""

    def __init__(
        self, app: Flask, database: Database, cast: Cast, clock: FixedClock, sign_in: SignIn
    ) -> None:
        self.app, self.database, self.cast, self.clock, self._sign_in = app, database, cast, clock, sign_in
        with database.session(write=True) as session:
            story = self.story(session)
            self.skill_id = story.skill.id
            held = opened(story, cast.alice, cast.bob, title="Lớp chợ Cồn")
            self.class_id = held.id
            session.commit()

    def story(self, session: Session) -> Story:
        return Story(session, self.clock, house(self.app).box)

    def browser(self, member: Member | None = None) -> FlaskClient:
        client = self.app.test_client()
        return self._sign_in(client, member) if member else client

    def path(self, rest: str = "") -> str:
        return f"/lop-hoc/{self.class_id}{rest}"

    def open_door(self) -> None:
        with self.database.session(write=True) as session:
            door(self.story(session), session.get_one(ClassSession, self.class_id), self.cast.alice)
            session.commit()

    def token(self, member: Member) -> str:
        screen = Screen(self.class_id, member.person_id)
        return token_of(house(self.app).box, screen, window_of(self.clock.now()))

    def count(self, table: type) -> int:
        with self.database.session(write=False) as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def form(self, **changes: object) -> dict[str, object]:
        return {
            "kind": "home_visit",
            "title": "",
            "skills": [self.skill_id],
            "held_on": "2026-11-22",
            "place": "nhà bác Sáu",
            "client_uuid": MARK,
        } | changes
