"""Somebody on the network who knows a worker's port and nothing else."""

from __future__ import annotations

import asyncio
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from OpenSSL import SSL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from videoattention.adapters.media.plane import MediaPlane


@contextmanager
def stranger_to(plane: MediaPlane) -> Iterator[socket.socket]:
    addresses, port = plane.address
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.connect((addresses[0], port))
        one.setblocking(False)
        yield one


def client_hello() -> bytes:
    connection = SSL.Connection(SSL.Context(SSL.DTLS_METHOD))
    connection.set_connect_state()
    with pytest.raises(SSL.WantReadError):
        connection.do_handshake()
    return connection.bio_read(1500)


async def silence(one: socket.socket) -> bool:
    """Whether nothing comes back in half a second."""
    try:
        async with asyncio.timeout(0.5):
            await asyncio.get_running_loop().sock_recv(one, 2000)
    except TimeoutError:
        return True
    return False
