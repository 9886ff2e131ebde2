"""Two pages talk through a real media worker, and go on talking whatever breaks in between."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests.browser.call_library.call_service import CallService
from tests.browser.call_library.service import DONE, Answer, Payload, Service, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser, Page

pytestmark = pytest.mark.browser

# the connections are the library's own affair: the test keeps a copy of each to look into
REMEMBER_CONNECTIONS = """
globalThis.connections = [];
globalThis.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...settings) { super(...settings); connections.push(this); }
};
"""
ENTER = """async ({ namespace, wish, timing }) => {
  const { Signalling } = await import("/static/call/signalling.js");
  const { Conversation } = await import("/static/call/conversation.js");
  const { openDevices, watchLevel } = await import("/static/call/devices.js");
  const { stream, problems } = await openDevices(wish);
  if (problems.length) throw new Error(problems.join());
  const signalling = new Signalling(namespace, { timing: { answerWithin: 2000 } });
  const conversation = new Conversation({ signalling, attention: "a1", stream, timing });
  const states = [], others = [], sends = [];
  const told = { states, others, sends, remote: null };
  const page = { signalling, conversation, openDevices, ...told, frames: 0, packets: 0, loudest: 0 };
  conversation.addEventListener("state", ({ detail }) => states.push(detail));
  conversation.addEventListener("other", ({ detail }) => others.push(detail));
  conversation.addEventListener("sends", ({ detail }) => sends.push(`${detail.camera} ${detail.microphone}`));
  let listening = new AbortController();
  conversation.addEventListener("remote", ({ detail }) => {
    page.remote = detail;
    const video = Object.assign(document.createElement("video"), { autoplay: true, muted: true, srcObject: detail });
    document.body.replaceChildren(video);
    const count = () => (page.frames++, video.requestVideoFrameCallback(count));
    video.requestVideoFrameCallback(count);
    listening.abort();
    listening = new AbortController();
    watchLevel(detail, (level) => (page.loudest = Math.max(page.loudest, level)), listening.signal);
  });
  setInterval(async () => {
    for (const each of (await connections.at(-1)?.getStats())?.values() ?? [])
      if (each.type === "inbound-rtp" && each.kind === "audio") page.packets = each.packetsReceived;
  }, 100);
  globalThis.page = page;
  conversation.start();
  signalling.connect();
}"""
CONNECTED = "() => page.states.at(-1) === 'connected'"
BOTH = {"camera": True, "microphone": True}


@asynccontextmanager
async def _call(folder: Path) -> AsyncIterator[CallService]:
    service = CallService(folder)
    await service.start_worker("first")
    try:
        async with serving(service):
            yield service
    finally:
        await service.close()


class Person:
    """A page in the call; ``wish`` is what it opens of camera and microphone."""

    def __init__(self, page: Page, service: Service) -> None:
        self.page = page
        self._service = service

    async def enter(self, namespace: str, wish: dict[str, bool], **timing: int) -> None:
        await self.page.goto(self._service.address.replace("127.0.0.1", "localhost"))
        await self.page.evaluate(ENTER, {"namespace": namespace, "wish": wish, "timing": timing})

    async def sees(self, more: int = 10) -> None:
        before = await self.page.evaluate("() => page.frames")
        await self.until(f"() => page.frames > {before + more}")

    async def until(self, holds: str) -> None:
        await self.page.wait_for_function(holds, timeout=15_000)

    async def connections(self) -> int:
        made: int = await self.page.evaluate("() => connections.length")
        return made


@asynccontextmanager
async def _person(browser: Browser, service: Service) -> AsyncIterator[Person]:
    async with await browser.new_context() as context:
        await context.add_init_script(REMEMBER_CONNECTIONS)
        yield Person(await context.new_page(), service)


@asynccontextmanager
async def _people(
    folder: Path, citizens: Browser, informers: Browser | None = None
) -> AsyncIterator[tuple[CallService, Person, Person]]:
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(_call(folder))
        citizen = await stack.enter_async_context(_person(citizens, service))
        informer = await stack.enter_async_context(_person(informers or citizens, service))
        yield service, citizen, informer


async def _talk(citizen: Person, informer: Person) -> None:
    await citizen.enter("/citizen", BOTH)
    await informer.enter("/desk", BOTH)
    for person in (citizen, informer):
        await person.until(CONNECTED)
        await person.sees()


@pytest.fixture(params=["chromium-chromium", "chromium-firefox", "firefox-chromium"])
def pair(request: pytest.FixtureRequest) -> tuple[Browser, Browser]:
    """The citizen's browser and the informer's, who makes the offer."""
    citizens, informers = request.param.split("-")
    return request.getfixturevalue(citizens), request.getfixturevalue(informers)


async def test_two_people_see_and_hear_each_other(tmp_path: Path, pair: tuple[Browser, Browser]) -> None:
    async with _people(tmp_path, *pair) as (_, citizen, informer):
        await _talk(citizen, informer)
        for person in (citizen, informer):
            await person.until("() => page.others.at(-1) === true")
            # a machine without a sound card cannot tell in Firefox how loud it is
            await person.until("() => page.packets > 20")
            assert await person.page.evaluate("() => page.states") == ["connecting", "connected"]
            assert await person.connections() == 1


async def test_what_is_sent_is_bounded_and_says_what_it_shows(tmp_path: Path, chromium: Browser) -> None:
    async with _people(tmp_path, chromium) as (_, citizen, informer):
        await _talk(citizen, informer)
        sent = await citizen.page.evaluate(
            """() => connections[0].getSenders().map((sender) => {
              const { encodings, codecs } = sender.getParameters();
              const { kind, contentHint } = sender.track;
              return [kind, contentHint, encodings[0].maxBitrate, codecs[0].mimeType];
            })"""
        )
        assert sent == [["audio", "speech", 64_000, "audio/opus"], ["video", "motion", 1_700_000, "video/VP8"]]


@pytest.mark.parametrize("side", ["/citizen", "/desk"])
async def test_who_has_no_device_at_all_sees_and_hears(tmp_path: Path, chromium: Browser, side: str) -> None:
    async with _people(tmp_path, chromium) as (_, bare, equipped):
        await bare.enter(side, {})
        await equipped.enter("/desk" if side == "/citizen" else "/citizen", BOTH)
        await bare.until(CONNECTED)
        await bare.sees()
        await bare.until("() => page.loudest > 0.3")
        await equipped.until(CONNECTED)
        assert await equipped.page.evaluate("() => page.remote") is None


async def test_two_people_without_devices_are_connected(tmp_path: Path, chromium: Browser) -> None:
    async with _people(tmp_path, chromium) as (_, citizen, informer):
        await citizen.enter("/citizen", {})
        await informer.enter("/desk", {})
        await citizen.until(CONNECTED)
        await informer.until(CONNECTED)


async def test_a_lost_line_to_the_service_leaves_the_picture_alone(tmp_path: Path, chromium: Browser) -> None:
    async with _people(tmp_path, chromium) as (service, citizen, informer):
        await _talk(citizen, informer)
        joins = len(service.named("join_media"))
        await service.drop()
        await service.until(lambda: len(service.named("join_media")) >= joins + 2)
        for person in (citizen, informer):
            await person.sees(30)
            assert await person.connections() == 1
        assert len({join["peer"] for join in service.named("join_media")}) == 2


async def test_a_new_worker_takes_over_when_one_dies(tmp_path: Path, chromium: Browser) -> None:
    async with _people(tmp_path, chromium) as (service, citizen, informer):
        await _talk(citizen, informer)
        await service.kill_worker("first")
        for person in (citizen, informer):
            await person.until("() => page.states.at(-1) === 'lost'")
        # until there is another the pages are told to try again
        await service.until(lambda: len(service.named("join_media")) >= 4)
        await service.start_worker("second")
        for person in (citizen, informer):
            await person.until(CONNECTED)
            await person.sees()


async def test_a_page_that_is_loaded_again_is_seen_again(tmp_path: Path, chromium: Browser) -> None:
    async with _people(tmp_path, chromium) as (_, citizen, informer):
        await _talk(citizen, informer)
        await citizen.enter("/citizen", BOTH)
        await citizen.until(CONNECTED)
        await informer.until("() => connections.length === 2")
        await informer.until(CONNECTED)
        await informer.sees()
        await citizen.sees()


async def test_a_media_connection_that_fails_is_made_again(tmp_path: Path, chromium: Browser) -> None:
    async with _people(tmp_path, chromium) as (_, citizen, informer):
        await _talk(citizen, informer)
        # as seen by the library: its connection has failed, though nobody else noticed
        await citizen.page.evaluate(
            """() => {
              Object.defineProperty(connections[0], "connectionState", { value: "failed" });
              connections[0].dispatchEvent(new Event("connectionstatechange"));
            }"""
        )
        await citizen.until("() => connections.length === 2")
        for person in (citizen, informer):
            await person.until(CONNECTED)
            await person.sees()
        assert await citizen.page.evaluate("() => page.states") == [
            "connecting",
            "connected",
            "lost",
            "connecting",
            "connected",
        ]


async def test_a_muted_microphone_stays_muted_in_another_stream(tmp_path: Path, chromium: Browser) -> None:
    async with _people(tmp_path, chromium) as (_, citizen, informer):
        await _talk(citizen, informer)
        await citizen.page.evaluate("() => page.conversation.setMuted('audio', true)")
        await citizen.page.evaluate(
            """async () => {
              const { stream } = await page.openDevices({ camera: true, microphone: true });
              await page.conversation.replaceStream(stream);
            }"""
        )
        sent = "() => connections.at(-1).getSenders().map(({ track }) => [track.kind, track.enabled])"
        assert await citizen.page.evaluate(sent) == [["audio", False], ["video", True]]
        await citizen.page.evaluate("() => page.conversation.setMuted('audio', false)")
        assert await citizen.page.evaluate(sent) == [["audio", True], ["video", True]]
        await informer.sees(20)
        assert await citizen.connections() == 1


SENDS = "() => page.sends.at(-1) === '{0}'"
MUTE = "([kind, muted]) => page.conversation.setMuted(kind, muted)"


async def test_what_a_page_stops_is_told_to_the_other_whatever_breaks_in_between(
    tmp_path: Path, chromium: Browser
) -> None:
    async with _people(tmp_path, chromium) as (service, citizen, informer):
        await _talk(citizen, informer)
        for person in (citizen, informer):
            await person.until(SENDS.format("on on"))
        # two presses at once: the last word is how it is, whichever way the first one took
        for kind in ("video", "audio"):
            await citizen.page.evaluate(MUTE, [kind, True])
        await informer.until(SENDS.format("off off"))
        await citizen.page.evaluate(MUTE, ["audio", False])
        await informer.until(SENDS.format("off on"))
        await informer.enter("/desk", BOTH)  # loaded again, it knows nothing any more
        await informer.until(SENDS.format("off on"))
        told = len(service.named("tell_sending"))
        await service.drop()
        await service.until(lambda: len(service.named("tell_sending")) >= told + 2)
        await service.kill_worker("first")
        await citizen.page.evaluate(MUTE, ["video", False])
        await service.start_worker("second")
        await informer.until(SENDS.format("on on"))
        assert await citizen.page.evaluate("() => page.sends.every((each) => each === 'on on')")


async def test_a_device_that_is_missing_or_stops_by_itself_is_told(tmp_path: Path, chromium: Browser) -> None:
    async with _people(tmp_path, chromium) as (_, citizen, informer):
        await citizen.enter("/citizen", {"microphone": True})
        await informer.enter("/desk", {})
        await informer.until(SENDS.format("none on"))
        await citizen.until(SENDS.format("none none"))
        await citizen.page.evaluate(
            """async () => {
              page.own = (await page.openDevices({ camera: true, microphone: true })).stream;
              await page.conversation.replaceStream(page.own);
            }"""
        )
        await informer.until(SENDS.format("on on"))
        # as a telephone call takes the camera away, and a cable that is pulled out ends it
        await citizen.page.evaluate(
            """() => {
              const [camera] = page.own.getVideoTracks();
              Object.defineProperty(camera, "muted", { configurable: true, value: true });
              camera.dispatchEvent(new Event("mute"));
            }"""
        )
        await informer.until(SENDS.format("off on"))
        await citizen.page.evaluate(
            """() => {
              const [camera] = page.own.getVideoTracks();
              camera.stop();
              camera.dispatchEvent(new Event("ended"));
            }"""
        )
        await informer.until(SENDS.format("none on"))


async def test_a_camera_that_comes_later_is_seen(tmp_path: Path, chromium: Browser) -> None:
    async with _people(tmp_path, chromium) as (_, citizen, informer):
        await citizen.enter("/citizen", {"microphone": True})
        await informer.enter("/desk", BOTH)
        await citizen.sees()
        await informer.until("() => page.loudest > 0.3")
        assert await informer.page.evaluate("() => page.remote.getVideoTracks().length") == 0
        await citizen.page.evaluate(
            """async () => {
              const { stream } = await page.openDevices({ camera: true, microphone: true });
              await page.conversation.replaceStream(stream);
            }"""
        )
        await informer.until("() => page.remote.getVideoTracks().length === 1")
        await informer.sees()


@pytest.mark.parametrize("side", ["/citizen", "/desk"])
async def test_who_joined_without_devices_is_seen_and_heard_later(tmp_path: Path, chromium: Browser, side: str) -> None:
    async with _people(tmp_path, chromium) as (_, late, equipped):
        await late.enter(side, {})
        await equipped.enter("/desk" if side == "/citizen" else "/citizen", BOTH)
        await late.sees()
        await equipped.until(CONNECTED)
        await late.page.evaluate(
            """async () => {
              const { stream } = await page.openDevices({ camera: true, microphone: true });
              await page.conversation.replaceStream(stream);
            }"""
        )
        await equipped.sees()
        await equipped.until("() => page.loudest > 0.3")
        await late.until(CONNECTED)
        await late.sees()


async def test_who_stops_is_gone(tmp_path: Path, chromium: Browser) -> None:
    async with _people(tmp_path, chromium) as (_, citizen, informer):
        await _talk(citizen, informer)
        await citizen.page.evaluate("() => page.conversation.stop()")
        assert await citizen.page.evaluate("() => connections[0].connectionState") == "closed"
        await informer.until("() => page.others.at(-1) === false")


async def test_who_leaves_sends_nothing_and_is_gone_when_it_is_known(tmp_path: Path, chromium: Browser) -> None:
    async with _people(tmp_path, chromium) as (_, citizen, informer):
        await _talk(citizen, informer)
        await citizen.page.evaluate(
            "() => { const known = new Promise((yes) => (page.know = yes)); void page.conversation.leave(known); }"
        )
        senders = "() => connections[0].getSenders().every(({ track }) => track === null)"
        await citizen.until(senders)
        assert await citizen.page.evaluate("() => connections[0].connectionState") == "connected"
        assert await informer.page.evaluate("() => page.others.at(-1)") is True
        await citizen.page.evaluate("() => page.know()")
        await citizen.until("() => connections[0].connectionState === 'closed'")
        await informer.until("() => page.others.at(-1) === false")


async def test_who_leaves_while_nobody_answers_is_gone_all_the_same(tmp_path: Path, chromium: Browser) -> None:
    async with _people(tmp_path, chromium) as (_, citizen, informer):
        await _talk(citizen, informer)
        await citizen.page.evaluate("() => { void page.conversation.leave(new Promise(() => {})); }")
        await informer.until("() => page.others.at(-1) === false")
        assert await citizen.page.evaluate("() => connections[0].connectionState") == "closed"


async def test_of_two_pages_of_a_person_the_newer_has_the_call(tmp_path: Path, chromium: Browser) -> None:
    async with _people(tmp_path, chromium) as (service, citizen, informer), _person(chromium, service) as second:
        await _talk(citizen, informer)
        await second.enter("/citizen", BOTH)
        await citizen.until("() => page.states.at(-1) === 'elsewhere'")
        assert await citizen.page.evaluate("() => connections.every((each) => each.connectionState === 'closed')")
        await second.until(CONNECTED)
        for person in (second, informer):
            await person.sees()
        joins = service.named("join_media")
        await service.drop()
        await service.until(lambda: len(service.named("join_media")) >= len(joins) + 2)
        await second.sees()
        assert len({join["peer"] for join in service.named("join_media")}) == 3
        assert await second.page.evaluate("() => page.states") == ["connecting", "connected"]


# --- what the service may say wrongly, too early or too late --------------------------------------------------------


def _negotiate(peer: object, epoch: int, **other: object) -> dict[str, object]:
    return {"attention": "a1", "peer": peer, "epoch": epoch, "offers": True, **other}


async def test_only_the_negotiation_of_this_page_and_epoch_counts(chromium: Browser) -> None:
    async with serving(Service()) as service, _person(chromium, service) as person:
        await person.enter("/citizen", {})
        await service.until(lambda: bool(service.named("join_media")))
        [join] = service.named("join_media")
        peer = join["peer"]
        await service.push("negotiate", _negotiate("another", 1))
        await service.push("negotiate", _negotiate(peer, 1, attention="another"))
        await service.push("negotiate", _negotiate(peer, 2))
        await service.push("negotiate", _negotiate(peer, 2))
        await service.until(lambda: bool(service.named("describe_media")))
        [offer] = service.named("describe_media")
        assert (offer["epoch"], offer["kind"], offer["peer"]) == (2, "offer", peer)
        assert offer["sdp"].count("a=recvonly") == 2
        assert "m=audio" in offer["sdp"]
        assert await person.connections() == 1
        stale = {"attention": "a1", "peer": peer, "epoch": 1, "kind": "answer", "sdp": "v=0"}
        await service.push("media_described", stale)
        await service.push("negotiate", _negotiate(peer, 3))
        await service.until(lambda: len(service.named("describe_media")) == 2)
        assert await person.page.evaluate("() => connections.map((each) => each.signalingState)") == [
            "closed",
            "have-local-offer",
        ]


async def test_a_join_that_is_refused_is_tried_again_more_and_more_slowly(chromium: Browser) -> None:
    async def answer(name: str, payload: Payload) -> Answer:
        refuses = name == "join_media" and len(service.named("join_media")) < 4
        return {"ok": False, "code": "no_worker"} if refuses else DONE

    async with serving(Service()) as service, _person(chromium, service) as person:
        service.answer = answer
        await person.enter("/citizen", {}, firstDelay=50)
        await service.until(lambda: len(service.named("join_media")) == 4)
        assert len({join["peer"] for join in service.named("join_media")}) == 1


async def test_what_is_sent_is_said_once_more_when_the_service_fails_and_not_when_it_is_stale(
    chromium: Browser,
) -> None:
    codes = ["failed", "stale"]

    async def answer(name: str, payload: Payload) -> Answer:
        refused = name == "tell_sending" and codes
        return {"ok": False, "code": codes.pop(0)} if refused else DONE

    async with serving(Service()) as service, _person(chromium, service) as person:
        service.answer = answer
        await person.enter("/citizen", {})
        await service.until(lambda: not codes)
        await service.drop()
        await service.until(lambda: len(service.named("join_media")) == 2)
        await service.until(lambda: len(service.named("tell_sending")) == 3)
        assert {(told["camera"], told["microphone"]) for told in service.named("tell_sending")} == {("none", "none")}


async def test_a_negotiation_that_leads_nowhere_is_begun_anew_as_another_peer(chromium: Browser) -> None:
    async with serving(Service()) as service, _person(chromium, service) as person:
        await person.enter("/citizen", {}, negotiatedWithin=400, firstDelay=50)
        await service.until(lambda: bool(service.named("join_media")))
        await service.push("negotiate", _negotiate(service.named("join_media")[0]["peer"], 1))
        await service.until(lambda: len(service.named("join_media")) == 2)
        first, second = service.named("join_media")
        assert first["peer"] != second["peer"]
        assert await person.page.evaluate("() => page.states") == ["connecting", "lost"]


async def test_a_refused_description_is_begun_anew_at_once_and_one_of_before_is_not(chromium: Browser) -> None:
    async with serving(Service()) as service, _person(chromium, service) as person:
        await person.enter("/citizen", {}, negotiatedWithin=60_000, firstDelay=50)
        await service.until(lambda: bool(service.named("join_media")))
        peer = service.named("join_media")[0]["peer"]
        await service.push("negotiate", _negotiate(peer, 2))
        await service.until(lambda: bool(service.named("describe_media")))
        refused = {"attention": "a1", "peer": peer, "code": "bad_sdp"}
        await service.push("description_refused", {**refused, "epoch": 1})
        await service.push("negotiate", _negotiate(peer, 3))
        await service.until(lambda: len(service.named("describe_media")) == 2)
        await service.push("description_refused", {**refused, "epoch": 3})
        await service.until(lambda: len(service.named("join_media")) == 2)
        assert service.named("join_media")[1]["peer"] != peer
        assert await person.page.evaluate("() => page.states") == ["connecting", "lost"]


async def test_a_page_gives_way_to_a_newer_one_and_not_to_the_one_before(chromium: Browser) -> None:
    async with serving(Service()) as service, _person(chromium, service) as person:
        await person.enter("/citizen", {})
        await service.until(lambda: bool(service.named("join_media")))
        [join] = service.named("join_media")
        await service.push("negotiate", _negotiate("before", 1))
        await service.push("negotiate", _negotiate(join["peer"], 2))
        await service.push("negotiate", _negotiate("before", 1))
        await service.until(lambda: bool(service.named("describe_media")))
        assert await person.page.evaluate("() => page.states") == ["connecting"]
        await service.push("negotiate", _negotiate("after", 3))
        await person.until("() => page.states.at(-1) === 'elsewhere'")


async def test_a_page_whose_turn_never_comes_gives_way_too(chromium: Browser) -> None:
    async with serving(Service()) as service, _person(chromium, service) as person:
        await person.enter("/citizen", {}, succession=100)
        await service.until(lambda: bool(service.named("join_media")))
        await service.push("negotiate", _negotiate("another", 1))
        await person.until("() => page.states.at(-1) === 'elsewhere'")
        assert await person.connections() == 0


async def test_an_earlier_name_of_the_same_page_is_no_rival(chromium: Browser) -> None:
    async with serving(Service()) as service, _person(chromium, service) as person:
        await person.enter("/citizen", {}, negotiatedWithin=400, firstDelay=50)
        await service.until(lambda: bool(service.named("join_media")))
        first = service.named("join_media")[0]["peer"]
        await service.push("negotiate", _negotiate(first, 1))
        await service.until(lambda: len(service.named("join_media")) == 2)
        await service.push("negotiate", _negotiate(first, 2))
        await service.push("negotiate", _negotiate(service.named("join_media")[1]["peer"], 3))
        await service.until(lambda: len(service.named("describe_media")) == 2)
        assert "elsewhere" not in await person.page.evaluate("() => page.states")
