"""What a TURN server does for strangers, and where it would relay to for people of ours: each finding one sentence."""

from __future__ import annotations

import ipaddress
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from videoattention.adapters.turn.places import FORBIDDEN, PUBLIC, Places, beside, without
from videoattention.adapters.turn.wire import GRANTED, SILENT, TurnLine, line_to
from videoattention.services.turn import Transport, password

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.services.turn import Password, TurnServer

NAME: Final = "doctor"
_UNAUTHORISED: Final = 401
_MINUTE: Final = timedelta(minutes=1)


class Verdict(StrEnum):
    """How much a finding matters."""

    HOLDS = "Holds"
    WARNING = "Warning"
    FAULT = "Fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried; ``sentence`` says what came of it, and if that is bad what to change."""

    verdict: Verdict
    sentence: str


async def examine(server: TurnServer, *, secret: str, workers: Sequence[str], now: datetime) -> list[Finding]:
    """Try everything at one address of a TURN server; ``workers`` are the addresses that it must relay to."""
    probe = Probe(server, secret, workers=workers, now=now)
    try:
        return [*await probe.strangers(), *await probe.our_people()]
    except OSError as error:
        why = str(error) or "no answer in time"
        return [Finding(Verdict.FAULT, f"{server.url} cannot be reached: {why}.")]


class Probe:
    """One address of a TURN server, and what is known to judge it by."""

    def __init__(self, server: TurnServer, secret: str, *, workers: Sequence[str], now: datetime) -> None:
        self._server = server
        self._workers = workers
        self._good = password(secret, NAME, now + _MINUTE)
        self._expired = password(secret, NAME, now - 60 * _MINUTE)
        self._wrong = password(f"not {secret}", NAME, now + _MINUTE)

    async def strangers(self) -> list[Finding]:
        """Whether who has no right is refused."""
        return [
            await self._refused("whoever has no password", None, "no-auth must not be set, and use-auth-secret must"),
            await self._refused("a wrong password", self._wrong, "use-auth-secret must be set, and no user="),
            await self._refused("an expired password", self._expired, "use-auth-secret must be set, and no user="),
        ]

    async def _refused(self, who: str, opens: Password | None, change: str) -> Finding:
        async with line_to(self._server, opens) as line:
            answer = await line.allocate()
        if answer == GRANTED:
            return self._fault(f"relays for {who}: {change}")
        if answer == SILENT:
            raise TimeoutError
        if answer != _UNAUTHORISED:
            return self._fault(f"answers {answer} instead of {_UNAUTHORISED} to {who}")
        return self._holds(f"refuses {who}")

    async def our_people(self) -> list[Finding]:
        """Whether somebody in a call gets a relay, and where it leads to."""
        async with AsyncExitStack() as stack:
            lines = {family: await stack.enter_async_context(line_to(self._server, self._good)) for family in (4, 6)}
            answers = {family: await line.allocate(family=family) for family, line in lines.items()}
            given = [line for family, line in lines.items() if answers[family] == GRANTED]
            if not given:
                return [self._no_relay(answers[4])]
            found = [self._holds(f"gives a relay to people in calls over {self._server.transport}")]
            found += [await self._closed(places, given) for places in without(FORBIDDEN, self._workers)]
            found += [await self._others(given), await self._beside(given)]
            found += [await self._worker(worker, given, six=answers[6] == GRANTED) for worker in self._workers]
        return [*found, *await self._connections()]

    def _no_relay(self, answer: int) -> Finding:
        if answer == _UNAUTHORISED:
            return self._fault(
                "refuses our password: static-auth-secret must be VIDEOATTENTION_TURN_SECRET, use-auth-secret must be "
                "set, and the clocks of both machines must agree"
            )
        return self._fault(f"gives no relay to people in calls: it answers {answer}")

    async def _closed(self, places: Places, lines: Sequence[TurnLine]) -> Finding:
        reached = await _reached(places, lines)
        if not reached:
            return self._holds(f"relays to no {places.kind} address")
        return self._fault(f"relays to {places.kind} addresses ({', '.join(reached)}): set {places.closed_by}")

    async def _others(self, lines: Sequence[TurnLine]) -> Finding:
        reached = await _reached(PUBLIC, lines)
        if not reached:
            return self._holds("relays to no public address that is not a worker of ours")
        return self._warning(
            f"relays to public addresses that are no worker of ours ({', '.join(reached)}): set {PUBLIC.closed_by}"
        )

    async def _beside(self, lines: Sequence[TurnLine]) -> Finding:
        places = beside(self._workers)
        reached = await _reached(places, lines)
        if not reached:
            return self._holds("relays to no address beside the workers")
        said = f"relays to addresses beside the workers ({', '.join(reached)}): allowed-peer-ip must name workers only"
        return self._warning(said) if all(ipaddress.ip_address(a).is_global for a in reached) else self._fault(said)

    async def _worker(self, worker: str, lines: Sequence[TurnLine], *, six: bool) -> Finding:
        if await _reached(Places("", (worker,), ""), lines):
            return self._holds(f"relays to the media worker at {worker}")
        if ipaddress.ip_address(worker).is_loopback:
            return self._fault(f"cannot relay to the media worker at {worker}: set VIDEOATTENTION_MEDIA_ADDRESSES")
        if ":" in worker and not six:
            return self._warning(f"has no IPv6 to reach the media worker at {worker}: set an IPv6 relay-ip")
        return self._fault(f"does not relay to the media worker at {worker}: set allowed-peer-ip={worker}")

    async def _connections(self) -> list[Finding]:
        if self._server.transport is Transport.UDP:  # a relay of connections is asked for over a connection (RFC 6062)
            return []
        async with line_to(self._server, self._good) as line:
            if await line.allocate(relays="tcp") == GRANTED:
                return [self._fault("relays connections, which no call needs: set no-tcp-relay")]
        return [self._holds("relays no connections")]

    def _holds(self, said: str) -> Finding:
        return Finding(Verdict.HOLDS, f"{self._server.url} {said}.")

    def _warning(self, said: str) -> Finding:
        return Finding(Verdict.WARNING, f"{self._server.url} {said}.")

    def _fault(self, said: str) -> Finding:
        return Finding(Verdict.FAULT, f"{self._server.url} {said}.")


async def _reached(places: Places, lines: Sequence[TurnLine]) -> list[str]:
    """The addresses that one of the relays would send to; each is asked by IPv4 and by IPv6, which may judge apart."""
    return [address for address in places.addresses if any([await line.permits(address) for line in lines])]
