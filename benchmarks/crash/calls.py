"""Recorded calls that go on whatever is killed: real signalling and media, without browsers and without encoding."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.long_call import connect
from benchmarks.media.participant import Participant
from tests.integration.edges import ledger
from tests.integration.edges.sockets import Socket
from videoattention.domain.people import Side

if TYPE_CHECKING:
    from benchmarks.media.clip import Clip
    from benchmarks.media.pacer import Pacer
    from tests.integration.edges.talking import Talk
    from tests.story.running import RunningService

WITHIN = 30.0
LOOK_EVERY = 0.05
TRIES = 20


@dataclass(slots=True)
class RecordedCall:
    """One call with its two people; both join again when their worker or the service is gone."""

    talk: Talk
    service: RunningService
    clip: Clip
    pacer: Pacer
    people: dict[Side, Participant] = field(default_factory=dict)

    async def connect(self) -> None:
        """Sound and picture on new connections; it is tried until there is a worker."""
        for attempt in range(TRIES):
            await self.disconnect()
            self.people = {side: Participant(self.clip) for side in Side}
            try:
                await connect(self.talk, self.people)
            except (AssertionError, TimeoutError, ConnectionError):
                if attempt == TRIES - 1:
                    raise
                await asyncio.sleep(0.2)
            else:
                break
        for person in self.people.values():
            self.pacer.begin(person)

    async def disconnect(self) -> None:
        """Say nothing any more."""
        for person in self.people.values():
            self.pacer.forget(person)
            await person.close()
        self.people = {}

    async def come_back(self) -> None:
        """The service was killed: the pages' lines are made anew, as by pages that were not closed."""
        talk = self.talk
        for name, namespace, caller in (
            ("citizen_page", "/citizen", talk.citizen),
            ("desk", "/desk", talk.informer),
        ):
            await getattr(talk, name).__aexit__()
            setattr(talk, name, await Socket(self.service.url, namespace, caller.identity).__aenter__())
        await self.connect()

    @property
    def recording(self) -> str:
        """The recording that goes on."""
        query = "SELECT id FROM recordings WHERE attention = ? AND stage IN ('requested', 'capturing')"
        return ledger.value(self.service, query, self.talk.attention)

    async def is_recorded(self, *, after: int = 0) -> None:
        """Wait until the recorder is in the call with a part behind this one."""
        query = (
            "SELECT json_extract(parts, '$[#-1].number') FROM recordings WHERE attention = ? AND stage = 'capturing'"
        )
        async with asyncio.timeout(WITHIN):
            while int(ledger.value(self.service, query, self.talk.attention) or 0) <= after:  # noqa: ASYNC110 - of another process
                await asyncio.sleep(LOOK_EVERY)

    def losses_of_media(self) -> int:
        """How often the pages were told that the worker is gone."""
        return sum(name == "media_lost" for name, _ in self.talk.citizen_page.pushes)

    async def lost(self, before: int) -> None:
        """Wait until they are told once more."""
        await self.talk.citizen_page.pushed("media_lost", lambda _: self.losses_of_media() > before)
