"""The whole comparison: every contender at every number of participants, their windows close in time to each other."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.media import janus
from benchmarks.media.clip import make_clip
from benchmarks.media.contenders import Contender, Janus, Ours
from benchmarks.media.kept import Kept
from benchmarks.media.pacer import Pacer
from benchmarks.media.participant import Participant
from benchmarks.media.processes import before_others, cores, pin
from benchmarks.media.stock import StockRecorder
from benchmarks.media.window import fall_silent, measure, warm
from videoattention.adapters.media.addresses import advertised_by_default

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.media.window import Window

RELAY, RELAY_RECORD, RECORD = "relay", "relay_record", "record"
_FLOWS_WITHIN = 0.01
# Janus writes nothing before a key frame, and so misses packets of ours that were already on their way
_MISSING_AT_START = 0.05
# a recorder asks for a key frame when it comes; of pictures two seconds, of sound a little over one
_FRAMES_BEFORE_FIRST = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure: ``only`` one contender (its name, or empty), each ``seconds``, ``rounds`` times.

    Where something kept the load from being even in every round there is one round more, if there is time.
    """

    numbers: Sequence[int]
    cases: Sequence[str]
    seconds: float
    rounds: int
    only: str = ""
    folder: Path | None = None
    profile: Path | None = None
    stock: bool = True
    ends_within: float = 560.0


@dataclass(slots=True)
class Findings:
    """Windows by contender, case and number; what was kept by contender and number; stock CPU by file format."""

    packets_a_second: float = 0.0
    kilobits_a_second: float = 0.0
    windows: dict[tuple[str, str, int], list[Window]] = field(default_factory=lambda: defaultdict(list))
    kept: dict[tuple[str, str, int], Kept] = field(default_factory=dict)
    stock: dict[str, Window] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def cpu(self, name: str, case: str, number: int) -> float | None:
        """Median CPU seconds per participant-minute."""
        windows = self._even(name, case, number)
        return median(window.cpu_a_minute for window in windows) if windows else None

    def ratio(self, case: str, number: int) -> float | None:
        """Ours to Janus."""
        ours, other = self.cpu("ours", case, number), self.cpu("janus", case, number)
        return round(ours / other, 3) if ours and other else None

    def delay_ms(self, name: str, number: int, share: float) -> float | None:
        """Median over the rounds of a quantile of the delay while recording."""
        windows = self._even(name, RELAY_RECORD, number)
        return round(median(window.delay_ms(share) for window in windows), 2) if windows else None

    def disturbed(self, number: int) -> bool:
        """Whether some case of some contender has no window in which the load was even."""
        found = {key: windows for key, windows in self.windows.items() if key[2] == number}
        return any(not any(window.even for window in windows) for windows in found.values())

    def _even(self, name: str, case: str, number: int) -> list[Window]:
        """The windows in which the load was even, or all if there is none."""
        windows = self.windows.get((name, case, number), [])
        return [window for window in windows if window.even] or windows

    def keep(self, name: str, case: str, number: int, kept: Kept) -> None:
        """Add what one window kept, and note what should not be."""
        key = (name, case, number)
        self.kept[key] = self.kept.get(key, Kept(0, 0)) + kept
        if kept.lost > (0 if name == "ours" else kept.sent * _MISSING_AT_START):
            self.notes.append(f"{name} {case} N={number}: {kept.lost} of {kept.sent} packets are not in the files")
        if kept.waited > _FRAMES_BEFORE_FIRST:
            self.notes.append(f"{name} {case} N={number}: {kept.waited} frames went by before the first in a file")

    def add(self, name: str, case: str, number: int, window: Window) -> None:
        """Add a window, and note when packets did not flow as they should."""
        self.windows[name, case, number].append(window)
        if not window.even:
            expected = self.packets_a_second * window.seconds * number
            late = f"{1000 * window.load_late:.0f} ms late"
            self.notes.append(f"{name} {case} N={number}: uneven load, {window.sent} of {expected:.0f} packets, {late}")
        if window.overflows:
            self.notes.append(f"{name} {case} N={number}: {window.overflows} datagrams found a socket full")
        if case != RECORD and abs(window.received - window.sent) > max(window.sent * _FLOWS_WITHIN, 20):
            self.notes.append(f"{name} {case} N={number}: sent {window.sent}, received {window.received}")


