"""Which worker carries which call, and what passes between pages and workers."""

from __future__ import annotations

import asyncio

import pytest

from tests.fakes.wire import PageLink, WorkerLink
from videoattention.domain.people import Side
from videoattention.services import media
from videoattention.services.sending import Sending
from videoattention.services.switchboard import Switchboard

CITIZEN, INFORMER = Side.CITIZEN, Side.INFORMER


class RecorderDesk:
    def __init__(self) -> None:
        self.heard: list[object] = []

    def both_connected(self, call: str) -> None:
        self.heard.append(("both_connected", call))

    def reported(self, report: media.PartOpened | media.PartClosed | media.RecordingRefused) -> None:
        self.heard.append(report)

    def kept(self, call: str) -> None:
        self.heard.append(("kept", call))

    def worker_lost(self, call: str) -> None:
        self.heard.append(("worker_lost", call))


class Board:
    def __init__(self) -> None:
        self.link, self.pages, self.recorder = WorkerLink(), PageLink(), RecorderDesk()
        self.switchboard = Switchboard(self.link, self.pages, self.recorder)

    async def join(self, call: str, side: Side = CITIZEN, peer: str = "p1") -> bool:
        return await self.switchboard.join(media.Join(call, side, peer))

    async def leg(self, call: str, side: Side, *, epoch: int = 1, worker: str = "w1", connected: bool = True) -> None:
        await self.switchboard.report(worker, media.LegChanged(call, side, "p1", epoch, connected))

    async def connect(self, call: str, epoch: int = 1, worker: str = "w1") -> None:
        for side in Side:
            await self.join(call, side)
        for side in Side:
            await self.leg(call, side, epoch=epoch, worker=worker)


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
async def carrying(board: Board) -> Board:
    """A board with one worker that carries ``a``, both sides connected; what was told until then is forgotten."""
    await board.switchboard.worker_ready("w1", ())
    await board.connect("a")
    board.recorder.heard.clear()
    board.pages.others.clear()
    board.link.sent.clear()
    return board


async def test_without_a_worker_nobody_can_join(board: Board) -> None:
    assert not await board.join("a")
    assert board.switchboard.calls == frozenset()
    await board.switchboard.worker_ready("w1", ())
    assert await board.join("a")
    assert board.link.sent == [("w1", media.Join("a", CITIZEN, "p1"))]


async def test_calls_go_to_the_worker_that_carries_the_fewest_and_stay(board: Board) -> None:
    for worker in ("w2", "w1"):
        await board.switchboard.worker_ready(worker, ())
    for call in ("a", "b", "c"):
        for side in Side:
            await board.join(call, side)
    assert [worker for worker, _ in board.link.sent] == ["w1", "w1", "w2", "w2", "w1", "w1"]
    assert board.switchboard.workers == {"w1", "w2"}


async def test_orders_go_to_the_calls_own_worker(carrying: Board) -> None:
    await carrying.switchboard.worker_ready("w2", ())
    described = media.Describe("a", CITIZEN, "p1", 1, media.DescriptionKind.OFFER, "v=0")
    await carrying.switchboard.describe(described)
    assert await carrying.switchboard.order(media.StopRecording("a", "r1"))
    assert carrying.link.sent == [("w1", described), ("w1", media.StopRecording("a", "r1"))]


async def test_an_order_for_a_call_that_nobody_carries_goes_nowhere(carrying: Board) -> None:
    assert not await carrying.switchboard.order(media.StopRecording("b", "r1"))
    await carrying.switchboard.close("b")
    assert carrying.link.sent == []


async def test_a_closed_call_is_forgotten(carrying: Board) -> None:
    await carrying.switchboard.close("a")
    await carrying.switchboard.close("a")
    assert carrying.link.sent == [("w1", media.CloseCall("a"))]
    assert not carrying.switchboard.is_connected("a")
    await carrying.leg("a", CITIZEN)
    assert carrying.pages.others == []


async def test_what_a_worker_says_to_pages_is_passed_on(carrying: Board) -> None:
    negotiate = media.Negotiate("a", CITIZEN, "p1", 1, offers=True)
    described = media.Described("a", INFORMER, "p1", 1, media.DescriptionKind.OFFER, "v=0")
    for report in (negotiate, described):
        await carrying.switchboard.report("w1", report)
    assert carrying.pages.passed == [negotiate, described]


