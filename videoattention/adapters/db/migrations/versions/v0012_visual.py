"""Visual identifications and their stills."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from videoattention.adapters.db.columns import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_OPEN = sa.text("stage IN ('informed', 'code', 'document', 'actions', 'stills', 'decision')")


def upgrade() -> None:
    """Go forward; going back is restoring a copy."""
    _visuals()
    op.create_table(
        "visual_stills",
        *_words("organisation", "id", "visual"),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id"),
        sa.ForeignKeyConstraint(["organisation", "visual"], ["visuals.organisation", "visuals.id"]),
    )
    op.create_index("ix_visual_stills_visual", "visual_stills", ["organisation", "visual"])
    op.create_table(
        "suspicions",
        *_words("organisation", "visual", "attention", "informer", "reason", "number", "name"),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("keep_until", UtcDateTime(), nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        *_words("key"),
        sa.PrimaryKeyConstraint("organisation", "visual"),
        sa.ForeignKeyConstraint(["organisation", "visual"], ["visuals.organisation", "visuals.id"]),
    )
    op.create_index("ix_suspicions_at", "suspicions", ["organisation", "at"])


def _visuals() -> None:
    op.create_table(
        "visuals",
        *_words("organisation", "id", "attention", "informer", "stage"),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("keep_until", UtcDateTime()),
        sa.Column("statement", sa.LargeBinary()),
        sa.Column("signature", sa.LargeBinary()),
        sa.Column("key", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id"),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.id"]),
    )
    op.create_index("ix_visuals_attention", "visuals", ["organisation", "attention", "begun_at"])
    op.create_index("ix_visuals_keep_until", "visuals", ["keep_until"])
    op.create_index(
        "uq_visuals_open",
        "visuals",
        ["organisation", "attention"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]
