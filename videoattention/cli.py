"""The commands: each says what it does, does it through `bootstrap`, and ends with one clear sentence per fault."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import stat
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from videoattention import __version__
from videoattention.config import SettingsRefused, read
from videoattention.entrypoints import log_lines

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from videoattention.config import Settings

REFUSED = 2
"""The exit status of a program that could not begin."""


def main() -> None:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="videoattention", description="Video attention for a public administration.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (sentence, _) in COMMANDS.items():
        commands.add_parser(name, help=sentence, description=sentence)
    chosen = parser.parse_args().command
    log_lines.configure()
    try:
        settings = read()
        COMMANDS[chosen][1](settings)
    except SettingsRefused as refused:
        _refuse(*refused.faults)
    except KeyboardInterrupt:
        sys.exit(130)


def _refuse(*faults: str) -> None:
    for fault in faults:
        print(fault, file=sys.stderr)  # noqa: T201 - a command speaks to its terminal
    sys.exit(REFUSED)


def serve(settings: Settings) -> None:
    """Serve the pages, the signalling and one media worker."""
    faults = [*_unwritable(settings), *_missing_libraries()]
    if faults:
        raise SettingsRefused(faults)
    asyncio.run(_until_told(lambda stop: _serve(settings, stop)))


async def _serve(settings: Settings, stop: asyncio.Event) -> None:
    from videoattention.bootstrap.faults import told_in_words
    from videoattention.bootstrap.service import Service

    with told_in_words(settings):
        service = Service(settings)
    try:
        with told_in_words(settings):
            await service.prepare()
            started = asyncio.Event()
            running = asyncio.create_task(service.run(started))
            await _first(running, started)
        _introduce(settings)
        await _first(running, stop)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    finally:
        await service.close()


def media(settings: Settings) -> None:
    """Carry calls for the service at VIDEOATTENTION_MEDIA_SERVICE."""
    if not (settings.media.service and settings.media.secret):
        raise SettingsRefused(["A media worker needs VIDEOATTENTION_MEDIA_SERVICE and VIDEOATTENTION_MEDIA_SECRET."])
    asyncio.run(_until_told(lambda stop: _media(settings, stop)))


async def _media(settings: Settings, stop: asyncio.Event) -> None:
    from videoattention.bootstrap.worker import NotAdmitted, Worker

    _stop_with_parent(stop)
    running = asyncio.create_task(Worker(settings).run())
    try:
        await _first(running, stop)
    except OSError as error:
        where = f"{settings.media.host}:{settings.media.port}"
        raise SettingsRefused([f"The media port {where} cannot be opened: {error.strerror}."]) from error
    except NotAdmitted as error:
        raise SettingsRefused([f"VIDEOATTENTION_MEDIA_SECRET is not the service's: {error}."]) from error
    running.cancel()
    # whatever it was about to say of a service that is not there
    await asyncio.gather(running, return_exceptions=True)


def database(settings: Settings) -> None:
    """Bring the database to this version, without serving."""
    asyncio.run(_migrate(settings))


async def _migrate(settings: Settings) -> None:
    from videoattention.bootstrap.faults import told_in_words
    from videoattention.bootstrap.service import Service

    with told_in_words(settings):
        service = Service(settings)
        try:
            await service.prepare()
        finally:
            await service.close()


def verify(settings: Settings) -> None:
    """Check every organisation's journal, link by link; exit status 1 if one does not hold."""
    from videoattention.bootstrap.faults import told_in_words
    from videoattention.bootstrap.journals import verify_journals

    sound = True
    with told_in_words(settings):
        verified = asyncio.run(verify_journals(settings))
    for sentence, holds in verified:
        print(sentence)  # noqa: T201 - what was asked for
        sound = sound and holds
    sys.exit(0 if sound else 1)


COMMANDS: dict[str, tuple[str, Callable[[Settings], None]]] = {
    "serve": ("serve the pages, the signalling and one media worker", serve),
    "media": ("carry calls for the service at VIDEOATTENTION_MEDIA_SERVICE", media),
    "migrate": ("bring the database to this version, without serving", database),
    "verify-journal": ("check every organisation's journal, link by link", verify),
}


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


def _unwritable(settings: Settings) -> list[str]:
    """One sentence for each folder that cannot be used."""
    faults = []
    for name, folder in (("DATA", settings.storage.data), ("RECORDINGS", settings.storage.recordings)):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = folder / f".writable-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            faults.append(f"The folder {folder} (VIDEOATTENTION_{name}) cannot be written: {error.strerror}.")
    return faults


def _missing_libraries() -> list[str]:
    from videoattention.bootstrap.ground import web_folder

    library = web_folder() / "static" / "vendor" / "socket.io.esm.min.js"
    return (
        []
        if library.is_file()
        else [f"The browser library {library.name} is missing: run make run, which installs it."]
    )


def _introduce(settings: Settings) -> None:
    """Where the workplaces are, and who can sign in on the demonstration."""
    from videoattention.bootstrap.identity import demo_people

    public = settings.web.public_url
    lines = [
        f"Video attention {__version__} serves on {public}",
        f"  citizens    {public}/",
        f"  informers   {public}/desk",
        f"  auditors    {public}/archive",
    ]
    if settings.stand_in:
        lines += ["People of the demonstration, to choose from when signing in:"]
        lines += [f"  {name} · {caption}" for name, caption in demo_people()]
    print("\n".join(lines), flush=True)  # noqa: T201 - a command speaks to its terminal
