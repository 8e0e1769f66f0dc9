"""How large each unit is, for the boards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "unit_size",
        sa.Column(
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("reached_five", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_size_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_unit_size")),
    )


def downgrade() -> None:
    """Go down."""
    op.drop_table("unit_size")
