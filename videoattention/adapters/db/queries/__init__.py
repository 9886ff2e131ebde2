"""What people see, read straight from the tables: each view costs a fixed number of queries, all of one moment."""

from __future__ import annotations

from videoattention.adapters.db.queries.views import DatabaseViews

__all__ = ["DatabaseViews"]
