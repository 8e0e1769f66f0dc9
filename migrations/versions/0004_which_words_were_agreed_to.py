"""Which edition of the words a consent to publish is about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Go up."""
    op.add_column("nomination", sa.Column("edition", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Go down."""
    op.drop_column("nomination", "edition")