async def test_each_page_is_told_of_the_other_and_the_recorder_of_both(board: Board) -> None:
    await board.switchboard.worker_ready("w1", ())
    for side in Side:
        await board.join("a", side)
    await board.leg("a", CITIZEN)
    assert (board.recorder.heard, board.switchboard.is_connected("a")) == ([], False)
    await board.leg("a", INFORMER)
    assert (board.recorder.heard, board.switchboard.is_connected("a")) == ([("both_connected", "a")], True)
    await board.leg("a", CITIZEN, connected=False)
    assert not board.switchboard.is_connected("a")
    assert board.pages.others == [("a", INFORMER, True), ("a", CITIZEN, True), ("a", INFORMER, False)]


async def test_a_page_that_joins_again_is_told_of_the_other_again(board: Board) -> None:
    await board.switchboard.worker_ready("w1", ())
    for side in Side:
        await board.join("a", side)
        await board.leg("a", side)
    board.pages.others.clear()
    await board.join("a", CITIZEN)
    assert board.pages.others == [("a", CITIZEN, True)]


async def test_what_a_page_sends_is_told_to_the_other_and_again_when_that_joins_again(carrying: Board) -> None:
    off = Sending("off", "on")
    assert await carrying.switchboard.tell_sending("a", CITIZEN, off)
    assert carrying.pages.sends == [("a", INFORMER, off)]
    await carrying.join("a", INFORMER, "p2")
    assert carrying.pages.sends == [("a", INFORMER, off)] * 2
    await carrying.join("a", CITIZEN)  # the informer's page has told nothing, and nothing is made up for it
    assert len(carrying.pages.sends) == 2


async def test_what_a_page_sends_is_forgotten_with_the_page_and_with_the_call(carrying: Board) -> None:
    await carrying.switchboard.tell_sending("a", CITIZEN, Sending("none", "none"))
    carrying.pages.sends.clear()
    await carrying.switchboard.leave(media.Leave("a", CITIZEN, "p1"))
    await carrying.join("a", INFORMER)
    await carrying.switchboard.close("a")
    assert not await carrying.switchboard.tell_sending("a", CITIZEN, Sending("on", "on"))
    assert carrying.pages.sends == []


@pytest.mark.parametrize(("worker", "call"), [("w2", "a"), ("w1", "b")])
async def test_reports_of_calls_that_are_not_the_workers_own_are_ignored(
    carrying: Board, worker: str, call: str
) -> None:
    await carrying.switchboard.worker_ready("w2", ())
    for report in (
        media.Negotiate(call, CITIZEN, "p1", 9, offers=True),
        media.Described(call, CITIZEN, "p1", 9, media.DescriptionKind.OFFER, "v=0"),
        media.LegChanged(call, CITIZEN, "p1", 9, connected=False),
        media.MediaRefused(call, CITIZEN, "unknown_call"),
        media.RecordedUntil(call, "r1", 1, 0.0),
    ):
        await carrying.switchboard.report(worker, report)
    assert (carrying.pages.passed, carrying.pages.others, carrying.pages.lost) == ([], [], [])
    assert carrying.switchboard.is_connected("a")
    assert carrying.recorder.heard == []


async def test_what_a_worker_tells_of_a_recording_is_heard_even_of_a_call_that_ended(carrying: Board) -> None:
    await carrying.switchboard.close("a")
    told: list[media.PartOpened | media.PartClosed | media.RecordingRefused] = [
        media.PartOpened("a", "r1", 1, 0.0),
        media.PartClosed("a", "r1", 1, 1.0, "stopped", ()),
        media.RecordingRefused("a", "r1", "no_space"),
    ]
    for report in told:
        await carrying.switchboard.report("w1", report)
    assert carrying.recorder.heard == told


async def test_a_page_is_told_that_its_description_was_refused_and_nothing_changes(carrying: Board) -> None:
    refused = media.MediaRefused("a", CITIZEN, "bad_sdp", "citizen-1", 4)
    await carrying.switchboard.report("w1", refused)
    assert carrying.pages.refusals == [refused]
    assert carrying.switchboard.is_connected("a")
    assert (carrying.recorder.heard, carrying.pages.lost) == ([], [])


async def test_that_media_is_durable_is_told_to_the_recorder_s_desk(carrying: Board) -> None:
    await carrying.switchboard.report("w1", media.RecordedUntil("a", "r1", 1, 0.0))
    assert carrying.recorder.heard == [("kept", "a")]


