"""Stills of a visual identification: what the informer's browser showed, and where the recorder has the same."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from videoattention.domain.recording import RecordingStage
from videoattention.domain.visual_parts import Instant, Still
from videoattention.services.media import Track
from videoattention.services.pictures import jpeg_of
from videoattention.services.visual_finding import look, wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from videoattention.domain.facts import Fact
    from videoattention.domain.recording import Recording
    from videoattention.domain.visual_stages import StillKind
    from videoattention.services.pictures import Picture
    from videoattention.services.ports import Transaction
    from videoattention.services.visual_ports import SealedStill, StillVault
    from videoattention.services.work import Acting, Work

OLDEST: Final = timedelta(seconds=30)
"""Longest believed time between the picture and its arrival; more is a clock that jumped."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A still as it came: how long before its sending the picture was shown, and that picture's RTP timestamp."""

    kind: StillKind
    sent: bytes
    age: timedelta
    rtp: str = ""


class VisualStills:
    """Keeps and shows stills; raises `StepRefused` or `NotFound`."""

    def __init__(self, work: Work, *, vault: StillVault, new_id: Callable[[], str]) -> None:
        self._work = work
        self._vault = vault
        self._new_id = new_id

    async def keep(self, acting: Acting, attention: str, taken: Taken) -> None:
        """Keep a still in the step that wants one; raises ``still_refused`` for what is no picture."""
        shown_at = self._work.clock.now() - min(max(taken.age, timedelta(0)), OLDEST)
        picture = await asyncio.to_thread(jpeg_of, taken.sent)
        still = await asyncio.to_thread(_still, self._new_id(), taken.kind, picture)
        # a still of another step, or of another informer, is refused before anything is encrypted
        (await look(self._work, acting, attention)).shoot(acting.subject, still, Instant(""))
        sealed = await self._vault.close(acting.organisation, still.id, picture.body)

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            recording = await transaction.recordings.active_of(attention)
            instant = instant_of(shown_at, taken.rtp, recording)
            changed = (await wanted(transaction, attention)).shoot(acting.subject, still, instant)
            await transaction.visuals.save(changed.visual)
            await transaction.visuals.keep_still(changed.visual.id, sealed, now)
            return changed.facts

        await self._work.carry_out(acting, action)

    async def show(self, acting: Acting, attention: str, still: str) -> bytes:
        """A still of the identification that goes on, to the informer who took it; raises `NotFound`."""
        visual = await look(self._work, acting, attention)
        visual.must_be_attended_by(acting.subject)
        return await self._vault.open(acting.organisation, await self._find(acting, visual.id, still))

    async def _find(self, acting: Acting, visual: str, still: str) -> SealedStill:
        found: list[SealedStill] = []

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            found.append(await transaction.visuals.still(visual, still))
            return ()

        await self._work.carry_out(acting, action)
        return found[-1]


def _still(still: str, kind: StillKind, picture: Picture) -> Still:
    return Still(still, kind, hashlib.sha256(picture.body).hexdigest(), picture.width, picture.height)


def instant_of(shown_at: datetime, rtp: str, recording: Recording | None) -> Instant:
    """When it was shown, and where the recorder has its own picture of that instant, if it is in the call."""
    part = recording.parts[-1] if recording is not None and recording.parts else None
    if recording is None or part is None or recording.stage is not RecordingStage.CAPTURING:
        return Instant(shown_at.isoformat(), rtp)
    offset = max(0.0, (shown_at - part.opened_at).total_seconds())
    return Instant(shown_at.isoformat(), rtp, recording.id, part.number, Track.CITIZEN_VIDEO.value, round(offset, 3))
