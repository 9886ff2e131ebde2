"""Recordings to review, verdicts, and exports that two people ask."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; going back is restoring a copy."""
    _keys()
    _reviews()
    _judgements()
    _exports()
    op.add_column("grants", sa.Column("case_number", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_grants_case", "grants", ["organisation", "case_number"], unique=False)
    op.create_index("ix_attentions_office", "attentions", ["organisation", "office", "procedure"], unique=False)


def _keys() -> None:
    op.create_table(
        "review_keys",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", name="pk_review_keys"),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.id"], name="fk_review_keys_organisations"),
    )


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("attention", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("second", sa.Boolean(), nullable=False),
        sa.Column("risky", sa.Boolean(), nullable=False),
        sa.Column("risks", sa.JSON(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("draw", sa.Integer(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "recording", name="pk_reviews"),
        _of_a_recording("reviews"),
    )
    op.create_index("ix_reviews_stage", "reviews", ["organisation", "stage", "weight", "asked_at"], unique=False)


def _judgements() -> None:
    op.create_table(
        "judgements",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("checklist", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "recording", "place", name="pk_judgements"),
        sa.ForeignKeyConstraint(
            ["organisation", "recording"],
            ["reviews.organisation", "reviews.recording"],
            name="fk_judgements_reviews",
        ),
    )


def _exports() -> None:
    op.create_table(
        "exports",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("attention", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        *_people(),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id", name="pk_exports"),
        _of_a_recording("exports"),
    )
    op.create_index("ix_exports_asked", "exports", ["organisation", "asked_at"], unique=False)
    op.create_index("ix_exports_recording", "exports", ["organisation", "recording", "asked_at"], unique=False)


def _people() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_name", sa.Text(), nullable=False),
        sa.Column("asked_position", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_name", sa.Text(), nullable=True),
        sa.Column("decided_position", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
    )


def _of_a_recording(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation", "recording"],
        ["recordings.organisation", "recordings.id"],
        name=f"fk_{table}_recordings",
    )
