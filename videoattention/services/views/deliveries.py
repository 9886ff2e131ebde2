"""What the pages of a call show of the files that changed hands in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeliverySeen:
    """A file that changed hands. ``kind``: document, form; ``side`` is who gave it: citizen, informer, service.

    ``size`` is in bytes, ``sha256`` hexadecimal, ``at`` ISO 8601 in UTC.
    """

    id: str
    kind: str
    side: str
    name: str
    size: int
    sha256: str
    at: str
