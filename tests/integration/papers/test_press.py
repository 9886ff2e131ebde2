"""The press: whatever happens to one page, the next one is printed, and it never outlives who started it."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from videoattention.adapters.papers.press import PaperNotPrinted, Press

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

STYLE = Path(__file__).parents[3] / "web" / "static" / "css" / "paper.css"
PAGE = '<html lang="ca"><head><title>x</title></head><body><h1>x</h1></body></html>'
TOO_DEEP = "<div>" * 1000
"""Deeper than WeasyPrint follows."""


@pytest.fixture
async def press(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Press]:
    monkeypatch.setenv("VIDEOATTENTION_MASTER_KEY", "canary")
    opened = Press(STYLE)
    yield opened
    await opened.close()


def is_there(pid: int | None) -> bool:
    return pid is not None and Path(f"/proc/{pid}").exists()


async def test_a_page_that_cannot_be_printed_is_told_without_its_words_and_the_next_is_printed(press: Press) -> None:
    with pytest.raises(PaperNotPrinted) as refused:
        await press.print(TOO_DEEP)
    assert str(refused.value) == "the page cannot be printed: RecursionError"
    before = press.pid
    assert (await press.print(PAGE)).startswith(b"%PDF-")
    assert press.pid == before


async def test_papers_asked_for_at_once_go_to_whom_asked(press: Press) -> None:
    asked = [press.print(PAGE), press.print(TOO_DEEP), press.print(PAGE)]
    first, none, last = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(none, PaperNotPrinted)
    for paper in (first, last):
        assert isinstance(paper, bytes)
        assert paper.startswith(b"%PDF-")


async def test_after_a_press_that_was_killed_comes_another(press: Press) -> None:
    await press.print(PAGE)
    killed = press.pid
    assert killed is not None
    os.kill(killed, signal.SIGSTOP)
    asked = asyncio.create_task(press.print(PAGE))
    await asyncio.sleep(0)
    os.kill(killed, signal.SIGKILL)
    with pytest.raises(PaperNotPrinted):
        await asked
    assert (await press.print(PAGE)).startswith(b"%PDF-")
    assert press.pid != killed


async def test_a_paper_that_takes_too_long_is_given_up_and_its_press_ended() -> None:
    press = Press(STYLE, longest=0.001)
    with pytest.raises(PaperNotPrinted) as refused:
        await press.print(PAGE)
    assert "TimeoutError" in str(refused.value)
    assert press.pid is None


async def test_who_stops_waiting_leaves_no_paper_to_the_next(press: Press) -> None:
    await press.print(PAGE)
    before = press.pid
    asked = asyncio.create_task(press.print(PAGE.replace(">x<", ">another<")))
    await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert not is_there(before)
    assert (await press.print(PAGE)).startswith(b"%PDF-")


async def test_the_press_knows_no_key_gives_way_and_ends_with_who_started_it(press: Press) -> None:
    await press.print(PAGE)
    pid = press.pid
    assert pid is not None
    process = Path(f"/proc/{pid}")
    assert b"canary" not in await asyncio.to_thread((process / "environ").read_bytes)
    assert os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, os.getpid())
    child = press._process
    assert child is not None
    assert child.stdin is not None
    child.stdin.close()
    assert await asyncio.wait_for(child.wait(), 30) == 0
