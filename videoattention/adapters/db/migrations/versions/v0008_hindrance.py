"""Why a recorder that is admitted cannot write."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; going back is restoring a copy."""
    op.add_column("recordings", sa.Column("hindrance", sa.Text(), nullable=False, server_default=""))
