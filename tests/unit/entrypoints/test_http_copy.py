"""Asking about the copy of a citizen's data without fetching it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from videoattention.entrypoints.http.rights import RightsPages

if TYPE_CHECKING:
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Visitors


def _pages(rendering: Rendering, visitors: Visitors, rights: Any) -> RightsPages:  # noqa: ANN401 - a stand-in
    return RightsPages(rendering, visitors, rights=rights, kept=Mock(), copies=Mock(), clock=Mock())


async def test_head_is_not_a_fetched_copy() -> None:
    app, rights = web.Application(), Mock()
    app.add_routes(_pages(Mock(), Mock(), rights).routes())
    async with TestClient(TestServer(app)) as client:
        answer = await client.head("/receipt/copy/q1")
    assert answer.status == 405
    assert rights.mock_calls == []
