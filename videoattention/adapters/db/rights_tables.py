"""Requests about personal data, and until when what an attention leaves is kept."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table

from videoattention.adapters.db.columns import UtcDateTime, Words
from videoattention.adapters.db.tables import metadata

_OF_AN_ATTENTION = (["organisation", "attention"], ["attentions.organisation", "attentions.id"])

data_requests = Table(
    "data_requests",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("attention", Words, nullable=False),
    Column("id", Words, nullable=False),
    Column("right", Words, nullable=False),
    Column("asked_by", Words, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("stage", Words, nullable=False),
    Column("extended", Boolean, nullable=False),
    Column("ground", Words, nullable=False),
    Column("decided_by", Words, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("done_at", UtcDateTime),
    # what was said, beside the salt under which the journal commits to it: both can be erased
    Column("said", Words, nullable=False),
    Column("said_salt", LargeBinary, nullable=False),
    Column("said_hash", Words, nullable=False),
    Column("extension", Words, nullable=False),
    Column("extension_salt", LargeBinary, nullable=False),
    Column("extension_hash", Words, nullable=False),
    Column("answer", Words, nullable=False),
    Column("answer_salt", LargeBinary, nullable=False),
    Column("answer_hash", Words, nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("organisation", "id"),
    ForeignKeyConstraint(*_OF_AN_ATTENTION),
    Index("ix_data_requests_attention", "organisation", "attention"),
    Index("ix_data_requests_stage", "organisation", "stage", "due_at"),
)

keepings = Table(
    "keepings",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("attention", Words, nullable=False),
    Column("stage", Words, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("rule", Words, nullable=False),
    Column("said", Words, nullable=False),
    Column("said_salt", LargeBinary, nullable=False),
    Column("said_hash", Words, nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("organisation", "attention"),
    ForeignKeyConstraint(*_OF_AN_ATTENTION),
    Index("ix_keepings_stage", "organisation", "stage", "until"),
)
