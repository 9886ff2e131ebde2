"""How long a spoken authorisation has been recorded, and when it has been long enough."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from videoattention.domain.errors import StepRefused

if TYPE_CHECKING:
    from datetime import datetime

    from videoattention.domain.recording import Recording

LEAST = timedelta(seconds=3)
"""Nobody says an authorisation in less."""


def ends_at(recording: Recording | None, seconds: int) -> datetime | None:
    """When what is recorded of a clip will have lasted ``seconds``; ``None`` while nothing is being recorded.

    Gaps do not count: a recorder that came back has as much time left as when it went.
    """
    if recording is None or recording.open_part is None:
        return None
    before = (part.closed_at - part.opened_at for part in recording.parts if part.closed_at is not None)
    return recording.open_part.opened_at + timedelta(seconds=seconds) - sum(before, timedelta())


def must_last(recording: Recording | None, now: datetime) -> None:
    """Raises ``clip_too_short`` until `LEAST` of the authorisation was recorded."""
    heard = ends_at(recording, 0)
    if heard is None or now - heard < LEAST:
        raise StepRefused("clip_too_short", "less than 3 seconds of the authorisation were recorded")
