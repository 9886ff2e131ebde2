"""A recording's parts as the JSON of their row: read and written whole, never searched."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from videoattention.domain.recording import KeptTrack, Part

if TYPE_CHECKING:
    from collections.abc import Sequence


def parts_to_json(parts: Sequence[Part]) -> list[dict[str, object]]:
    """The parts, their times in ISO 8601."""
    return [
        {
            "number": part.number,
            "opened_at": part.opened_at.isoformat(),
            "closed_at": part.closed_at.isoformat() if part.closed_at else None,
            "cause": part.cause,
            "tracks": [asdict(track) for track in part.tracks],
        }
        for part in parts
    ]


def parts_from_json(kept: Sequence[dict[str, Any]]) -> tuple[Part, ...]:
    """The parts again."""
    return tuple(
        Part(
            number=part["number"],
            opened_at=datetime.fromisoformat(part["opened_at"]),
            closed_at=datetime.fromisoformat(part["closed_at"]) if part["closed_at"] else None,
            cause=part["cause"],
            tracks=tuple(KeptTrack(**track) for track in part["tracks"]),
        )
        for part in kept
    )
