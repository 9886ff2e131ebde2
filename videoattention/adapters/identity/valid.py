"""The citizens' provider in the OAuth 2.0 dialect of VÀLid, the identification of the Consorci AOC.

It signs nothing: who the person is comes from ``getUserInfo`` over the connection to the provider, and a second call
gives the evidence of the login to keep. So the two answers are worth what that connection is: https, to one host.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Final

from yarl import URL

from videoattention.adapters.identity.answers import ExpectedAnswer, accepted_code, bearer_of, challenge
from videoattention.adapters.identity.evidence import kept_answer
from videoattention.adapters.identity.fetching import ProviderHttp
from videoattention.adapters.identity.once import UsedOnce
from videoattention.adapters.identity.refusals import Refusal, refused
from videoattention.adapters.identity.valid_answers import ValidPerson, require_evidence, require_life, valid_person
from videoattention.services.identity import Dialect, LogoutNotice, PendingSignIn, SignedClaims

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from aiohttp import ClientSession

    from videoattention.adapters.identity.settings import ValidSettings

_REMEMBERED_S: Final = 3600.0


class ValidProvider:
    """Implements `videoattention.services.identity.IdentityProvider` in VÀLid's dialect.

    ``session`` comes from `fetching.provider_session` and stays the caller's; ``now`` returns an aware time. Each
    answer is accepted once per process.
    """

    def __init__(self, settings: ValidSettings, session: ClientSession, *, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now
        self._http = ProviderHttp(session, settings.timeout_s)
        self._answers = UsedOnce(now=now, seconds=_REMEMBERED_S)

    async def begin(self, return_to: str) -> PendingSignIn:
        """Start an authorisation-code flow; the proof of RFC 7636 goes along, for a provider that knows it."""
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._settings.redirect_uri,
            "scope": self._settings.scope,
            "state": state,
            "access_type": "online",
            # at a public point the provider may still know the person before
            "approval_prompt": "force",
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        }
        return PendingSignIn(
            realm=self._settings.realm,
            url=str(self._at(self._settings.authorisation_path).update_query(query)),
            state=state,
            nonce="",
            verifier=verifier,
            return_to=return_to,
            begun=self._now(),
        )

    async def complete(self, pending: PendingSignIn, answer: Mapping[str, str]) -> SignedClaims:
        """Check the browser's answer, redeem its code once, ask who it is and for the evidence."""
        expected = ExpectedAnswer(self._settings.realm, self._settings.issuer, names_itself=False)
        code = accepted_code(pending, answer, expected=expected, spent=self._answers)
        access_token = await self._redeemed(code, pending)
        details = await self._asked(self._settings.details_path, access_token)
        person = valid_person(details)
        evidence = await self._asked(self._settings.evidence_path, access_token)
        require_evidence(evidence, person)
        said = {"userinfo": details, "evidence": evidence, "received": self._now().isoformat()}
        return SignedClaims(
            realm=self._settings.realm,
            issuer=self._settings.issuer,
            subject=self._subject(person),
            sid="",
            claims={
                "name": person.name,
                "document": person.identifier,
                "assurance": person.level,
                "method": person.method,
            },
            id_token="",
            dialect=Dialect.VALID,
            evidence=kept_answer(Dialect.VALID, self._settings.issuer, said),
        )

    async def logout_url(self, id_token: str, return_to: str) -> str:  # noqa: ARG002 - as the port says
        """There is no such place in this dialect."""
        return return_to

    async def verify_logout(self, logout_token: str) -> LogoutNotice:  # noqa: ARG002 - as the port says
        """This dialect tells of no logouts; raises `SignInRefused`."""
        raise refused(Refusal.LOGOUT_UNKNOWN)

    async def _redeemed(self, code: str, pending: PendingSignIn) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret,
            "redirect_uri": self._settings.redirect_uri,
            "code_verifier": pending.verifier,
        }
        tokens = await self._http.redeem(self._at(self._settings.token_path), form)
        require_life(tokens)
        return bearer_of(tokens)

    async def _asked(self, path: str, access_token: str) -> dict[str, object]:
        return await self._http.document(self._at(path).update_query({"AccessToken": access_token}))

    def _subject(self, person: ValidPerson) -> str:
        """A name for the person that is stable and tells nothing: the number itself stays out of the journal."""
        number = f"{person.identifier_type}\0{person.identifier}".encode()
        return hmac.new(self._settings.client_secret.encode(), number, hashlib.sha256).hexdigest()[:32]

    def _at(self, path: str) -> URL:
        return URL(f"{self._settings.issuer.removesuffix('/')}/{path}")
