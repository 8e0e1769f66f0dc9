"""The reference data that every city needs before its first person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from learning.services.skills import install_skills
from learning.services.target_groups import install_target_groups
from people.permissions import Actor, Permission, ensure
from people.services.places import install_places


def install_reference_data(session: Session, actor: Actor, now: datetime) -> dict[str, int]:
    """Install wards, ward unions, skills and groups that are missing; return how many of each were added."""
    ensure(actor, Permission.SYSTEM_OPERATE)
    places = install_places(session, actor, now)
    return {
        "wards": places.wards,
        "units": places.units,
        "skills": install_skills(session, actor),
        "target_groups": install_target_groups(session, actor),
    }
