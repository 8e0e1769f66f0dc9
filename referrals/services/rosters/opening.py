"""Opening a list: what its reading needs is fetched first, so that the reading itself holds up nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import local_day
from core.errors import Invalid
from core.secrets_box import SecretsBox
from learning.queries import skills as skill_queries
from people.permissions import Actor, Permission, ensure
from referrals.models.rosters import RosterImport
from referrals.roster_reading import ReadList, read_list
from referrals.rosters import Defaults, KeptRow
from referrals.services.rosters.columns import memory_of
from referrals.services.rosters.judging import Seen, traits_of


@dataclass
class Opened:
    """A list that was read: its rows, and who was met in those that are judged already."""

    read: ReadList
    seen: Seen = field(default_factory=Seen)


def reader_of(
    session: Session,
    actor: Actor,
    roster: RosterImport,
    now: datetime,
    box: SecretsBox,
) -> Callable[[], Opened]:
    """Return what reads the file of a list; called later, it needs no database any more.

    Raises Invalid("roster_forgotten") where the file is no longer kept.
    """
    ensure(actor, Permission.ROSTER_IMPORT, anywhere=True)
    sealed = session.scalar(select(RosterImport.file_sealed).where(RosterImport.id == roster.id))
    if sealed is None:
        raise Invalid("roster_forgotten")
    name, said, today, done = roster.file_name, roster.mapping.get("said", {}), local_day(now), roster.done
    frame = Defaults.from_json(roster.defaults).frame(roster.teacher_id, roster.class_id)
    memory = memory_of(session, roster.account_id)
    skills = [skill.name_vi for skill in skill_queries.active_skills(session)]

    def read() -> Opened:
        opened = Opened(read_list(box.open_bytes(sealed), name, said, today, skills, memory.get))
        judged = (KeptRow.unpack(row.packed).line for row in opened.read.rows[:done] if not row.refused)
        opened.seen.remember(traits_of(line, frame) for line in judged)
        return opened

    return read
