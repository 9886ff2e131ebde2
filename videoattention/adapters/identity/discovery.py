"""What a provider says about itself (OpenID Connect Discovery 1.0), and how much of it is believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from yarl import URL

from videoattention.adapters.identity.addresses import endpoint
from videoattention.adapters.identity.refusals import Refusal, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from videoattention.adapters.identity.settings import ProviderSettings


@dataclass(frozen=True, slots=True)
class Metadata:
    """The endpoints, each on a trusted host; ``names_itself``: answers carry ``iss`` (RFC 9207)."""

    authorization: URL
    token: URL
    keys: URL
    userinfo: URL | None
    end_session: URL | None
    names_itself: bool


def discovery_address(issuer: str) -> URL:
    """Where the issuer publishes its metadata (section 4)."""
    return URL(issuer.removesuffix("/") + "/.well-known/openid-configuration")


def read_metadata(document: Mapping[str, object], settings: ProviderSettings) -> Metadata:
    """Check the metadata against the settings; raises `SignInRefused` with ``provider_misconfigured``."""
    if document.get("issuer") != settings.issuer:
        raise refused(Refusal.PROVIDER_MISCONFIGURED)
    methods = document.get("code_challenge_methods_supported", ["S256"])
    if not isinstance(methods, list) or "S256" not in methods:
        raise refused(Refusal.PROVIDER_MISCONFIGURED)
    return Metadata(
        authorization=_required(document, "authorization_endpoint", settings=settings),
        token=_required(document, "token_endpoint", settings=settings),
        keys=_required(document, "jwks_uri", settings=settings),
        userinfo=_endpoint(document, "userinfo_endpoint", settings=settings),
        end_session=_endpoint(document, "end_session_endpoint", settings=settings),
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
    )


def _required(document: Mapping[str, object], name: str, *, settings: ProviderSettings) -> URL:
    url = _endpoint(document, name, settings=settings)
    if url is None:
        raise refused(Refusal.PROVIDER_MISCONFIGURED)
    return url


def _endpoint(document: Mapping[str, object], name: str, *, settings: ProviderSettings) -> URL | None:
    text = document.get(name)
    if text is None:
        return None
    try:
        return endpoint(
            text if isinstance(text, str) else "",
            issuer=settings.issuer,
            allowed_hosts=settings.allowed_hosts,
            allow_http=settings.allow_http,
        )
    except ValueError as error:
        raise refused(Refusal.PROVIDER_MISCONFIGURED) from error
