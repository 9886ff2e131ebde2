"""The only module that touches the insides of aiortc, aioice and pylibsrtp.

Their public classes bring a queue, a task and a decoder per packet, which a relay neither needs nor affords; what is
used instead is private, so the versions are pinned exactly and a test fails when one of these names moves.
"""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aioice import stun
from aiortc import rtcdtlstransport as dtls
from pylibsrtp._binding import ffi, lib

if TYPE_CHECKING:
    from collections.abc import Callable

PINNED = {"aiortc": "1.16.0", "aioice": "0.13.0", "pylibsrtp": "1.0.0"}

# AEAD first: it costs half of AES-CM with SHA-1, and both browsers take it when the server prefers it.
PROFILES = [dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AES128_CM_SHA1_80]

_WAITING_DATAGRAMS = 16


class WorkerCertificate:
    """One DTLS certificate of the worker, good for 30 days. ``fingerprint`` is the value of ``a=fingerprint``."""

    def __init__(self) -> None:
        self.certificate = dtls.RTCCertificate.generateCertificate()
        digest = next(f for f in self.certificate.getFingerprints() if f.algorithm == "sha-256")
        self.fingerprint = f"sha-256 {digest.value}"
        self.expires = self.certificate.expires.timestamp()


class _Wire:
    """What `RTCDtlsTransport` needs of an ICE transport: datagrams of one leg, few of them waiting."""

    role = "controlled"

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._out = send
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue(_WAITING_DATAGRAMS)
        self._closed = False

    def put(self, datagram: bytes) -> None:
        # DTLS sends again what is lost, so dropping is the right answer to a flood
        if not self._waiting.full():
            self._waiting.put_nowait(datagram)

    def close(self) -> None:
        # a cancellation may be swallowed by `asyncio.wait_for` (Python 3.11), a closed wire may not
        self._closed = True
        self.put(b"")

    async def _recv(self) -> bytes:
        datagram = b"" if self._closed else await self._waiting.get()
        if self._closed:
            raise ConnectionError
        return datagram

    async def _send(self, datagram: bytes) -> None:
        self._out(datagram)


class Srtp:
    """The keys of one association (RFC 3711), used on packets where they lie in memory.

    Every method takes a pointer and the packet's length in bytes, changes the packet in place, and gives its new
    length; 0 for one that was forged, repeated or is too old. There must be room for a trailer of 144 bytes behind it.
    """

    def __init__(self, opening: Any, closing: Any) -> None:  # noqa: ANN401 - pylibsrtp has no types
        self._sessions = (opening, closing)  # they free what follows when they are let go
        self._opening = opening._srtp[0]  # noqa: SLF001 - see top
        self._closing = closing._srtp[0]  # noqa: SLF001 - see top
        self._length = ffi.new("int *")

    def open_rtp(self, at: Any, length: int) -> int:  # noqa: ANN401 - a pointer of cffi, which has no types
        """Decrypt SRTP."""
        size = self._length
        size[0] = length
        return 0 if lib.srtp_unprotect(self._opening, at, size) else size[0]

    def open_rtcp(self, at: Any, length: int) -> int:  # noqa: ANN401 - as above
        """Decrypt SRTCP."""
        size = self._length
        size[0] = length
        return 0 if lib.srtp_unprotect_rtcp(self._opening, at, size) else size[0]

    def close_rtp(self, at: Any, length: int) -> int:  # noqa: ANN401 - as above
        """Encrypt RTP."""
        size = self._length
        size[0] = length
        return 0 if lib.srtp_protect(self._closing, at, size) else size[0]

    def close_rtcp(self, at: Any, length: int) -> int:  # noqa: ANN401 - as above
        """Encrypt RTCP."""
        size = self._length
        size[0] = length
        return 0 if lib.srtp_protect_rtcp(self._closing, at, size) else size[0]


class DtlsServer:
    """The worker's end of one DTLS-SRTP association (RFC 5764), always the server.

    ``send`` takes datagrams for the browser; ``changed`` is called after each change of `connected` or `ended`.
    ``srtp`` is there once it is connected.
    """

    def __init__(
        self, certificate: WorkerCertificate, *, send: Callable[[bytes], None], changed: Callable[[], None]
    ) -> None:
        self._wire = _Wire(send)
        self._changed = changed
        self._transport = dtls.RTCDtlsTransport(self._wire, [certificate.certificate])  # type: ignore[arg-type]
        self._transport._srtp_profiles = PROFILES  # noqa: SLF001 - the order in which the server prefers
        self._transport._set_role("server")  # noqa: SLF001 - SDP said so; the default guesses from ICE
        self._transport.on("statechange", self._notice)
        self.connected = False
        self.ended = False
        self.srtp: Srtp | None = None

    def deliver(self, datagram: bytes) -> None:
        """Take a DTLS record from an authenticated address; a few may wait for `run`, the rest are dropped."""
        self._wire.put(datagram)

    async def run(self, fingerprints: tuple[tuple[str, str], ...]) -> None:
        """Shake hands with whoever holds one of these certificates (algorithm, value); returns when decided."""
        wanted = [dtls.RTCDtlsFingerprint(algorithm=a, value=v) for a, v in fingerprints]
        await self._transport.start(dtls.RTCDtlsParameters(fingerprints=wanted))

    async def stop(self) -> None:
        """Tell the browser that the association ends; `changed` is not called for it."""
        self._changed = _nothing
        self.connected, self.srtp = False, None
        await self._transport.stop()
        self._wire.close()

    def _notice(self) -> None:
        self.connected = self._transport.state == "connected"
        if self.connected and self.srtp is None:
            self.srtp = Srtp(self._transport._rx_srtp, self._transport._tx_srtp)  # noqa: SLF001 - see top
        self.ended = self._transport.state in {"closed", "failed"}
        self._changed()


def _nothing() -> None:
    return


@dataclass(frozen=True, slots=True)
class BindingRequest:
    """A STUN binding request (RFC 8489) whose sender is not yet proved. ``ufrag`` is the worker's half of USERNAME."""

    ufrag: str
    nominates: bool
    message: stun.Message

    def proves(self, password: str) -> bool:
        """Whether the sender knows this leg's password."""
        return self.message.check_message_integrity(password.encode())

    def answer(self, address: tuple[str, int], password: str) -> bytes:
        """The success response for a request that came from ``address``, host and port."""
        response = stun.Message(
            message_method=stun.Method.BINDING,
            message_class=stun.Class.RESPONSE,
            transaction_id=self.message.transaction_id,
            attributes={"XOR-MAPPED-ADDRESS": address},
        )
        response.add_message_integrity(password.encode())
        return bytes(response)


def binding_request(datagram: bytes) -> BindingRequest | None:
    """Read a STUN binding request; None for anything else, however malformed."""
    try:
        message = stun.parse_message(datagram)
    except (ValueError, struct.error):
        return None
    username = message.attributes.get("USERNAME", "")
    if message.message_method != stun.Method.BINDING or message.message_class != stun.Class.REQUEST:
        return None
    return BindingRequest(username.partition(":")[0], "USE-CANDIDATE" in message.attributes, message)
