"""The table of policies: each version whole, never edited."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Table

from videoattention.adapters.db.columns import UtcDateTime, Words
from videoattention.adapters.db.tables import metadata

policies = Table(
    "policies",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("hash", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("made_by", Words, nullable=False),
    Column("made_by_name", Words, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("restored", Integer),
    PrimaryKeyConstraint("organisation", "version"),
    ForeignKeyConstraint(["organisation"], ["organisations.id"]),
)
