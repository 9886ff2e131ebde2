"""Commands about the journal."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from videoattention.cli.command import Command

if TYPE_CHECKING:
    from argparse import Namespace

    from videoattention.config import Settings


def verify(settings: Settings, _: Namespace) -> None:
    """Check every organisation's journal, link by link; exit status 1 if one does not hold."""
    from videoattention.bootstrap.faults import told_in_words
    from videoattention.bootstrap.journals import verify_journals

    with told_in_words(settings):
        verified = asyncio.run(verify_journals(settings))
    for sentence, _holds in verified:
        print(sentence)  # noqa: T201 - what was asked for
    sys.exit(0 if all(holds for _, holds in verified) else 1)


COMMANDS = (Command("journal verify", "check every organisation's journal, link by link", verify),)
