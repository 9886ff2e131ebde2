"""What a recording leaves as evidence: its seal and who signed it, its holds, its erasure."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from videoattention.adapters.db.migrations.guards import only_grows

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; going back is restoring a copy."""
    _signing_keys()
    _seals()
    _holds()
    _erasures()


def _signing_keys() -> None:
    op.create_table(
        "signing_keys",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id", name="pk_signing_keys"),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.id"], name="fk_signing_keys_organisations"),
    )


def _seals() -> None:
    op.create_table(
        "seals",
        *_of_a_recording("seals"),
        sa.Column("manifest", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("timestamp", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "recording", name="pk_seals"),
    )


def _holds() -> None:
    op.create_table(
        "holds",
        *_of_a_recording("holds"),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organisation", "id", name="pk_holds"),
    )
    op.create_index("ix_holds_recording", "holds", ["organisation", "recording"], unique=False)


def _erasures() -> None:
    op.create_table(
        "erasures",
        *_of_a_recording("erasures"),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "recording", name="pk_erasures"),
    )
    only_grows("erasures")


def _of_a_recording(table: str) -> tuple[sa.Column[str], sa.Column[str], sa.ForeignKeyConstraint]:
    return (
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("recording", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "recording"],
            ["recordings.organisation", "recordings.id"],
            name=f"fk_{table}_recordings",
        ),
    )