class Comparison:
    """Runs it once."""

    def __init__(self, wanted: Wanted, say: Callable[[str], None]) -> None:
        self._wanted, self._say = wanted, say
        self._load_core, self._server_core = cores()
        self._began = time.monotonic()

    async def run(self) -> Findings:
        """Measure everything that is wanted."""
        task = asyncio.current_task()
        if task is not None:
            # the servers are in sessions of their own and must be ended with this one
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        with before_others():
            return await self._run()

    async def _run(self) -> Findings:
        pin(os.getpid(), self._load_core)
        self._clip, self._pacer = make_clip(), Pacer()
        self._findings = Findings(self._clip.packets_a_second, self._clip.bits_a_second / 1000)
        for number in self._wanted.numbers:
            with tempfile.TemporaryDirectory(dir=self._wanted.folder, prefix="bench-media-") as folder:
                await self._at(number, Path(folder))
        if self._wanted.stock and not self._wanted.only:
            for form in ("mp4", "webm"):
                await self._stock(form)
        return self._findings

    async def _at(self, number: int, folder: Path) -> None:
        contenders = self._contenders(folder)
        try:
            for contender in contenders:
                await contender.start(self._clip, number)
            # what lives until the end is not looked through again: collections of a second would hold the load up
            gc.collect()
            gc.freeze()
            await self._rounds(contenders, number)
        finally:
            gc.unfreeze()
            for contender in contenders:
                await contender.stop()

    async def _rounds(self, contenders: list[Contender], number: int) -> None:
        for turn in range(self._wanted.rounds + 1):
            if turn == self._wanted.rounds and not self._findings.disturbed(number):
                return
            if turn and self._late:
                self._findings.notes.append(f"N={number}: {turn} of {self._wanted.rounds} rounds, for want of time")
                return
            for contender in contenders if turn % 2 == 0 else reversed(contenders):
                await self._round(contender, number)

    @property
    def _late(self) -> bool:
        return time.monotonic() - self._began > self._wanted.ends_within * 0.85

    def _contenders(self, folder: Path) -> list[Contender]:
        found: list[Contender] = []
        if self._wanted.only in {"", "ours"}:
            found.append(Ours(folder, self._pacer, core=self._server_core, profile=self._wanted.profile))
        if self._wanted.only in {"", "janus"} and janus.installed():
            found.append(Janus(folder, self._pacer, core=self._server_core))
        return found

    async def _round(self, contender: Contender, number: int) -> None:
        findings, name, seconds = self._findings, contender.name, self._wanted.seconds
        if {RELAY, RELAY_RECORD} & set(self._wanted.cases):
            relay, recording, kept = await contender.together(seconds)
            findings.add(name, RELAY, number, relay)
            findings.add(name, RELAY_RECORD, number, recording)
            findings.keep(name, RELAY_RECORD, number, kept)
            self._tell(name, number, {RELAY: relay, RELAY_RECORD: recording}, kept)
        if RECORD in self._wanted.cases:
            alone, kept = await contender.alone(seconds)
            findings.add(name, RECORD, number, alone)
            findings.keep(name, RECORD, number, kept)
            self._tell(name, number, {RECORD: alone}, kept)

    async def _stock(self, form: str) -> None:
        with tempfile.TemporaryDirectory(dir=self._wanted.folder, prefix="bench-media-") as folder:
            stock = StockRecorder(Path(folder), form, core=self._server_core)
            await stock.start()
            one = Participant(self._clip, host=advertised_by_default("0.0.0.0")[0])  # noqa: S104 - any of this machine
            await stock.join(one)
            await warm([one], self._pacer)
            await asyncio.sleep(1)
            window = await measure(stock.pid, [one], [one], pacer=self._pacer, seconds=self._wanted.seconds)
            await fall_silent([one], self._pacer)
            self._pacer.forget(one)
            await one.close()
            await stock.stop()
        self._findings.stock[form] = window
        self._tell(f"stock {form}", 1, {RECORD: window}, None)

    def _tell(self, name: str, number: int, windows: dict[str, Window], kept: Kept | None) -> None:
        for case, window in windows.items():
            delays = (
                f", delay p50 {window.delay_ms(0.5):.2f} p99 {window.delay_ms(0.99):.2f} ms" if window.delays else ""
            )
            files = f", {kept.lost} of {kept.sent} not in the files" if kept and case != RELAY else ""
            share = window.cpu_a_minute * number / 60
            self._say(
                f"  N={number} {name} {case}: {window.cpu_a_minute:.3f} ({share:.0%} of a core)"
                f", sent {window.sent}, received {window.received}{delays}{files}, {window.memory_mb:.0f} MB"
                f"; load {window.load_core:.0%} of a core, late {1000 * window.load_late:.0f} ms"
            )
