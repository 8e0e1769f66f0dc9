"""Expiring: acts that nobody confirmed in time. Their digits become free, and the teacher sees what to do."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from referrals.models.acts import ConfirmationCode, Teaching, TeachingMove
from referrals.states import State

BATCH: Final = 500


def expire(session: Session, now: datetime) -> int:
    """Close what has run out; return how many acts expired. For the house alone, daily, safe to repeat."""
    session.execute(
        update(ConfirmationCode)
        .where(ConfirmationCode.expires_at <= now, ConfirmationCode.digits_hash.is_not(None))
        .values(digits_hash=None, digits_sealed=None)
    )
    newest = (
        select(ConfirmationCode.teaching_id, func.max(ConfirmationCode.expires_at).label("end"))
        .group_by(ConfirmationCode.teaching_id)
        .subquery()
    )
    ids = session.scalars(
        select(Teaching.id)
        .join(newest, newest.c.teaching_id == Teaching.id)
        .where(Teaching.state == State.RECORDED.value, newest.c.end <= now)
        .order_by(Teaching.id)
        .with_for_update(of=Teaching, skip_locked=True)
    ).all()
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        session.execute(update(Teaching).where(Teaching.id.in_(some)).values(state=State.EXPIRED.value))
        session.execute(
            insert(TeachingMove),
            [
                {
                    "teaching_id": one,
                    "from_state": State.RECORDED.value,
                    "to_state": State.EXPIRED.value,
                    "at": now,
                    "account_id": None,
                    "reason": "",
                }
                for one in some
            ],
        )
    return len(ids)
