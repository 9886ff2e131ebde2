"""What the pages may rely on: a command arrives once, and no older view replaces a newer one."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.call_library.service import DONE, Answer, Payload, Service, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

pytestmark = pytest.mark.browser

CONNECT = """async ({ namespace, timing }) => {
  const { Signalling } = await import("/static/call/signalling.js");
  const signalling = new Signalling(namespace, { timing });
  const seen = [];
  const of = (name) => seen.filter((event) => event.type === name).map((event) => event.detail);
  Object.assign(globalThis, { signalling, of });
  const pushes = ["negotiate", "media_described", "description_refused", "media_lost", "other_side", "other_sends"];
  for (const name of ["connection", "view", "session_ended", ...pushes])
    signalling.addEventListener(name, (event) => seen.push(event));
  signalling.connect();
}"""


@asynccontextmanager
async def _connected(
    browser: Browser, service: Service, namespace: str = "/citizen", **timing: int
) -> AsyncIterator[Page]:
    async with await browser.new_context() as context:
        page = await context.new_page()
        await page.goto(service.address)
        await page.evaluate(CONNECT, {"namespace": namespace, "timing": timing})
        await page.wait_for_function("() => signalling.connected")
        yield page


async def _told(page: Page, name: str) -> list[Any]:
    told = await page.evaluate("(name) => of(name)", name)
    assert isinstance(told, list)
    return told


async def test_a_command_is_acknowledged_with_what_the_service_says(chromium: Browser) -> None:
    async def answer(name: str, payload: Payload) -> Answer:
        return {"ok": False, "code": "not_waiting"} if name == "leave_line" else DONE

    async with serving(Service()) as service, _connected(chromium, service) as page:
        service.answer = answer
        assert await page.evaluate("() => signalling.command('hang_up', {})") == {"ok": True}
        refused = await page.evaluate("() => signalling.command('leave_line', {})")
        assert refused == {"ok": False, "code": "not_waiting"}
        answered = "{ consent: 'c1', answer: 'accept' }"
        await page.evaluate(f"() => signalling.command('answer_consent', {answered})")
        [sent] = service.named("answer_consent")
        assert (sent["consent"], sent["answer"], len(sent["id"])) == ("c1", "accept", 36)


async def test_a_command_whose_answer_was_lost_is_sent_again_under_the_same_id(chromium: Browser) -> None:
    async def breaks_once(name: str, payload: Payload) -> Answer:
        if name == "hang_up" and len(service.named("hang_up")) == 1:
            await service.drop()
        return DONE

    async with serving(Service()) as service, _connected(chromium, service) as page:
        service.answer = breaks_once
        assert await page.evaluate("() => signalling.command('hang_up', {})") == {"ok": True}
        first, second = service.named("hang_up")
        assert first["id"] == second["id"]
        assert await _told(page, "connection") == ["connected", "reconnecting", "connected"]


async def test_an_unanswered_command_is_sent_again_on_the_same_connection(chromium: Browser) -> None:
    async def slow_once(name: str, payload: Payload) -> Answer:
        if len(service.named("hang_up")) == 1:
            await service.until(lambda: len(service.named("hang_up")) == 2)
        return DONE

    async with serving(Service()) as service, _connected(chromium, service, answerWithin=300) as page:
        service.answer = slow_once
        assert await page.evaluate("() => signalling.command('hang_up', {})") == {"ok": True}
        assert len({sent["id"] for sent in service.named("hang_up")}) == 1
        assert len(service.named("hang_up")) == 2
        assert service.connections == 1


async def test_commands_given_without_a_connection_go_out_in_order(chromium: Browser) -> None:
    async with serving(Service()) as service, _connected(chromium, service, "/desk") as page:
        await service.drop()
        await page.wait_for_function("() => !signalling.connected")
        given = """() => Promise.all([
          signalling.command('accept_offer', { attention: 'a' }),
          signalling.command('end_call', { attention: 'a' }),
        ])"""
        assert await page.evaluate(given) == [DONE, DONE]
        assert [name for name, _ in service.heard if name != "sync"] == ["accept_offer", "end_call"]


async def test_a_command_without_an_answer_in_time_is_unreachable(chromium: Browser) -> None:
    over = asyncio.Event()

    async def never(name: str, payload: Payload) -> Answer:
        await over.wait()
        return DONE

    async with serving(Service()) as service, _connected(chromium, service, giveUpAfter=500) as page:
        service.answer = never
        answer = await page.evaluate("() => signalling.command('hang_up', {})")
        assert answer == {"ok": False, "code": "unreachable"}
        over.set()


async def test_an_ask_is_tried_once(chromium: Browser) -> None:
    async def breaks(name: str, payload: Payload) -> Answer:
        if name == "join_media":
            await service.drop()
        return DONE

    async with serving(Service()) as service, _connected(chromium, service) as page:
        service.answer = breaks
        ask = "() => signalling.ask('join_media', { attention: 'a', peer: 'p' })"
        assert await page.evaluate(ask) == {"ok": False, "code": "unreachable"}
        assert await page.evaluate(ask) == {"ok": False, "code": "unreachable"}, "nor kept for later"
        await service.until(lambda: len(service.named("sync")) == 2)
        assert service.named("join_media") == [{"attention": "a", "peer": "p"}]


async def test_an_older_view_or_the_same_one_again_is_not_told(chromium: Browser) -> None:
    views = [
        {"revision": 2, "stage": "waiting"},
        {"revision": 1, "stage": "older"},
        {"revision": 2, "stage": "waiting"},
        {"revision": 2, "stage": "waiting", "informers": 1},
        {"revision": 3, "stage": "talking"},
    ]
    async with serving(Service()) as service, _connected(chromium, service) as page:
        for view in views:
            await service.push("citizen_changed", {"view": view})
        await page.wait_for_function("() => signalling.view?.revision === 3")
        assert await _told(page, "view") == [views[0], views[3], views[4]]


async def test_the_page_asks_for_what_it_missed(chromium: Browser) -> None:
    async with serving(Service()) as service, _connected(chromium, service, "/desk", syncEvery=400) as page:
        await service.until(lambda: {"revision": 0} in service.named("sync"))
        await service.push("desk_changed", {"view": {"revision": 7, "readiness": "paused"}}, namespace="/desk")
        await page.wait_for_function("() => signalling.view?.revision === 7")
        await service.until(lambda: {"revision": 7} in service.named("sync"))
        await service.drop()
        missed = len(service.named("sync"))
        await service.until(lambda: service.connections == 2)
        await service.until(lambda: len(service.named("sync")) > missed)
        assert service.named("sync")[missed] == {"revision": 7}


async def test_pushes_are_events_by_their_names(chromium: Browser) -> None:
    pushes: dict[str, dict[str, object]] = {
        "negotiate": {"attention": "a", "peer": "p", "epoch": 1, "offers": True},
        "media_described": {"attention": "a", "peer": "p", "epoch": 1, "kind": "offer", "sdp": "v=0"},
        "description_refused": {"attention": "a", "peer": "p", "epoch": 1, "code": "bad_sdp"},
        "media_lost": {"attention": "a"},
        "other_side": {"attention": "a", "connected": True},
        "other_sends": {"attention": "a", "camera": "off", "microphone": "on"},
    }
    async with serving(Service()) as service, _connected(chromium, service) as page:
        for name, push in pushes.items():
            await service.push(name, push)
        await page.wait_for_function("() => of('other_sends').length")
        for name, push in pushes.items():
            assert await _told(page, name) == [push]


async def test_the_end_of_the_session_is_the_end(chromium: Browser) -> None:
    async with serving(Service()) as service, _connected(chromium, service) as page:
        await service.push("session_ended", {"cause": "signed_out"})
        await page.wait_for_function("() => of('connection').at(-1) === 'ended'")
        assert await _told(page, "session_ended") == [{"cause": "signed_out"}]
        answer = await page.evaluate("() => signalling.command('hang_up', {})")
        assert answer == {"ok": False, "code": "unreachable"}
        assert service.connections == 1


async def test_who_is_refused_does_not_knock_again(chromium: Browser) -> None:
    async with serving(Service()) as service, _connected(chromium, service) as page:
        service.refuses = True
        await service.drop()
        await page.wait_for_function("() => of('connection').at(-1) === 'ended'")
        assert await _told(page, "connection") == ["connected", "reconnecting", "ended"]


async def test_a_page_that_is_told_to_go_comes_back(chromium: Browser) -> None:
    async with serving(Service()) as service, _connected(chromium, service) as page:
        [sid] = service.pages
        await service.sio.disconnect(sid, namespace="/citizen")
        await service.until(lambda: service.connections == 2)
        await page.wait_for_function("() => of('connection').at(-1) === 'connected'")


async def test_closing_leaves_nothing_waiting(chromium: Browser) -> None:
    over = asyncio.Event()

    async def never(name: str, payload: Payload) -> Answer:
        await over.wait()
        return DONE

    async with serving(Service()) as service, _connected(chromium, service) as page:
        service.answer = never
        given = "() => { const given = signalling.command('hang_up', {}); signalling.close(); return given; }"
        assert await page.evaluate(given) == {"ok": False, "code": "unreachable"}
        await service.until(lambda: not service.pages)
        over.set()


async def test_a_sync_that_finds_no_session_is_the_end(chromium: Browser) -> None:
    async def answer(name: str, payload: Payload) -> Answer:
        return {"ok": False, "code": "session_ended"}

    async with serving(Service()) as service, _connected(chromium, service, syncEvery=300) as page:
        service.answer = answer
        await page.wait_for_function("() => of('connection').at(-1) === 'ended'")


async def test_a_proxy_that_knows_no_websocket_is_no_obstacle(chromium: Browser) -> None:
    service = Service()
    service.knows_websockets = False
    async with serving(service), _connected(chromium, service) as page:
        assert await page.evaluate("() => signalling.command('hang_up', {})") == DONE
