"""The media worker's process."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING

from videoattention import __version__
from videoattention.adapters.clock import SystemClock
from videoattention.adapters.media.plane import MediaPlane, MediaSettings
from videoattention.adapters.vault.writer import FolderVault
from videoattention.bootstrap.ground import new_id
from videoattention.bootstrap.storage import copies, uploads
from videoattention.entrypoints.worker import NotAdmitted, Offer, ServiceAddress, WorkerConnection

if TYPE_CHECKING:
    from videoattention.adapters.vault.uploads import Uploads
    from videoattention.config import Settings

__all__ = ["NotAdmitted", "Worker"]


MOST_CALLS = 500
"""Calls that a worker takes whatever it said of its capacity: the service may know of less than it carries."""

MOVED_WITHIN = 30.0
"""Seconds that a worker which took its leave gives its last files to be moved; whoever comes next moves the others."""

_LOOK_EVERY = 0.25


class Worker:
    """The media worker's process."""

    def __init__(self, settings: Settings) -> None:
        media = settings.media
        self._uploads = uploads(settings)
        self._connection = WorkerConnection(
            ServiceAddress(media.service, media.secret),
            Offer(media.name or new_id(), __version__, media.capacity),
            deadline=float(media.drain),
            copies=copies(settings, self._uploads) if self._uploads is not None else None,
        )
        self._plane = MediaPlane(
            MediaSettings(media.host, media.port, media.addresses, most_calls=max(MOST_CALLS, media.capacity)),
            vault=FolderVault(settings.storage.recordings),
            tell=self._connection.tell,
            wall=lambda: SystemClock().now().timestamp(),
        )

    async def run(self) -> None:
        """Carry calls until cancelled, or until `leave` was asked for and the last one ended; files are closed then.

        Who took its leave ends when they are in the object store, too: there may be nobody after it to move them.
        """
        with self._uploads or nullcontext():
            async with self._plane:
                await self._connection.run(self._plane)
            if self._uploads is not None:
                await _moved(self._uploads)

    async def leave(self) -> None:
        """Take no new call, and let `run` end after the last one."""
        await self._connection.leave()


async def _moved(uploads: Uploads) -> None:
    """Wait until what lies here now was moved, as long as the store takes files."""
    with suppress(TimeoutError):
        async with asyncio.timeout(MOVED_WITHIN):
            mine = await asyncio.to_thread(uploads.under_way)
            while mine & await asyncio.to_thread(uploads.under_way):  # noqa: ASYNC110 - of a folder, which tells nobody
                await asyncio.sleep(_LOOK_EVERY)
