"""Who may use the stand-in, and from where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from yarl import URL

if TYPE_CHECKING:
    from pathlib import Path

    from videoattention.services.identity import Realm


class StandInForbidden(Exception):
    """The stand-in was asked to start in a service that runs in production mode."""


@dataclass(frozen=True, slots=True)
class StandInClient:
    """One registered client of a realm; its addresses are compared character by character.

    ``backchannel_logout_uri`` empty: the client is not told of logouts. ``algorithm`` signs its ID tokens.
    """

    realm: Realm
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str = ""
    algorithm: Literal["RS256", "ES256"] = "RS256"

    def origins(self) -> tuple[str, ...]:
        """Where its pages live: Chromium applies ``form-action`` to the redirect that follows a form, too."""
        addresses = (*self.redirect_uris, *self.post_logout_redirect_uris)
        return tuple(sorted({str(URL(address).origin()) for address in addresses}))


@dataclass(frozen=True, slots=True)
class StandInSettings:
    """``base_url`` is where people reach the mounted application (``http://localhost:8080/standin``).

    ``key_folder`` keeps the signing keys between starts; ``None`` makes new ones at each start.
    """

    base_url: str
    clients: tuple[StandInClient, ...]
    production: bool
    key_folder: Path | None = None

    def issuer(self, realm: Realm) -> str:
        """Name the realm's issuer."""
        return f"{self.base_url.rstrip('/')}/{realm.value}"

    def client(self, realm: Realm, client_id: str) -> StandInClient | None:
        """Find a registered client of this realm."""
        found = (one for one in self.clients if one.realm is realm and one.client_id == client_id)
        return next(found, None)
