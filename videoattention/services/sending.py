"""What the page of one side says that it sends of its person; it concerns the other page only, and is not kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Sent: TypeAlias = Literal["on", "off", "none"]
"""``off``: stopped by the person or by their device; ``none``: there is none that the page may use."""


@dataclass(frozen=True, slots=True)
class Sending:
    """Of each device whether it is on."""

    camera: Sent
    microphone: Sent
