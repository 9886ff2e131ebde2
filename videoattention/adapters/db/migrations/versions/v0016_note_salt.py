"""The salt under which the journal commits to a witness's note: it is kept beside the note, and erased with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; going back is restoring a copy."""
    op.add_column("consents", sa.Column("note_salt", sa.LargeBinary(), nullable=True))
