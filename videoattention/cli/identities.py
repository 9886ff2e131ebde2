"""Commands about who citizens were shown to be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from videoattention.cli.command import Command

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from videoattention.config import Settings


def proof(settings: Settings, said: Namespace) -> None:
    """Write what the citizens' login answered, word for word; that it was given away is in the journal before."""
    from videoattention.bootstrap.faults import told_in_words
    from videoattention.bootstrap.identities import write_proofs
    from videoattention.services.work import Acting

    acting = Acting(said.organisation, f"operator:{' '.join(said.by.split())}")
    purpose = " ".join(said.purpose.split())
    with told_in_words(settings):
        written = write_proofs(settings, acting, said.attention, purpose=purpose, to=said.to)
    for path in written:
        print(f"{path}: its name is its SHA-256, which the journal has.")  # noqa: T201 - what was asked for


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("attention", metavar="ID", help="an attention whose citizen identified electronically")
    parser.add_argument("--organisation", required=True, metavar="ID", help="whose attention it is")
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="a folder, which must not exist yet")
    parser.add_argument("--purpose", required=True, metavar="TEXT", help="what it is given away for, in a few words")
    parser.add_argument("--by", required=True, metavar="WHO", help="who gives it away")


COMMANDS = (Command("identities proof", "give away what the citizens' login answered", proof, _arguments),)
