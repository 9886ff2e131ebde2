"""Every table. A tenant's tables have ``organisation`` first in their key, and so does every reference to them.

Stages and levels are kept as the words of the domain. Times are aware UTC. What is read and written whole and never
searched (localised names, a recording's parts) is JSON.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from videoattention.adapters.db.columns import UtcDateTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    },
)

# --- what is set up --------------------------------------------------------------------------------------------------

organisations = Table(
    "organisations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", JSON, nullable=False),
)

offices = Table(
    "offices",
    metadata,
    Column("organisation", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("name", JSON, nullable=False),
    Column("hours", JSON, nullable=False),
    Column("other_ways", JSON, nullable=False),
    PrimaryKeyConstraint("organisation", "id"),
    ForeignKeyConstraint(["organisation"], ["organisations.id"]),
    # the entry page names an office without its organisation
    UniqueConstraint("id"),
)

procedures = Table(
    "procedures",
    metadata,
    Column("organisation", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("name", JSON, nullable=False),
    Column("summary", JSON, nullable=False),
    PrimaryKeyConstraint("organisation", "id"),
    ForeignKeyConstraint(["organisation"], ["organisations.id"]),
)

office_procedures = Table(
    "office_procedures",
    metadata,
    Column("organisation", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("procedure", Text, nullable=False),
    PrimaryKeyConstraint("organisation", "office", "procedure"),
    ForeignKeyConstraint(["organisation", "office"], ["offices.organisation", "offices.id"]),
    ForeignKeyConstraint(["organisation", "procedure"], ["procedures.organisation", "procedures.id"]),
)

consent_texts = Table(
    "consent_texts",
    metadata,
    Column("text", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("paragraphs", JSON, nullable=False),
    Column("purposes", JSON, nullable=False),
    PrimaryKeyConstraint("text", "version", "language"),
    # what a consent refers to, so that it can name no other words than those kept here
    UniqueConstraint("text", "version", "language", "hash"),
)

# --- attentions ------------------------------------------------------------------------------------------------------

attentions = Table(
    "attentions",
    metadata,
    Column("organisation", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("procedure", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("arrived_at", UtcDateTime, nullable=False),
    Column("stage", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("proposed", Text),
    Column("informer", Text),
    Column("informer_name", Text),
    Column("informer_position", Text),
    Column("offer_until", UtcDateTime),
    Column("identification_asked", Boolean, nullable=False),
    Column("identity_assurance", Integer),
    Column("identity_name", Text),
    Column("identity_document", Text),
    Column("identity_subject", Text),
    Column("identity_provider", Text),
    Column("identified_at", UtcDateTime),
    Column("talking_since", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("outcome", Text, nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("organisation", "id"),
    ForeignKeyConstraint(
        ["organisation", "office", "procedure"],
        ["office_procedures.organisation", "office_procedures.office", "office_procedures.procedure"],
    ),
    Index("ix_attentions_stage", "stage", "organisation", "office", "arrived_at"),
    Index("ix_attentions_informer_stage", "organisation", "informer", "stage"),
    Index("ix_attentions_informer_ended", "organisation", "informer", "ended_at"),
)

_BUSY = text("stage IN ('offered', 'talking', 'wrapping_up')")
Index(
    "uq_attentions_busy_informer",
    attentions.c.organisation,
    attentions.c.informer,
    unique=True,
    sqlite_where=_BUSY,
    postgresql_where=_BUSY,
)

consents = Table(
    "consents",
    metadata,
    Column("organisation", Text, nullable=False),
    Column("attention", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("purposes", JSON, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("stage", Text, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("withdrawn_at", UtcDateTime),
    PrimaryKeyConstraint("organisation", "attention", "id"),
    ForeignKeyConstraint(["organisation", "attention"], ["attentions.organisation", "attentions.id"]),
    ForeignKeyConstraint(
        ["text", "version", "language", "hash"],
        ["consent_texts.text", "consent_texts.version", "consent_texts.language", "consent_texts.hash"],
    ),
)

# --- recordings ------------------------------------------------------------------------------------------------------

recordings = Table(
    "recordings",
    metadata,
    Column("organisation", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("attention", Text, nullable=False),
    Column("consent", Text, nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("stage", Text, nullable=False),
    Column("parts", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("organisation", "id"),
    # no recording without a consent of the same attention
    ForeignKeyConstraint(
        ["organisation", "attention", "consent"],
        ["consents.organisation", "consents.attention", "consents.id"],
    ),
    # a refusal is journalled where the recording is, whoever asked for it
    UniqueConstraint("id"),
    Index("ix_recordings_requested", "organisation", "requested_at"),
    Index("ix_recordings_attention", "organisation", "attention", "stage"),
    Index("ix_recordings_stage", "stage", "organisation", "id"),
)

_ACTIVE = text("stage IN ('requested', 'capturing')")
Index(
    "uq_recordings_active",
    recordings.c.organisation,
    recordings.c.attention,
    unique=True,
    sqlite_where=_ACTIVE,
    postgresql_where=_ACTIVE,
)

organisation_keys = Table(
    "organisation_keys",
    metadata,
    Column("organisation", Text, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    PrimaryKeyConstraint("organisation"),
    ForeignKeyConstraint(["organisation"], ["organisations.id"]),
)

data_keys = Table(
    "data_keys",
    metadata,
    Column("organisation", Text, nullable=False),
    Column("recording", Text, nullable=False),
    Column("part", Integer, nullable=False),
    Column("track", Text, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    PrimaryKeyConstraint("organisation", "recording", "part", "track"),
    ForeignKeyConstraint(["organisation", "recording"], ["recordings.organisation", "recordings.id"]),
)

grants = Table(
    "grants",
    metadata,
    Column("organisation", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("recording", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("organisation", "id"),
    ForeignKeyConstraint(["organisation", "recording"], ["recordings.organisation", "recordings.id"]),
    Index("ix_grants_held", "organisation", "recording", "subject", "until"),
)

# --- informers -------------------------------------------------------------------------------------------------------

desks = Table(
    "desks",
    metadata,
    Column("organisation", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("position", Text, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("readiness", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("organisation", "subject"),
    ForeignKeyConstraint(["organisation"], ["organisations.id"]),
    Index("ix_desks_readiness", "readiness", "organisation"),
)

desk_offices = Table(
    "desk_offices",
    metadata,
    Column("organisation", Text, nullable=False),
    Column("subject", Text, nullable=False),
    # as the corporate login says it: it may name an office that does not attend by video
    Column("office", Text, nullable=False),
    PrimaryKeyConstraint("organisation", "subject", "office"),
    ForeignKeyConstraint(["organisation", "subject"], ["desks.organisation", "desks.subject"]),
)

presence = Table(
    "presence",
    metadata,
    Column("key", Text, primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),
)

commands = Table(
    "commands",
    metadata,
    Column("organisation", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("organisation", "id"),
    Index("ix_commands_at", "at"),
)

# --- the journal: it refers to nothing, for it outlives everything ---------------------------------------------------

journal = Table(
    "journal",
    metadata,
    Column("organisation", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("attention", Text),
    Column("body", Text),
    Column("salt", LargeBinary),
    Column("commitment", Text, nullable=False),
    Column("prev", Text, nullable=False),
    Column("hash", Text, nullable=False),
    PrimaryKeyConstraint("organisation", "seq"),
    Index("ix_journal_attention", "organisation", "attention", "seq"),
)

journal_heads = Table(
    "journal_heads",
    metadata,
    Column("organisation", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", Text, nullable=False),
)

# --- sign-in ---------------------------------------------------------------------------------------------------------

sessions = Table(
    "sessions",
    metadata,
    Column("key", Text, primary_key=True),
    Column("csrf", Text, nullable=False),
    Column("idle_until", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("attention", Text, nullable=False),
    Column("person", JSON(none_as_null=True)),
    Column("subject", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("sid", Text, nullable=False),
    Column("id_token", Text, nullable=False),
    Index("ix_sessions_sid", "issuer", "sid"),
    Index("ix_sessions_subject", "issuer", "subject"),
    Index("ix_sessions_ends", "ends_at"),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("session", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("realm", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    Column("return_to", Text, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("session", "state"),
    Index("ix_sign_ins_until", "until"),
)

used_tokens = Table(
    "used_tokens",
    metadata,
    Column("jti", Text, primary_key=True),
    Column("until", UtcDateTime, nullable=False),
    Index("ix_used_tokens_until", "until"),
)
