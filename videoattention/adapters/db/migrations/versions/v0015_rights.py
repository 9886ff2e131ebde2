"""Requests about personal data, and until when what an attention leaves is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; going back is restoring a copy."""
    _data_requests()
    _keepings()


def _data_requests() -> None:
    op.create_table(
        "data_requests",
        *_of_an_attention("data_requests"),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("right", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        *(column for name in ("said", "extension", "answer") for column in _said(name)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id", name="pk_data_requests"),
    )
    op.create_index("ix_data_requests_attention", "data_requests", ["organisation", "attention"], unique=False)
    op.create_index("ix_data_requests_stage", "data_requests", ["organisation", "stage", "due_at"], unique=False)


def _keepings() -> None:
    op.create_table(
        "keepings",
        *_of_an_attention("keepings"),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        *_said("said"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "attention", name="pk_keepings"),
    )
    op.create_index("ix_keepings_stage", "keepings", ["organisation", "stage", "until"], unique=False)


def _said(name: str) -> tuple[sa.Column[str], sa.Column[bytes], sa.Column[str]]:
    return (
        sa.Column(name, sa.Text(), nullable=False),
        sa.Column(f"{name}_salt", sa.LargeBinary(), nullable=False),
        sa.Column(f"{name}_hash", sa.Text(), nullable=False),
    )


def _of_an_attention(table: str) -> tuple[sa.Column[str], sa.Column[str], sa.ForeignKeyConstraint]:
    return (
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("attention", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "attention"],
            ["attentions.organisation", "attentions.id"],
            name=f"fk_{table}_attentions",
        ),
    )
