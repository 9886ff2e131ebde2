"""Forgetting: every hour, what nobody needs any more."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from videoattention.adapters.db.forgetting import forget_expired

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from videoattention.adapters.db.database import Database

_log = structlog.get_logger()

EVERY: Final = 3600.0
"""Seconds between two rounds."""


async def forgetting(database: Database, now: Callable[[], datetime]) -> None:
    """Let go of ended sessions and of command ids that nobody can repeat any more, until cancelled."""
    while True:
        try:
            await forget_expired(database, now())
        except Exception:  # noqa: BLE001 - what could not be forgotten now is forgotten in an hour
            _log.exception("forgetting_failed")
        await asyncio.sleep(EVERY)
