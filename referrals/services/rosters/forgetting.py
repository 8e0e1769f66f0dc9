"""Forgetting: seven days after a list has ended, its file and its rows go; the counts stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from people.permissions import Actor, Permission, ensure
from referrals.models.rosters import RosterImport
from referrals.rosters import KEPT_DAYS, WORKING
from referrals.services.rosters.judging import clear_rows


def forget_part(session: Session, actor: Actor, now: datetime) -> bool:
    """Take the next old list, or a part of its rows; return whether there may be more.

    A list that nobody came back to is cancelled first.
    """
    ensure(actor, Permission.SYSTEM_OPERATE)
    before = now - timedelta(days=KEPT_DAYS)
    roster = session.scalar(
        select(RosterImport)
        .where(
            RosterImport.state.not_in(WORKING),
            or_(RosterImport.ended_at < before, RosterImport.ended_at.is_(None)),
            RosterImport.created_at < before,
            or_(
                RosterImport.file_sealed.is_not(None), RosterImport.counts["forgotten"].as_integer().is_(None)
            ),
        )
        .order_by(RosterImport.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if roster is None:
        return False
    if roster.ended_at is None:
        roster.state = "cancelled"
        roster.ended_at = now
    # The file first: whatever comes between, it does not come back.
    session.execute(update(RosterImport).where(RosterImport.id == roster.id).values(file_sealed=None))
    roster.mapping = {}
    if clear_rows(session, roster.id) == 0:
        roster.counts = {**roster.counts, "forgotten": 1}
    session.flush()
    return True
