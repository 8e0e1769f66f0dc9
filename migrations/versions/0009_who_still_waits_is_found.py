"""Who still waits is found beside very many who do not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

OPEN = sa.text("state IN ('disputed', 'recorded', 'returned', 'expired')")


def upgrade() -> None:
    """Go up."""
    op.create_index(
        "ix_teaching_open", "teaching", ["teacher_id", "id"], sqlite_where=OPEN, postgresql_where=OPEN
    )


def downgrade() -> None:
    """Go down."""
    op.drop_index("ix_teaching_open", table_name="teaching")
