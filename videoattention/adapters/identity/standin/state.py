"""What the stand-in's handlers share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aiohttp import ClientSession, web

from videoattention.adapters.identity.standin.tickets import Grant, Session, Tickets
from videoattention.services.identity import Realm

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from videoattention.adapters.identity.standin.settings import StandInSettings
    from videoattention.adapters.identity.standin.signing import SigningKeys

_CODE_S: Final = 60
ACCESS_S: Final = 600
_SESSION_S: Final = 12 * 3600


@dataclass(frozen=True, slots=True)
class StandIn:
    """Settings, keys and what is in people's hands; everything is forgotten when the process ends."""

    settings: StandInSettings
    keys: SigningKeys
    now: Callable[[], datetime]
    codes: Tickets[Grant]
    access: Tickets[Session]
    sessions: Tickets[Session]

    def seconds(self) -> int:
        """Tell the time as tokens do (Unix seconds)."""
        return int(self.now().timestamp())


STAND_IN: Final = web.AppKey("stand_in", StandIn)
TELEPHONE: Final = web.AppKey("telephone", ClientSession)


def opened(settings: StandInSettings, keys: SigningKeys, *, now: Callable[[], datetime]) -> StandIn:
    """Begin with empty hands."""
    return StandIn(
        settings=settings,
        keys=keys,
        now=now,
        codes=Tickets(now=now, seconds=_CODE_S),
        access=Tickets(now=now, seconds=ACCESS_S),
        sessions=Tickets(now=now, seconds=_SESSION_S),
    )


def realm_of(request: web.Request) -> Realm:
    """Read the realm in the path; the route admits no other word."""
    return Realm(request.match_info["realm"])
