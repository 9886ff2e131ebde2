"""Who vouches for a person, in the words of those who need to know.

A *realm* is one provider and the people it knows: ``staff`` (the corporate login) or ``citizens``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class Realm(StrEnum):
    """The two groups of people that sign in, each at a provider of its own."""

    STAFF = "staff"
    CITIZENS = "citizens"


class Dialect(StrEnum):
    """How a provider speaks: OpenID Connect, or the OAuth 2.0 of VÀLid, which signs nothing and is asked instead."""

    OIDC = "oidc"
    VALID = "valid"


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """What the browser that began a sign-in must bring back; kept on the server, used once (RFC 9700).

    ``url`` is where the browser goes. ``return_to`` is a path of this service, chosen by the service. ``begun`` is
    when, with its time zone.
    """

    realm: Realm
    url: str
    state: str
    nonce: str
    verifier: str
    return_to: str
    begun: datetime


@dataclass(frozen=True, slots=True)
class SignedClaims:
    """What a provider vouched for, every check passed; only a verifier makes one.

    ``sid`` is the provider's session (empty if it names none); ``id_token`` is kept as the hint of the logout, and
    empty in a ``dialect`` that has none. ``evidence`` is what the provider answered, word for word, as one JSON object
    (UTF-8); it is empty for staff, of whom none is kept.
    """

    realm: Realm
    issuer: str
    subject: str
    sid: str
    claims: Mapping[str, object]
    id_token: str
    dialect: Dialect = Dialect.OIDC
    evidence: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class LogoutNotice:
    """A verified back-channel logout: end every session of ``sid``, or of ``subject`` when there is no ``sid``."""

    realm: Realm
    issuer: str
    subject: str
    sid: str
    jti: str


class SignInRefused(Exception):
    """The provider's answer was not accepted. ``code`` is stable and safe to show and to journal."""

    def __init__(self, code: str, sentence: str) -> None:
        """Keep the stable code beside the sentence."""
        super().__init__(sentence)
        self.code = code


class SignedTokenRefused(SignInRefused):
    """The provider signed the token, and yet what it says is not accepted; anything else was anybody's word."""


class IdentityProvider(Protocol):
    """One realm's provider."""

    async def begin(self, return_to: str) -> PendingSignIn:
        """Start an authorisation-code flow with PKCE; raises `SignInRefused` when the provider cannot be reached."""

    async def complete(self, pending: PendingSignIn, answer: Mapping[str, str]) -> SignedClaims:
        """Check the browser's answer, redeem its code once, verify the tokens; raises `SignInRefused`."""

    async def logout_url(self, id_token: str, return_to: str) -> str:
        """Where the browser goes to end the provider's session too, coming back to the address registered there.

        ``return_to`` itself if the provider has no such place or does not answer; never raises.
        """

    async def verify_logout(self, logout_token: str) -> LogoutNotice:
        """Check a back-channel logout token (OpenID Connect Back-Channel Logout 1.0).

        Raises `SignInRefused`: a `SignedTokenRefused` when the token is the provider's own.
        """