async def test_a_call_that_its_worker_does_not_know_begins_again(carrying: Board) -> None:
    await carrying.switchboard.report("w1", media.MediaRefused("a", CITIZEN, "unknown_call"))
    assert carrying.recorder.heard == [("worker_lost", "a")]
    assert carrying.pages.lost == ["a"]
    assert carrying.pages.refusals == []
    assert await carrying.join("a")


async def test_when_a_worker_is_gone_its_calls_begin_again_with_another(carrying: Board) -> None:
    await carrying.switchboard.worker_ready("w2", ())
    await carrying.join("b")
    await carrying.switchboard.worker_gone("w1")
    assert (carrying.recorder.heard, carrying.pages.lost) == ([("worker_lost", "a")], ["a"])
    assert carrying.switchboard.workers == {"w2"}
    assert carrying.switchboard.calls == {"b"}
    carrying.link.sent.clear()
    await carrying.connect("a", worker="w2")
    assert {worker for worker, _ in carrying.link.sent} == {"w2"}
    assert carrying.switchboard.is_connected("a")


async def test_when_the_only_worker_is_gone_pages_try_again(carrying: Board) -> None:
    await carrying.switchboard.worker_gone("w1")
    await carrying.switchboard.worker_gone("w1")
    assert not await carrying.join("a")
    assert carrying.recorder.heard == [("worker_lost", "a")]


async def test_a_worker_carries_on_with_its_calls_for_a_service_that_was_restarted(board: Board) -> None:
    await board.switchboard.worker_ready("w1", ("a",))
    assert board.switchboard.calls == {"a"}
    assert not board.switchboard.is_connected("a")
    for side in Side:
        await board.leg("a", side, epoch=77)
    assert board.switchboard.is_connected("a")


async def test_a_call_that_another_worker_carries_by_now_is_closed_where_it_was(carrying: Board) -> None:
    await carrying.switchboard.worker_ready("w2", ("a", "b"))
    assert carrying.link.sent == [("w2", media.CloseCall("a"))]
    assert carrying.switchboard.is_connected("a")
    assert carrying.switchboard.calls == {"a", "b"}


async def test_a_worker_that_comes_again_before_its_former_connection_ended_keeps_its_calls(board: Board) -> None:
    await board.switchboard.worker_ready("w1", (), name="one")
    await board.connect("a")
    await board.connect("lost")
    board.link.sent.clear()
    await board.switchboard.worker_ready("w2", ("a",), name="one")
    assert board.link.sent == []
    assert board.switchboard.workers == {"w2"}
    assert board.switchboard.calls == {"a"}
    # as after any lost connection: both pages join again, and the recorder begins again with the next part
    assert board.pages.lost == ["a", "lost"]
    assert ("worker_lost", "a") in board.recorder.heard
    await board.switchboard.worker_gone("w1")
    assert board.switchboard.calls == {"a"}
    await board.connect("a", worker="w2")
    assert board.switchboard.is_connected("a")


async def test_a_page_that_joins_again_begins_a_new_epoch_in_which_nobody_is_connected(carrying: Board) -> None:
    await carrying.join("a", CITIZEN, "p2")
    assert carrying.link.sent == [("w1", media.Join("a", CITIZEN, "p2"))]
    await carrying.switchboard.report("w1", media.Negotiate("a", CITIZEN, "p2", 2, offers=False))
    assert not carrying.switchboard.is_connected("a")
    await carrying.leg("a", INFORMER, epoch=2)
    assert not carrying.switchboard.is_connected("a")
    await carrying.leg("a", CITIZEN, epoch=2)
    assert carrying.switchboard.is_connected("a")
    assert carrying.recorder.heard == [("both_connected", "a")]


async def test_a_leg_tells_of_a_new_epoch_as_well(carrying: Board) -> None:
    await carrying.leg("a", CITIZEN, epoch=2)
    assert not carrying.switchboard.is_connected("a")


@pytest.mark.parametrize("connected", [True, False])
async def test_the_end_of_an_old_epoch_says_nothing_of_the_new_one(carrying: Board, *, connected: bool) -> None:
    await carrying.leg("a", CITIZEN, epoch=2)
    carrying.pages.others.clear()
    await carrying.leg("a", INFORMER, epoch=1, connected=connected)
    assert not carrying.switchboard.is_connected("a")
    await carrying.leg("a", CITIZEN, epoch=1, connected=False)
    await carrying.leg("a", INFORMER, epoch=2)
    assert carrying.switchboard.is_connected("a")
    assert carrying.pages.others == [("a", CITIZEN, True)]


