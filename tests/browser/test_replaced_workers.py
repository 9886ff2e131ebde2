"""What people notice when the worker of their recorded call is replaced: nothing, and at the deadline a moment."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_resilience import connections, reconnected
from tests.browser.test_stories import a_call
from tests.story.evidence import evidence
from tests.story.people import raise_to_attended
from tests.story.running import RunningService

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

DRAIN = 10
PICTURE_MOVES = """async () => {
  const other = [...document.querySelectorAll("video")].find((v) => !v.muted && v.videoWidth);
  if (!other) return 0;
  const from = other.currentTime;
  await new Promise((done) => setTimeout(done, 2000));
  return other.currentTime - from;
}"""


async def test_a_recorded_call_goes_on_while_its_worker_leaves_and_moves_at_the_deadline(
    chromium: Browser, tmp_path: Path
) -> None:
    async with RunningService(tmp_path, extra={"VIDEOATTENTION_MEDIA_DRAIN": str(DRAIN)}) as service:
        citizen, informer = await a_call(chromium, chromium, service)
        await raise_to_attended(citizen, informer)
        before = await connections(citizen), await connections(informer)
        assert service.process is not None
        service.process.send_signal(signal.SIGHUP)
        while '"event": "worker_drains"' not in service.log:
            await citizen.page.wait_for_timeout(50)
        drained = time.monotonic()
        assert await citizen.page.evaluate(PICTURE_MOVES) > 0.3, "the picture stood still while the worker was leaving"
        assert (await connections(citizen), await connections(informer)) == before
        assert time.monotonic() - drained < DRAIN, "the machine is too slow to tell"
        await citizen.page.wait_for_function("(n) => window.__connections.length > n", arg=before[0], timeout=20_000)
        began = time.monotonic()
        await reconnected(citizen, before[0], 10_000)
        await reconnected(informer, before[1], 10_000)
        back = time.monotonic() - began
        assert back < 10, f"the picture was back after {back:.1f} s"
        await citizen.page.wait_for_selector('main[data-recorder="in_call"]', state="attached")
        await citizen.page.wait_for_timeout(2_000)
        await citizen.press("hang-up")
        await informer.until(stage="wrapping_up")
        found = await evidence(service)
        assert found.fact("RecordingInterrupted").body["cause"] == "worker_replaced"
        assert found.fact("RecordingResumed").body["gap_seconds"] <= 10  # type: ignore[operator]  # a number in the body
        assert [part.number for part in found.parts] == [1, 2]
        assert found.parts[0].cause == "worker_replaced"
        assert all(len(part.tracks) == 4 for part in found.parts)
        for person in (citizen, informer):
            await person.leave()
