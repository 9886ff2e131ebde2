"""What the operator says about one provider."""

from __future__ import annotations

from dataclasses import dataclass, field

from videoattention.adapters.identity.addresses import trusted_address
from videoattention.services.identity import Realm


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """One realm's provider, and this service as its client; a faulty setting raises `ValueError` at once.

    ``issuer`` is compared character by character with what the provider says. Its endpoints must live on the
    issuer's host and port or on one of ``allowed_hosts`` (``host`` or ``host:port``). ``acr_values`` are asked
    for, ``required_acr`` are insisted on (any of them; empty accepts all). ``allow_http`` admits plain HTTP
    to this very machine only, for development. ``claims_from_userinfo`` fetches the claims that the ID token
    leaves out. ``timeout_s`` bounds each request, in seconds.
    """

    realm: Realm
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    post_logout_redirect_uri: str
    scopes: tuple[str, ...] = ("openid", "profile")
    acr_values: tuple[str, ...] = ()
    required_acr: tuple[str, ...] = ()
    allowed_hosts: frozenset[str] = frozenset()
    claims_from_userinfo: bool = False
    allow_http: bool = False
    timeout_s: float = 5.0

    @property
    def fresh_login(self) -> bool:
        """Whether each sign-in is a login of its own.

        Citizens share the browser of a public point: whom the provider still knows there may be the one before.
        """
        return self.realm is Realm.CITIZENS

    def __post_init__(self) -> None:
        """Refuse what could never work or never be safe."""
        trusted_address(self.issuer, allow_http=self.allow_http)
        if "?" in self.issuer:
            raise ValueError("the issuer is an address without a query (OpenID Connect Discovery 1.0, section 3)")
        if "openid" not in self.scopes:
            raise ValueError("the scopes of an OpenID client contain 'openid'")
        if not self.client_id or not self.client_secret:
            raise ValueError("the client has an id and a secret")


@dataclass(frozen=True, slots=True)
class ValidSettings:
    """The citizens' provider in VÀLid's dialect, and this service as its client; a fault raises `ValueError` at once.

    ``issuer`` is the address under which its endpoints live, at the paths below. The paths are those of the AOC's
    service but for ``evidence_path``, which an agreement with it names. ``allow_http`` and ``timeout_s`` as in
    `ProviderSettings`.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    scope: str = "autenticacio_usuari"
    authorisation_path: str = "o/oauth2/auth"
    token_path: str = "o/oauth2/token"  # noqa: S105 - an address, not a secret
    details_path: str = "serveis-rest/getUserInfo"
    evidence_path: str = "serveis-rest/getEvidence"
    allow_http: bool = False
    timeout_s: float = 5.0
    realm: Realm = Realm.CITIZENS

    def __post_init__(self) -> None:
        """Refuse what could never work or never be safe."""
        base = trusted_address(self.issuer, allow_http=self.allow_http)
        if "?" in self.issuer:
            raise ValueError("the provider's address has no query")
        for path in (self.authorisation_path, self.token_path, self.details_path, self.evidence_path):
            at = trusted_address(f"{self.issuer.removesuffix('/')}/{path}", allow_http=self.allow_http)
            if at.origin() != base.origin() or at.query_string or ".." in path:
                raise ValueError("an endpoint is a path under the provider's address")
        if not self.client_id or not self.client_secret:
            raise ValueError("the client has an id and a secret")
