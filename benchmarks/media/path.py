"""The way from a participant to a server: one UDP socket, full ICE as far as it is needed, and DTLS-SRTP."""

from __future__ import annotations

import asyncio
import secrets
import socket
import struct
from typing import TYPE_CHECKING, Any

from aioice import stun
from aiortc import rtcdtlstransport as dtls

from benchmarks.media.session_description import Credentials

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.media.session_description import Far

_RECEIVED_AT = 35
"""SO_TIMESTAMPNS on Linux, which Python does not name: the kernel tells when a datagram arrived."""

_BUFFER = 4 * 1024 * 1024
_AT_ONCE = 64
_ASK_AGAIN = 0.1
_CERTIFICATE = dtls.RTCCertificate.generateCertificate()
FINGERPRINT = next(f"sha-256 {f.value}" for f in _CERTIFICATE.getFingerprints() if f.algorithm == "sha-256")


class Path:
    """``media`` gets each SRTP or SRTCP datagram and the wall time at which the kernel had it."""

    def __init__(self, media: Callable[[bytes, float], None], *, host: str = "127.0.0.1") -> None:
        self.mine = Credentials(secrets.token_hex(4), secrets.token_hex(12), FINGERPRINT)
        self._media = media
        self._loop = asyncio.get_running_loop()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        self._socket.setsockopt(socket.SOL_SOCKET, _RECEIVED_AT, 1)
        self._socket.bind((host, 0))
        self.address: tuple[str, int] = self._socket.getsockname()
        self._far: Far | None = None
        self._answered = asyncio.Event()
        self._records: asyncio.Queue[bytes] = asyncio.Queue()
        self._dtls = dtls.RTCDtlsTransport(_Wire(self), [_CERTIFICATE])  # type: ignore[arg-type]
        self._loop.add_reader(self._socket, self._readable)

    async def connect(self, far: Far, *, active: bool) -> None:
        """Check, nominate and shake hands, as DTLS client if ``active``; raises `ConnectionError`."""
        self._far = far
        self._socket.connect(far.address)
        while not self._answered.is_set():
            self.check()
            try:
                await asyncio.wait_for(self._answered.wait(), _ASK_AGAIN)
            except TimeoutError:
                continue
        self._dtls._set_role("client" if active else "server")  # noqa: SLF001 - as the worker does
        algorithm, value = far.credentials.fingerprint.split(" ", 1)
        wanted = [dtls.RTCDtlsFingerprint(algorithm=algorithm.lower(), value=value.upper())]
        await self._dtls.start(dtls.RTCDtlsParameters(fingerprints=wanted))
        if self._dtls.state != "connected":
            raise ConnectionError("the DTLS handshake failed")
        self.seal = self._dtls._tx_srtp.protect  # noqa: SLF001
        self.seal_control = self._dtls._tx_srtp.protect_rtcp  # noqa: SLF001
        self.open = self._dtls._rx_srtp.unprotect  # noqa: SLF001
        self.open_control = self._dtls._rx_srtp.unprotect_rtcp  # noqa: SLF001

    @property
    def profile(self) -> str:
        """The SRTP profile that was agreed on."""
        connection = self._dtls._ssl  # noqa: SLF001
        return connection.get_selected_srtp_profile().decode() if connection is not None else ""

    def check(self) -> None:
        """A STUN binding request that nominates; again each few seconds it is the consent to go on (RFC 7675)."""
        assert self._far is not None
        request = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
        request.attributes["USERNAME"] = f"{self._far.credentials.ufrag}:{self.mine.ufrag}"
        request.attributes["PRIORITY"] = 1862270975
        request.attributes["ICE-CONTROLLING"] = 1
        request.attributes["USE-CANDIDATE"] = None
        request.add_message_integrity(self._far.credentials.password.encode())
        self.send(bytes(request))

    def send(self, datagram: bytes) -> None:
        """Send now or never."""
        try:
            self._socket.send(datagram)
        except OSError:
            # the server is gone, or no buffer is free: a network loses packets, and who counts them notices
            return

    async def close(self) -> None:
        """Tell the other end, and let the socket go."""
        await self._dtls.stop()
        self._loop.remove_reader(self._socket)
        self._socket.close()
        self._records.put_nowait(b"")

    async def record(self) -> bytes:
        """The next DTLS record."""
        record = await self._records.get()
        if not record:
            raise ConnectionError
        return record

    def _readable(self) -> None:
        for _ in range(_AT_ONCE):
            try:
                datagram, stamps, _, _ = self._socket.recvmsg(2048, 64)
            except OSError:
                return
            first = datagram[0]
            if 128 <= first <= 191:
                seconds, nanoseconds = struct.unpack("qq", stamps[0][2])
                self._media(datagram, seconds + nanoseconds / 1e9)
            elif 20 <= first <= 63:
                self._records.put_nowait(datagram)
            elif first <= 3:
                self._stun(stun.parse_message(datagram))

    def _stun(self, message: Any) -> None:  # noqa: ANN401 - aioice has no types
        if message.message_class == stun.Class.RESPONSE:
            self._answered.set()
        elif message.message_class == stun.Class.REQUEST and self._far is not None:
            answer = stun.Message(
                message_method=stun.Method.BINDING,
                message_class=stun.Class.RESPONSE,
                transaction_id=message.transaction_id,
                attributes={"XOR-MAPPED-ADDRESS": self._far.address},
            )
            answer.add_message_integrity(self.mine.password.encode())
            self.send(bytes(answer))


class _Wire:
    """What aiortc's DTLS needs of an ICE transport."""

    role = "controlling"

    def __init__(self, path: Path) -> None:
        self._path = path

    async def _recv(self) -> bytes:
        return await self._path.record()

    async def _send(self, datagram: bytes) -> None:
        self._path.send(datagram)
