"""Who asks to be taught twice waits once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

STILL_WAITS = "state IN ('waiting', 'taken')"


def upgrade() -> None:
    """Go up."""
    op.create_index(
        "uq_waiting_learner_same_wish",
        "waiting_learner",
        ["name_key", "phone_hash"],
        unique=True,
        sqlite_where=sa.text(STILL_WAITS),
        postgresql_where=sa.text(STILL_WAITS),
    )


def downgrade() -> None:
    """Go down."""
    op.drop_index("uq_waiting_learner_same_wish", table_name="waiting_learner")
