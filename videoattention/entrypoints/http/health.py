"""Whether the service lives, and whether it can attend: for the people and the programs that keep it running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from videoattention.services.switchboard import Switchboard
    from videoattention.services.waiting_copies import WaitingCopies


class HealthPages:
    """Routes without a session; they tell nothing about people."""

    def __init__(
        self,
        switchboard: Switchboard,
        lag_p99_ms: Callable[[], float],
        copies: WaitingCopies,
        database_answers: Callable[[], Awaitable[bool]],
    ) -> None:
        self._switchboard = switchboard
        self._lag_p99_ms = lag_p99_ms
        self._copies = copies
        self._database_answers = database_answers

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [web.get("/healthz", self.alive), web.get("/readyz", self.ready)]

    async def alive(self, _: web.Request) -> web.Response:
        """The event loop turns: its lag over the last minute, p99 in milliseconds.

        ``waiting_uploads`` are the recorded files of this machine that are not in the object store yet,
        ``waiting_recordings`` the recordings of which any worker that is connected has such files;
        ``object_store`` is none, answers or away, with ``object_store_away_since`` (ISO 8601, else empty). It stays 200
        meanwhile, for calls and recordings go on.
        """
        away = self._copies.away_since
        told = {
            "ok": True,
            "lag_p99_ms": round(self._lag_p99_ms(), 3),
            "waiting_uploads": self._copies.files,
            "waiting_recordings": self._copies.recordings,
            "object_store": self._copies.store,
            "object_store_away_since": away.isoformat() if away else "",
        }
        return web.json_response(told)

    async def ready(self, _: web.Request) -> web.Response:
        """People can be attended: at least one media worker is connected, and the database answers."""
        workers = len(self._switchboard.workers)
        able = workers > 0 and await self._database_answers()
        return web.json_response({"ok": able, "workers": workers}, status=200 if able else 503)
