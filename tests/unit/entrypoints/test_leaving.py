"""A worker's leave: to the natural end of its calls, and at the deadline one call after the other, files first."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from videoattention.entrypoints import leaving as module
from videoattention.entrypoints.leaving import Leaving
from videoattention.services.media import CallLeft, CloseCall

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from videoattention.services.media import Order, Report


class Plane:
    """Closes a call when it is told to, and its files a moment later; ``happened`` is what was seen from outside."""

    def __init__(self, *calls: str, durable: bool = True) -> None:
        self.carried = list(calls)
        self.happened: list[object] = []
        self._durable = durable

    def calls(self) -> tuple[str, ...]:
        return tuple(self.carried)

    def obey(self, order: Order) -> Awaitable[object]:
        self.happened.append(order)
        self.carried.remove(order.call)
        return asyncio.ensure_future(self._close(order.call))

    async def _close(self, call: str) -> None:
        await asyncio.sleep(0.02 if self._durable else 60)
        self.happened.append(f"{call} is durable")

    def tell(self, report: Report) -> None:
        self.happened.append(report)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TICK", 0.005)
    monkeypatch.setattr(module, "BETWEEN_CALLS", 0.005)


async def test_who_carries_nothing_waits_for_the_word_that_no_call_is_on_its_way() -> None:
    plane = Plane()
    leaving = Leaving(plane.tell, deadline=60)
    over = asyncio.create_task(leaving.over(plane, lambda: True))
    leaving.want()
    await asyncio.sleep(0.05)
    assert leaving.begun
    assert not over.done()
    leaving.release()
    await asyncio.wait_for(over, 5)
    assert plane.happened == []


async def test_without_a_service_nobody_is_waited_for() -> None:
    plane = Plane()
    leaving = Leaving(plane.tell, deadline=60)
    leaving.want()
    await asyncio.wait_for(leaving.over(plane, lambda: False), 5)


async def test_calls_go_on_to_their_natural_end() -> None:
    plane = Plane("a", "b")
    leaving = Leaving(plane.tell, deadline=60)
    leaving.release()
    over = asyncio.create_task(leaving.over(plane, lambda: True))
    for call in ("a", "b"):
        await asyncio.sleep(0.03)
        assert not over.done()
        plane.carried.remove(call)
    await asyncio.wait_for(over, 5)
    assert plane.happened == []


async def test_at_the_deadline_each_call_is_let_go_when_its_files_are_safe() -> None:
    plane = Plane("a", "b")
    leaving = Leaving(plane.tell, deadline=0.02)
    leaving.release()
    await asyncio.wait_for(leaving.over(plane, lambda: True), 5)
    assert plane.happened == [
        CloseCall("a", "worker_replaced"),
        "a is durable",
        CallLeft("a"),
        CloseCall("b", "worker_replaced"),
        "b is durable",
        CallLeft("b"),
    ]


async def test_a_disk_that_does_not_answer_keeps_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LETS_GO_WITHIN", 0.02)
    plane = Plane("a", durable=False)
    leaving = Leaving(plane.tell, deadline=0)
    leaving.release()
    await asyncio.wait_for(leaving.over(plane, lambda: True), 5)
    assert plane.happened == [CloseCall("a", "worker_replaced"), CallLeft("a")]


async def test_a_page_that_came_back_to_the_leaving_worker_is_let_go_again() -> None:
    plane = Plane("a")
    told: list[Report] = []

    def tell(report: Report) -> None:
        told.append(report)
        if len(told) == 1:
            plane.carried.append("a")

    leaving = Leaving(tell, deadline=0)
    leaving.release()
    await asyncio.wait_for(leaving.over(plane, lambda: True), 5)
    assert told == [CallLeft("a")] * 2