async def test_a_page_whose_session_ended_leaves_and_the_other_page_is_told(carrying: Board) -> None:
    await carrying.switchboard.leave(media.Leave("a", INFORMER, "p1"))
    assert carrying.link.sent == [("w1", media.Leave("a", INFORMER, "p1"))]
    assert carrying.pages.others == [("a", CITIZEN, False)]
    assert not carrying.switchboard.is_connected("a")
    await carrying.switchboard.leave(media.Leave("another", INFORMER, "p1"))
    assert len(carrying.link.sent) == 1


def load(*, lag: float = 0.0, packets: float = 0.0, draining: bool = False) -> media.WorkerLoad:
    return media.WorkerLoad(0, packets, lag, draining)


async def test_when_every_worker_is_full_the_page_waits_and_comes_again(board: Board) -> None:
    await board.switchboard.worker_ready("w1", (), capacity=2)
    assert [await board.join(call) for call in ("a", "b", "c")] == [True, True, False]
    assert board.switchboard.admitting == frozenset()
    await board.switchboard.close("a")
    assert await board.join("c")


async def test_a_recorded_call_counts_for_two(board: Board) -> None:
    await board.switchboard.worker_ready("w1", (), capacity=3)
    await board.join("a")
    record = media.Record("a", "org", "r1", 1, 0.0, media.ConsentProof("c", 1, "00"), {})
    await board.switchboard.order(record)
    assert await board.join("b")
    assert not await board.join("c")
    await board.switchboard.report("w1", media.PartClosed("a", "r1", 1, 1.0, "stopped", ()))
    assert await board.join("c")


async def test_what_a_worker_measures_counts(board: Board) -> None:
    for worker in ("w1", "w2"):
        await board.switchboard.worker_ready(worker, (), capacity=10)
    await board.switchboard.worker_load("w1", load(lag=80.0))
    await board.join("a")
    await board.switchboard.worker_load("w1", load())
    await board.switchboard.worker_load("w2", load(packets=2900.0))
    await board.join("b")
    assert [worker for worker, _ in board.link.sent] == ["w2", "w1"]
    await board.switchboard.worker_load("unknown", load())
    assert board.switchboard.workers == {"w1", "w2"}


async def test_a_draining_worker_keeps_its_calls_and_gets_no_new_one(carrying: Board) -> None:
    await carrying.switchboard.worker_ready("w2", (), name="local-2")
    assert await carrying.switchboard.drain("w1")
    assert carrying.link.sent == [("w1", media.Drain())]
    await carrying.join("a")
    await carrying.join("b")
    assert carrying.link.sent[1:] == [("w1", media.Join("a", CITIZEN, "p1")), ("w2", media.Join("b", CITIZEN, "p1"))]
    assert carrying.switchboard.admitting == {"w2"}
    assert carrying.switchboard.is_connected("a")
    assert await carrying.switchboard.drain("local-2")
    assert not await carrying.join("c")
    assert not await carrying.switchboard.drain("nobody")


async def test_a_worker_that_wants_to_leave_is_let_go_once(carrying: Board) -> None:
    for _ in range(3):
        await carrying.switchboard.worker_load("w1", load(draining=True))
    assert carrying.link.sent == [("w1", media.Drain())]
    assert not await carrying.join("b")


async def test_a_call_that_a_leaving_worker_let_go_begins_again_with_another(carrying: Board) -> None:
    await carrying.switchboard.worker_ready("w2", ())
    await carrying.switchboard.drain("w1")
    await carrying.switchboard.report("w1", media.CallLeft("a"))
    assert carrying.pages.lost == ["a"]
    assert carrying.recorder.heard == []  # the end of its part was told before, with the cause
    carrying.link.sent.clear()
    await carrying.connect("a", worker="w2")
    assert {worker for worker, _ in carrying.link.sent} == {"w2"}
    await carrying.switchboard.worker_gone("w1")
    assert carrying.switchboard.is_connected("a")
    assert carrying.recorder.heard == [("both_connected", "a")]


async def test_who_waits_for_a_worker_hears_of_it(board: Board) -> None:
    waiting = asyncio.create_task(board.switchboard.arrived("local-2"))
    await board.switchboard.worker_ready("w1", (), name="local-1")
    await asyncio.sleep(0)
    assert not waiting.done()
    await board.switchboard.worker_ready("w2", (), name="local-2")
    async with asyncio.timeout(5):
        await waiting
        await board.switchboard.arrived("local-1")
    await board.switchboard.worker_gone("w2")
    assert not await board.switchboard.drain("local-2")
