"""How the service asks a time-stamping authority: bounded in time and size, never redirected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import aiohttp

from videoattention.adapters.timestamps.tokens import StampQuestion, trusted_roots
from videoattention.services.stamping import StampRefused

if TYPE_CHECKING:
    from pathlib import Path

WITHIN_S: Final = 10.0
LARGEST_ANSWER: Final = 64 * 1024
_OK: Final = 200
_CHUNK: Final = 16 * 1024
_HEADERS: Final = {
    "Content-Type": "application/timestamp-query",
    "Accept": "application/timestamp-reply",
    "Accept-Encoding": "identity",
}


class HttpAuthority:
    """`videoattention.services.stamping.TimestampAuthority` over HTTP (RFC 3161, 3.4)."""

    def __init__(self, session: aiohttp.ClientSession, url: str, roots: Path) -> None:
        """Ask at ``url``; ``roots`` is a PEM file. Raises `ValueError` or `OSError` when that has no certificates."""
        self._session = session
        self._url = url
        self._roots = trusted_roots(roots)

    async def stamp(self, message: bytes) -> bytes:
        """The authority's answer over these bytes, checked; raises `StampRefused`."""
        question = StampQuestion.over(message)
        answer = await self._ask(question.request.as_bytes())
        question.check(answer, self._roots)
        return answer

    async def _ask(self, question: bytes) -> bytes:
        timeout = aiohttp.ClientTimeout(total=WITHIN_S)
        try:
            async with self._session.post(
                self._url, data=question, headers=_HEADERS, allow_redirects=False, timeout=timeout
            ) as response:
                if response.status != _OK:
                    raise StampRefused(f"the authority answered with status {response.status}")
                return await _bounded(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise StampRefused(f"the authority cannot be reached: {type(error).__name__}") from error


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise StampRefused("the authority's answer is too large")
    return bytes(body)
