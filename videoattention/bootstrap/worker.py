"""The media worker's process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention import __version__
from videoattention.adapters.clock import SystemClock
from videoattention.adapters.media.plane import MediaPlane, MediaSettings
from videoattention.adapters.vault.writer import FolderVault
from videoattention.bootstrap.ground import new_id
from videoattention.entrypoints.worker import NotAdmitted, ServiceAddress, WorkerConnection

if TYPE_CHECKING:
    from videoattention.config import Settings

__all__ = ["NotAdmitted", "Worker"]


class Worker:
    """The media worker's process."""

    def __init__(self, settings: Settings) -> None:
        address = ServiceAddress(settings.media.service, settings.media.secret)
        self._connection = WorkerConnection(address, new_id(), __version__)
        self._plane = MediaPlane(
            MediaSettings(settings.media.host, settings.media.port, settings.media.addresses),
            vault=FolderVault(settings.storage.recordings),
            tell=self._connection.tell,
            wall=lambda: SystemClock().now().timestamp(),
        )

    async def run(self) -> None:
        """Carry calls until cancelled; files are closed at the end."""
        async with self._plane:
            await self._connection.run(self._plane)
