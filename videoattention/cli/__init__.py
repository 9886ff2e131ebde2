"""The commands: each says what it does, does it through `bootstrap`, and ends with one clear sentence per fault."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from videoattention import __version__
from videoattention.cli import attentions, doctor, identities, journal, keeping, keys, processes, recordings, retention
from videoattention.config import SettingsRefused, read
from videoattention.entrypoints import log_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from videoattention.cli.command import Command

REFUSED = 2
"""The exit status of a program that could not begin."""

COMMANDS: tuple[Command, ...] = (
    *processes.COMMANDS,
    *journal.COMMANDS,
    *keys.COMMANDS,
    *keeping.COMMANDS,
    *recordings.COMMANDS,
    *attentions.COMMANDS,
    *retention.COMMANDS,
    *identities.COMMANDS,
    *doctor.COMMANDS,
)

GROUPS = {
    "journal": "what was written down, and whether it still holds",
    "keys": "what recordings are encrypted with",
    "recordings": "what was recorded: what there is, whether it holds, and giving it away",
    "attentions": "attentions without a recording: giving away what proves that there is none",
    "retention": "how long data are kept, and erasing them when it is over",
    "identities": "what proves who citizens were shown to be",
    "doctor": "whether what the service relies on is as it must be",
}
"""The first words of commands of two words, and what they are about."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; ``arguments`` are those of the process unless given."""
    said = _parser().parse_args(arguments)
    log_lines.configure()
    try:
        said.command.run(read(), said)
    except SettingsRefused as refused:
        for fault in refused.faults:
            sys.stderr.write(f"{fault}\n")  # at once, for the log may write there too
        sys.exit(REFUSED)
    except KeyboardInterrupt:
        sys.exit(130)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="videoattention", description="Video attention for a public administration.")
    parser.add_argument("--version", action="version", version=__version__)
    first = parser.add_subparsers(required=True, metavar="COMMAND")
    groups = {
        name: first.add_parser(name, help=about, description=about).add_subparsers(required=True, metavar="COMMAND")
        for name, about in GROUPS.items()
    }
    for command in COMMANDS:
        group, _, word = command.words.rpartition(" ")
        place = groups[group] if group else first
        own = place.add_parser(word, help=command.sentence, description=command.sentence)
        command.arguments(own)
        own.set_defaults(command=command)
    return parser
