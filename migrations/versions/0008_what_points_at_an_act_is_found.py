"""What points at an act, or at a person, is found: lists can be taken out again in time."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Go up."""
    op.create_index("ix_award_teaching_id", "award", ["teaching_id"], unique=False)
    op.create_index("ix_ledger_entry_teacher_id", "ledger_entry", ["teacher_id"], unique=False)


def downgrade() -> None:
    """Go down."""
    op.drop_index("ix_ledger_entry_teacher_id", table_name="ledger_entry")
    op.drop_index("ix_award_teaching_id", table_name="award")
