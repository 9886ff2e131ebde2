"""The media worker's process."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from videoattention import __version__
from videoattention.adapters.clock import SystemClock
from videoattention.adapters.media.plane import MediaPlane, MediaSettings
from videoattention.adapters.vault.writer import FolderVault
from videoattention.bootstrap.ground import new_id
from videoattention.bootstrap.storage import copies, uploads
from videoattention.entrypoints.worker import NotAdmitted, Offer, ServiceAddress, WorkerConnection

if TYPE_CHECKING:
    from videoattention.config import Settings

__all__ = ["NotAdmitted", "Worker"]


MOST_CALLS = 500
"""Calls that a worker takes whatever it said of its capacity: the service may know of less than it carries."""


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
        """Carry calls until cancelled, or until `leave` was asked for and the last one ended; files are closed then."""
        with self._uploads or nullcontext():
            async with self._plane:
                await self._connection.run(self._plane)

    async def leave(self) -> None:
        """Take no new call, and let `run` end after the last one."""
        await self._connection.leave()
