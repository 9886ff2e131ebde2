"""Pieces of HTML that templates and scripts agree on: what is shown when, and which place shows which value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from videoattention.services.views import PartSeen


def attributes(state: Mapping[str, str]) -> Markup:
    """A state as ``data-…`` attributes."""
    return Markup(" ").join(Markup('data-{}="{}"').format(name, value) for name, value in state.items())


def when(state: Mapping[str, str], **conditions: str) -> Markup:
    """The attributes of an element that is shown while every condition holds: ``when(state, stage="waiting,offered")``.

    The server hides what does not hold now, and the browser goes on by the same rule (`elements/state.js`).
    Raises `KeyError` for a condition on something that the state does not have.
    """
    told = " ".join(f"{name}={values}" for name, values in conditions.items())
    holds = all(state[name] in values.split(",") for name, values in conditions.items())
    shown, hidden = Markup('data-when="{}"'), Markup('data-when="{}" hidden')
    return (shown if holds else hidden).format(told)


def field(name: str, value: object) -> Markup:
    """A place inside a sentence whose value the browser keeps up to date."""
    return Markup('<span data-field="{}">{}</span>').format(name, value)


def elapsed(since: str) -> Markup:
    """A stopwatch that runs in the browser since a moment (ISO 8601)."""
    return Markup('<time data-since="{}">0:00</time>').format(since)


def countdown(until: str) -> Markup:
    """The seconds until a moment (ISO 8601), counted in the browser; empty while there is none."""
    return Markup('<time data-until="{}" aria-hidden="true"></time>').format(until)


def playable(recording: str, parts: Sequence[PartSeen]) -> str:
    """The parts of a recording for the browser's player, as JSON; this is where the address of a file is written."""
    return json.dumps(
        [
            {
                "number": part.number,
                "tracks": [
                    {
                        "track": track.track,
                        "start": track.start,
                        "duration": track.duration,
                        "frames": track.frames,
                        "url": (url := f"/archive/recordings/{recording}/parts/{part.number}/{track.track}"),
                        "pictures": f"{url}/pictures" if track.track.endswith("-video") else "",
                    }
                    for track in part.tracks
                ],
            }
            for part in parts
        ]
    )
