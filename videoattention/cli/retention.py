"""Commands about how long data are kept: erase what is due, or say what would be."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Final

from videoattention.cli.command import Command

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from videoattention.config import Settings
    from videoattention.services.retention import Line, Report

REFUSED: Final = 1
"""The exit status when something that is due could not be erased."""

_KINDS: Final = {
    "quarantined": "will be erased in seven days",
    "erased": "erased",
    "kept": "kept",
    "refused": "not erased",
}


def run(settings: Settings, said: Namespace) -> None:
    """Announce and erase what was kept long enough; --dry-run changes nothing."""
    _tell(_done(settings, dry=said.dry_run), said)


def report(settings: Settings, said: Namespace) -> None:
    """Say what a run would do now; nothing is changed."""
    _tell(_done(settings, dry=True), said)


def _done(settings: Settings, *, dry: bool) -> Report:
    from videoattention.bootstrap.faults import told_in_words

    with told_in_words(settings):
        return asyncio.run(_run(settings, dry=dry))


async def _run(settings: Settings, *, dry: bool) -> Report:
    from videoattention.bootstrap.rights import retention_room

    async with retention_room(settings) as retention:
        return await retention.foresee() if dry else await retention.run()


def _tell(found: Report, said: Namespace) -> None:
    if said.json:
        told = {"at": found.at.isoformat(), "dry_run": found.dry, "lines": [_told(line) for line in found.lines]}
        _say(json.dumps(told, indent=1))
    else:
        for sentence in _sentences(found):
            _say(sentence)
    sys.exit(REFUSED if found.of("refused") else 0)


def _told(line: Line) -> dict[str, str | None]:
    until = line.until.isoformat() if line.until else None
    return {
        "organisation": line.organisation,
        "attention": line.attention,
        "what": line.what,
        "why": line.why,
        "until": until,
    }


def _sentences(found: Report) -> list[str]:
    counted = ", ".join(f"{len(found.of(kind))} {words}" for kind, words in _KINDS.items())
    told = [
        f"{line.organisation} {line.attention}: {_KINDS[line.what]} ({line.why}){_until(line)}" for line in found.lines
    ]
    head = "Nothing was changed. A run now would leave: " if found.dry else ""
    return [f"{head}{counted}.", *told]


def _until(line: Line) -> str:
    return f", until {line.until.isoformat(timespec='seconds')}" if line.until else ""


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 - what was asked for


def _json(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON, for other programs")


def _run_arguments(parser: ArgumentParser) -> None:
    _json(parser)
    parser.add_argument("--dry-run", action="store_true", help="change nothing, and say what would be done")


COMMANDS = (
    Command("retention run", "announce and erase what was kept long enough", run, _run_arguments),
    Command("retention report", "say what a run would do now; nothing is changed", report, _json),
)
