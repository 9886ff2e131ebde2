"""Sessions are found by the attention that they began, or whose papers they opened, without a walk through all."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; going back is restoring a copy."""
    op.create_index("ix_sessions_attention", "sessions", ["attention", "organisation"], unique=False)
