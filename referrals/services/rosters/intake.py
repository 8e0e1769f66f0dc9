"""Intake: a file comes in, sealed; a small one is read and judged at once, a large one by the background."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from core.clock import local_day
from core.errors import Conflict, Invalid, TooLarge, TooMany
from core.secrets_box import SecretsBox
from core.vietnamese import clean_text
from learning.queries import skills as skill_queries
from learning.queries.classes import class_for
from people.models import Ward
from people.permissions import Actor, Permission, ensure
from referrals.batches import FIRST_DAY
from referrals.models.rosters import RosterImport
from referrals.places import PLACES
from referrals.queries import rosters as queries
from referrals.roster_reading import Said, file_hash
from referrals.rosters import LARGEST_FILE, LONGEST_FILE_NAME, SMALL, SMALL_FILE, Defaults
from referrals.services.batches import ensure_may_record
from referrals.services.rosters.columns import keep_columns, remember_columns
from referrals.services.rosters.judging import clear_rows, judge_part
from referrals.services.rosters.opening import Opened, reader_of

AT_WORK_AT_ONCE: Final = 5
SENT_AN_HOUR: Final = 40


@dataclass(frozen=True)
class RosterWish:
    """A file, who taught the people in it, perhaps in which class, and what holds where rows say nothing."""

    file_name: str
    data: bytes
    teacher_id: int
    defaults: Defaults
    class_id: int | None = None


def take_roster(
    session: Session,
    actor: Actor,
    wish: RosterWish,
    now: datetime,
    box: SecretsBox,
) -> RosterImport:
    """Keep a file. A small one is `ready` to be looked through when this returns, or `uploaded` where no
    person was found in it; a large one is `judging`.

    Raises Invalid with fields, NotFound for a teacher or a class that is none of the actor's, TooLarge, and
    TooMany("roster_too_many") where this account has sent, or keeps the background busy with, many lists.
    """
    ensure(actor, Permission.ROSTER_IMPORT, anywhere=True)
    if len(wish.data) > LARGEST_FILE:
        raise TooLarge("file_too_large")
    _check(session, actor, wish, now)
    an_hour_ago = now - timedelta(hours=1)
    if (
        queries.at_work(session, actor.account_id) >= AT_WORK_AT_ONCE
        or queries.sent_since(session, actor.account_id, an_hour_ago) >= SENT_AN_HOUR
    ):
        raise TooMany("roster_too_many")
    roster = RosterImport(
        account_id=actor.account_id,
        teacher_id=wish.teacher_id,
        class_id=wish.class_id,
        file_name=clean_text(wish.file_name)[:LONGEST_FILE_NAME] or "-",
        file_hash=file_hash(wish.data),
        file_sealed=box.seal_bytes(wish.data),
        shape="",
        mapping={},
        defaults=wish.defaults.as_json(),
        state="judging",
        total=0,
        done=0,
        counts={},
        problem="",
        created_at=now,
    )
    session.add(roster)
    session.flush()
    if len(wish.data) <= SMALL_FILE:
        _read_now(session, actor, roster, now, box)
    return roster


def correct_columns(
    session: Session,
    actor: Actor,
    roster_id: int,
    said: Said,
    now: datetime,
    box: SecretsBox,
) -> RosterImport:
    """Read a list again with what its sender says of its columns, and remember that.

    Raises NotFound, Invalid, and Conflict("roster_started") once the list is being written.
    """
    ensure(actor, Permission.ROSTER_IMPORT, anywhere=True)
    roster = queries.roster_for(session, actor, roster_id, lock=True)
    if roster.state not in ("uploaded", "ready"):
        raise Conflict("roster_started")
    remember_columns(session, actor, roster, said, now)
    _start_over(roster, {**roster.mapping, "said": _plain(said)})
    if _is_small(session, roster):
        _read_now(session, actor, roster, now, box)
    return roster


def try_again(session: Session, actor: Actor, roster_id: int) -> RosterImport:
    """Put a list that failed back to work: where it was being written, it goes on from where it stood.

    Raises NotFound, and Conflict("roster_ended") for one that did not fail.
    """
    ensure(actor, Permission.ROSTER_IMPORT, anywhere=True)
    roster = queries.roster_for(session, actor, roster_id, lock=True)
    if roster.state != "failed":
        raise Conflict("roster_ended")
    at = roster.counts.get("at")
    if at is None:
        _start_over(roster, roster.mapping)
    else:
        roster.state = "cancelling" if at[0] in ("acts", "people") else "writing"
    roster.problem = ""
    roster.ended_at = None
    session.flush()
    return roster


def _check(session: Session, actor: Actor, wish: RosterWish, now: datetime) -> None:
    fields: dict[str, str] = {}
    defaults = wish.defaults
    if not wish.data.strip():
        fields["file"] = "file_empty"
    if wish.class_id is not None:
        class_for(session, actor, wish.class_id)
    ensure_may_record(session, actor, wish.teacher_id, wish.class_id)
    if defaults.taught_on > local_day(now):
        fields["taught_on"] = "in_future"
    elif defaults.taught_on < FIRST_DAY:
        fields["taught_on"] = "too_early"
    known = skill_queries.skills_by_ids(session, defaults.skill_ids)
    if not defaults.skill_ids:
        fields["skills"] = "choose_one"
    elif any(one not in known or not known[one].active for one in defaults.skill_ids):
        fields["skills"] = "not_a_choice"
    if defaults.place is not None and defaults.place not in PLACES:
        fields["place"] = "not_a_choice"
    if defaults.ward_code is not None and session.get(Ward, defaults.ward_code) is None:
        fields["ward_code"] = "not_a_choice"
    if fields:
        raise Invalid("roster_invalid", fields)


def _read_now(
    session: Session,
    actor: Actor,
    roster: RosterImport,
    now: datetime,
    box: SecretsBox,
) -> None:
    """Read a small file; judge it, too, unless it holds more rows than its size lets expect."""
    opened: Opened = reader_of(session, actor, roster, now, box)()
    rows = opened.read.rows
    if len(rows) > SMALL:
        return
    keep_columns(roster, opened.read, box)
    roster.total = len(rows)
    if rows:
        judge_part(session, actor, roster, rows, opened.seen, now, box)
    roster.state = "ready" if rows else "uploaded"
    session.flush()


def _start_over(roster: RosterImport, mapping: Mapping[str, Any]) -> None:
    roster.mapping = dict(mapping)
    roster.state = "judging"
    roster.total = roster.done = 0
    roster.counts = {}


def _is_small(session: Session, roster: RosterImport) -> bool:
    """Whether a list can be read again at once: then its rows are taken away here, too."""
    if len(roster.file_sealed or b"") > SMALL_FILE + 64:
        return False
    clear_rows(session, roster.id)
    return True


def _plain(said: Said) -> dict[str, Any]:
    return {name: dict(about) for name, about in said.items()}
