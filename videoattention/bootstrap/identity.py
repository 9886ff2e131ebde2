"""What this service is to its OpenID providers, and the stand-in where there is none."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from videoattention.adapters.identity.mapping_file import read_mapping
from videoattention.adapters.identity.provider import OpenIdProvider
from videoattention.adapters.identity.settings import ProviderSettings, ValidSettings
from videoattention.adapters.identity.standin.people import PEOPLE
from videoattention.adapters.identity.standin.settings import StandInClient, StandInSettings
from videoattention.adapters.identity.valid import ValidProvider
from videoattention.adapters.vault.logins import EncryptedLogins
from videoattention.services.claims import ClaimsMapping
from videoattention.services.identifying import Identifying
from videoattention.services.identity import Dialect, Realm

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from aiohttp import ClientSession

    from videoattention.adapters.vault.keyring import VaultKeyRing
    from videoattention.config import Settings
    from videoattention.services.identity import IdentityProvider
    from videoattention.services.work import Work

STAND_IN = "/standin"
CLIENT_ID = "videoattention"


def claims_mapping(settings: Settings) -> ClaimsMapping:
    """Where the providers' tokens have what: the operator's file, else as the stand-in says it."""
    return read_mapping(settings.claims) if settings.claims is not None else ClaimsMapping()


def identifying(work: Work, keys: VaultKeyRing) -> Identifying:
    """The use cases of electronic identity, whose evidence these keys encrypt."""
    return Identifying(work, EncryptedLogins(keys))


def providers(
    settings: Settings, session: ClientSession, *, now: Callable[[], datetime]
) -> Mapping[Realm, IdentityProvider]:
    """Each realm's provider, in the dialect that it speaks."""
    return {realm: _provider(settings, realm, session, now=now) for realm in Realm}


def _provider(
    settings: Settings, realm: Realm, session: ClientSession, *, now: Callable[[], datetime]
) -> IdentityProvider:
    if realm is Realm.CITIZENS and settings.citizens.dialect == Dialect.VALID:
        return ValidProvider(valid_settings(settings), session, now=now)
    return OpenIdProvider(provider_settings(settings, realm), session, now=now)


def valid_settings(settings: Settings) -> ValidSettings:
    """What this service is to a citizens' provider that speaks as VÀLid."""
    ours, said = provider_settings(settings, Realm.CITIZENS), settings.citizens
    plain = ValidSettings(
        ours.issuer, ours.client_id, ours.client_secret, ours.redirect_uri, allow_http=ours.allow_http
    )
    return replace(plain, evidence_path=said.evidence_path) if said.evidence_path else plain


def provider_settings(settings: Settings, realm: Realm) -> ProviderSettings:
    """What this service is to the realm's provider; without one, to the stand-in."""
    said = settings.staff if realm is Realm.STAFF else settings.citizens
    public = settings.web.public_url
    return ProviderSettings(
        realm=realm,
        issuer=said.issuer or f"{public}{STAND_IN}/{realm}",
        client_id=said.client_id or CLIENT_ID,
        client_secret=said.client_secret or _STAND_IN_SECRET,
        redirect_uri=f"{public}/{realm}/callback",
        post_logout_redirect_uri=f"{public}/signed-out",
        allow_http=not settings.production,
        claims_from_userinfo=said.userinfo,
    )


_STAND_IN_SECRET = secrets.token_urlsafe(32)
"""Both ends of it live in this process."""


def stand_in_settings(settings: Settings) -> StandInSettings:
    """The stand-in's side of the same: this service is its one client, in both realms."""
    clients = tuple(
        StandInClient(
            realm=realm,
            client_id=ours.client_id,
            client_secret=ours.client_secret,
            redirect_uris=(ours.redirect_uri,),
            post_logout_redirect_uris=(ours.post_logout_redirect_uri,),
            backchannel_logout_uri=f"{settings.web.public_url}/staff/back-channel-logout"
            if realm is Realm.STAFF
            else "",
        )
        for realm in Realm
        for ours in [provider_settings(settings, realm)]
    )
    folder = settings.storage.data / "stand-in"
    return StandInSettings(settings.web.public_url + STAND_IN, clients, settings.production, folder)


def issuers(settings: Settings) -> frozenset[str]:
    """The origins of the providers: a form of ours that signs out leads there."""
    issuers = (urlsplit(said.issuer) for said in (settings.staff, settings.citizens) if said.issuer)
    return frozenset(f"{issuer.scheme}://{issuer.netloc}" for issuer in issuers)


def demo_people() -> list[tuple[str, str]]:
    """The members of staff of the stand-in: name and what they do."""
    return [(person.name, person.caption) for person in PEOPLE[Realm.STAFF]]
