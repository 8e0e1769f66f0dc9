"""Whom rows of lists point at: found without a walk through every list."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Go up."""
    op.create_index("ix_roster_row_candidate_id", "roster_row", ["candidate_id"], unique=False)
    op.create_index("ix_roster_row_person_id", "roster_row", ["person_id"], unique=False)


def downgrade() -> None:
    """Go down."""
    op.drop_index("ix_roster_row_person_id", table_name="roster_row")
    op.drop_index("ix_roster_row_candidate_id", table_name="roster_row")
