"""The tables of what citizens take home: files, receipts, and the links that lead to them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table
from sqlalchemy import UniqueConstraint as Unique

from videoattention.adapters.db.columns import UtcDateTime, Words
from videoattention.adapters.db.tables import metadata

_OF_AN_ATTENTION = ["organisation", "attention"], ["attentions.organisation", "attentions.id"]

deliveries = Table(
    "deliveries",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("id", Words, nullable=False),
    Column("attention", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("side", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("media_type", Words, nullable=False),
    Column("sha256", Words, nullable=False),
    Column("size", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("organisation", "id"),
    ForeignKeyConstraint(*_OF_AN_ATTENTION),
    Index("ix_deliveries_attention", "organisation", "attention", "at"),
)

# apart, so that lists do not read the files; without its row a file is erased
delivery_bodies = Table(
    "delivery_bodies",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("delivery", Words, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("organisation", "delivery"),
    ForeignKeyConstraint(["organisation", "delivery"], ["deliveries.organisation", "deliveries.id"]),
)

receipts = Table(
    "receipts",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("attention", Words, nullable=False),
    Column("basis", Words, nullable=False),
    Column("signed", Words, nullable=False),
    Column("pdf", Words, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("organisation", "attention", "number"),
    ForeignKeyConstraint(*_OF_AN_ATTENTION),
)

receipt_links = Table(
    "receipt_links",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("attention", Words, nullable=False),
    Column("token", Words, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("pin", LargeBinary, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("lockouts", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("locked_until", UtcDateTime),
    PrimaryKeyConstraint("organisation", "attention"),
    ForeignKeyConstraint(*_OF_AN_ATTENTION),
    # a link names neither the organisation nor the attention
    Unique("token"),
)
