"""Commands that keep recordings or let them go: hold, release, erase, and the certificate of what was erased."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from videoattention.cli.command import Command
from videoattention.config import SettingsRefused

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from videoattention.bootstrap.keeping import Said
    from videoattention.config import Settings
    from videoattention.services.erasing import KeptErasure

NOT_DONE: Final = 1
"""The exit status when the rules refused it."""


def hold(settings: Settings, said: Namespace) -> None:
    """Put a recording on hold: it cannot be erased until the hold is released."""
    _do(settings, said, "hold")


def release(settings: Settings, said: Namespace) -> None:
    """Release one hold, or every hold of a recording."""
    _do(settings, said, "release")


def erase(settings: Settings, said: Namespace) -> None:
    """Destroy the keys of a recording, keep a signed certificate, delete the files."""
    if not (said.yes or _meant(said.recording)):
        raise SettingsRefused([f"Nothing was erased: to erase {said.recording} say --yes, or type its id when asked."])
    _do(settings, said, "erase")


def _meant(recording: str) -> bool:
    if not sys.stdin.isatty():
        return False
    print(f"Recording {recording} will be erased for good. Type its id to go on:", file=sys.stderr, flush=True)  # noqa: T201 - a command speaks to its terminal
    return sys.stdin.readline().strip() == recording


def _do(settings: Settings, said: Namespace, what: str) -> None:
    from videoattention.bootstrap.keeping import Said

    meant = Said(said.recording, said.reason, " ".join(said.by.split()))
    if not meant.by:
        raise SettingsRefused(["Say with --by who answers for it."])
    with _told(settings):
        sentence = asyncio.run(_done(settings, what, meant))
    _say(sentence)


async def _done(settings: Settings, what: str, meant: Said) -> str:
    from videoattention.bootstrap.keeping import keeping_room

    async with keeping_room(settings) as room:
        acts = {"hold": room.hold, "release": room.release, "erase": room.erase}
        return await acts[what](meant)


def certificate(settings: Settings, said: Namespace) -> None:
    """Print the certificate of an erased recording as it was signed, its signature and the public key, as JSON."""
    with _told(settings):
        found = asyncio.run(_certificate(settings, said.recording))
    told = {
        "certificate": found.certificate.decode(),
        "signature": base64.b64encode(found.signature).decode(),
        "key": found.key_id,
        "public_key": found.public_key.decode(),
    }
    print(found.in_words, file=sys.stderr, flush=True)  # noqa: T201 - a command speaks to its terminal
    _say(json.dumps(told, indent=1, ensure_ascii=False))


async def _certificate(settings: Settings, recording: str) -> KeptErasure:
    from videoattention.bootstrap.keeping import keeping_room

    async with keeping_room(settings) as room:
        return await room.certificate(recording)


@contextmanager
def _told(settings: Settings) -> Iterator[None]:
    from videoattention.bootstrap.faults import told_in_words
    from videoattention.bootstrap.keeping import NotDone

    try:
        with told_in_words(settings):
            yield
    except NotDone as refused:
        print(refused, file=sys.stderr)  # noqa: T201 - a command speaks to its terminal
        sys.exit(NOT_DONE)


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 - what was asked for


def _named(parser: ArgumentParser, name: str, about: str) -> None:
    parser.add_argument("recording", metavar=name, help=about)
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why, for the journal: a case, a law, an order")
    parser.add_argument("--by", required=True, metavar="WHO", help="who answers for it")


def _erase_arguments(parser: ArgumentParser) -> None:
    _named(parser, "ID", "a sealed recording")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def _certificate_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("recording", metavar="ID", help="an erased recording")


COMMANDS = (
    Command(
        "recordings hold", "keep a recording from being erased", hold, lambda own: _named(own, "ID", "a recording")
    ),
    Command(
        "recordings release",
        "release a hold, or every hold of a recording",
        release,
        lambda own: _named(own, "ID", "a hold, or a recording"),
    ),
    Command("recordings erase", "destroy a recording and keep a signed certificate", erase, _erase_arguments),
    Command(
        "recordings certificate",
        "print the certificate of an erased recording",
        certificate,
        _certificate_arguments,
    ),
)
