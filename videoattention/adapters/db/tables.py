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
    UniqueConstraint,
    text,
)

from videoattention.adapters.db.columns import UtcDateTime, Words

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
    Column("id", Words, primary_key=True),
    Column("name", JSON, nullable=False),
)

offices = Table(
    "offices",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("id", Words, nullable=False),
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
    Column("organisation", Words, nullable=False),
    Column("id", Words, nullable=False),
    Column("place", Integer, nullable=False),
    Column("name", JSON, nullable=False),
    Column("summary", JSON, nullable=False),
    PrimaryKeyConstraint("organisation", "id"),
    ForeignKeyConstraint(["organisation"], ["organisations.id"]),
)

office_procedures = Table(
    "office_procedures",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("office", Words, nullable=False),
    Column("procedure", Words, nullable=False),
    PrimaryKeyConstraint("organisation", "office", "procedure"),
    ForeignKeyConstraint(["organisation", "office"], ["offices.organisation", "offices.id"]),
    ForeignKeyConstraint(["organisation", "procedure"], ["procedures.organisation", "procedures.id"]),
)

consent_texts = Table(
    "consent_texts",
    metadata,
    Column("text", Words, nullable=False),
    Column("version", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("hash", Words, nullable=False),
    Column("title", Words, nullable=False),
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
    Column("organisation", Words, nullable=False),
    Column("id", Words, nullable=False),
    Column("office", Words, nullable=False),
    Column("procedure", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("arrived_at", UtcDateTime, nullable=False),
    Column("stage", Words, nullable=False),
    Column("level", Words, nullable=False),
    Column("proposed", Words),
    Column("informer", Words),
    Column("informer_name", Words),
    Column("informer_position", Words),
    Column("offer_until", UtcDateTime),
    Column("identification_asked", Boolean, nullable=False),
    Column("identity_assurance", Integer),
    Column("identity_name", Words),
    Column("identity_document", Words),
    Column("identity_subject", Words),
    Column("identity_provider", Words),
    Column("identified_at", UtcDateTime),
    Column("talking_since", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("outcome", Words, nullable=False),
    Column("version", Integer, nullable=False),
    Column("identification_way", Words, nullable=False, server_default=""),
    Column("identity_way", Words, nullable=False, server_default=""),
    Column("outcome_kind", Words, nullable=False, server_default=""),
    Column("clip", Words, nullable=False, server_default=""),
    Column("form", Words, nullable=False, server_default=""),
    Column("informer_habilitations", JSON, nullable=False, server_default="[]"),
    Column("picture", Integer, nullable=False, server_default="0"),
    Column("policy_version", Integer, nullable=False, server_default="0"),
    # what holds for this attention, whole: an organisation may have another policy by now
    Column("policy", JSON(none_as_null=True)),
    PrimaryKeyConstraint("organisation", "id"),
    ForeignKeyConstraint(
        ["organisation", "office", "procedure"],
        ["office_procedures.organisation", "office_procedures.office", "office_procedures.procedure"],
    ),
    Index("ix_attentions_stage", "stage", "organisation", "office", "arrived_at"),
    Index("ix_attentions_informer_stage", "organisation", "informer", "stage"),
    Index("ix_attentions_informer_ended", "organisation", "informer", "ended_at"),
    Index("ix_attentions_office", "organisation", "office", "procedure"),
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
    Column("organisation", Words, nullable=False),
    Column("attention", Words, nullable=False),
    Column("id", Words, nullable=False),
    Column("place", Integer, nullable=False),
    Column("text", Words, nullable=False),
    Column("version", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("hash", Words, nullable=False),
    Column("purposes", JSON, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("stage", Words, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("withdrawn_at", UtcDateTime),
    Column("note", Words, nullable=False, server_default=""),
    Column("level", Words, nullable=False, server_default="attended"),
    Column("answered_by", Words, nullable=False, server_default="citizen"),
    # what the journal commits to the note with: erased with it
    Column("note_salt", LargeBinary),
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
    Column("organisation", Words, nullable=False),
    Column("id", Words, nullable=False),
    Column("attention", Words, nullable=False),
    Column("consent", Words, nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("stage", Words, nullable=False),
    Column("parts", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("hindrance", Words, nullable=False, server_default=""),
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
    Column("organisation", Words, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    PrimaryKeyConstraint("organisation"),
    ForeignKeyConstraint(["organisation"], ["organisations.id"]),
)

data_keys = Table(
    "data_keys",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("recording", Words, nullable=False),
    Column("part", Integer, nullable=False),
    Column("track", Words, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    PrimaryKeyConstraint("organisation", "recording", "part", "track"),
    ForeignKeyConstraint(["organisation", "recording"], ["recordings.organisation", "recordings.id"]),
)

grants = Table(
    "grants",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("id", Words, nullable=False),
    Column("recording", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("purpose", Words, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("case_number", Words, nullable=False, server_default=""),
    PrimaryKeyConstraint("organisation", "id"),
    ForeignKeyConstraint(["organisation", "recording"], ["recordings.organisation", "recordings.id"]),
    Index("ix_grants_held", "organisation", "recording", "subject", "until"),
    Index("ix_grants_case", "organisation", "case_number"),
)

# --- what a recording leaves as evidence -----------------------------------------------------------------------------

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("id", Words, nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("organisation", "id"),
    ForeignKeyConstraint(["organisation"], ["organisations.id"]),
)

seals = Table(
    "seals",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("recording", Words, nullable=False),
    Column("manifest", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("key", Words, nullable=False),
    Column("timestamp", LargeBinary),
    Column("sealed_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("organisation", "recording"),
    ForeignKeyConstraint(["organisation", "recording"], ["recordings.organisation", "recordings.id"]),
)

holds = Table(
    "holds",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("recording", Words, nullable=False),
    Column("id", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("placed_by", Words, nullable=False),
    Column("placed_at", UtcDateTime, nullable=False),
    Column("released_at", UtcDateTime),
    PrimaryKeyConstraint("organisation", "id"),
    ForeignKeyConstraint(["organisation", "recording"], ["recordings.organisation", "recordings.id"]),
    Index("ix_holds_recording", "organisation", "recording"),
)

erasures = Table(
    "erasures",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("recording", Words, nullable=False),
    Column("certificate", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("key", Words, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("organisation", "recording"),
    ForeignKeyConstraint(["organisation", "recording"], ["recordings.organisation", "recordings.id"]),
)

# --- informers -------------------------------------------------------------------------------------------------------

desks = Table(
    "desks",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("position", Words, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("readiness", Words, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("habilitations", JSON, nullable=False, server_default="[]"),
    PrimaryKeyConstraint("organisation", "subject"),
    ForeignKeyConstraint(["organisation"], ["organisations.id"]),
    Index("ix_desks_readiness", "readiness", "organisation"),
)

desk_offices = Table(
    "desk_offices",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("subject", Words, nullable=False),
    # as the corporate login says it: it may name an office that does not attend by video
    Column("office", Words, nullable=False),
    PrimaryKeyConstraint("organisation", "subject", "office"),
    ForeignKeyConstraint(["organisation", "subject"], ["desks.organisation", "desks.subject"]),
)

presence = Table(
    "presence",
    metadata,
    Column("key", Words, primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),
)

commands = Table(
    "commands",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("id", Words, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("organisation", "id"),
    Index("ix_commands_at", "at"),
)

# --- the journal: it refers to nothing, for it outlives everything ---------------------------------------------------

journal = Table(
    "journal",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("attention", Words),
    Column("body", Words),
    Column("salt", LargeBinary),
    Column("commitment", Words, nullable=False),
    Column("prev", Words, nullable=False),
    Column("hash", Words, nullable=False),
    PrimaryKeyConstraint("organisation", "seq"),
    Index("ix_journal_attention", "organisation", "attention", "seq"),
)

journal_heads = Table(
    "journal_heads",
    metadata,
    Column("organisation", Words, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", Words, nullable=False),
)

# --- sign-in ---------------------------------------------------------------------------------------------------------

sessions = Table(
    "sessions",
    metadata,
    Column("key", Words, primary_key=True),
    Column("csrf", Words, nullable=False),
    Column("idle_until", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("organisation", Words, nullable=False),
    Column("attention", Words, nullable=False),
    Column("person", JSON(none_as_null=True)),
    Column("subject", Words, nullable=False),
    Column("issuer", Words, nullable=False),
    Column("sid", Words, nullable=False),
    Column("id_token", Words, nullable=False),
    Index("ix_sessions_sid", "issuer", "sid"),
    Index("ix_sessions_subject", "issuer", "subject"),
    Index("ix_sessions_ends", "ends_at"),
    Index("ix_sessions_attention", "attention", "organisation"),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("session", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("realm", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("nonce", Words, nullable=False),
    Column("verifier", Words, nullable=False),
    Column("return_to", Words, nullable=False),
    Column("begun", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("session", "state"),
    Index("ix_sign_ins_until", "until"),
)

used_tokens = Table(
    "used_tokens",
    metadata,
    Column("jti", Words, primary_key=True),
    Column("until", UtcDateTime, nullable=False),
    Index("ix_used_tokens_until", "until"),
)
