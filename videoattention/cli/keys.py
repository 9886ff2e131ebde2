"""Commands about keys."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from videoattention.cli.command import Command
from videoattention.config import SettingsRefused

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from videoattention.config import Settings


def rotate(settings: Settings, said: Namespace) -> None:
    """Wrap every key anew under a new master key, and under new keys of organisations; media is not touched."""
    from videoattention.bootstrap.faults import told_in_words
    from videoattention.bootstrap.rotation import Wanted, rotate

    chosen = tuple(said.organisation)
    if said.keep_master and not (chosen or said.all):
        raise SettingsRefused(["With --keep-master say whose keys: --organisation ID, or --all."])
    wanted = Wanted(master=not said.keep_master, organisations=chosen, everyone=said.all)
    with told_in_words(settings):
        asyncio.run(rotate(settings, wanted, say=_say, progress=_progress))


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--organisation", action="append", default=[], metavar="ID", help="a new key for this organisation too"
    )
    parser.add_argument("--all", action="store_true", help="a new key for every organisation too")
    parser.add_argument("--keep-master", action="store_true", help="no new master key, only the organisations' keys")


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 - what was asked for


def _progress(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - a command speaks to its terminal


COMMANDS = (Command("keys rotate", "wrap every key anew under a new master key", rotate, _arguments),)
