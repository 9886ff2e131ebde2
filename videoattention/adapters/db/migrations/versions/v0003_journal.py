"""The journal, which can only grow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from videoattention.adapters.db.migrations.guards import only_grows

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; going back is restoring a copy."""
    _journal()
    _journal_heads()
    told = ("organisation", "seq", "at", "actor", "kind", "attention", "commitment", "prev", "hash")
    only_grows("journal", erasable=("body", "salt"), fixed=told)


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("attention", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("prev", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "seq", name="pk_journal"),
    )
    op.create_index("ix_journal_attention", "journal", ["organisation", "attention", "seq"], unique=False)


def _journal_heads() -> None:
    op.create_table(
        "journal_heads",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", name="pk_journal_heads"),
    )
