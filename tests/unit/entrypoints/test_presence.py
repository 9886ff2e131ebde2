"""A connected page counts as there, whatever its browser does with the timers of a hidden tab."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from structlog.testing import capture_logs

from videoattention.entrypoints.signalling import presence
from videoattention.entrypoints.signalling.announcer import Announcer
from videoattention.entrypoints.signalling.presence import Presence

if TYPE_CHECKING:
    import pytest

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


class Register:
    """Notes who was heard of; the first time it fails, as a database may."""

    def __init__(self) -> None:
        self.rounds: list[tuple[str, ...]] = []
        self.enough = asyncio.Event()

    async def seen(self, *keys: str, now: datetime) -> None:
        assert now == NOW
        self.rounds.append(keys)
        if len(self.rounds) == 1:
            raise OSError("as told")
        self.enough.set()


class Sockets:
    """Notes how many rounds there had been when it was asked to let pages go."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.asked: list[int] = []

    async def let_go_of_ended(self) -> None:
        self.asked.append(len(self.register.rounds))


class Clock:
    def now(self) -> datetime:
        return NOW


async def test_every_connected_page_is_heard_of_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "EVERY", 0)
    nothing: Any = None
    announcer = Announcer(nothing, nothing, Clock())
    announcer.citizen_arrived("gencat-demo", "a1", "ca")
    announcer.citizen_arrived("gencat-demo", "a2", "ca")
    announcer.citizen_gone("a2")
    announcer.desk_arrived("gencat-demo", "marta", "ca")
    register: Any = Register()
    sockets: Any = Sockets(register)
    with capture_logs() as logs:
        running = asyncio.create_task(Presence(register, Clock(), announcer, sockets=sockets).run())
        await register.enough.wait()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    assert set(register.rounds) == {("attention:a1", "desk:gencat-demo:marta")}
    assert sockets.asked[:2] == [0, 1]  # before each round is told
    assert logs[0]["event"] == "presence_failed"
