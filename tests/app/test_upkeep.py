"""The two tables of the wiring, and the jobs: letters leave once, and every job may run again."""

from __future__ import annotations

import dataclasses
import inspect
import smtplib

import pytest
from flask import Flask
from sqlalchemy import select, text

import referrals.events
from app import upkeep
from app.error_words import CODE_WORDS
from app.reference import install_reference_data
from app.wiring import CODES_OF_CONSTRAINTS, JOBS, REACTIONS
from core.clock import FixedClock
from core.errors import NotAllowed
from core.jobs import Jobs
from core.limits import RateWindow
from core.mail import Letter
from core.outbox import MAX_TRIES, OutboxMessage, put
from core.secrets_box import SecretsBox
from core.unit_of_work import UnitOfWork
from core.web import house
from learning.models import Skill
from learning.start_set import START_GROUPS, START_SET
from people.models import Unit, Ward
from people.permissions import ANYONE, HOUSE
from people.places_danang import PLACES
from tests.support.cast import Cast
from tests.support.story import Story

LETTER = {"to": "lan@example.org", "subject": "Mật khẩu mới", "text": "Chào Lan"}


class Postman:
    """Keeps what it is given; refuses while it is told to."""

    def __init__(self) -> None:
        self.left: list[Letter] = []
        self.refuses: Exception | None = None

    def send(self, letter: Letter) -> None:
        if self.refuses:
            raise self.refuses
        self.left.append(letter)


@pytest.fixture
def postman(monkeypatch: pytest.MonkeyPatch) -> Postman:
    postman = Postman()
    monkeypatch.setitem(upkeep._mailer, "mail", postman)
    return postman


def run(uow: UnitOfWork) -> int:
    with uow.begin() as session:
        return upkeep.send_outbox(session, uow.clock.now())


def stored(uow: UnitOfWork, kind: str = "mail", payload: dict[str, str] | None = None) -> int:
    with uow.begin() as session:
        message = put(session, kind, dict(payload or LETTER), uow.clock.now())
        session.flush()
        return message.id


# ── the outbox ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_letter_leaves_once(uow: UnitOfWork, postman: Postman) -> None:
    stored(uow)
    assert [run(uow), run(uow)] == [1, 0]
    assert postman.left == [Letter(**LETTER)]


