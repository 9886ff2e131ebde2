"""Proof of who the citizen is, with an assurance level."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Assurance(IntEnum):
    """How sure the identity is; a greater value satisfies a lesser demand (levels of Regulation (EU) 910/2014)."""

    NONE = 0
    DECLARED = 1
    LOW = 2
    SUBSTANTIAL = 3
    HIGH = 4


@dataclass(frozen=True, slots=True)
class Identification:
    """A citizen's identity as ``provider`` vouched for it at ``at`` (aware, UTC)."""

    assurance: Assurance
    name: str
    document: str
    subject: str
    provider: str
    at: datetime
