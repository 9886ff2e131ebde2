"""The organisations' keys, wrapped by the master key; and what is being sealed is found without looking at all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; going back is restoring a copy."""
    op.create_table(
        "organisation_keys",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.id"], name="fk_organisation_keys_organisations"),
        sa.PrimaryKeyConstraint("organisation", name="pk_organisation_keys"),
    )
    op.create_index("ix_recordings_stage", "recordings", ["stage", "organisation", "id"])
