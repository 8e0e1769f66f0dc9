"""Writing the audit log: what staff did, to whom and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from people.models import AuditEntry
from people.permissions import Actor, Permission, ensure


def write_audit(
    session: Session,
    actor: Actor,
    action: str,
    subject_kind: str,
    subject_id: int | str,
    details: Mapping[str, Any],
    now: datetime,
) -> AuditEntry:
    """Add an entry; `action` is one of people.audit where words exist for it.

    `details` is JSON and never holds a phone number, a password or a text of consent.
    """
    ensure(actor, Permission.AUDIT_WRITE, owner_id=actor.person_id, anywhere=True)
    entry = AuditEntry(
        at=now,
        account_id=actor.account_id,
        action=action,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        details=dict(details),
    )
    session.add(entry)
    return entry
