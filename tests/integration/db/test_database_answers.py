"""Whether the database answers now: what says who may be sent to this service."""

from __future__ import annotations

import asyncio
import json
import socket
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp.test_utils import make_mocked_request

from videoattention.adapters.db import database as module
from videoattention.adapters.db.database import Database
from videoattention.entrypoints.http.health import HealthPages

if TYPE_CHECKING:
    from collections.abc import Sequence


async def test_one_that_is_there_answers(database: Database) -> None:
    assert await database.answers()


async def test_one_whose_server_is_gone_does_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    away = Database(f"postgresql://video@127.0.0.1:{port}/video")
    assert not await away.answers()
    await away.close()


async def test_one_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ANSWERS_WITHIN", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        away = Database(f"postgresql://video@127.0.0.1:{silent.getsockname()[1]}/video")
        async with asyncio.timeout(30):
            assert not await away.answers()
        await away.close()


@pytest.mark.parametrize(
    ("workers", "there", "told"),
    [
        (["w1"], True, (200, {"ok": True, "workers": 1})),
        (["w1"], False, (503, {"ok": False, "workers": 1})),
        ([], True, (503, {"ok": False, "workers": 0})),
    ],
)
async def test_nobody_is_sent_to_a_service_that_cannot_attend(
    workers: Sequence[str], *, there: bool, told: tuple[int, dict[str, object]]
) -> None:
    async def answers() -> bool:
        return there

    board: Any = SimpleNamespace(workers=frozenset(workers))
    copies: Any = None
    answer = await HealthPages(board, lambda: 0.0, copies, answers).ready(make_mocked_request("GET", "/readyz"))
    assert isinstance(answer.text, str)
    assert (answer.status, json.loads(answer.text)) == told
