"""Commands about attentions of which there is no recording."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from videoattention.cli.command import Command

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from videoattention.config import Settings

WRONG: Final = 1
"""The exit status when it was not done."""


def export(settings: Settings, said: Namespace) -> None:
    """Write the package that states that there is no recording; that it was given away is in the journal before."""
    from videoattention.bootstrap.evidence import ExportFailed
    from videoattention.bootstrap.faults import told_in_words

    try:
        with told_in_words(settings):
            asyncio.run(_export(settings, said))
    except ExportFailed as failed:
        print(failed, file=sys.stderr)  # noqa: T201 - a command speaks to its terminal
        sys.exit(WRONG)
    sentence = f"{said.attention} is in {said.to}. Whoever gets it checks it with: videoattention-verify {said.to.name}"
    print(sentence, flush=True)  # noqa: T201 - what was asked for


async def _export(settings: Settings, said: Namespace) -> None:
    from videoattention.bootstrap.evidence import evidence_room
    from videoattention.services.attention_export import AttentionErrand

    async with evidence_room(settings) as room:
        errand = AttentionErrand(" ".join(said.purpose.split()), f"operator:{' '.join(said.by.split())}")
        await room.export_attention(said.attention, said.to, errand)


def _export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("attention", metavar="ID", help="an attention that is over, and of which there is no recording")
    parser.add_argument("--to", type=Path, required=True, metavar="FILE", help="the package, which must not exist yet")
    parser.add_argument("--purpose", required=True, metavar="TEXT", help="what it is given away for, in a few words")
    parser.add_argument("--by", required=True, metavar="WHO", help="who gives it away")


COMMANDS = (
    Command(
        "attentions export",
        "give an attention without a recording away as a package that proves itself",
        export,
        _export_arguments,
    ),
)
