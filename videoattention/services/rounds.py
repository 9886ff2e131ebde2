"""The rounds: what must happen because time passes, and whatever a reaction could not do. Nothing here is needed twice.

Every round looks at what is committed, so a service that was down for an hour catches up with its first one.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from videoattention.services.pairing import Pairing
    from videoattention.services.reactions import Reactions
    from videoattention.services.reception import Reception
    from videoattention.services.recorder import Recorder
    from videoattention.services.views import Views

_log = structlog.get_logger()

OFFERS_EVERY = 1.0
"""Seconds between two looks at offers that lapsed and citizens who came back."""

RECORDINGS_EVERY = 5
"""Offer rounds between two looks at recordings and absent citizens."""


class Rounds:
    """Walks the rounds until cancelled."""

    def __init__(
        self,
        views: Views,
        pairing: Pairing,
        *,
        reception: Reception,
        recorder: Recorder,
        reactions: Reactions,
    ) -> None:
        self._views = views
        self._pairing = pairing
        self._reception = reception
        self._recorder = recorder
        self._reactions = reactions
        self._unsealed: set[tuple[str, str]] = set()

    async def after_restart(self) -> None:
        """Before the first page is answered: no worker is connected, so whatever was being recorded has a gap now."""
        for organisation, attention in await self._views.talking():
            self._reactions.knows(organisation, attention)
        for organisation, attention in await self._views.being_recorded():
            await self._recorder.interrupted(organisation, attention, "service_lost")

    async def run(self) -> None:
        """One round after the other; a round that fails is logged and the next one tries again."""
        number = 0
        while True:
            await self._walk(number)
            number += 1
            await asyncio.sleep(OFFERS_EVERY)

    async def _walk(self, number: int) -> None:
        try:
            await self.offers()
            if number % RECORDINGS_EVERY == 0:
                await self.recordings()
        except Exception:  # noqa: BLE001 - a round that fails must not end the rounds
            _log.exception("round_failed")

    async def offers(self) -> None:
        """Pass on what was not answered, offer what can be offered, give up on who went away long ago."""
        for organisation in await self._views.organisations_waiting():
            await self._pairing.lapse(organisation)
            await self._pairing.pair(organisation)
            await self._reception.give_up_on_absent(organisation)

    async def recordings(self) -> None:
        """Admit, dismiss, resume and seal what should have been."""
        for organisation, attention in await self._views.being_recorded():
            self._reactions.dismiss_unless_admitted(organisation, attention)
        for organisation, attention in await self._views.talking():
            self._reactions.knows(organisation, attention)
            await self._recorder.admit(organisation, attention)
            self._reactions.both_connected(attention)
        await self._seal_what_was_left()

    async def _seal_what_was_left(self) -> None:
        """Seal what a worker had a whole round to close and did not."""
        unsealed = set(await self._views.unsealed())
        for organisation, recording in unsealed & self._unsealed:
            await self._recorder.seal(organisation, recording)
        self._unsealed = unsealed
