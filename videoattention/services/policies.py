"""The policies of an organisation, as versions that somebody made for a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.domain.policies import Policy


@dataclass(frozen=True, slots=True)
class KeptPolicy:
    """A version, the SHA-256 (hex) of its words, why it was made, by whom (their subject) and when."""

    policy: Policy
    hash: str
    reason: str
    made_by: str
    made_at: datetime


class Policies(Protocol):
    """The policies of one organisation, inside a transaction."""

    async def current(self) -> Policy:
        """The newest version; the one that the product comes with until the organisation made its own."""

    async def versions(self) -> Sequence[KeptPolicy]:
        """Every version that the organisation made, newest first."""

    async def add(self, kept: KeptPolicy) -> None:
        """Keep a new version; raises `Stale` when somebody else made it first."""
