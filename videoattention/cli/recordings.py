"""Commands about recordings: what there is, whether it still holds, and giving one away."""

from __future__ import annotations

import asyncio
import json
import sys
from argparse import ArgumentTypeError
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from videoattention.cli.command import Command
from videoattention.config import SettingsRefused

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from videoattention.config import Settings
    from videoattention.services.proof import KeptRecording

WRONG: Final = 1
"""The exit status when something does not hold, or was not done."""

_COLUMNS: Final = (
    "organisation",
    "recording",
    "attention",
    "started",
    "ended",
    "stage",
    "parts",
    "seconds",
    "complete",
    "held",
)


def show(settings: Settings, said: Namespace) -> None:
    """List the recordings, oldest first."""
    from videoattention.bootstrap.evidence import kept_recordings
    from videoattention.bootstrap.faults import told_in_words

    with told_in_words(settings):
        found = asyncio.run(kept_recordings(settings, said.organisation, said.since))
    told = [_told(kept) for kept in found]
    if said.json:
        _say(json.dumps(told, indent=1))
        return
    _table([_COLUMNS, *(tuple(_cell(one[name]) for name in _COLUMNS) for one in told)])


def _table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        _say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _told(kept: KeptRecording) -> dict[str, object]:
    recording = kept.recording
    started = recording.parts[0].opened_at if recording.parts else recording.requested_at
    ended = recording.parts[-1].closed_at if recording.parts else None
    values = (
        recording.organisation,
        recording.id,
        recording.attention,
        started.astimezone(UTC).isoformat(timespec="seconds"),
        ended.astimezone(UTC).isoformat(timespec="seconds") if ended else None,
        recording.stage.value,
        len(recording.parts),
        round(recording.seconds, 3),
        kept.complete,
        kept.held,
    )
    return dict(zip(_COLUMNS, values, strict=True))


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)


def _list_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--organisation", metavar="ID", help="only those of this organisation")
    parser.add_argument("--since", type=_moment, metavar="TIME", help="only those asked for since then (ISO 8601, UTC)")
    parser.add_argument("--json", action="store_true", help="as JSON, for other programs")


def _moment(said: str) -> datetime:
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        raise ArgumentTypeError("must be like 2026-11-22 or 2026-11-22T10:00") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def verify(settings: Settings, said: Namespace) -> None:
    """Decrypt and compare every record of every file with the seal, and the seal with the journal."""
    from videoattention.bootstrap.faults import told_in_words

    if bool(said.recordings) is said.all:
        raise SettingsRefused(["Name the recordings to verify, or say --all."])
    with told_in_words(settings):
        holds = asyncio.run(_verify(settings, said.recordings))
    sys.exit(0 if holds else WRONG)


async def _verify(settings: Settings, names: Sequence[str]) -> bool:
    from videoattention.bootstrap.evidence import evidence_room

    async with evidence_room(settings) as room:
        found, results = await room.found(names), []
        if not found:
            _say("There are no recordings.")
        for nth, kept in enumerate(found, 1):
            _progress(f"{nth} of {len(found)}: {kept.recording.id}")
            sentence, holds = await room.verify(kept, _progress)
            _say(sentence)
            results.append(holds)
        for sentence in await room.missing() if not names else ():
            _say(sentence)
            results.append(False)
        for organisation in sorted({kept.recording.organisation for kept in found}):
            sentence, holds = await room.verify_journal(organisation)
            _say(sentence)
            results.append(holds)
    return all(results)


def _verify_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("recordings", nargs="*", metavar="ID", help="a recording")
    parser.add_argument("--all", action="store_true", help="every recording of every organisation")


def export(settings: Settings, said: Namespace) -> None:
    """Write a package that can be checked on another machine; that it was given away is in the journal before."""
    from videoattention.bootstrap.evidence import ExportFailed
    from videoattention.bootstrap.faults import told_in_words

    try:
        with told_in_words(settings):
            asyncio.run(_export(settings, said))
    except ExportFailed as failed:
        print(failed, file=sys.stderr)  # noqa: T201 - a command speaks to its terminal
        sys.exit(WRONG)
    _say(f"{said.recording} is in {said.to}. Whoever gets it checks it with: videoattention-verify {said.to.name}")


async def _export(settings: Settings, said: Namespace) -> None:
    from videoattention.bootstrap.evidence import evidence_room
    from videoattention.services.export import Errand

    async with evidence_room(settings) as room:
        (kept,) = await room.found([said.recording])
        errand = Errand(" ".join(said.purpose.split()), " ".join(said.by.split()))
        await room.export(kept, said.to, errand, progress=_progress)


def _export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("recording", metavar="ID", help="a sealed recording")
    parser.add_argument("--to", type=Path, required=True, metavar="FILE", help="the package, which must not exist yet")
    parser.add_argument("--purpose", required=True, metavar="TEXT", help="what it is given away for, in a few words")
    parser.add_argument("--by", required=True, metavar="WHO", help="who gives it away")


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 - what was asked for


def _progress(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - a command speaks to its terminal


COMMANDS = (
    Command("recordings list", "list the recordings, oldest first", show, _list_arguments),
    Command("recordings verify", "compare recordings with their seals and the journal", verify, _verify_arguments),
    Command("recordings export", "give a recording away as a package that proves itself", export, _export_arguments),
)
