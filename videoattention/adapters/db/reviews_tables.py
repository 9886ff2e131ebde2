"""The tables of the auditor's room: what is to be reviewed, what was said of it, and packages that two people ask."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
)

from videoattention.adapters.db.columns import UtcDateTime, Words
from videoattention.adapters.db.tables import metadata

review_keys = Table(
    "review_keys",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("key", LargeBinary, nullable=False),
    PrimaryKeyConstraint("organisation"),
    ForeignKeyConstraint(["organisation"], ["organisations.id"]),
)

reviews = Table(
    "reviews",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("recording", Words, nullable=False),
    Column("attention", Words, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("stage", Words, nullable=False),
    Column("required", Boolean, nullable=False),
    Column("second", Boolean, nullable=False),
    Column("risky", Boolean, nullable=False),
    Column("risks", JSON, nullable=False),
    Column("weight", Integer, nullable=False),
    Column("draw", Integer, nullable=False),
    Column("share", Integer, nullable=False),
    Column("reviewer", Words, nullable=False),
    Column("opened_at", UtcDateTime),
    Column("outcome", Words, nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("organisation", "recording"),
    ForeignKeyConstraint(["organisation", "recording"], ["recordings.organisation", "recordings.id"]),
    Index("ix_reviews_stage", "organisation", "stage", "weight", "asked_at"),
)

judgements = Table(
    "judgements",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("recording", Words, nullable=False),
    Column("place", Integer, nullable=False),
    Column("by", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("verdict", Words, nullable=False),
    Column("checklist", Words, nullable=False),
    Column("answers", JSON, nullable=False),
    # what was written can be erased; its hash stays, and tells nothing without the salt
    Column("words", Words),
    Column("salt", LargeBinary),
    Column("hash", Words, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("organisation", "recording", "place"),
    ForeignKeyConstraint(["organisation", "recording"], ["reviews.organisation", "reviews.recording"]),
)

exports = Table(
    "exports",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("id", Words, nullable=False),
    Column("recording", Words, nullable=False),
    Column("attention", Words, nullable=False),
    Column("purpose", Words, nullable=False),
    Column("case_number", Words, nullable=False),
    Column("asked_by", Words, nullable=False),
    Column("asked_name", Words, nullable=False),
    Column("asked_position", Words, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("decided_by", Words),
    Column("decided_name", Words),
    Column("decided_position", Words),
    Column("decided_at", UtcDateTime),
    Column("until", UtcDateTime, nullable=False),
    Column("stage", Words, nullable=False),
    Column("answer", Words, nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("organisation", "id"),
    ForeignKeyConstraint(["organisation", "recording"], ["recordings.organisation", "recordings.id"]),
    Index("ix_exports_asked", "organisation", "asked_at"),
    Index("ix_exports_recording", "organisation", "recording", "asked_at"),
)
