"""One browser's end of a call: ICE, DTLS, and the packets between them and the other leg."""

from __future__ import annotations

import asyncio
import secrets
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

import structlog

from videoattention.adapters.media.budget import PacketBudget
from videoattention.adapters.media.datagrams import LARGEST, ROOM, SPARE
from videoattention.adapters.media.ice import IceLite
from videoattention.adapters.media.internals import DtlsServer
from videoattention.adapters.media.rtp import sender_reports
from videoattention.adapters.media.sdp import LocalTransport, Origin
from videoattention.adapters.media.sdp_reading import BadSdp
from videoattention.adapters.media.timeline import SenderClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from videoattention.adapters.media.datagrams import Address
    from videoattention.adapters.media.internals import BindingRequest, WorkerCertificate
    from videoattention.adapters.media.port import UdpPort
    from videoattention.adapters.media.sdp_reading import RemoteTransport

_HANDSHAKES_A_SECOND = 200
# a browser checks each way some twenty times a second while it looks for one, and then every two seconds
_CHECKS_A_SECOND = 200
# each is read to its end; one with sender reports has one or two of them
_CONTROLS_A_SECOND, _MOST_REPORTS = 200, 4
_PACKETS_BETWEEN_WATCHES = 1500
_MOST_SOURCES = 64
_SILENCE = 5.0
_HANDSHAKE_ENDS_WITHIN = 1.0

_log = structlog.get_logger()


class LegState(Enum):
    """``SILENT`` may speak again; ``ENDED`` cannot."""

    NEW = auto()
    CONNECTED = auto()
    SILENT = auto()
    ENDED = auto()


