"""What administrators made of the organisation's policy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PolicyChanged:
    """A new version of the policy holds for the attentions that begin from now on.

    ``hash`` is the SHA-256 (hex) of the version and ``why`` that of the reason, which is kept beside it; ``changes``
    are ``level.field`` or ``procedure/level.field``; ``rolled_back_to`` is the version that it repeats, -1 for one that
    is new.
    """

    version: int
    hash: str
    why: str
    changes: tuple[str, ...]
    rolled_back_to: int = -1
    attention: str | None = None


PolicyFact = PolicyChanged
