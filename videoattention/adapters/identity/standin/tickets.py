"""Short-lived things that are known by a random name: codes, access tokens, sessions."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from videoattention.adapters.identity.standin.settings import StandInClient

_MOST: Final = 10_000
_T = TypeVar("_T")


@dataclass(slots=True)
class Session:
    """One sign-in of one demo person; ``clients`` were given tokens for it and hear of its end.

    ``method`` is how the person is said to have logged in; only the dialect of VÀLid tells it.
    """

    sid: str
    subject: str
    acr: str
    began: int
    clients: set[str] = field(default_factory=set)
    method: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code stands for (RFC 6749 section 4.1, RFC 7636); ``challenge`` is empty if the client sent none."""

    client: StandInClient
    redirect_uri: str
    nonce: str
    challenge: str
    session: Session


class Tickets(Generic[_T]):
    """Each ticket is good for ``seconds``; beyond ten thousand the oldest give way."""

    def __init__(self, *, now: Callable[[], datetime], seconds: float) -> None:
        self._now = now
        self._seconds = seconds
        self._held: dict[str, tuple[float, _T]] = {}

    def put(self, thing: _T, *, name: str = "") -> str:
        """Hold a thing under a new unguessable name (or the given one), and return the name."""
        moment = self._now().timestamp()
        self._forget(moment)
        chosen = name or secrets.token_urlsafe(32)
        self._held[chosen] = (moment + self._seconds, thing)
        return chosen

    def get(self, name: str) -> _T | None:
        """Look at a thing that is still good."""
        ends, thing = self._held.get(name, (0.0, None))
        return thing if self._now().timestamp() < ends else None

    def take(self, name: str) -> _T | None:
        """Use a thing up."""
        thing = self.get(name)
        self._held.pop(name, None)
        return thing

    def _forget(self, moment: float) -> None:
        while self._held:
            oldest = next(iter(self._held))
            if len(self._held) < _MOST and moment < self._held[oldest][0]:
                return
            del self._held[oldest]
