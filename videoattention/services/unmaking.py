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
from videoattention.domain.rights import kept_by_requests
from videoattention.domain.stages import Stage
from videoattention.services.vault import StorageFailed
from videoattention.services.work import Acting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from videoattention.domain.attention import Attention
    from videoattention.domain.facts import Fact
    from videoattention.services.ports import Transaction
    from videoattention.services.work import Work

NEVER_LOOKED_AT = "never_looked_at"
"""The rule of a keeping that a request met before its period was ever computed."""


class ErasesRecordings(Protocol):
    """`videoattention.services.erasing.Erasing`."""

    async def erase(self, organisation: str, recording: str, *, reason: str, by: str, answering: str = "") -> bool:
        """Destroy keys and files, keep a certificate; whether the database was scrubbed."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why it is erased: ``retention``, or ``request`` with its id.

    ``reason`` is for the certificates of recordings, which are read in every language: a code of
    `videoattention.domain.erasure_reasons`.
    """

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
                await self._erasing.erase(
                    organisation, recording, reason=cause.reason, by=cause.by, answering=cause.request
                )
        await self._work.carry_out(acting, self._blanking(attention, cause))
        await self._scrub()

    async def erase_words(self, organisation: str, attention: str) -> None:
        """Blank the words of its requests, which an erasure by request leaves until the period is over."""

        async def blank(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            await transaction.alone()
            await transaction.personal.erase_words(attention)
            return ()

        await self._work.carry_out(Acting(organisation, "service"), blank)
        await self._scrub()

    async def _to_erase(self, acting: Acting, attention: str, cause: Cause) -> Sequence[str]:
        async def question(transaction: Transaction, now: datetime) -> Sequence[str]:
            await _must_go(transaction, attention, cause, now)
            if cause.code == "retention":
                _must_be_due(await transaction.keepings.of(attention), now)
            recordings = await transaction.personal.recordings(attention)
            return [one.id for one in recordings if one.stage is not RecordingStage.ERASED]

        return await self._work.read(acting, question)

    def _blanking(self, attention: str, cause: Cause) -> Callable[[Transaction, datetime], Awaitable[Sequence[Fact]]]:
        async def blank(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            await transaction.alone()
            await _must_go(transaction, attention, cause, now)
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


def must_be_over(attention: Attention) -> None:
    """Raises ``attention_goes_on`` while somebody still has to write something about it."""
    if attention.stage not in {Stage.CLOSED, Stage.ABANDONED}:
        raise StepRefused("attention_goes_on", f"attention {attention.id} is {attention.stage}")


async def _done(transaction: Transaction, request: str, now: datetime) -> Sequence[Fact]:
    if not request:
        return ()
    change = (await transaction.requests.get(request)).carry_out(now)
    await transaction.requests.save(change.request)
    return (change.fact,)


async def _must_go(transaction: Transaction, attention: str, cause: Cause, now: datetime) -> None:
    """What a citizen asks for waits for the outcome: what the informer writes then would never be erased."""
    if cause.request:
        must_be_over(await transaction.attentions.get(attention))
    requested = kept_by_requests(await transaction.requests.of(attention), now, answering=cause.request)
    recordings = await transaction.personal.recordings(attention)
    why = kept_by(recordings, held=await transaction.personal.held(attention), requested=requested)
    if why:
        raise StepRefused(why, f"the data of attention {attention} must stay")


def _must_be_due(kept: Keeping | None, now: datetime) -> None:
    if kept is None or kept.stage is not RetentionStage.QUARANTINED or now < kept.until:
        raise StepRefused("not_yet", "the quarantine is not over")
