"""A provider that is honest until a test changes one thing."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from tests.integration.identity.stage import Clock, Port, served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
    Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | bytes

LOGOUT = "http://schemas.openid.net/event/backchannel-logout"


@cache
def rsa_key(name: str, size: int = 2048) -> rsa.RSAPrivateKey:
    """One key per name for the whole run: making them is slow."""
    return rsa.generate_private_key(public_exponent=65537, key_size=size)


@cache
def ec_key(name: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def jwk(key: Key, kid: str | None, **more: object) -> dict[str, Any]:
    """The public half, with just what is said."""
    if isinstance(key, rsa.RSAPrivateKey):
        said = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        said = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    else:
        said = {"kty": "oct", "k": encoded(key)}
    said.pop("key_ops", None)
    return said | ({"kid": kid} if kid is not None else {}) | more


def signature(signed: bytes, key: Key) -> bytes:
    """RS256, ES256 or HS256, whatever the header says."""
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(signed, padding.PKCS1v15(), SHA256())
    if isinstance(key, bytes):
        return hmac.new(key, signed, hashlib.sha256).digest()
    r, s = decode_dss_signature(key.sign(signed, ec.ECDSA(SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@dataclass
class Hostile:
    """What it says, piece by piece; `base` is its issuer. ``after`` has the last word on each ID token."""

    base: str
    clock: Clock
    nonce: str = ""
    key: Key = field(default_factory=lambda: rsa_key("its own"))
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "one", "typ": "JWT"})
    metadata: dict[str, Any] = field(default_factory=dict)
    keys: Any = None
    claims: dict[str, Any] = field(default_factory=dict)
    without: set[str] = field(default_factory=set)
    raw_claims: Callable[[bytes], bytes] = lambda raw: raw
    raw_header: Callable[[bytes], bytes] = lambda raw: raw
    after: Callable[[str], str] = lambda token: token
    tokens: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=lambda: {"sub": "somebody", "email": "a@example.org"})
    answer: dict[str, str | None] = field(default_factory=dict)
    instead: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.keys is None:
            self.keys = {"keys": [jwk(self.key, "one", use="sig", alg="RS256")]}
        self.metadata = {
            "issuer": self.base,
            "authorization_endpoint": f"{self.base}/authorize",
            "token_endpoint": f"{self.base}/token",
            "jwks_uri": f"{self.base}/jwks",
            "userinfo_endpoint": f"{self.base}/userinfo",
            "end_session_endpoint": f"{self.base}/end",
            "code_challenge_methods_supported": ["plain", "S256"],
            "authorization_response_iss_parameter_supported": True,
        }

    @property
    def now(self) -> int:
        return int(self.clock().timestamp())

    def token(self, honest: dict[str, Any]) -> str:
        claims = {name: value for name, value in (honest | self.claims).items() if name not in self.without}
        header = self.raw_header(json.dumps(self.header).encode())
        signed = encoded(header) + "." + encoded(self.raw_claims(json.dumps(claims).encode()))
        return self.after(signed + "." + encoded(signature(signed.encode(), self.key)))

    def id_token(self) -> str:
        half = hashlib.sha256(b"access").digest()[:16]
        return self.token(
            {
                "iss": self.base,
                "sub": "somebody",
                "aud": "us",
                "nonce": self.nonce,
                "iat": self.now,
                "exp": self.now + 300,
                "at_hash": encoded(half),
                "sid": "session",
            },
        )

    def logout_token(self) -> str:
        if self.header["typ"] == "JWT":
            self.header["typ"] = "logout+jwt"
        return self.token(
            {
                "iss": self.base,
                "sub": "somebody",
                "aud": ["us"],
                "iat": self.now,
                "exp": self.now + 120,
                "jti": "unique",
                "sid": "session",
                "events": {LOGOUT: {}},
            },
        )

    async def serve(self, request: web.Request) -> web.StreamResponse:
        name = request.path.rsplit("/", 1)[1]
        self.asked.append(name)
        if name in self.instead:
            return await self.instead[name](request)
        return web.json_response(self.honest(name))

    def honest(self, name: str) -> Any:  # noqa: ANN401 - any JSON
        """What this endpoint says when nobody took its place."""
        said: dict[str, Callable[[], Any]] = {
            "openid-configuration": lambda: self.metadata,
            "jwks": lambda: self.keys,
            "userinfo": lambda: self.userinfo,
            "token": lambda: (
                {"access_token": "access", "token_type": "Bearer", "id_token": self.id_token()} | self.tokens
            ),
        }
        return said[name]()


@asynccontextmanager
async def hostile_provider(path: str = "/realm") -> AsyncIterator[Hostile]:
    port = Port()
    hostile = Hostile(port.address + path, Clock())
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", hostile.serve)
    async with served(app, port):
        yield hostile


def says(body: bytes | str, *, status: int = 200, kind: str = "application/json") -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        raw = body.encode() if isinstance(body, str) else body
        return web.Response(body=raw, status=status, content_type=kind)

    return answer


def moved(hostile: Hostile, name: str) -> Answer:
    """Say the truth, but only to those who follow a redirect."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if "moved" in request.query:
            return web.json_response(hostile.honest(name))
        return web.Response(status=307, headers={"Location": f"{request.path}?moved=1"})

    return answer


def as_a_page(hostile: Hostile, name: str) -> Answer:
    """Say the truth, as something that is not JSON."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(text=json.dumps(hostile.honest(name)), content_type="text/html")

    return answer


async def drips(request: web.Request) -> web.StreamResponse:
    """Never stops and never finishes: each byte comes in time, the whole does not."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    try:
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.05)
    except ConnectionError:
        return response


async def hangs_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()
