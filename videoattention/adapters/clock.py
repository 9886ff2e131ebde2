"""The only reader of the time."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """`videoattention.services.ports.Clock` of this machine."""

    def now(self) -> datetime:
        """The wall time, aware, UTC."""
        return datetime.now(UTC)
