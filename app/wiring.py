"""The two visible tables: who reacts to what, and which work runs in the background."""

from __future__ import annotations

from typing import Final

import badges.services
import honors.services
import leaderboards.services
from app import upkeep
from core.events import Reactions
from core.jobs import JobLine
from core.unit_of_work import CONSTRAINT_CODES
from referrals.events import CreditMoved, NetworkImported, TeachingConfirmed, TeachingVoided
from referrals.services import expiring, waiting

REACTIONS: Final[Reactions] = {
    TeachingConfirmed: (badges.services.on_teaching_confirmed, leaderboards.services.on_teaching_confirmed),
    TeachingVoided: (
        leaderboards.services.on_teaching_voided,
        badges.services.on_teaching_voided,
        honors.services.on_teaching_voided,
    ),
    CreditMoved: (leaderboards.services.on_credit_moved,),
    NetworkImported: (leaderboards.services.on_network_imported, badges.services.on_network_imported),
}

JOBS: Final[tuple[JobLine, ...]] = (
    JobLine("send_outbox", upkeep.send_outbox, minutes=1),
    JobLine("work_on_rosters", upkeep.work_on_rosters, minutes=1),
    JobLine("rebuild_figures", upkeep.rebuild_figures, minutes=5),
    JobLine("count_sizes", upkeep.count_sizes, minutes=10),
    JobLine("give_badges", upkeep.give_badges, minutes=15),
    JobLine("expire", expiring.expire, daily_at=18),
    JobLine("tend_waiting", waiting.tend, daily_at=18),
    JobLine("reconcile", upkeep.reconcile, daily_at=19),
    JobLine("sweep_limits", upkeep.sweep_limits, daily_at=20),
    JobLine("forget_rosters", upkeep.forget_rosters, daily_at=20),
)

# A mark in the database's own message → the stable code of the refusal.
CODES_OF_CONSTRAINTS: Final[dict[str, str]] = {
    "lineage_circle": "circle",
    "teaching_not_oneself": "teaches_oneself",
    "uq_teaching_same_act": "same_act",
    "teaching.teacher_id, teaching.learner_id": "same_act",
    "pk_confirmation": "already_confirmed",
    "confirmation.teaching_id": "already_confirmed",
    "uq_account_email": "email_taken",
    "account.email": "email_taken",
    "uq_account_phone_hash": "phone_taken",
    "account.phone_hash": "phone_taken",
    "uq_nomination_open": "already_nominated",
    "nomination.person_id": "already_nominated",
    "uq_unit_code": "unit_code_taken",
    "unit.code": "unit_code_taken",
}

CONSTRAINT_CODES.update(CODES_OF_CONSTRAINTS)
