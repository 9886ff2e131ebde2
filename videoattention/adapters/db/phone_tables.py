"""The tables of codes that were sent to phones. No table has a number: keyed hashes, and its masked end."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, PrimaryKeyConstraint, Table

from videoattention.adapters.db.columns import UtcDateTime, Words
from videoattention.adapters.db.tables import metadata

phone_checks = Table(
    "phone_checks",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("id", Words, nullable=False),
    Column("attention", Words, nullable=False),
    Column("place", Integer, nullable=False),
    # what the citizen typed, for as long as the code may be typed
    Column("name", Words, nullable=False),
    Column("masked", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("code", Words, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("stage", Words, nullable=False),
    Column("tries", Integer, nullable=False),
    PrimaryKeyConstraint("organisation", "id"),
    ForeignKeyConstraint(["organisation", "attention"], ["attentions.organisation", "attentions.id"]),
    Index("ix_phone_checks_attention", "organisation", "attention", "place"),
    Index("ix_phone_checks_asked", "organisation", "asked_at"),
)

# what counts in every organisation, and is forgotten after two days
phone_sends = Table(
    "phone_sends",
    metadata,
    Column("check", Words, nullable=False),
    Column("number", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("check"),
    Index("ix_phone_sends_number", "number", "at"),
    Index("ix_phone_sends_address", "address", "at"),
)

sms_alarms = Table(
    "sms_alarms",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("day", Words, nullable=False),
    PrimaryKeyConstraint("organisation", "day"),
    ForeignKeyConstraint(["organisation"], ["organisations.id"]),
)
