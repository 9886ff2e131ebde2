"""Organisations, their offices and procedures, and the texts of consents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from videoattention.adapters.db.migrations.guards import only_grows

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; going back is restoring a copy."""
    _organisations()
    _offices()
    _procedures()
    _office_procedures()
    _consent_texts()
    only_grows("consent_texts")


def _organisations() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
    )


def _offices() -> None:
    op.create_table(
        "offices",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("other_ways", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.id"], name="fk_offices_organisations"),
        sa.PrimaryKeyConstraint("organisation", "id", name="pk_offices"),
        sa.UniqueConstraint("id", name="uq_offices_id"),
    )


def _procedures() -> None:
    op.create_table(
        "procedures",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.id"], name="fk_procedures_organisations"),
        sa.PrimaryKeyConstraint("organisation", "id", name="pk_procedures"),
    )


def _office_procedures() -> None:
    op.create_table(
        "office_procedures",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "office"], ["offices.organisation", "offices.id"], name="fk_office_procedures_offices"
        ),
        sa.ForeignKeyConstraint(
            ["organisation", "procedure"],
            ["procedures.organisation", "procedures.id"],
            name="fk_office_procedures_procedures",
        ),
        sa.PrimaryKeyConstraint("organisation", "office", "procedure", name="pk_office_procedures"),
    )


def _consent_texts() -> None:
    op.create_table(
        "consent_texts",
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("paragraphs", sa.JSON(), nullable=False),
        sa.Column("purposes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("text", "version", "language", name="pk_consent_texts"),
        sa.UniqueConstraint("text", "version", "language", "hash", name="uq_consent_texts_text_version_language_hash"),
    )
