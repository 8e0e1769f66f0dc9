"""Every table of every package, so that migrations and tests see the whole database."""

from __future__ import annotations

import badges.models
import core.limits
import core.outbox
import honors.models
import leaderboards.models
import learning.models
import people.models
import referrals.models

TABLE_MODULES = (
    core.limits,
    core.outbox,
    people.models,
    learning.models,
    referrals.models,
    badges.models,
    leaderboards.models,
    honors.models,
)
