"""Every table that there is, in one place: what migrations lead to."""

from __future__ import annotations

from videoattention.adapters.db import evidence_tables, policy_tables, reviews_tables, visual_tables
from videoattention.adapters.db.tables import metadata

ROOMS = (evidence_tables, policy_tables, reviews_tables, visual_tables)
"""The modules whose tables are not in `videoattention.adapters.db.tables`."""

__all__ = ["ROOMS", "metadata"]
