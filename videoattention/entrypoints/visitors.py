"""Browsers and their sessions: opaque cookies, tokens against forgery, and where a request may come from.

A token has 256 random bits; the register keeps its SHA-256 only.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING, Final

from videoattention.entrypoints.http.languages import choose_language
from videoattention.entrypoints.http.security import CITIZEN_COOKIE, comes_from
from videoattention.services.sessions import Session

if TYPE_CHECKING:
    from aiohttp import web

    from videoattention.services.ports import Clock
    from videoattention.services.sessions import Sessions

CITIZEN: Final = CITIZEN_COOKIE
STAFF: Final = "__Host-staff"
RECEIPT: Final = "__Host-receipt"
SIGN_IN: Final = "__Host-sign-in"
LANGUAGE: Final = "__Host-language"

IDLE = {CITIZEN: timedelta(hours=2), STAFF: timedelta(minutes=30), RECEIPT: timedelta(minutes=20)}
"""How long a session lasts without being used; an open page uses it every 15 s."""

LASTS = {CITIZEN: timedelta(hours=12), STAFF: timedelta(hours=10), RECEIPT: timedelta(hours=1)}
"""How long a session lasts at most."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was just begun, and the token that only the browser will know."""

    session: Session
    cookie: str
    token: str = field(repr=False)

    def give_to(self, response: web.StreamResponse) -> None:
        """Hand the token to the browser."""
        set_cookie(response, self.cookie, self.token)


def key_of(token: str) -> str:
    """What the register knows of a token, which may be any text: a browser can send what it likes."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def key_in(cookie: str, token: str) -> str:
    """What the register knows of the token in this cookie: one of a receipt opens nothing in any other."""
    return key_of(f"{RECEIPT} {token}" if cookie == RECEIPT else token)


class Visitors:
    """Finds, opens and closes the sessions of browsers."""

    def __init__(self, sessions: Sessions, clock: Clock, public_url: str) -> None:
        self._sessions = sessions
        self._clock = clock
        self._public_url = public_url

    async def citizen(self, request: web.Request) -> Session | None:
        """The citizen's session of this browser."""
        return await self._find(request, CITIZEN)

    async def staff(self, request: web.Request) -> Session | None:
        """The session of the member of staff who signed in with this browser."""
        return await self._find(request, STAFF)

    async def receipt(self, request: web.Request) -> Session | None:
        """The session of somebody who came by the link of a receipt: for reading that attention's papers, no more."""
        return await self._find(request, RECEIPT)

    async def _find(self, request: web.Request, cookie: str) -> Session | None:
        token = request.cookies.get(cookie, "")
        if not token:
            return None
        now = self._clock.now()
        session = await self._sessions.find(key_in(cookie, token), now)
        if session is not None and session.idle_until - now < IDLE[cookie] * 0.75:
            session = replace(session, idle_until=now + IDLE[cookie])
            await self._sessions.save(session)
        return session

    async def is_open(self, key: str) -> bool:
        """Whether the session still holds; an open page keeps it from idling out."""
        now = self._clock.now()
        session = await self._sessions.find(key, now)
        if session is None:
            return False
        idle = IDLE[STAFF if session.person else CITIZEN]
        if session.idle_until - now < idle * 0.75:
            await self._sessions.save(replace(session, idle_until=now + idle))
        return True

    async def open(self, cookie: str, **known: object) -> Opened:
        """Begin a session with a new token, whatever the browser had before (no fixation)."""
        token, now = secrets.token_urlsafe(32), self._clock.now()
        session = Session(
            key=key_in(cookie, token),
            csrf=secrets.token_urlsafe(32),
            idle_until=now + IDLE[cookie],
            ends_at=now + LASTS[cookie],
            **known,  # type: ignore[arg-type]  # fields of Session
        )
        await self._sessions.open(session)
        return Opened(session, cookie, token)

    async def save(self, session: Session) -> None:
        """Keep what changed."""
        await self._sessions.save(session)

    async def close(self, session: Session) -> bool:
        """End the session; of many requests that end one session at once, one is told that it did."""
        return await self._sessions.close(session.key)

    def take_back(self, response: web.StreamResponse, cookie: str) -> None:
        """Let the browser forget a token."""
        response.del_cookie(cookie, path="/", secure=True, httponly=True, samesite="Lax")

    def same_origin(self, request: web.Request) -> bool:
        """Whether a page of this service made the request; a request that does not say is refused."""
        return comes_from(request, self._public_url)

    def language(self, request: web.Request) -> str:
        """The language of the person."""
        return choose_language(
            request.query.get("lang"), request.cookies.get(LANGUAGE), request.headers.get("Accept-Language")
        )


def is_genuine(session: Session, token: str) -> bool:
    """Whether a form carries the session's own token; what came as a header may be no text at all."""
    return compare_digest(session.csrf.encode(), token.encode(errors="surrogatepass"))


def set_cookie(response: web.StreamResponse, name: str, value: str, *, max_age: int | None = None) -> None:
    """A cookie of this host only, out of reach of scripts."""
    response.set_cookie(name, value, max_age=max_age, path="/", secure=True, httponly=True, samesite="Lax")
