"""Erasing everything that tells who the citizen of an attention was: its recordings, its rows, its entries.

The order matters for a crash. Each recording goes by itself, with a certificate; then one transaction blanks the rows
and the journal's words and says so. Whoever begins again finds the recordings erased and goes on from there.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from videoattention.domain.errors import StepRefused
from videoattention.domain.recording import RecordingStage
from videoattention.domain.retention import Keeping, RetentionStage, kept_by
from videoattention.services.vault import StorageFailed
from videoattention.services.work import Acting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from videoattention.domain.facts import Fact
    from videoattention.services.ports import Transaction
    from videoattention.services.work import Work

NEVER_LOOKED_AT = "never_looked_at"
"""The rule of a keeping that a request met before its period was ever computed."""


class ErasesRecordings(Protocol):
    """`videoattention.services.erasing.Erasing`."""

    async def erase(self, organisation: str, recording: str, *, reason: str, by: str) -> bool:
        """Destroy keys and files, keep a certificate; whether the database was scrubbed."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why it is erased: ``retention``, or ``request`` with its id; ``reason`` is for the certificates of recordings."""

    code: str
    reason: str
    by: str
    request: str = ""


class Unmaking:
    """The use case, for what was granted and for what was kept long enough."""

    def __init__(self, work: Work, erasing: ErasesRecordings, *, scrub: Callable[[], Awaitable[bool]]) -> None:
        self._work = work
        self._erasing = erasing
        self._scrub = scrub

    async def erase(self, organisation: str, attention: str, cause: Cause) -> None:
        """Erase it for good; raises `StepRefused` with what `kept_by` says, and changes nothing that is kept."""
        acting = Acting(organisation, f"staff:{cause.by}" if cause.request else "service")
        for recording in await self._to_erase(acting, attention, cause):
            with suppress(StorageFailed):  # nobody can read the files any more; they are deleted again and again
                await self._erasing.erase(organisation, recording, reason=cause.reason, by=cause.by)
        await self._work.carry_out(acting, self._blanking(attention, cause))
        await self._scrub()

    async def _to_erase(self, acting: Acting, attention: str, cause: Cause) -> Sequence[str]:
        found: list[Sequence[str]] = []

        async def look(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            await _must_go(transaction, attention, cause)
            if cause.code == "retention":
                _must_be_due(await transaction.keepings.of(attention), now)
            recordings = await transaction.personal.recordings(attention)
            found.append([one.id for one in recordings if one.stage is not RecordingStage.ERASED])
            return ()

        await self._work.carry_out(acting, look)
        return found[-1]

    def _blanking(self, attention: str, cause: Cause) -> Callable[[Transaction, datetime], Awaitable[Sequence[Fact]]]:
        async def blank(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            await transaction.alone()
            await _must_go(transaction, attention, cause)
            kept = await transaction.keepings.of(attention)
            if kept is None:
                kept = Keeping(attention, now, NEVER_LOOKED_AT)
                await transaction.keepings.add(kept)
            entries = await transaction.personal.erase(attention)
            if cause.code == "retention":
                await transaction.personal.erase_words(attention)
            change = kept.erase(now, cause=cause.code, entries=entries)
            await transaction.keepings.save(change.keeping)
            return (*change.facts, *await _done(transaction, cause.request, now))

        return blank


async def _done(transaction: Transaction, request: str, now: datetime) -> Sequence[Fact]:
    if not request:
        return ()
    change = (await transaction.requests.get(request)).carry_out(now)
    await transaction.requests.save(change.request)
    return (change.fact,)


async def _must_go(transaction: Transaction, attention: str, cause: Cause) -> None:
    """A request is not kept by itself, nor by others that its erasure answers too."""
    requests = await transaction.requests.of(attention)
    mattering = () if cause.request else requests
    recordings = await transaction.personal.recordings(attention)
    why = kept_by(recordings, held=await transaction.personal.held(attention), requests=mattering)
    if why:
        raise StepRefused(why, f"the data of attention {attention} must stay")


def _must_be_due(kept: Keeping | None, now: datetime) -> None:
    if kept is None or kept.stage is not RetentionStage.QUARANTINED or now < kept.until:
        raise StepRefused("not_yet", "the quarantine is not over")
