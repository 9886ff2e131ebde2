"""Examining the TURN servers of the settings without serving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.adapters.clock import SystemClock
from videoattention.adapters.media.addresses import advertised_by_default
from videoattention.adapters.turn.probe import Finding, Verdict, examine
from videoattention.services.turn import turn_server

if TYPE_CHECKING:
    from collections.abc import Sequence

    from videoattention.config import Settings


async def examine_turn(settings: Settings, more_workers: Sequence[str]) -> list[tuple[str, bool]]:
    """One sentence for each thing that was tried at each URL, and whether it may stay so.

    The workers are those of the settings, and ``more_workers``, which are on machines with settings of their own.
    """
    own = settings.media.addresses or (advertised_by_default(settings.media.host) if settings.media.local else ())
    workers = tuple(dict.fromkeys((*own, *more_workers)))
    found: list[Finding] = []
    for url in settings.turn.urls:
        server = turn_server(url)
        if server is not None:  # the settings were checked when they were read
            now = SystemClock().now()
            found += await examine(server, secret=settings.turn.secret, workers=workers, now=now)
    return [(f"{one.verdict}: {one.sentence}", one.verdict is not Verdict.FAULT) for one in found]
