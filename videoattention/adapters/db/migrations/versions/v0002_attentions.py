"""Attentions and consents, recordings and their keys, informers' desks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; going back is restoring a copy."""
    _attentions()
    _consents()
    _recordings()
    _data_keys()
    _grants()
    _desks()
    _desk_offices()
    _presence()
    _commands()


def _attentions() -> None:
    op.create_table(
        "attentions",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("proposed", sa.Text(), nullable=True),
        sa.Column("informer", sa.Text(), nullable=True),
        sa.Column("informer_name", sa.Text(), nullable=True),
        sa.Column("informer_position", sa.Text(), nullable=True),
        sa.Column("offer_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("identification_asked", sa.Boolean(), nullable=False),
        sa.Column("identity_assurance", sa.Integer(), nullable=True),
        sa.Column("identity_name", sa.Text(), nullable=True),
        sa.Column("identity_document", sa.Text(), nullable=True),
        sa.Column("identity_subject", sa.Text(), nullable=True),
        sa.Column("identity_provider", sa.Text(), nullable=True),
        sa.Column("identified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("talking_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "office", "procedure"],
            ["office_procedures.organisation", "office_procedures.office", "office_procedures.procedure"],
            name="fk_attentions_office_procedures",
        ),
        sa.PrimaryKeyConstraint("organisation", "id", name="pk_attentions"),
    )
    op.create_index(
        "ix_attentions_informer_ended", "attentions", ["organisation", "informer", "ended_at"], unique=False
    )
    op.create_index("ix_attentions_informer_stage", "attentions", ["organisation", "informer", "stage"], unique=False)
    op.create_index(
        "ix_attentions_stage", "attentions", ["stage", "organisation", "office", "arrived_at"], unique=False
    )
    op.create_index(
        "uq_attentions_busy_informer",
        "attentions",
        ["organisation", "informer"],
        unique=True,
        sqlite_where=sa.text("stage IN ('offered', 'talking', 'wrapping_up')"),
        postgresql_where=sa.text("stage IN ('offered', 'talking', 'wrapping_up')"),
    )


def _consents() -> None:
    op.create_table(
        "consents",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("attention", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("purposes", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation", "attention"], ["attentions.organisation", "attentions.id"], name="fk_consents_attentions"
        ),
        sa.ForeignKeyConstraint(
            ["text", "version", "language", "hash"],
            ["consent_texts.text", "consent_texts.version", "consent_texts.language", "consent_texts.hash"],
            name="fk_consents_consent_texts",
        ),
        sa.PrimaryKeyConstraint("organisation", "attention", "id", name="pk_consents"),
    )


def _recordings() -> None:
    op.create_table(
        "recordings",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("attention", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "attention", "consent"],
            ["consents.organisation", "consents.attention", "consents.id"],
            name="fk_recordings_consents",
        ),
        sa.PrimaryKeyConstraint("organisation", "id", name="pk_recordings"),
        sa.UniqueConstraint("id", name="uq_recordings_id"),
    )
    op.create_index("ix_recordings_attention", "recordings", ["organisation", "attention", "stage"], unique=False)
    op.create_index("ix_recordings_requested", "recordings", ["organisation", "requested_at"], unique=False)
    op.create_index(
        "uq_recordings_active",
        "recordings",
        ["organisation", "attention"],
        unique=True,
        sqlite_where=sa.text("stage IN ('requested', 'capturing')"),
        postgresql_where=sa.text("stage IN ('requested', 'capturing')"),
    )


def _data_keys() -> None:
    op.create_table(
        "data_keys",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("track", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "recording"], ["recordings.organisation", "recordings.id"], name="fk_data_keys_recordings"
        ),
        sa.PrimaryKeyConstraint("organisation", "recording", "part", "track", name="pk_data_keys"),
    )


def _grants() -> None:
    op.create_table(
        "grants",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "recording"], ["recordings.organisation", "recordings.id"], name="fk_grants_recordings"
        ),
        sa.PrimaryKeyConstraint("organisation", "id", name="pk_grants"),
    )
    op.create_index("ix_grants_held", "grants", ["organisation", "recording", "subject", "until"], unique=False)


def _desks() -> None:
    op.create_table(
        "desks",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("readiness", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.id"], name="fk_desks_organisations"),
        sa.PrimaryKeyConstraint("organisation", "subject", name="pk_desks"),
    )
    op.create_index("ix_desks_readiness", "desks", ["readiness", "organisation"], unique=False)


def _desk_offices() -> None:
    op.create_table(
        "desk_offices",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "subject"], ["desks.organisation", "desks.subject"], name="fk_desk_offices_desks"
        ),
        sa.PrimaryKeyConstraint("organisation", "subject", "office", name="pk_desk_offices"),
    )


def _presence() -> None:
    op.create_table(
        "presence",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_presence"),
    )


def _commands() -> None:
    op.create_table(
        "commands",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id", name="pk_commands"),
    )
    op.create_index("ix_commands_at", "commands", ["at"], unique=False)
