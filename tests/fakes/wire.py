"""The ways to media workers and to pages, as lists of what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from videoattention.domain.people import Side
    from videoattention.services import media
    from videoattention.services.sending import Sending

    OrderT = TypeVar("OrderT", bound=media.Order | media.Drain)


class WorkerLink:
    def __init__(self) -> None:
        self.sent: list[tuple[str, media.Order | media.Drain]] = []

    async def send(self, worker: str, order: media.Order | media.Drain) -> None:
        self.sent.append((worker, order))

    def of(self, kind: type[OrderT]) -> list[OrderT]:
        """The orders of one kind, whichever worker got them."""
        return [order for _, order in self.sent if isinstance(order, kind)]


class PageLink:
    def __init__(self) -> None:
        self.passed: list[media.Negotiate | media.Described] = []
        self.lost: list[str] = []
        self.others: list[tuple[str, Side, bool]] = []
        self.sends: list[tuple[str, Side, Sending]] = []
        self.refusals: list[media.MediaRefused] = []

    async def negotiate(self, report: media.Negotiate) -> None:
        self.passed.append(report)

    async def described(self, report: media.Described) -> None:
        self.passed.append(report)

    async def media_lost(self, call: str) -> None:
        self.lost.append(call)

    async def refused(self, report: media.MediaRefused) -> None:
        self.refusals.append(report)

    async def other_side(self, call: str, to: Side, *, connected: bool) -> None:
        self.others.append((call, to, connected))

    async def other_sends(self, call: str, to: Side, sending: Sending) -> None:
        self.sends.append((call, to, sending))
