"""How the service talks with a provider: bounded in time and size, never redirected, JSON only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote_plus

import aiohttp

from videoattention.adapters.identity.refusals import Refusal, refused
from videoattention.adapters.identity.strict_json import parse_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from yarl import URL

LARGEST_BODY: Final = 256 * 1024
_OK: Final = 200
_CHUNK: Final = 16 * 1024
# no compression: what travels is what is counted
_HEADERS: Final = {"Accept": "application/json", "Accept-Encoding": "identity"}


def provider_session() -> aiohttp.ClientSession:
    """Open the session for an `OpenIdProvider`: it keeps no cookies; the caller closes it."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())


class ProviderHttp:
    """Requests to one provider. Every method raises `SignInRefused` (``provider_unreachable``) when one fails."""

    def __init__(self, session: aiohttp.ClientSession, timeout_s: float) -> None:
        self._session = session
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)

    async def document(self, url: URL, *, bearer: str = "") -> dict[str, object]:
        """Fetch one JSON object."""
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        status, body = await self._exchange("GET", url, headers=headers)
        if status != _OK:
            raise refused(Refusal.PROVIDER_UNREACHABLE)
        return body

    async def redeem(
        self, url: URL, form: Mapping[str, str], *, client: tuple[str, str] | None = None
    ) -> dict[str, object]:
        """Post a form as an authenticated client (client_secret_basic, RFC 6749 section 2.3.1).

        Without ``client`` the form itself says who asks. Raises `SignInRefused` with ``code_refused`` when the provider
        answers with an OAuth error.
        """
        headers = {"Authorization": aiohttp.encode_basic_auth(*map(quote_plus, client))} if client else {}
        status, body = await self._exchange("POST", url, headers=headers, form=form)
        if status == _OK:
            return body
        raise refused(Refusal.CODE_REFUSED if "error" in body else Refusal.PROVIDER_UNREACHABLE)

    async def _exchange(
        self,
        method: str,
        url: URL,
        *,
        headers: Mapping[str, str],
        form: Mapping[str, str] | None = None,
    ) -> tuple[int, dict[str, object]]:
        try:
            async with self._session.request(
                method,
                url,
                data=form,
                headers={**_HEADERS, **headers},
                allow_redirects=False,
                timeout=self._timeout,
            ) as response:
                _require_json(response)
                return response.status, parse_object(await _bounded(response))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise refused(Refusal.PROVIDER_UNREACHABLE) from error


def _require_json(response: aiohttp.ClientResponse) -> None:
    kind = response.content_type
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise ValueError("the answer is not JSON")


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > LARGEST_BODY:
            raise ValueError("the answer is too large")
    return bytes(body)
