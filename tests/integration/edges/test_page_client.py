"""What a well-meaning page relies on, with the library's own client: once, committed, and never going back."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import socketio

from tests.integration.edges import ledger
from tests.integration.edges.callers import Caller
from tests.integration.edges.talking import talking

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.story.running import RunningService

OURS = "gencat-demo"


class Page:
    """The library's client in one namespace, and the views that it was pushed."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self.client = socketio.AsyncClient(reconnection=False, handle_sigint=False)
        self.views: list[dict[str, Any]] = []
        self._more = asyncio.Event()
        self.client.on("*", self._pushed, namespace=namespace)

    async def _pushed(self, _: str, payload: dict[str, Any]) -> None:
        self.views.append(payload["view"])
        self._more.set()

    async def call(self, name: str, **payload: object) -> object:
        return await self.client.call(name, payload, namespace=self.namespace, timeout=15)

    async def another(self, count: int) -> dict[str, Any]:
        """The newest view once there are more than so many."""
        async with asyncio.timeout(15):
            while len(self.views) <= count:
                self._more.clear()
                await self._more.wait()
        return self.views[-1]


@asynccontextmanager
async def page(namespace: str, caller: Caller) -> AsyncIterator[Page]:
    made = Page(namespace)
    await made.client.connect(
        caller.base, headers=caller.identity, namespaces=[namespace], transports=["websocket"], wait_timeout=15
    )
    try:
        yield made
    finally:
        await made.client.disconnect()


def kinds(service: RunningService, since: dict[str, int]) -> list[str]:
    return [kind for kind, _, _ in ledger.facts_since(service, since[OURS], OURS)]


async def test_a_command_that_comes_twice_is_carried_out_once(service: RunningService) -> None:
    async with Caller(service.url) as caller:
        await caller.sign_in("staff-marta")
        async with page("/desk", caller) as one, page("/desk", caller) as two:
            since, said = ledger.heads(service), uuid.uuid4().hex
            for desk in (one, one, two):
                assert await desk.call("set_readiness", id=said, readiness="paused") == {"ok": True}
            # what was not done is not acknowledged as if it were
            refused = {"ok": False, "code": "bad_message"}
            assert await two.call("set_readiness", id=said, readiness="available") == refused
            assert await two.call("end_call", id=said, attention="a1") == refused
            assert kinds(service, since) == ["ReadinessChanged"]
            since, said = ledger.heads(service), uuid.uuid4().hex
            answers = await asyncio.gather(
                *(desk.call("set_readiness", id=said, readiness="paused") for desk in (one, two, one, two))
            )
            assert answers == [{"ok": True}] * 4
            assert kinds(service, since) == ["ReadinessChanged"]


async def test_a_command_that_was_refused_may_be_said_again_under_its_id(service: RunningService) -> None:
    async with Caller(service.url) as citizen, Caller(service.url) as informer:
        attention = await citizen.take_turn()
        await informer.sign_in("staff-marta")
        async with page("/desk", informer) as desk:
            said = uuid.uuid4().hex
            assert await desk.call("ask_consent", id=said, attention=attention) == {"ok": False, "code": "not_yours"}
            assert await desk.call("take_citizen", id=said, attention=attention) == {"ok": True}
            for name, more in (("end_call", {}), ("conclude", {"outcome": "Done.", "kind": "informed"})):
                assert await desk.call(name, id=uuid.uuid4().hex, attention=attention, **more) == {"ok": True}
            assert await desk.call("set_readiness", id=uuid.uuid4().hex, readiness="paused") == {"ok": True}


async def test_what_was_acknowledged_is_committed(service: RunningService) -> None:
    """The journal is read by another process at the moment of the acknowledgement."""
    async with Caller(service.url) as caller:
        await caller.sign_in("staff-marta")
        async with page("/desk", caller) as desk:
            for _ in range(10):
                since = ledger.heads(service)
                assert await desk.call("set_readiness", id=uuid.uuid4().hex, readiness="paused") == {"ok": True}
                # receipts of calls that are over are signed in their own time
                told = [kind for kind in kinds(service, since) if kind != "ReceiptSigned"]
                assert told == ["ReadinessChanged"]


async def test_sync_is_answered_with_a_view_and_its_revision_never_goes_back(service: RunningService) -> None:
    async with (
        talking(service) as talk,
        page("/citizen", talk.citizen) as citizen,
        page("/desk", talk.informer) as desk,
    ):
        for one in (citizen, desk):
            count = len(one.views)
            assert await one.call("sync", revision=0) == {"ok": True}
            view = await one.another(count)
            assert view["revision"] == ledger.heads(service)[OURS]
        for name, more in (
            ("propose_level", {"level": "attended"}),
            ("drop_proposal", {}),
            ("propose_level", {"level": "attended"}),
        ):
            seen = len(citizen.views)
            said = uuid.uuid4().hex
            assert await desk.call(name, id=said, attention=talk.attention, **more) == {"ok": True}
            view = await citizen.another(seen)
            assert view["proposed"] == more.get("level", "")
            assert view["revision"] >= ledger.heads(service)[OURS] - 1
        for one in (citizen, desk):
            revisions = [view["revision"] for view in one.views]
            assert revisions == sorted(revisions)
            assert len(set(revisions)) > 2


async def test_who_comes_back_finds_everything_as_it_is(service: RunningService) -> None:
    async with talking(service) as talk:
        async with page("/citizen", talk.citizen) as before:
            await before.call("sync", revision=0)
            first = await before.another(0)
        await talk.done(talk.desk, "propose_level", attention=talk.attention, level="attended")
        async with page("/citizen", talk.citizen) as again:
            await again.call("sync", revision=first["revision"])
            view = await again.another(0)
        assert (view["stage"], view["proposed"]) == ("talking", "attended")
        assert view["revision"] > first["revision"]