def test_a_letter_of_a_wish_that_failed_never_leaves(uow: UnitOfWork, postman: Postman) -> None:
    def fails() -> None:
        with uow.begin() as session:
            put(session, "mail", dict(LETTER), uow.clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert run(uow) == 0
    assert postman.left == []


@pytest.mark.parametrize(
    "refusal", [ConnectionRefusedError("no server"), smtplib.SMTPServerDisconnected("gone")]
)
def test_a_letter_that_could_not_leave_is_tried_again_later(
    uow: UnitOfWork, postman: Postman, clock: FixedClock, refusal: Exception
) -> None:
    stored(uow)
    postman.refuses = refusal
    assert run(uow) == 0
    postman.refuses = None
    assert run(uow) == 0, "not at once"
    clock.advance(minutes=1)
    assert run(uow) == 1


def test_after_eight_tries_we_give_up(uow: UnitOfWork, postman: Postman, clock: FixedClock) -> None:
    number = stored(uow)
    postman.refuses = OSError("no route")
    tries = 0
    for _ in range(MAX_TRIES + 3):
        run(uow)
        clock.advance(days=1)
    with uow.begin(write=False) as session:
        message = session.get_one(OutboxMessage, number)
        tries, failed = message.tries, message.failed_at
    assert tries == MAX_TRIES
    assert failed is not None


def test_one_bad_letter_holds_up_no_other(uow: UnitOfWork, postman: Postman) -> None:
    stored(uow, kind="pigeon")
    stored(uow, payload={"to": "nobody"})
    stored(uow)
    assert run(uow) == 1
    assert postman.left == [Letter(**LETTER)]


# ── jobs ────────────────────────────────────────────────────────────────────────────────────────────────


def test_ended_windows_are_swept_and_running_ones_stay(uow: UnitOfWork, clock: FixedClock) -> None:
    moment = int(clock.now().timestamp())
    with uow.begin() as session:
        session.add(RateWindow(key="old", hits=3, expires_at=moment))
        session.add(RateWindow(key="new", hits=3, expires_at=moment + 60))
    for _ in range(2):
        with uow.begin() as session:
            upkeep.sweep_limits(session, clock.now())
    with uow.begin(write=False) as session:
        assert session.scalars(select(RateWindow.key)).all() == ["new"]


@pytest.mark.parametrize("name", [line.name for line in JOBS])
def test_a_job_runs_on_an_empty_database(app: Flask, name: str) -> None:
    jobs: Jobs = app.extensions["jobs"]
    jobs.run(name)
    jobs.run(name)


def test_the_night_mends_what_went_wrong(
    app: Flask, uow: UnitOfWork, cast: Cast, clock: FixedClock, box: SecretsBox
) -> None:
    with uow.begin() as session:
        story = Story(session, clock, box)
        for name in ("Hoa", "Lan", "Mai", "Cúc", "Đào"):
            story.confirm(story.record(cast.alice, f"Trần Thị {name}"))
    questions = (
        "SELECT unit_id, period, contacts, learners FROM unit_score ORDER BY 1, 2",
        "SELECT person_id, badge_code FROM award WHERE revoked_at IS NULL ORDER BY 1, 2",
    )

    def answers() -> list[object]:
        with uow.begin(write=False) as session:
            return [session.execute(text(question)).all() for question in questions]

    right = answers()
    assert all(right)
    with uow.begin() as session:
        session.execute(text("UPDATE unit_score SET contacts = contacts + 7"))
        session.execute(text("DELETE FROM award"))
    assert answers() != right
    jobs: Jobs = app.extensions["jobs"]
    jobs.run("reconcile")
    assert answers() == right
    jobs.run("reconcile")
    assert answers() == right


# ── the tables ──────────────────────────────────────────────────────────────────────────────────────────


def test_each_job_has_one_name_and_one_rhythm() -> None:
    names = [line.name for line in JOBS]
    assert len(names) == len(set(names))
    assert all((line.minutes is None) != (line.daily_at is None) for line in JOBS)


def test_every_event_has_its_reactions() -> None:
    declared = {
        kind
        for _name, kind in inspect.getmembers(referrals.events, inspect.isclass)
        if kind.__module__ == "referrals.events" and dataclasses.is_dataclass(kind)
    }
    # What is only recorded counts nowhere yet: nobody has to hear of it.
    assert declared - set(REACTIONS) == {referrals.events.TeachingRecorded}
    assert set(REACTIONS) <= declared
    assert all(REACTIONS.values())


def test_what_the_database_refuses_has_words_of_its_own() -> None:
    assert set(CODES_OF_CONSTRAINTS.values()) <= set(CODE_WORDS)


# ── the reference data ──────────────────────────────────────────────────────────────────────────────────


def test_the_reference_data_are_installed_once(uow: UnitOfWork, clock: FixedClock) -> None:
    with uow.begin() as session:
        first = install_reference_data(session, HOUSE, clock.now())
    assert first == {
        "wards": len(PLACES),
        "units": len(PLACES) + 1,
        "skills": len(START_SET),
        "target_groups": len(START_GROUPS),
    }
    with uow.begin() as session:
        assert set(install_reference_data(session, HOUSE, clock.now()).values()) == {0}
    with uow.begin(write=False) as session:
        kinds = session.scalars(select(Ward.kind)).all()
        assert (len(kinds), set(kinds)) == (94, {"ward", "commune", "special_zone"})
        assert session.scalars(select(Unit.name).where(Unit.parent_id.is_(None))).all() == [
            "Thành Đoàn Đà Nẵng"
        ]


def test_what_an_administrator_changed_stays(uow: UnitOfWork, clock: FixedClock, reference: None) -> None:
    with uow.begin() as session:
        skill = session.scalars(select(Skill).order_by(Skill.id)).first()
        assert skill is not None
        skill.name_vi, skill.active = "Tên khác", False
    with uow.begin() as session:
        install_reference_data(session, HOUSE, clock.now())
    with uow.begin(write=False) as session:
        kept = session.scalars(select(Skill).order_by(Skill.id)).first()
        assert kept is not None
        assert (kept.name_vi, kept.active) == ("Tên khác", False)


def test_only_the_house_installs_them(uow: UnitOfWork, clock: FixedClock, cast: Cast) -> None:
    for actor in (ANYONE, cast.alice.actor, cast.carol.actor, cast.frank.actor):
        with pytest.raises(NotAllowed), uow.begin() as session:
            install_reference_data(session, actor, clock.now())


def test_the_application_sends_through_the_mailer_of_its_settings(app: Flask) -> None:
    assert house(app).settings.mail_url == "console://"
    assert "mail" in upkeep._mailer
