"""Server-side sessions: what the service remembers of a browser. The browser holds only an opaque token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.domain.people import Person
    from videoattention.services.identity import LogoutNotice, PendingSignIn


@dataclass(frozen=True, slots=True)
class Session:
    """One browser's session.

    ``key`` is the SHA-256 (hex) of the token, which is stored nowhere. ``csrf`` must come back with every unsafe
    request. A citizen's session names the attention it began (and its organisation); a member of staff's names the
    person. ``idle_until`` moves on with use, ``ends_at`` does not.
    """

    key: str
    csrf: str
    idle_until: datetime
    ends_at: datetime
    organisation: str = ""
    attention: str = ""
    person: Person | None = None
    issuer: str = ""
    sid: str = ""
    id_token: str = ""


class Sessions(Protocol):
    """Where sessions are kept."""

    async def open(self, session: Session) -> None:
        """Keep a new session."""

    async def find(self, key: str, now: datetime) -> Session | None:
        """The session, if it has not ended, idled out or been closed."""

    async def save(self, session: Session) -> None:
        """Keep changed fields of a session that is open; one that was closed stays closed."""

    async def close(self, key: str) -> bool:
        """End it; of many who close one session, one is told that it did."""

    async def close_of(self, organisation: str, attention: str) -> None:
        """End every session that began this attention or opened its papers."""

    async def close_for(self, notice: LogoutNotice, *, remembered: datetime) -> Sequence[Session] | None:
        """End every session that a back-channel logout names, and return those that were open.

        ``None``, and nothing ended, when this notice was heard before; that is known at least until ``remembered``.
        Both or neither: a logout that failed here may be told again.
        """


class SignIns(Protocol):
    """Sign-ins under way: each may be finished once, by the browser session that began it."""

    async def begin(self, session_key: str, pending: PendingSignIn, until: datetime) -> None:
        """Remember it."""

    async def take(self, session_key: str, state: str, now: datetime) -> PendingSignIn | None:
        """Give it back and forget it; ``None`` when it is unknown, late, or another browser's."""
