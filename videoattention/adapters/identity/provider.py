"""One realm's OpenID provider, as a confidential client sees it (OpenID Connect Core 1.0, RFC 9700)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from videoattention.adapters.identity.answers import ExpectedAnswer, accepted_code, bearer_of, challenge
from videoattention.adapters.identity.claim_checks import (
    Expected,
    check_id_token,
    check_logout_token,
    identifier,
)
from videoattention.adapters.identity.discovery import Metadata, discovery_address, read_metadata
from videoattention.adapters.identity.evidence import kept_answer, published
from videoattention.adapters.identity.fetching import ProviderHttp
from videoattention.adapters.identity.kept import Kept
from videoattention.adapters.identity.keys import KeySet, read_keys
from videoattention.adapters.identity.once import UsedOnce
from videoattention.adapters.identity.refusals import Refusal, refused
from videoattention.adapters.identity.tokens import read_header, verified_claims
from videoattention.services.identity import (
    Dialect,
    LogoutNotice,
    PendingSignIn,
    Realm,
    SignedClaims,
    SignedTokenRefused,
    SignInRefused,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from aiohttp import ClientSession

    from videoattention.adapters.identity.keys import VerifyingKey
    from videoattention.adapters.identity.settings import ProviderSettings

_METADATA_AGE_S: Final = 3600.0
_KEYS_AGE_S: Final = 900.0
# longer than a server keeps a pending sign-in, and than a logout token stays fresh
_REMEMBERED_S: Final = 3600.0
_ONLY_SIGNED: Final = frozenset({"acr", "amr", "auth_time", "sid"})
_ID_TOKEN_KINDS: Final = frozenset({"", "jwt"})
_LOGOUT_KINDS: Final = frozenset({"", "jwt", "logout+jwt"})


class OpenIdProvider:
    """Implements `videoattention.services.identity.IdentityProvider`.

    ``session`` comes from `fetching.provider_session` and stays the caller's; ``now`` returns an aware time.
    Nothing is fetched before it is needed. Each answer and each logout token is accepted once per process.
    """

    def __init__(
        self,
        settings: ProviderSettings,
        session: ClientSession,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._now = now
        self._http = ProviderHttp(session, settings.timeout_s)
        self._metadata = Kept(self._fetch_metadata, name="metadata", now=now, max_age_s=_METADATA_AGE_S)
        self._keys = Kept(self._fetch_keys, name="keys", now=now, max_age_s=_KEYS_AGE_S)
        self._answers = UsedOnce(now=now, seconds=_REMEMBERED_S)

    async def begin(self, return_to: str) -> PendingSignIn:
        """Start an authorisation-code flow with PKCE; raises `SignInRefused` when the provider cannot be reached."""
        metadata = await self._metadata.current()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._settings.redirect_uri,
            "scope": " ".join(self._settings.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        }
        if self._settings.fresh_login:
            query |= {"prompt": "login", "max_age": "0"}
        if self._settings.acr_values:
            query["acr_values"] = " ".join(self._settings.acr_values)
        return PendingSignIn(
            realm=self._settings.realm,
            url=str(metadata.authorization.update_query(query)),
            state=state,
            nonce=nonce,
            verifier=verifier,
            return_to=return_to,
            begun=self._now(),
        )

    async def complete(self, pending: PendingSignIn, answer: Mapping[str, str]) -> SignedClaims:
        """Check the browser's answer, redeem its code once, verify the tokens; raises `SignInRefused`."""
        metadata = await self._metadata.current()
        code = accepted_code(
            pending,
            answer,
            expected=ExpectedAnswer(self._settings.realm, self._settings.issuer, names_itself=metadata.names_itself),
            spent=self._answers,
        )
        tokens = await self._http.redeem(
            metadata.token,
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._settings.redirect_uri,
                "code_verifier": pending.verifier,
            },
            client=(self._settings.client_id, self._settings.client_secret),
        )
        access_token, id_token = bearer_of(tokens), _id_token_of(tokens)
        claims, key = await self._id_claims(id_token, access_token, pending=pending)
        details = await self._details(claims, access_token, metadata=metadata)
        return SignedClaims(
            realm=self._settings.realm,
            issuer=self._settings.issuer,
            subject=identifier(claims, "sub"),
            sid=identifier(claims, "sid"),
            # what was signed wins over what was fetched, and how the person signed in is only ever signed
            claims={name: value for name, value in details.items() if name not in _ONLY_SIGNED} | claims,
            id_token=id_token,
            evidence=self._evidence(id_token, key, details),
        )

    async def logout_url(self, id_token: str, return_to: str) -> str:
        """Where the browser goes to end the provider's session too, coming back to the registered address.

        ``return_to`` itself when the provider has no such place or cannot be reached: the person's own
        session here ends all the same.
        """
        try:
            metadata = await self._metadata.current()
        except SignInRefused:
            return return_to
        if metadata.end_session is None:
            return return_to
        query = {
            "id_token_hint": id_token,
            "client_id": self._settings.client_id,
            "post_logout_redirect_uri": self._settings.post_logout_redirect_uri,
        }
        return str(metadata.end_session.update_query(query))

    async def verify_logout(self, logout_token: str) -> LogoutNotice:
        """Check a back-channel logout token (OpenID Connect Back-Channel Logout 1.0).

        Raises `SignInRefused`: a `SignedTokenRefused` when the token is the provider's own.
        """
        claims, _ = await self._signed(logout_token, _LOGOUT_KINDS)
        try:
            check_logout_token(
                claims,
                issuer=self._settings.issuer,
                client_id=self._settings.client_id,
                now=self._now().timestamp(),
            )
        except SignInRefused as refusal:
            raise SignedTokenRefused(refusal.code, str(refusal)) from refusal
        return LogoutNotice(
            realm=self._settings.realm,
            issuer=self._settings.issuer,
            subject=identifier(claims, "sub"),
            sid=identifier(claims, "sid"),
            jti=identifier(claims, "jti"),
        )

    def _evidence(self, id_token: str, key: VerifyingKey, details: Mapping[str, object]) -> bytes:
        """What proves the login later, when the provider has other keys: the token as it was signed, and by which."""
        if self._settings.realm is not Realm.CITIZENS:
            return b""
        signed = {"id_token": id_token, "key": published(key), "userinfo": details}
        return kept_answer(Dialect.OIDC, self._settings.issuer, signed)

    async def _id_claims(
        self, id_token: str, access_token: str, *, pending: PendingSignIn
    ) -> tuple[dict[str, object], VerifyingKey]:
        claims, key = await self._signed(id_token, _ID_TOKEN_KINDS)
        expected = Expected(
            issuer=self._settings.issuer,
            client_id=self._settings.client_id,
            nonce=pending.nonce,
            access_token=access_token,
            required_acr=self._settings.required_acr,
            login_since=pending.begun.timestamp() if self._settings.fresh_login else None,
        )
        check_id_token(claims, expected, now=self._now().timestamp())
        return claims, key

    async def _details(
        self, claims: Mapping[str, object], access_token: str, *, metadata: Metadata
    ) -> Mapping[str, object]:
        if not self._settings.claims_from_userinfo:
            return {}
        if metadata.userinfo is None:
            raise refused(Refusal.PROVIDER_MISCONFIGURED)
        details = await self._http.document(metadata.userinfo, bearer=access_token)
        if details.get("sub") != claims["sub"]:
            raise refused(Refusal.USERINFO)
        return details

    async def _signed(self, token: str, kinds: frozenset[str]) -> tuple[dict[str, object], VerifyingKey]:
        header = read_header(token)
        if header.kind not in kinds:
            raise refused(Refusal.TYPE)
        key = (await self._keys.current()).find(header.kid, header.algorithm)
        if key is None:
            key = (await self._keys.renewed()).find(header.kid, header.algorithm)
        if key is None:
            raise refused(Refusal.KEY)
        return verified_claims(token, key), key

    async def _fetch_metadata(self) -> Metadata:
        document = await self._http.document(discovery_address(self._settings.issuer))
        return read_metadata(document, self._settings)

    async def _fetch_keys(self) -> KeySet:
        metadata = await self._metadata.current()
        return read_keys(await self._http.document(metadata.keys))


def _id_token_of(tokens: Mapping[str, object]) -> str:
    id_token = tokens.get("id_token")
    if not isinstance(id_token, str):
        raise refused(Refusal.TOKEN_RESPONSE)
    return id_token
