"""No byte of a recording before its consent is committed, and none a second after it was withdrawn: seen from outside.

The consent is answered at random moments while others take the proposal back, lower the level, hang up or come back on
a new connection.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.long_call import Peer, say
from benchmarks.media.clip import make_clip
from benchmarks.media.pacer import Pacer
from benchmarks.media.participant import Participant
from tests.integration.edges import ledger
from tests.integration.edges.disk_watch import DiskWatch
from tests.integration.edges.talking import Talk, command, talking
from tests.story.running import RunningService
from videoattention.domain.people import Side

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from benchmarks.media.clip import Clip

CALLS, RACES_A_CALL = 2, 50
STOPS_WITHIN = 1.0
RIVALS = ("withdraw", "lower", "drop", "return", "nothing")

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[RunningService]:
    """A service whose media is on the loopback address, where people without browsers are."""
    async with RunningService(tmp_path, extra={"VIDEOATTENTION_MEDIA_HOST": "127.0.0.1"}) as running:
        yield running


class Race:
    """One call in which consents are asked for and answered again and again."""

    def __init__(self, talk: Talk, clip: Clip, pacer: Pacer, *, watch: DiskWatch, chance: random.Random) -> None:
        self.talk = talk
        self._clip, self._pacer, self._watch, self._chance = clip, pacer, watch, chance
        self._people: dict[Side, Participant] = {}

    async def connect(self) -> None:
        """On new connections, whatever there was."""
        await self.silence()
        self._people = {side: Participant(self._clip) for side in Side}
        await self._negotiate({side: Peer(person) for side, person in self._people.items()})
        for person in self._people.values():
            self._pacer.begin(person)

    async def _negotiate(self, peers: dict[Side, Peer]) -> None:
        """The first of two new pages meets the other's old one for a moment: what counts is the epoch of both."""
        talk = self.talk
        for side, page in talk.pages.items():
            answer = await page.ask("join_media", {"attention": talk.attention, "peer": peers[side].peer})
            assert answer == {"ok": True}
        told = await talk.desk.pushed("negotiate", lambda p: p["peer"] == peers[Side.INFORMER].peer)
        for peer in peers.values():
            peer.epoch = told["epoch"]
        await talk.citizen_page.pushed("negotiate", lambda p: p["epoch"] == told["epoch"])
        informer, citizen = peers[Side.INFORMER], peers[Side.CITIZEN]
        await say(talk, Side.INFORMER, informer, "offer", informer.participant.offer())
        offered = await talk.citizen_page.pushed("media_described", lambda p: p["epoch"] == told["epoch"])
        await say(talk, Side.CITIZEN, citizen, "answer", citizen.participant.answer(offered["sdp"]))
        answered = await talk.desk.pushed("media_described", lambda p: p["epoch"] == told["epoch"])
        await asyncio.gather(informer.participant.connect(answered["sdp"]), citizen.participant.connect(offered["sdp"]))

    async def silence(self) -> None:
        """Everybody's media ends."""
        for person in self._people.values():
            self._pacer.forget(person)
            await person.close()

    async def run(self, rival: str) -> None:
        """One consent, answered while ``rival`` happens; the call is informative again afterwards."""
        talk = self.talk
        await talk.done(talk.desk, "propose_level", attention=talk.attention, level="attended")
        consent = await self._ask()
        await asyncio.gather(self._accept(consent), self._happens(rival, consent))
        await asyncio.sleep(self._chance.uniform(0.0, 0.15))
        await talk.citizen_page.ask("return_to_informative", command())
        await talk.desk.ask("drop_proposal", command(attention=talk.attention))

    async def _ask(self) -> str:
        talk = self.talk
        seen = len(talk.citizen_page.pushes)
        await talk.done(talk.desk, "ask_consent", attention=talk.attention)
        pushes = talk.citizen_page.pushes
        await talk.citizen_page.pushed("citizen_changed", lambda _: any(map(_asked, pushes[seen:])))
        consent = next(filter(None, map(_asked, pushes[seen:])))
        self._watch.asked(consent)
        return consent

    async def _accept(self, consent: str) -> None:
        await asyncio.sleep(self._chance.uniform(0.0, 0.02))
        await self.talk.citizen_page.ask("answer_consent", command(consent=consent, answer="accept"))

    async def _happens(self, rival: str, consent: str) -> None:
        await asyncio.sleep(self._chance.uniform(0.0, 0.08))
        talk = self.talk
        match rival:
            case "withdraw":
                await talk.citizen_page.ask("withdraw_consent", command(consent=consent))
            case "lower":
                await talk.desk.ask("lower_level", command(attention=talk.attention))
            case "drop":
                await talk.desk.ask("drop_proposal", command(attention=talk.attention))
            case "return":
                await talk.citizen_page.ask("return_to_informative", command())
            case "hang_up":
                await talk.citizen_page.ask("hang_up", command())
            case "come_back":
                await self.connect()


def _asked(push: tuple[str, Any]) -> str | None:
    name, payload = push
    consents = payload["view"]["consents"] if name == "citizen_changed" else ()
    return next((consent["id"] for consent in consents if consent["stage"] == "asked"), None)


@asynccontextmanager
async def a_race(
    service: RunningService, clip: Clip, *, watch: DiskWatch, chance: random.Random
) -> AsyncIterator[Race]:
    """A call of an identified citizen, with sound and picture."""
    async with AsyncExitStack() as stack:
        race = Race(await stack.enter_async_context(talking(service)), clip, Pacer(), watch=watch, chance=chance)
        stack.push_async_callback(race.silence)
        await race.connect()
        await race.talk.ask_to_identify()
        assert (await race.talk.citizen.identify()).status == 200
        await race.talk.done(race.talk.desk, "drop_proposal", attention=race.talk.attention)
        yield race


async def test_nothing_is_stored_before_the_consent_is_committed_nor_long_after_it_ended(
    service: RunningService,
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    chance, clip, races = random.Random(seed), make_clip(2), 0  # noqa: S311 - chance that can be repeated
    with DiskWatch(service) as watch:
        for _ in range(CALLS):
            async with a_race(service, clip, watch=watch, chance=chance) as race:
                for number in range(RACES_A_CALL):
                    last = number == RACES_A_CALL - 1
                    rival = "hang_up" if last else "come_back" if number % 10 == 9 else chance.choice(RIVALS)
                    await race.run(rival)
                    races += 1
        await asyncio.sleep(STOPS_WITHIN)  # whatever would still be written
    assert races == 100
    assert watch.looks > races
    assert watch.too_early() == [], seed
    assert len(watch.growth) > races / 5, "too few got as far as a file"
    late = {recording: round(by, 3) for recording, by in stored_after_the_end(service, watch).items() if by > 0}
    assert max(late.values(), default=0.0) <= STOPS_WITHIN, (seed, late)


def stored_after_the_end(service: RunningService, watch: DiskWatch) -> dict[str, float]:
    """By how many seconds each recording's files still changed after the consent ended or was withdrawn."""
    query = (
        "SELECT r.id, min(j.at) FROM recordings r JOIN journal j ON json_extract(j.body, '$.consent') = r.consent"
        " AND j.kind IN ('ConsentWithdrawn', 'ConsentEnded') GROUP BY r.id"
    )
    ended = {
        recording: datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()
        for recording, at in ledger.rows(service, query)
    }
    return {name: growth.last - ended[name] for name, growth in watch.growth.items() if name in ended}
