"""How fast the bytes of a recording leave: what is looked at first at once, what follows while it is looked at.

A browser that seeks asks for everything from there to the end, and the network takes many megabytes of it before the
browser says that it is enough. To decrypt and carry them costs both sides their processors at the very moment when the
picture that was sought is decoded.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from videoattention.services.vault import RecordedMedia

AT_ONCE: Final = 6.0
"""Seconds of media that go without a pause: twice what lies between two key frames."""

TIMES_AS_FAST: Final = 8.0
"""How many times faster than it plays the rest goes; a player plays twice as fast at most."""

EVERY: Final = 0.25
"""Seconds between two helpings of the rest."""

LEAST: Final = {"audio": 16 * 1024, "video": 128 * 1024}
"""Bytes of a second that are reckoned with: the mean tells little of a camera that was off for most of a call."""


async def with_headway(media: RecordedMedia, start: int, end: int, *, kind: str) -> AsyncIterator[bytes]:
    """The bytes ``start <= i < end`` in time for somebody who plays them from the first one on; raises as `read`."""
    plays = max(LEAST[kind], media.size / max(media.duration, 1.0))
    now = asyncio.get_running_loop().time
    due, at, until = now(), start, start + round(AT_ONCE * plays)
    while at < end:
        await asyncio.sleep(max(0.0, due - now()))
        async for piece in media.read(at, min(until, end)):
            yield piece
        due += EVERY
        at, until = until, until + round(TIMES_AS_FAST * plays * EVERY)
