"""A remote document that is asked for seldom, once at a time, and outlives its source's bad days."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import structlog

from videoattention.services.identity import SignInRefused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

COOLDOWN_S: Final = 30.0
_NEVER: Final = float("-inf")
_T = TypeVar("_T")


class Kept(Generic[_T]):
    """The last good copy of what ``load`` returns.

    One load is in flight at a time and those who wait share its outcome. A copy older than ``max_age_s`` is
    renewed, and kept when that fails. Without any good copy the failure (`SignInRefused`) is raised.
    """

    def __init__(
        self,
        load: Callable[[], Awaitable[_T]],
        *,
        name: str,
        now: Callable[[], datetime],
        max_age_s: float,
    ) -> None:
        self._load = load
        self._now = now
        self._max_age_s = max_age_s
        self._name = name
        self._lock = asyncio.Lock()
        self._attempts = 0
        self._tried_at = _NEVER
        self._asked_at = _NEVER
        self._good_at = _NEVER
        self._good: _T | None = None
        self._failure: SignInRefused | None = None

    async def current(self) -> _T:
        """Return the copy, loading it when there is none or it is too old and the last try is not too recent."""
        if self._good is None:
            return await self._loaded()
        if self._elapsed(self._good_at, self._max_age_s) and self._elapsed(self._tried_at, COOLDOWN_S):
            return await self._loaded()
        return self._good

    async def renewed(self) -> _T:
        """Load again because something is missing from the copy; at most once in `COOLDOWN_S`, else the copy."""
        if self._good is not None and not self._elapsed(self._asked_at, COOLDOWN_S):
            return self._good
        self._asked_at = self._now().timestamp()
        return await self._loaded()

    async def _loaded(self) -> _T:
        attempts = self._attempts
        async with self._lock:
            if self._attempts == attempts:
                await self._attempt()
        if self._good is None:
            raise self._failure or AssertionError("an attempt ends with a copy or a failure")
        return self._good

    async def _attempt(self) -> None:
        try:
            self._good = await self._load()
            self._good_at = self._now().timestamp()
        except SignInRefused as failure:
            self._failure = failure
            structlog.get_logger().warning("identity.provider_failed", document=self._name, code=failure.code)
        self._attempts += 1
        self._tried_at = self._now().timestamp()

    def _elapsed(self, since: float, seconds: float) -> bool:
        # a clock that was set back must not stretch a pause
        return not 0 <= self._now().timestamp() - since < seconds
