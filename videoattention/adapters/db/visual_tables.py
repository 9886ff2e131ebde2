"""The tables of visual identifications: what goes on, its stills, and the suspicions of fraud, which are kept apart.

None refers to an attention: each has a term of keeping of its own, whatever becomes of the attention.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    text,
)

from videoattention.adapters.db.columns import UtcDateTime, Words
from videoattention.adapters.db.tables import metadata

visuals = Table(
    "visuals",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("id", Words, nullable=False),
    Column("attention", Words, nullable=False),
    Column("informer", Words, nullable=False),
    Column("stage", Words, nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("body", JSON, nullable=False),
    Column("keep_until", UtcDateTime),
    Column("statement", LargeBinary),
    Column("signature", LargeBinary),
    Column("key", Words),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("organisation", "id"),
    ForeignKeyConstraint(["organisation"], ["organisations.id"]),
    Index("ix_visuals_attention", "organisation", "attention", "begun_at"),
    Index("ix_visuals_keep_until", "keep_until"),
)

_OPEN = text("stage IN ('informed', 'code', 'document', 'actions', 'stills', 'decision')")
Index(
    "uq_visuals_open",
    visuals.c.organisation,
    visuals.c.attention,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)

visual_stills = Table(
    "visual_stills",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("id", Words, nullable=False),
    Column("visual", Words, nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("organisation", "id"),
    ForeignKeyConstraint(["organisation", "visual"], ["visuals.organisation", "visuals.id"]),
    Index("ix_visual_stills_visual", "organisation", "visual"),
)

suspicions = Table(
    "suspicions",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("visual", Words, nullable=False),
    Column("attention", Words, nullable=False),
    Column("informer", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("number", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("keep_until", UtcDateTime, nullable=False),
    Column("statement", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("key", Words, nullable=False),
    PrimaryKeyConstraint("organisation", "visual"),
    ForeignKeyConstraint(["organisation", "visual"], ["visuals.organisation", "visuals.id"]),
    Index("ix_suspicions_at", "organisation", "at"),
)
