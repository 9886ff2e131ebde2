"""Signing in and out, for both realms: the browser that begins a sign-in is the one that ends it (RFC 9700)."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

import structlog
from aiohttp import web

from videoattention.domain.errors import StepRefused
from videoattention.entrypoints.http.forms import fields, posted
from videoattention.entrypoints.visitors import SIGN_IN, STAFF, key_of, set_cookie
from videoattention.services.claims import ClaimsMapping, citizen_identity, staff_person
from videoattention.services.identity import Realm, SignedTokenRefused, SignInRefused
from videoattention.services.ports import Stale
from videoattention.services.reception import PRESENT
from videoattention.services.work import Acting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.doorkeeper import Doorkeeper
    from videoattention.services.identifying import Identifying
    from videoattention.services.identity import IdentityProvider, PendingSignIn, SignedClaims
    from videoattention.services.ports import Clock
    from videoattention.services.sessions import Session, Sessions, SignIns
    from videoattention.services.views import CitizenView, Views

_log = structlog.get_logger()

UNDER_WAY: Final = timedelta(minutes=10)
"""How long a person may take at the provider."""

WORKPLACE: Final = "/desk"
"""Where a sign-in of staff leads that was not asked for by a page."""

_PAGE: Final = re.compile(r"/(desk|archive|rights|settings)(/[A-Za-z0-9_-]{1,64}){0,6}")
"""Pages of staff, to which a sign-in may lead back: paths of this service and nothing else."""

TOLD_EVERY: Final = timedelta(minutes=1)
"""How often the journal tells that a provider is of no use, or that a citizen came back with an answer to no question.

