"""Every table that there is, in one place: what migrations lead to."""

from __future__ import annotations

from videoattention.adapters.db import (
    deliveries_tables,
    evidence_tables,
    phone_tables,
    policy_tables,
    reviews_tables,
    rights_tables,
    visual_tables,
)
from videoattention.adapters.db.tables import metadata

ROOMS = (deliveries_tables, evidence_tables, phone_tables, policy_tables, reviews_tables, rights_tables, visual_tables)
"""The modules whose tables are not in `videoattention.adapters.db.tables`."""

__all__ = ["ROOMS", "metadata"]
