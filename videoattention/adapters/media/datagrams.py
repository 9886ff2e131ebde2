"""Many datagrams in one call each way: memory that the kernel fills and empties (recvmmsg, sendmmsg; Linux).

A packet is received, decrypted, encrypted for the other person and sent in the same place of this memory; Python sees
its first bytes and its length. What a packet costs is then mostly its encryption.
"""

from __future__ import annotations

import ipaddress
import socket
import struct
from typing import Any, TypeAlias

import cffi

Address: TypeAlias = bytes
"""The kernel's own form of an address (struct sockaddr_in or sockaddr_in6): compared, kept and given back."""

AT_ONCE = 64
ROOM = 2048
"""Bytes of one place: the largest datagram that is taken, with room for a tag."""

LARGEST = 1500
"""A longer datagram comes from no browser and is dropped."""

SPARE = AT_ONCE
"""The place for what the worker itself has to say."""

_LENGTHS = {socket.AF_INET: 16, socket.AF_INET6: 28}
_FAMILY = struct.Struct("=H")
_PORT = struct.Struct("!H")

_ffi = cffi.FFI()
_ffi.cdef("""
    struct iovec { void *iov_base; size_t iov_len; };
    struct msghdr {
        void *msg_name; unsigned int msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
        void *msg_control; size_t msg_controllen; int msg_flags;
    };
    struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
    int recvmmsg(int socket, struct mmsghdr *messages, unsigned int count, int flags, void *timeout);
    int sendmmsg(int socket, struct mmsghdr *messages, unsigned int count, int flags);
    ssize_t sendto(int socket, const void *data, size_t length, int flags, const void *to, unsigned int tolen);
""")
_libc = _ffi.dlopen(None)


def host_and_port(address: Address) -> tuple[str, int]:
    """What a STUN answer tells of an address; one of IPv4 that was mapped into IPv6 is told as IPv4."""
    (port,) = _PORT.unpack_from(address, 2)
    (family,) = _FAMILY.unpack_from(address)
    if family == socket.AF_INET:
        return socket.inet_ntop(socket.AF_INET, address[4:8]), port
    host = ipaddress.IPv6Address(address[8:24])
    return str(host.ipv4_mapped or host), port


def address_of(host: str, port: int) -> Address:
    """The kernel's form of an address, as a socket of its family receives it."""
    ip = ipaddress.ip_address(host)
    if isinstance(ip, ipaddress.IPv4Address):
        return _FAMILY.pack(socket.AF_INET) + _PORT.pack(port) + ip.packed + bytes(8)
    return _FAMILY.pack(socket.AF_INET6) + _PORT.pack(port) + bytes(4) + ip.packed + bytes(4)


class Datagrams:
    """The memory of one socket, which does not block.

    ``places[i]`` points to the bytes of place ``i`` for libraries. Python sees the same bytes in ``memory``, where
    place ``i`` begins at ``i * ROOM`` and a slice is a copy. ``lengths[i]`` is how much of it was received. ``dropped``
    counts what could not be sent.
    """

    def __init__(self, bound: socket.socket) -> None:
        self._descriptor = bound.fileno()
        self._address_length = _LENGTHS[bound.family]
        self._bytes = _ffi.new("unsigned char[]", (AT_ONCE + 1) * ROOM)
        self._names = _ffi.new("unsigned char[]", AT_ONCE * self._address_length)
        self._name_bytes = _ffi.buffer(self._names)
        self._into = _ffi.new("struct mmsghdr[]", AT_ONCE)
        self._out = _ffi.new("struct mmsghdr[]", AT_ONCE)
        self._vectors = _ffi.new("struct iovec[]", 2 * AT_ONCE)
        self._waiting = 0
        self.places: list[Any] = [self._bytes + place * ROOM for place in range(AT_ONCE + 1)]
        self.memory = _ffi.buffer(self._bytes)
        self.lengths = [0] * AT_ONCE
        self.dropped = 0
        for place in range(AT_ONCE):
            self._prepare(place)

    def _prepare(self, place: int) -> None:
        for messages, vector in ((self._into, place), (self._out, AT_ONCE + place)):
            header = messages[place].msg_hdr
            header.msg_iov, header.msg_iovlen = self._vectors + vector, 1
            header.msg_namelen = self._address_length
        self._vectors[place].iov_base, self._vectors[place].iov_len = self.places[place], ROOM
        self._into[place].msg_hdr.msg_name = self._names + place * self._address_length

    def receive(self) -> int:
        """Take what has arrived, `AT_ONCE` datagrams at most; gives how many."""
        count = int(_libc.recvmmsg(self._descriptor, self._into, AT_ONCE, socket.MSG_DONTWAIT, _ffi.NULL))
        for place in range(count):
            self.lengths[place] = self._into[place].msg_len
        return max(0, count)

    def sender(self, place: int) -> Address:
        """Who sent the datagram in a place."""
        begin = place * self._address_length
        sender: Address = self._name_bytes[begin : begin + self._address_length]
        return sender

    def copy(self, place: int, length: int) -> bytes:
        """The first bytes of a place."""
        copied: bytes = self.memory[place * ROOM : place * ROOM + length]
        return copied

    def write(self, data: bytes) -> None:
        """Put up to `LARGEST` bytes into the spare place."""
        self.memory[SPARE * ROOM : SPARE * ROOM + len(data)] = data

    def queue(self, place: int, length: int, address: Any) -> None:  # noqa: ANN401 - what `destination` gave
        """Send a place's first bytes with the next `flush`; each place once."""
        vector, header = self._vectors[AT_ONCE + self._waiting], self._out[self._waiting].msg_hdr
        vector.iov_base, vector.iov_len = self.places[place], length
        header.msg_name = address
        self._waiting += 1

    def destination(self, address: Address) -> Any:  # noqa: ANN401 - a pointer of cffi, which has no types
        """What `queue` takes; it must be kept until it is replaced by another, or until the flush."""
        self.flush()  # what is queued may point to the one that this replaces
        return _ffi.from_buffer(address)

    def flush(self) -> None:
        """Send what is queued, now or never: what a full socket does not take is dropped."""
        waiting, self._waiting = self._waiting, 0
        sent = 0
        while sent < waiting:
            more = int(_libc.sendmmsg(self._descriptor, self._out + sent, waiting - sent, socket.MSG_DONTWAIT))
            # the first of them was refused: the others may not be
            self.dropped += more <= 0
            sent += max(1, more)

    def close(self) -> None:
        """Send and receive nothing more: the system gives the number of a closed socket to the next file."""
        self._waiting, self._descriptor = 0, -1

    def send_spare(self, length: int, address: Address) -> None:
        """Send what was written into the spare place, now or never."""
        self._send(self.places[SPARE], length, address)

    def send(self, data: bytes, address: Address) -> None:
        """Send now or never."""
        self._send(_ffi.from_buffer(data), len(data), address)

    def _send(self, data: Any, length: int, address: Address) -> None:  # noqa: ANN401 - a pointer of cffi
        to = _ffi.from_buffer(address)
        if _libc.sendto(self._descriptor, data, length, socket.MSG_DONTWAIT, to, len(address)) < 0:
            self.dropped += 1