Anybody can begin a sign-in, and a citizen can come back as often as they like: the journal only grows.
"""

IDENTIFIED: Final = "/attention/identified"

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")


class SocketCloser(Protocol):
    """Who ends the live connections of a session."""

    async def close_session(self, key: str, cause: str) -> None:
        """Tell its pages, then disconnect them."""


class LoginPages:
    """Routes of signing in and out."""

    def __init__(
        self,
        rendering: Rendering,
        visitors: Visitors,
        *,
        providers: Mapping[Realm, IdentityProvider],
        sign_ins: SignIns,
        sessions: Sessions,
        doorkeeper: Doorkeeper,
        identifying: Identifying,
        views: Views,
        sockets: SocketCloser,
        clock: Clock,
        public_url: str,
        mapping: ClaimsMapping,
    ) -> None:
        self._rendering = rendering
        self._visitors = visitors
        self._providers = providers
        self._sign_ins = sign_ins
        self._sessions = sessions
        self._doorkeeper = doorkeeper
        self._identifying = identifying
        self._views = views
        self._sockets = sockets
        self._clock = clock
        self._public_url = public_url
        self._mapping = mapping
        self._told: dict[tuple[Realm, str, str], datetime] = {}

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [
            web.get("/staff/sign-in", self.staff_sign_in),
            web.get("/staff/callback", self.staff_callback),
            web.post("/sign-out", self.sign_out),
            web.get("/signed-out", self.signed_out),
            web.get("/attention/identify", self.identify),
            web.get("/citizens/callback", self.citizens_callback),
            web.get(IDENTIFIED, self.identified),
            web.post("/staff/back-channel-logout", self.back_channel_logout),
        ]

    # --- beginning and ending at a provider -----------------------------------------------------------------------

    async def _begin(
        self, request: web.Request, realm: Realm, return_to: str, *, session: str = ""
    ) -> web.StreamResponse:
        """Send the browser to the provider; ``session`` is the key of the session that alone may finish it."""
        try:
            pending = await self._providers[realm].begin(return_to)
        except SignInRefused as refused:
            await self._tell_sometimes(realm, refused.code)
            raise
        answer = web.HTTPSeeOther(pending.url)
        held = request.cookies.get(SIGN_IN, "")
        # one that the browser has stays: another window's sign-in may be under way with it
        browser = held if _TOKEN.fullmatch(held) else secrets.token_urlsafe(32)
        until = self._clock.now() + UNDER_WAY
        await self._sign_ins.begin(key_of(browser + session), pending, until)
        set_cookie(answer, SIGN_IN, browser, max_age=int(UNDER_WAY.total_seconds()))
        return answer

    async def _tell_sometimes(self, realm: Realm, code: str, *, session: str = "") -> None:
        """Journal a refusal that can be had at any time; ``session`` is the key of the citizen's who had it."""
        now = self._clock.now()
        self._told = {refusal: at for refusal, at in self._told.items() if now - at < TOLD_EVERY}
        if (realm, code, session) not in self._told:
            self._told[realm, code, session] = now
            await self._doorkeeper.sign_in_failed(realm, code)

    async def _pending(self, request: web.Request, realm: Realm, *, session: str) -> PendingSignIn:
        browser, state = request.cookies.get(SIGN_IN, ""), request.query.get("state", "")
        pending = await self._sign_ins.take(key_of(browser + session), state, self._clock.now())
        if pending is None or pending.realm is not realm:
            _log.info("sign_in_unknown", realm=realm)
            if session:  # without a citizen's session anybody can say this at any time, and the journal only grows
                await self._tell_sometimes(realm, "sign_in_unknown", session=session)
            raise SignInRefused("sign_in_unknown", "This sign-in was not begun by this browser, or took too long.")
        return pending

    async def _complete(
        self, request: web.Request, realm: Realm, *, session: str = ""
    ) -> tuple[PendingSignIn, SignedClaims]:
        pending = await self._pending(request, realm, session=session)
        try:
            return pending, await self._providers[realm].complete(pending, dict(request.query))
        except SignInRefused as refused:
            await self._doorkeeper.sign_in_failed(realm, refused.code)
            raise

    # --- staff ------------------------------------------------------------------------------------------------------

    async def staff_sign_in(self, request: web.Request) -> web.StreamResponse:
        """Go to the corporate login, and come back to the page that was asked for."""
        asked = request.query.get("to", "")
        return await self._begin(request, Realm.STAFF, asked if _PAGE.fullmatch(asked) else WORKPLACE)

    async def staff_callback(self, request: web.Request) -> web.StreamResponse:
        """Come back from the corporate login with a new session."""
        pending, signed = await self._complete(request, Realm.STAFF)
        try:
            person = staff_person(signed, self._mapping)
        except SignInRefused as refused:
            await self._doorkeeper.sign_in_failed(Realm.STAFF, refused.code)
            raise
        answer = web.HTTPSeeOther(pending.return_to)
        before = await self._visitors.staff(request)
        if before is not None:
            await self._end(before.key, "signed_in_again")
        opened = await self._visitors.open(
            STAFF,
            organisation=person.organisation,
            person=person,
            issuer=signed.issuer,
            sid=signed.sid,
            id_token=signed.id_token,
        )
        opened.give_to(answer)
        await self._doorkeeper.signed_in(person, signed.issuer)
        return answer

    async def sign_out(self, request: web.Request) -> web.StreamResponse:
        """End the session here and at the provider."""
        session = await self._visitors.staff(request)
        await fields(request, session)
        if session is None or session.person is None:
            raise web.HTTPBadRequest
        await self._end(session.key, "asked")  # first of all: the provider may take its time to answer
        await self._doorkeeper.signed_out(session.person, "asked")
        back = f"{self._public_url}/signed-out"
        answer = web.HTTPSeeOther(await self._providers[Realm.STAFF].logout_url(session.id_token, back))
        self._visitors.take_back(answer, STAFF)
        return answer

    async def _end(self, key: str, cause: str) -> None:
        await self._sessions.close(key)
        await self._sockets.close_session(key, cause)

    async def signed_out(self, request: web.Request) -> web.Response:
        """Goodbye."""
        return self._rendering.page(request, "signed_out.html")

    async def back_channel_logout(self, request: web.Request) -> web.Response:
        """The provider says that somebody signed out elsewhere (OpenID Connect Back-Channel Logout 1.0)."""
        try:
            said = await posted(request, "logout_token")
        except web.HTTPBadRequest:
            return _logout_refused("invalid_request")
        try:
            notice = await self._providers[Realm.STAFF].verify_logout(said["logout_token"])
            closed = await self._sessions.close_for(notice, remembered=self._clock.now() + timedelta(hours=1))
            if closed is None:
                raise SignedTokenRefused("logout_replayed", "This logout was already told.")
        except SignInRefused as refused:
            _log.info("logout_refused", code=refused.code)
            if isinstance(refused, SignedTokenRefused):  # anybody can send the rest, and the journal only grows
                await self._doorkeeper.sign_in_failed(Realm.STAFF, refused.code)
            return _logout_refused(refused.code)
        for session in closed:
            await self._sockets.close_session(session.key, "back_channel")
            if session.person is not None:
                await self._doorkeeper.signed_out(session.person, "back_channel")
        return web.Response(headers={"Cache-Control": "no-store"})

    # --- citizens ---------------------------------------------------------------------------------------------------

    async def identify(self, request: web.Request) -> web.StreamResponse:
        """Go to the citizens' login, if this citizen's informer asks for it now."""
        session = await self._visitors.citizen(request)
        if session is None or not session.attention:
            return self._rendering.notice(request, "no_attention", status=404)
        if not await self._is_asked(session):
            return self._not_identified(request, "not_asked", status=409)
        try:
            return await self._begin(request, Realm.CITIZENS, IDENTIFIED, session=session.key)
        except SignInRefused as refused:
            return self._not_identified(request, refused.code, status=403)

    async def _seen(self, session: Session | None) -> CitizenView | None:
        if session is None or not session.attention:
            return None
        since = self._clock.now() - PRESENT
        return await self._views.citizen(session.organisation, session.attention, "ca", seen_since=since)

    async def _is_asked(self, session: Session) -> bool:
        view = await self._seen(session)
        return view is not None and view.identification_asked

    def _not_identified(self, request: web.Request, code: str, *, status: int) -> web.StreamResponse:
        _log.info("identification_refused", code=code)
        answer = self._rendering.page(request, "identified.html", status=status, ok=False, code=code)
        answer.headers["X-Reason"] = code
        return answer

    async def citizens_callback(self, request: web.Request) -> web.StreamResponse:
        """Come back from the citizens' login; the attention for which it was begun is identified, and no other."""
        session = await self._visitors.citizen(request)
        if session is None or not session.attention:
            return self._rendering.notice(request, "no_attention", status=404)
        try:
            pending, signed = await self._complete(request, Realm.CITIZENS, session=session.key)
            await self._identified(session, signed)
        except (SignInRefused, StepRefused, Stale) as refused:
            return self._not_identified(request, refused.code, status=403)
        return web.HTTPSeeOther(pending.return_to)

    async def _identified(self, session: Session, signed: SignedClaims) -> None:
        try:
            who = citizen_identity(signed, self._mapping)
        except SignInRefused as refused:
            await self._doorkeeper.sign_in_failed(Realm.CITIZENS, refused.code)
            raise
        await self._identifying.identify(Acting(session.organisation, "citizen"), session.attention, who)

    async def identified(self, request: web.Request) -> web.Response:
        """The end of the pop-up: how surely somebody identified, and what to do when it is not surely enough."""
        view = await self._seen(await self._visitors.citizen(request))
        if view is None or view.identity is None:
            return self._rendering.page(request, "identified.html", ok=False, code="sign_in_unknown")
        enough = "identification" not in view.missing
        return self._rendering.page(
            request,
            "identified.html",
            ok=True,
            enough=enough,
            reached=view.identity.assurance,
            demanded=view.demanded,
        )


def _logout_refused(code: str) -> web.Response:
    return web.json_response({"error": code}, status=400, headers={"Cache-Control": "no-store"})
