"""The recorded authorisation of a level ends by itself: when it has lasted its time the recorder leaves.

A timer is set when the recorder begins to store, and a look every few seconds sets those that a crash lost. If the
service dies the worker stops the tap by itself, so that no clip runs on.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from videoattention.domain import clips
from videoattention.domain.facts import RecordingResumed, RecordingStarted
from videoattention.domain.proving import Clip
from videoattention.domain.stages import Stage
from videoattention.services.work import the_service

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.domain.attention import Attention
    from videoattention.domain.facts import Fact
    from videoattention.domain.recording import Recording
    from videoattention.services.ports import Entry, Transaction
    from videoattention.services.views import Views
    from videoattention.services.work import Acting, Work

_log = structlog.get_logger()

LOOK_EVERY: Final = 5.0
"""Seconds between two looks at clips whose timer was lost."""


class Clips:
    """Ends what has lasted long enough."""

    def __init__(self, work: Work, views: Views) -> None:
        self._work = work
        self._views = views
        self._timers: dict[str, asyncio.Task[None]] = {}

    async def hear(self, acting: Acting, attention: str) -> None:
        """The informer heard the authorisation; raises ``clip_too_short`` before it can have been said."""

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            found = await transaction.attentions.get(attention)
            change = found.hear_clip(acting.subject)
            clips.must_last(await _of_clip(transaction, found), now)
            await transaction.attentions.save(change.attention)
            return change.facts

        await self._work.carry_out(acting, action)

    async def end_when_due(self, organisation: str, attention: str) -> float | None:
        """End the authorisation if it has lasted its time.

        Returns the seconds that are left of it, ``None`` when nothing is being recorded under it (any more).
        """
        left: list[float] = []

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            left.clear()
            found = await transaction.attentions.get(attention)
            if found.clip is not Clip.WANTED or found.stage is not Stage.TALKING:
                return ()
            until = clips.ends_at(await _of_clip(transaction, found), found.in_force.clip_seconds)
            if until is None:
                return ()
            if until > now:
                left.append((until - now).total_seconds())
                return ()
            change = found.end_clip("time")
            await transaction.attentions.save(change.attention)
            return change.facts

        await self._work.carry_out(the_service(organisation), action)
        return left[0] if left else None

    # --- when ---------------------------------------------------------------------------------------------------------

    def committed(self, entries: Sequence[Entry]) -> None:
        """A recorder that begins to store may do so for a clip."""
        for entry in entries:
            if isinstance(entry.fact, RecordingStarted | RecordingResumed):
                self._watch(entry.organisation, entry.fact.attention)

    async def run(self) -> None:
        """Look at every recording, now and then, until cancelled."""
        try:
            while True:
                await self.look()
                await asyncio.sleep(LOOK_EVERY)
        finally:
            for timer in self._timers.values():
                timer.cancel()

    async def look(self) -> None:
        """Set the timers that are missing; what fails is tried again by the next look."""
        try:
            for organisation, attention in await self._views.being_recorded():
                self._watch(organisation, attention)
        except Exception:  # noqa: BLE001 - the next look tries again
            _log.exception("clips_failed")

    def _watch(self, organisation: str, attention: str) -> None:
        if attention not in self._timers:
            timer = asyncio.get_running_loop().create_task(self._wait(organisation, attention))
            self._timers[attention] = timer
            timer.add_done_callback(lambda _: self._timers.pop(attention, None))

    async def _wait(self, organisation: str, attention: str) -> None:
        try:
            left = await self.end_when_due(organisation, attention)
            while left is not None:
                await asyncio.sleep(left)
                left = await self.end_when_due(organisation, attention)
        except Exception:  # noqa: BLE001 - the next look sets it again
            _log.exception("clip_failed", attention=attention)


async def _of_clip(transaction: Transaction, attention: Attention) -> Recording | None:
    """What is being recorded of the authorisation; a recorder that another level let in is on its way out."""
    recording, admitting = await transaction.recordings.active_of(attention.id), attention.recorder_consent
    return recording if recording and admitting and recording.consent == admitting.id else None
