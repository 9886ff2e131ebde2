"""The policies of an organisation, as versions that somebody made for a reason."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.domain.policies import Policy


def fingerprint(policy: Policy) -> str:
    """The SHA-256 (hex) of a version as JSON: keys and sets in order, no spaces, UTF-8."""
    words = json.dumps(asdict(policy), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=sorted)
    return sha256(words.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class KeptPolicy:
    """A version, its `fingerprint`, why it was made, by whom (their subject, and name), and when.

    ``restored`` is the number of the version that it repeats, ``None`` for one that is new.
    """

    policy: Policy
    hash: str
    reason: str
    made_by: str
    made_at: datetime
    made_by_name: str = ""
    restored: int | None = None


class Policies(Protocol):
    """The policies of one organisation, inside a transaction."""

    async def current(self) -> Policy:
        """The newest version; the one that the product comes with until the organisation made its own."""

    async def versions(self) -> Sequence[KeptPolicy]:
        """Every version that the organisation made, newest first."""

    async def add(self, kept: KeptPolicy) -> None:
        """Keep a new version; raises `Stale` when somebody else made it first."""
