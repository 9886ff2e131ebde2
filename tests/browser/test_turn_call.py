"""A call whose pages reach the media worker only through a TURN server, by TCP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.story.people import CITIZEN_CLIP, INFORMER_CLIP, arrive, become_available, raise_to_attended, take_turn
from tests.story.running import RunningService
from tests.turn import OUTSIDE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser

    from tests.story.people import Person
    from tests.turn import Coturn

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

NO_UDP = """
(() => {
  const Connection = window.RTCPeerConnection;
  window.__configurations = [];
  window.RTCPeerConnection = function (configuration, ...words) {
    window.__configurations.push(configuration);
    return new Connection({ ...configuration, iceTransportPolicy: "relay" }, ...words);
  };
  window.RTCPeerConnection.prototype = Connection.prototype;
})();
"""
"""The page as in a network that lets nothing out but TCP to the relay; what it asked for is kept."""

WAY = """
async () => {
  const report = await window.__connections.at(-1).getStats();
  const all = [...report.values()];
  const transport = all.find((one) => one.type === "transport");
  const pair = all.find((one) => one.id === transport?.selectedCandidatePairId)
    ?? all.find((one) => one.type === "candidate-pair" && one.nominated && one.state === "succeeded");
  const local = report.get(pair.localCandidateId);
  const remote = report.get(pair.remoteCandidateId);
  const picture = all.find((one) => one.type === "inbound-rtp" && one.kind === "video");
  return {
    type: local.candidateType, relayProtocol: local.relayProtocol, from: local.address, to: remote.address,
    decoded: picture?.framesDecoded ?? 0,
  };
}
"""


@pytest.fixture
async def service(tmp_path: Path, coturn: Coturn) -> AsyncIterator[RunningService]:
    """The service, with one TURN server that is reached by TCP."""
    settings = coturn.settings(coturn.urls[1])
    async with RunningService(tmp_path, extra={**settings, "VIDEOATTENTION_MEDIA_ADDRESSES": OUTSIDE}) as running:
        yield running


async def arrive_without_udp(browser: Browser, service: RunningService, **words: Any) -> Person:  # noqa: ANN401 - as `arrive` takes them
    person = await arrive(browser, service.url, **words)
    await person.context.add_init_script(NO_UDP)
    return person


async def way_of(person: Person) -> dict[str, Any]:
    way: dict[str, Any] = await person.page.evaluate(WAY)
    return way


@pytest.fixture(params=["chromium", "firefox"])
def citizens_browser(request: pytest.FixtureRequest) -> Browser:
    """What the citizen brings; the informer has Chromium."""
    browser: Browser = request.getfixturevalue(request.param)
    return browser


async def test_two_people_without_udp_see_each_other_and_are_recorded(
    chromium: Browser, citizens_browser: Browser, service: RunningService, coturn: Coturn
) -> None:
    informer = await arrive_without_udp(chromium, service, clip=INFORMER_CLIP)
    await informer.sign_in("staff-marta", "/desk")
    await become_available(informer)
    clip = CITIZEN_CLIP if citizens_browser is chromium else None
    citizen = await arrive_without_udp(citizens_browser, service, clip=clip)
    await take_turn(citizen)
    await informer.until(stage="offered")
    await informer.press("accept-offer")
    names = set()
    for person in (citizen, informer):
        await person.until(stage="talking", media="connected")
        await person.see()
        (server,) = await person.page.evaluate("() => window.__configurations.at(-1).iceServers")
        assert server["urls"] == [coturn.urls[1]]
        assert server["credential"] not in service.log + coturn.log
        names.add(server["username"].partition(":")[2])
    assert len(names) == 2
    ways = [await way_of(person) for person in (citizen, informer)]
    for way in ways:
        assert (way["type"], way["relayProtocol"], way["to"]) == ("relay", "tcp", OUTSIDE), way
    await raise_to_attended(citizen, informer)
    for person, before in zip((citizen, informer), ways, strict=True):
        assert (await way_of(person))["decoded"] > before["decoded"]
    await citizen.press("hang-up")
    await informer.until(stage="wrapping_up")
    for person in (citizen, informer):
        assert not person.problems
        await person.leave()
