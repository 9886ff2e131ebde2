"""What a visual identification is made of: who may do it, its challenge, its stills, its signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from videoattention.domain.visual_stages import Action, StillKind

HABILITATION = "attended"
"""What entitles an informer to identify by sight: the same training as for acting for a citizen."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """What chance asks of the citizen: actions in this order, and the digits to say where one of them asks for some."""

    actions: tuple[Action, ...]
    digits: str


@dataclass(frozen=True, slots=True)
class Still:
    """A still that is kept: which, its SHA-256 (hex) and its size in dots."""

    id: str
    kind: StillKind
    hash: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Instant:
    """When the picture of a still was shown, and where the recorder has its own: see `facts.StillTaken`."""

    shown_at: str
    rtp: str = ""
    recording: str = ""
    part: int = 0
    track: str = ""
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Signed:
    """A decision as it was signed: the SHA-256 of its canonical bytes, and the id of the key."""

    hash: str
    key: str
