"""The table of what providers answered about citizens, encrypted.

It refers to no attention: it has a term of keeping of its own, whatever becomes of the attention.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, LargeBinary, PrimaryKeyConstraint, Table

from videoattention.adapters.db.columns import UtcDateTime, Words
from videoattention.adapters.db.tables import metadata

login_evidence = Table(
    "login_evidence",
    metadata,
    Column("organisation", Words, nullable=False),
    Column("attention", Words, nullable=False),
    Column("hash", Words, nullable=False),
    Column("kept_at", UtcDateTime, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("organisation", "attention", "hash"),
    ForeignKeyConstraint(["organisation"], ["organisations.id"]),
)
