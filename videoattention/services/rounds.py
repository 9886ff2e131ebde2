"""The rounds: what must happen because time passes, and whatever a reaction could not do. Nothing here is needed twice.

Every round looks at what is committed, so a service that was down for an hour catches up with its first one. What fails
for one organisation, call or recording is logged and does not keep the others waiting.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from videoattention.services.reception import GIVEN_UP
from videoattention.services.work import the_service

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from videoattention.services.call import Call
    from videoattention.services.pairing import Pairing
    from videoattention.services.ports import Clock
    from videoattention.services.reactions import Reactions
    from videoattention.services.reception import Reception
    from videoattention.services.recorder import Recorder
    from videoattention.services.views import Views

_log = structlog.get_logger()

DESERTED = timedelta(minutes=5)
"""A call that neither side's page was heard of for so long is over."""

LEFT_OPEN = timedelta(seconds=20)
"""A recording whose worker was lost and that no other goes on with for so long is sealed; a minute is promised."""

OFFERS_EVERY = 1.0
"""Seconds between two looks at offers that lapsed and citizens who came back."""

RECORDINGS_EVERY = 5
"""Offer rounds between two looks at recordings."""


class Rounds:
    """Walks the rounds until cancelled."""

    def __init__(
        self,
        views: Views,
        pairing: Pairing,
        *,
        reception: Reception,
        call: Call,
        recorder: Recorder,
        reactions: Reactions,
        clock: Clock,
    ) -> None:
        self._views = views
        self._pairing = pairing
        self._reception = reception
        self._call = call
        self._recorder = recorder
        self._reactions = reactions
        self._clock = clock
        self._began = clock.now()
        self._unsealed: set[tuple[str, str]] = set()

    async def after_restart(self) -> None:
        """Before the first page is answered: no worker is connected, so whatever was being recorded has a gap now."""
        for organisation, attention in await self._views.talking():
            self._reactions.knows(organisation, attention)
        for organisation, attention in await self._views.being_recorded():
            self._reactions.knows(organisation, attention)
            await self._recorder.interrupted(organisation, attention, "service_lost")

    async def run(self) -> None:
        """One round after the other; a round that fails is logged and the next one tries again."""
        number = 0
        while True:
            await self._walk(number)
            number += 1
            await asyncio.sleep(OFFERS_EVERY)

    async def _walk(self, number: int) -> None:
        now_and_then = (self.calls, self.recordings) if number % RECORDINGS_EVERY == 0 else ()
        for look in (self.offers, *now_and_then):
            try:
                await look()
            except Exception:  # noqa: BLE001 - one look that fails must not end the rounds, nor keep the next waiting
                _log.exception("round_failed")

    async def offers(self) -> None:
        """Pass on what was not answered, offer what can be offered, give up on who went away long ago."""
        organisations = [(organisation,) for organisation in await self._views.organisations_waiting()]
        await _for_each(organisations, self._pairing.lapse)
        await _for_each(organisations, self._pairing.pair)
        if self._clock.now() - self._began >= GIVEN_UP:
            await _for_each(organisations, self._reception.give_up_on_absent)

    async def calls(self) -> None:
        """End the calls that both people left; nobody is taken for gone while the service itself was away."""
        now = self._clock.now()
        if now - self._began >= DESERTED:
            await _for_each(await self._views.deserted(seen_since=now - DESERTED), self._hang_up)

    async def _hang_up(self, organisation: str, attention: str) -> None:
        await self._call.hang_up(the_service(organisation), attention)

    async def recordings(self) -> None:
        """Admit, dismiss, resume, close and seal what should have been."""
        known = self._reactions.known
        self._reactions.note_again()
        for organisation, attention in await self._views.being_recorded():
            self._reactions.look_after(organisation, attention)
        await _for_each(await self._views.being_recorded(), self._let_go)
        talking = await self._views.talking()
        left = await self._left()
        await _for_each([call for call in talking if call not in left], self._admit)
        # only calls that were known before it was asked who talks: one that began since is in neither list
        for call in known - {attention for _, attention in talking}:
            self._reactions.hung_up(call)
        await self._seal_what_was_left()

    async def _let_go(self, organisation: str, attention: str) -> None:
        ended = await self._recorder.let_go(organisation, attention, ended_before=self._clock.now() - LEFT_OPEN)
        if ended is not None:
            self._reactions.seal_soon(organisation, ended)

    async def _left(self) -> set[tuple[str, str]]:
        """The calls with nobody in them for now."""
        now = self._clock.now()
        if now - self._began < LEFT_OPEN:
            return set()
        return set(await self._views.deserted(seen_since=now - LEFT_OPEN))

    async def _admit(self, organisation: str, attention: str) -> None:
        self._reactions.knows(organisation, attention)
        await self._recorder.admit(organisation, attention)
        self._reactions.try_again(attention)

    async def _seal_what_was_left(self) -> None:
        """Seal what a worker had a whole round to close and did not."""
        before, self._unsealed = self._unsealed, set(await self._views.unsealed())
        for organisation, recording in sorted(self._unsealed & before):
            self._reactions.seal_soon(organisation, recording)


async def _for_each(things: Iterable[tuple[str, ...]], use_case: Callable[..., Awaitable[object]]) -> None:
    """Try every one: what cannot be done for one tenant must not be left undone for the next."""
    for thing in things:
        try:
            await use_case(*thing)
        except Exception:  # noqa: BLE001 - it is tried again in the next round
            _log.exception("round_failed")
