"""A message service that speaks SMPP 3.4: one session for each message, so that no session can be found dead.

Of the protocol (SMPP v3.4, issue 1.2) four requests are needed: bind_transmitter, submit_sm, unbind, and the answer to
enquire_link. Neither numbers nor texts are logged.
"""

from __future__ import annotations

import asyncio
import string
import struct
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from videoattention.services.sms import SILENT, SmsFailed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from ssl import SSLContext

WITHIN: Final = 6.0
"""Seconds for a message, the wait for those before it included."""

_HEADER: Final = struct.Struct(">4I")
_LARGEST: Final = 4096
_RESPONSE: Final = 0x8000_0000
_BIND, _SUBMIT, _UNBIND, _ENQUIRE = 0x02, 0x04, 0x06, 0x15
_VERSION: Final = 0x34
_ALPHANUMERIC, _INTERNATIONAL, _UNKNOWN = (5, 0), (1, 1), (0, 1)
"""Type and plan of an address."""

_TEN_MINUTES: Final = "000000001000000R"
"""How long delivery is tried, relative: a code is worth nothing afterwards."""

_ALIKE: Final = frozenset(string.ascii_letters + string.digits + " .,:;'()!?-+/\"&%*<=>")
"""What every alphabet that a message service may take for its own has at the same place as ASCII."""

_MOST_UNICODE: Final = 70
_MOST_ALIKE: Final = 160


@dataclass(frozen=True, slots=True)
class SmppAccount:
    """Where the message service is, and who we are there. ``source`` is what phones show as the sender.

    ``tls`` is how the server must prove itself; ``None`` for a line that is private by other means.
    """

    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    source: str
    tls: SSLContext | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    command: int
    status: int
    sequence: int


class _Session:
    """One connection: requests one after the other, each waited for."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._sequence = 0

    async def request(self, command: int, body: bytes = b"") -> int:
        """Send, and wait for the status of its own answer."""
        self._sequence += 1
        self._write(command, self._sequence, body)
        await self._writer.drain()
        while True:
            heard = await self._heard()
            if heard.command == _ENQUIRE:
                self._write(_ENQUIRE | _RESPONSE, heard.sequence)
            elif heard.command & _RESPONSE and heard.sequence == self._sequence:
                # a generic_nack bears the sequence of what it refuses too, and a status that is not 0
                return heard.status

    def _write(self, command: int, sequence: int, body: bytes = b"") -> None:
        self._writer.write(_HEADER.pack(_HEADER.size + len(body), command, 0, sequence) + body)

    async def _heard(self) -> _Answer:
        length, command, status, sequence = _HEADER.unpack(await self._reader.readexactly(_HEADER.size))
        if not _HEADER.size <= length <= _LARGEST:
            raise ConnectionError("what came is not SMPP")
        await self._reader.readexactly(length - _HEADER.size)
        return _Answer(command, status, sequence)


class SmppGateway:
    """`videoattention.services.sms.SmsGateway` at an operator's or aggregator's."""

    def __init__(self, account: SmppAccount, *, within: float = WITHIN) -> None:
        self._account = account
        self._within = within
        self._one_at_a_time = asyncio.Lock()

    async def send(self, number: str, text: str) -> None:
        """Hand it over; raises `SmsFailed`."""
        body = _submission(self._account.source, number, text)
        handed_over = False
        try:
            async with asyncio.timeout(self._within), self._one_at_a_time, self._session() as session:
                handed_over = True
                status = await session.request(_SUBMIT, body)
        except (TimeoutError, OSError, EOFError):
            raise SmsFailed(SILENT if handed_over else "sms_unreachable") from None
        if status:
            raise SmsFailed("sms_refused")

    async def greet(self) -> None:
        """Be let in and leave again, with nothing sent; raises `SmsFailed`."""
        try:
            async with asyncio.timeout(self._within), self._session():
                return
        except (TimeoutError, OSError, EOFError):
            raise SmsFailed("sms_unreachable") from None

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[_Session]:
        account = self._account
        reader, writer = await asyncio.open_connection(account.host, account.port, ssl=account.tls)
        try:
            session = _Session(reader, writer)
            if await session.request(_BIND, _binding(account)):
                raise ConnectionError("the message service does not let us in")
            yield session
            with suppress(OSError, EOFError, TimeoutError):
                async with asyncio.timeout(1):
                    await session.request(_UNBIND)
        finally:
            writer.close()


def _binding(account: SmppAccount) -> bytes:
    words = _text(account.system_id) + _text(account.password) + _text("")
    return words + bytes((_VERSION, 0, 0)) + _text("")


def _submission(source: str, number: str, text: str) -> bytes:
    coding, message = _encoded(text)
    to = _text("") + _address(source) + bytes(_INTERNATIONAL) + _text(number.removeprefix("+"))
    how = bytes((0, 0, 0)) + _text("") + _text(_TEN_MINUTES) + bytes((0, 0, coding, 0, len(message)))
    return to + how + message


def _address(source: str) -> bytes:
    if not source.removeprefix("+").isdigit():
        return bytes(_ALPHANUMERIC) + _text(source)
    kind = _INTERNATIONAL if source.startswith("+") else _UNKNOWN
    return bytes(kind) + _text(source.removeprefix("+"))


def _encoded(text: str) -> tuple[int, bytes]:
    """Data coding and bytes; raises `SmsFailed` for what does not fit into one message."""
    if set(text) <= _ALIKE and len(text) <= _MOST_ALIKE:
        return 0, text.encode("ascii")
    if len(text) > _MOST_UNICODE:
        raise SmsFailed("sms_refused")
    return 8, text.encode("utf-16-be")


def _text(words: str) -> bytes:
    return words.encode("latin-1", "replace").replace(b"\0", b"") + b"\0"
