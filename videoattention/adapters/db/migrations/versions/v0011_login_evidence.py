"""What a citizens' login said, kept as it came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from videoattention.adapters.db.columns import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; going back is restoring a copy."""
    op.create_table(
        "login_evidence",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("attention", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "attention", "hash"),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.id"]),
    )