class Leg:
    """Forwards what its browser sends to ``other``, and sends its browser what the other leg forwards.

    ``changed`` is called after each change of `state`. ``tap`` takes each decrypted packet as it is forwarded, with its
    arrival (monotonic seconds); sender reports go to ``tap_control``. A tap only keeps: what it costs, every packet
    waits for.
    """

    def __init__(
        self,
        port: UdpPort,
        certificate: WorkerCertificate,
        *,
        clock: Callable[[], float],
        changed: Callable[[], None],
    ) -> None:
        self.ice = IceLite()
        self.state = LegState.NEW
        self.other: Leg | None = None
        self.tap: Callable[[tuple[bytes, float]], None] | None = None
        self.tap_control: Callable[[bytes, float], None] | None = None
        self.sender_clock = SenderClock()
        self.checks = PacketBudget(rate=_CHECKS_A_SECOND, burst=_CHECKS_A_SECOND)
        self.packets = 0
        self.heard = 0.0
        self._port = port
        self._memory, self._places = port.datagrams.memory, port.datagrams.places
        self._certificate = certificate
        self._clock = clock
        self._changed = changed
        self._monotonic = asyncio.get_running_loop().time
        self._dtls = DtlsServer(certificate, send=self._send_handshake, changed=self._notice)
        self._handshake_from: Address | None = None
        self._remote: RemoteTransport | None = None
        self._handshake: asyncio.Task[None] | None = None
        self._handshakes = PacketBudget(rate=_HANDSHAKES_A_SECOND, burst=_HANDSHAKES_A_SECOND)
        self._controls = PacketBudget(rate=_CONTROLS_A_SECOND, burst=_CONTROLS_A_SECOND)
        self._taken = 0
        self._target: Any = None
        self._targeted: Address | None = None
        self._sources: set[bytes] = set()
        self._described: set[bytes] = set()
        self._origin = Origin(secrets.randbits(62), 0)

    # --- signalling ---

    def check_remote(self, remote: RemoteTransport) -> None:
        """Refuse, with `BadSdp`, another certificate than the one this leg has met."""
        if self._remote is not None and self._remote.fingerprints != remote.fingerprints:
            raise BadSdp("the certificate changed within an epoch")

    def meet(self, remote: RemoteTransport) -> None:
        """Learn who may shake hands, and begin to wait for the handshake."""
        self.check_remote(remote)
        self._remote = remote
        if self._handshake is None:
            self._handshake = asyncio.create_task(self._shake_hands(remote.fingerprints))

    def restarts(self, remote: RemoteTransport) -> bool:
        """Whether an offer with this transport asks for an ICE restart."""
        return self._remote is not None and self._remote.ufrag != remote.ufrag

    def local(self) -> LocalTransport:
        """The worker's transport for the next description to this leg's browser."""
        mine = self.ice.current
        port = self._port
        return LocalTransport(mine.ufrag, mine.password, self._certificate.fingerprint, port.advertised, port.number)

    def expect(self, sources: Iterable[int]) -> None:
        """From now on take new media of these sources only, or of any if none is named."""
        self._described = {source.to_bytes(4, "big") for source in sources if source < 1 << 32}

    def next_origin(self) -> Origin:
        """The ``o=`` of the next description to this leg's browser."""
        self._origin = Origin(self._origin.session, self._origin.version + 1)
        return self._origin

    # --- datagrams from the port ---

    def check(self, request: BindingRequest, address: Address) -> bytes | None:
        """Answer an ICE check; None if it proves nothing."""
        answer = self.ice.answer(request, address, settled=self._dtls.connected)
        if answer is not None:
            self.heard = self._monotonic()
        return answer

    def handshake(self, datagram: bytes, address: Address) -> None:
        """Take a DTLS record from an authenticated address."""
        if self._handshakes.admits(self._monotonic()):
            self._handshake_from = address
            self._dtls.deliver(datagram)

    def media(self, place: int, length: int, address: Address, now: float) -> None:
        """Decrypt, forward, and let the tap keep. This is the packet path: it must stay flat.

        The packet stays in its place of the port's memory, where it is encrypted again for the other browser.
        """
        srtp = self._dtls.srtp
        self._taken += 1
        if srtp is None or self._taken > _PACKETS_BETWEEN_WATCHES:
            return
        memory, begin, at = self._memory, place * ROOM, self._places[place]
        # where both share one port (RFC 5761, section 4)
        control = b"\xc0" <= memory[begin + 1] <= b"\xdf"
        source = memory[begin + 4 : begin + 8] if control else memory[begin + 8 : begin + 12]
        known = source in self._sources
        if not known and not self._admits(source, control=control):
            return
        length = srtp.open_rtcp(at, length) if control else srtp.open_rtp(at, length)
        if not length:
            return
        if not known:
            self._sources.add(source)
        if address != self.ice.chosen:
            self.ice.used(address)
        self.heard = now
        self.packets += 1
        if control:
            self._note_control(memory[begin : begin + length], now)
        elif self.tap is not None:
            self.tap((memory[begin : begin + length], now))
        if self.other is not None:
            self.other.forward(place, length, control=control)

    def _admits(self, source: bytes, *, control: bool) -> bool:
        """Whether one more source may be forwarded; what no description named would be seen without being recorded."""
        described = control or not self._described or source in self._described
        return described and len(self._sources) < _MOST_SOURCES

    def forward(self, place: int, length: int, *, control: bool) -> None:
        """Encrypt a packet for this leg's browser where it lies, to be sent with its batch; or drop it."""
        srtp, chosen = self._dtls.srtp, self.ice.chosen
        if srtp is None or chosen is None:
            return
        if chosen is not self._targeted:
            self._targeted, self._target = chosen, self._port.datagrams.destination(chosen)
        at = self._places[place]
        length = srtp.close_rtcp(at, length) if control else srtp.close_rtp(at, length)
        if length:
            self._port.datagrams.queue(place, length, self._target)

    def request(self, control: bytes) -> None:
        """Send this leg's browser an RTCP packet of the worker's own, now or never."""
        srtp, chosen = self._dtls.srtp, self.ice.chosen
        if srtp is None or chosen is None or len(control) > LARGEST:
            return
        datagrams = self._port.datagrams
        datagrams.write(control)
        length = srtp.close_rtcp(datagrams.places[SPARE], len(control))
        if length:
            datagrams.send_spare(length, chosen)

    # --- life ---

    def watch(self) -> None:
        """Notice silence, and its end, and let packets in again; to be called about twice a second."""
        self._taken = 0
        silent = self._monotonic() - self.heard > _SILENCE
        if self.state is LegState.CONNECTED and silent:
            self._become(LegState.SILENT)
        elif self.state is LegState.SILENT and not silent:
            self._become(LegState.CONNECTED)

    async def close(self) -> None:
        """End this leg for good, telling its browser; `changed` is not called."""
        self._changed = _nothing
        self.state, self.other, self.tap, self.tap_control = LegState.ENDED, None, None, None
        self._port.forget(self)
        await self._dtls.stop()
        if self._handshake is not None:
            self._handshake.cancel()
            await asyncio.wait([self._handshake], timeout=_HANDSHAKE_ENDS_WITHIN)

    async def _shake_hands(self, fingerprints: tuple[tuple[str, str], ...]) -> None:
        try:
            await self._dtls.run(fingerprints)
        except Exception as error:  # noqa: BLE001 - whatever a hostile handshake breaks, it is this leg's alone
            _log.error("media_handshake_failed", error=type(error).__name__)
            self._become(LegState.ENDED)

    def _notice(self) -> None:
        if self._dtls.connected and self.state is LegState.NEW:
            self.heard = self._monotonic()
            self._become(LegState.CONNECTED)
        elif self._dtls.ended and self.state is not LegState.ENDED:
            self._become(LegState.ENDED)

    def _become(self, state: LegState) -> None:
        self.state = state
        self._changed()

    def _send_handshake(self, datagram: bytes) -> None:
        address = self.ice.chosen if self._dtls.connected else self._handshake_from
        if address is not None:
            self._port.send(datagram, address)

    def _note_control(self, compound: bytes, now: float) -> None:
        if not self._controls.admits(now):
            return
        reports = list(sender_reports(compound))
        if not 0 < len(reports) <= _MOST_REPORTS:
            return
        for report in reports:
            self.sender_clock.note(report, self._clock())
        if self.tap_control is not None:
            self.tap_control(compound, now)


def _nothing() -> None:
    return
