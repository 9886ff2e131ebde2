"""The media workers of this machine: one for each core, and each replaced by a new one without dropping a call."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final

import structlog

from videoattention.adapters.worker_process import LocalWorker
from videoattention.config import PREFIX

if TYPE_CHECKING:
    from videoattention.config import Settings
    from videoattention.services.switchboard import Switchboard

_log = structlog.get_logger()

ARRIVES_WITHIN: Final = 30.0
"""Seconds in which a new worker is connected, or the old one stays."""


@dataclass(slots=True)
class Place:
    """A running worker: its name, its port, and the task that keeps it running."""

    name: str
    port: int
    worker: LocalWorker
    task: asyncio.Task[None]


class LocalWorkers:
    """Keeps as many workers running as the settings say; ``secret`` lets them in at the service of this process."""

    def __init__(self, settings: Settings, secret: str, board: Switchboard) -> None:
        self._settings = settings
        self._secret = secret
        self._board = board
        self._free = list(settings.media.ports)
        self._numbers = count(1)
        self._places: list[Place] = []
        self._asked = asyncio.Event()
        self._port_freed = asyncio.Event()

    def replace(self) -> None:
        """Let a new worker take the place of each, one after the other; asked again meanwhile, it begins again."""
        self._asked.set()

    async def run(self) -> None:
        """Until cancelled; then all of them end."""
        if not self._settings.media.local:
            return
        async with asyncio.TaskGroup() as tasks:
            self._places = [self._start(tasks) for _ in range(self._settings.media.workers)]
            while True:
                await self._asked.wait()
                self._asked.clear()
                for place in list(self._places):
                    await self._replace(place, tasks)

    async def _replace(self, old: Place, tasks: asyncio.TaskGroup) -> None:
        """The new one first, so that there is never less room than before; without it the old one stays."""
        while not self._free:
            _log.warning("worker_waits_for_port", worker=old.name)
            self._port_freed.clear()
            await self._port_freed.wait()
        new = self._start(tasks)
        try:
            await asyncio.wait_for(self._board.arrived(new.name), ARRIVES_WITHIN)
        except TimeoutError:
            _log.error("worker_not_replaced", worker=old.name)
            new.task.cancel()
            return
        self._places[self._places.index(old)] = new
        old.worker.retire()
        if not await self._board.drain(old.name):
            old.task.cancel()  # it is just being started: it carries nothing
        _log.info("worker_replaced", worker=old.name, by=new.name)

    def _start(self, tasks: asyncio.TaskGroup) -> Place:
        name, port = f"local-{next(self._numbers)}", self._free.pop(0)
        worker = LocalWorker(self._told(name, port))
        task = tasks.create_task(worker.run())

        def ended(_: object) -> None:
            self._free.append(port)
            self._port_freed.set()

        task.add_done_callback(ended)
        return Place(name, port, worker, task)

    def _told(self, name: str, port: int) -> dict[str, str]:
        """The settings of a worker: what it needs to carry calls, and no key of any recording."""
        media, storage = self._settings.media, self._settings.storage
        said = {
            "MEDIA_SERVICE": media.service or self._settings.web.here,
            "MEDIA_SECRET": self._secret,
            "MEDIA_NAME": name,
            "MEDIA_HOST": media.host,
            "MEDIA_PORT": str(port),
            "MEDIA_ADDRESSES": ",".join(media.addresses),
            "MEDIA_CAPACITY": str(media.capacity),
            "MEDIA_DRAIN": str(media.drain),
            "RECORDINGS": str(storage.recordings),
        }
        if storage.objects is not None:
            said |= {
                "OBJECT_STORE_URL": storage.objects.url,
                "OBJECT_STORE_BUCKET": storage.objects.bucket,
                "OBJECT_STORE_REGION": storage.objects.region,
                "OBJECT_STORE_ACCESS_KEY": storage.objects.access_key,
                "OBJECT_STORE_SECRET_KEY": storage.objects.secret_key,
            }
        return {PREFIX + name: value for name, value in said.items()}
