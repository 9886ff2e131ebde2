"""Time stamps: an authority says that a seal was there at a time. It is asked afterwards, until it answers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Protocol

import structlog

if TYPE_CHECKING:
    from videoattention.services.ports import Clock, Register
    from videoattention.services.seals import KeptSeals

_log = structlog.get_logger()

EVERY_S: Final = 30.0
"""Seconds between two looks at seals without a time stamp."""


class StampRefused(Exception):
    """There is no time stamp now: the authority did not answer, or its answer does not hold."""


class TimestampAuthority(Protocol):
    """Who tells the time, and is believed."""

    async def stamp(self, message: bytes) -> bytes:
        """A time stamp over these bytes, checked: RFC 3161's TimeStampResp in DER. Raises `StampRefused`."""


class Stamping:
    """Gets the time stamps that are missing; a seal is as good without one, only nobody else vouches for its time."""

    def __init__(self, register: Register, clock: Clock, *, seals: KeptSeals, authority: TimestampAuthority) -> None:
        self._register = register
        self._clock = clock
        self._seals = seals
        self._authority = authority
        self._last: tuple[str, str] | None = None

    async def run(self) -> None:
        """One round after the other, until cancelled."""
        while True:
            try:
                await self.round()
            except Exception:  # noqa: BLE001 - what could not be stamped now is stamped in the next round
                _log.exception("stamping_failed")
            await asyncio.sleep(EVERY_S)

    async def round(self) -> None:
        """Ask for every seal that has no time stamp, until the authority refuses one; that one is the last next time.

        An authority that is away is so for all: nobody is asked a hundred times in vain.
        """
        for seal in sorted(await self._seals.unstamped(), key=lambda unstamped: unstamped == self._last):
            try:
                await self._stamp(*seal)
            except StampRefused as refused:
                _log.warning("not_time_stamped", recording=seal[1], why=str(refused))
                self._last = seal
                return

    async def _stamp(self, organisation: str, recording: str) -> None:
        seal = await self._seals.of(organisation, recording)
        if seal is None:
            return
        token = await self._authority.stamp(seal.signature)
        async with self._register.begin(organisation, "service", self._clock.now()) as transaction:
            await transaction.seals.stamp(recording, token)
            await transaction.commit()
