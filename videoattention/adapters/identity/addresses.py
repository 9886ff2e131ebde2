"""Which addresses the service may call: what a provider writes about itself is not believed blindly (SSRF)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from yarl import URL

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_LONGEST: Final = 2048


def trusted_address(text: str, *, allow_http: bool) -> URL:
    """Parse an absolute https address without user, password or fragment; raises `ValueError`.

    With ``allow_http``, plain HTTP is accepted too, but only for this very machine.
    """
    if len(text) > _LONGEST or not text.isascii() or not text.isprintable() or " " in text or "\\" in text:
        raise ValueError("an address is short, printable ASCII without spaces")
    url = URL(text)
    if not url.host or url.raw_user is not None or url.raw_password is not None or "#" in text:
        raise ValueError("an address names a host, and no user, password or fragment")
    if url.scheme != "https" and not (allow_http and url.scheme == "http" and url.host in _THIS_MACHINE):
        raise ValueError("an address begins with https://")
    return url


def host_and_port(url: URL) -> str:
    """``host`` when the port is the scheme's own, else ``host:port``."""
    host = url.host or ""
    return host if url.is_default_port() else f"{host}:{url.port}"


def endpoint(text: str, *, issuer: str, allowed_hosts: AbstractSet[str], allow_http: bool) -> URL:
    """Accept an endpoint that lives where its issuer does or where the operator allowed; raises `ValueError`."""
    url = trusted_address(text, allow_http=allow_http)
    if host_and_port(url) not in {host_and_port(URL(issuer)), *allowed_hosts}:
        raise ValueError("an endpoint lives on the issuer's host or on an allowed one")
    return url
