"""Every table of every package, so that migrations and tests see the whole database."""

from __future__ import annotations

import badges.models
import core.limits
import core.outbox
import honors.models
import leaderboards.models
import learning.models
import people.models
import referrals.models.acts
import referrals.models.papers
import referrals.models.rosters
import referrals.models.sent
import referrals.models.tree
import referrals.models.waiting

TABLE_MODULES = (
    core.limits,
    core.outbox,
    people.models,
    learning.models,
    referrals.models.acts,
    referrals.models.tree,
    referrals.models.rosters,
    referrals.models.papers,
    referrals.models.waiting,
    referrals.models.sent,
    badges.models,
    leaderboards.models,
    honors.models,
)
