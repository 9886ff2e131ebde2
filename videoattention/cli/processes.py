"""The commands that run the service: the pages, the media workers, and the tables under both."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from videoattention import __version__
from videoattention.cli.command import Command
from videoattention.config import SettingsRefused

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Awaitable, Callable, Coroutine

    from videoattention.bootstrap.worker import Worker
    from videoattention.config import Settings


def serve(settings: Settings, _: Namespace) -> None:
    """Serve the pages, the signalling and the media workers of this machine; SIGHUP replaces the workers."""
    from videoattention.bootstrap.beginning import missing

    faults = missing(settings)
    if faults:
        raise SettingsRefused(faults)
    _run(_until_told(lambda stop: _serve(settings, stop)))


async def _serve(settings: Settings, stop: asyncio.Event) -> None:
    from videoattention.bootstrap.faults import told_in_words
    from videoattention.bootstrap.service import Service

    with told_in_words(settings, beginning=True):
        service = Service(settings)
    try:
        with told_in_words(settings, beginning=True):
            await service.prepare()
            started = asyncio.Event()
            running = asyncio.create_task(service.run(started))
            await _first(running, started)
        _introduce(settings)
        if not sys.stdin.isatty():  # at a terminal a hang-up means what it always does
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, service.replace_workers)
        await _first(running, stop)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    finally:
        await service.close()


def media(settings: Settings, _: Namespace) -> None:
    """Carry calls for the service at VIDEOATTENTION_MEDIA_SERVICE; SIGTERM lets it end after its last call."""
    if not (settings.media.service and settings.media.secret):
        raise SettingsRefused(["A media worker needs VIDEOATTENTION_MEDIA_SERVICE and VIDEOATTENTION_MEDIA_SECRET."])
    _run(_until_told(lambda stop: _media(settings, stop)))


async def _media(settings: Settings, stop: asyncio.Event) -> None:
    from videoattention.bootstrap.worker import NotAdmitted, Worker

    _stop_with_parent(stop)
    worker = Worker(settings)
    running = asyncio.create_task(worker.run())
    leaving = asyncio.create_task(_leave_when_told(worker, stop))
    try:
        await _first(running, stop)
    except OSError as error:
        where = f"{settings.media.host}:{settings.media.port}"
        raise SettingsRefused([f"The media port {where} cannot be opened: {error.strerror}."]) from error
    except NotAdmitted as error:
        raise SettingsRefused([f"VIDEOATTENTION_MEDIA_SECRET is not the service's: {error}."]) from error
    leaving.cancel()
    running.cancel()
    # whatever it was about to say of a service that is not there
    await asyncio.gather(running, return_exceptions=True)


async def _leave_when_told(worker: Worker, stop: asyncio.Event) -> None:
    """At the first SIGTERM it takes its leave, which may last as long as a call; at the second one it ends at once."""
    told = asyncio.Event()

    def tell() -> None:
        (stop if told.is_set() else told).set()

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, tell)
    await told.wait()
    await worker.leave()


def database(settings: Settings, _: Namespace) -> None:
    """Bring the database to this version, without serving."""
    _run(_migrate(settings))


async def _migrate(settings: Settings) -> None:
    from videoattention.bootstrap.faults import told_in_words
    from videoattention.bootstrap.service import Service

    with told_in_words(settings, beginning=True):
        service = Service(settings)
        try:
            await service.prepare()
        finally:
            await service.close()


async def _first(running: asyncio.Task[None], event: asyncio.Event) -> None:
    """Wait for the event, or for the task to fail; its error is raised plain, not in a group."""
    waiting = asyncio.create_task(event.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if running.done():
        try:
            await running
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from group


def _run(work: Coroutine[object, object, None]) -> None:
    """Run it; what it writes is for this user alone, also in a folder that somebody else made."""
    os.umask(0o077)
    asyncio.run(work)


async def _until_told(begin: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run until SIGINT or SIGTERM asks to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await begin(stop)


def _stop_with_parent(stop: asyncio.Event) -> None:
    """A worker that `serve` started ends when its standard input does: the parent is gone."""
    if stat.S_ISFIFO(os.fstat(0).st_mode) or stat.S_ISSOCK(os.fstat(0).st_mode):
        asyncio.get_running_loop().add_reader(0, stop.set)


def _introduce(settings: Settings) -> None:
    """Where the workplaces are, and who can sign in on the demonstration."""
    from videoattention.bootstrap.identity import demo_people

    public = settings.web.public_url
    lines = [
        f"Video attention {__version__} serves on {public}",
        f"  citizens    {public}/",
        f"  informers   {public}/desk",
        f"  auditors    {public}/archive",
        f"  settings    {public}/settings",
        f"  rights      {public}/rights",
    ]
    if not (settings.production or settings.sms.host):
        lines += [f"  codes by SMS are shown on {public}/demo/phone"]
    if settings.stand_in:
        lines += ["People of the demonstration, to choose from when signing in:"]
        lines += [f"  {name} · {caption}" for name, caption in demo_people()]
    print("\n".join(lines), flush=True)  # noqa: T201 - a command speaks to its terminal


COMMANDS = (
    Command("serve", "serve the pages, the signalling and the media workers of this machine", serve),
    Command("media", "carry calls for the service at VIDEOATTENTION_MEDIA_SERVICE", media),
    Command("migrate", "bring the database to this version, without serving", database),
)
