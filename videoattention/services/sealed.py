"""A manifest read again: what must be there still, and what a package must have."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from videoattention.services.vault import FileSeal

MANIFEST_FORMAT: Final = "videoattention-manifest/1"

_NOT_HAD: Final = frozenset({"file_missing", "storage_failed"})
"""Why nothing is known of a file that is not changed for all that is known."""


class ManifestUnreadable(Exception):
    """The bytes are no manifest that this program knows; the sentence says why."""


@dataclass(frozen=True, slots=True)
class SealedFile:
    """One file as it was sealed: ``file`` is of the encrypted bytes, ``media`` of the WebM, ``playable`` as it plays.

    Each is ``None`` when it was not known then: the file was missing, or changed already. ``late`` is of the WebM
    as its worker told it, of a file that could not be had then and may have come since.
    """

    part: int
    track: str
    duration: float
    complete: bool
    file: FileSeal | None
    media: FileSeal | None
    playable: FileSeal | None
    late: FileSeal | None = None


@dataclass(frozen=True, slots=True)
class SealedText:
    """The words of one consent; ``hash`` is the SHA-256 of title and paragraphs joined by newlines."""

    text: str
    version: str
    language: str
    hash: str


@dataclass(frozen=True, slots=True)
class SealedManifest:
    """What the manifest says that can be compared; ``first`` to ``last`` are the attention's entries until the seal."""

    organisation: str
    recording: str
    attention: str
    complete: bool
    parts: tuple[int, ...]
    files: tuple[SealedFile, ...]
    texts: tuple[SealedText, ...]
    first: int
    last: int
    link: str


def read_manifest(raw: bytes) -> SealedManifest:
    """Read a manifest; raises `ManifestUnreadable`."""
    try:
        told = json.loads(raw.decode("utf-8"))
        if told["format"] != MANIFEST_FORMAT:
            raise ManifestUnreadable(f"its format is {told['format']!r}")
        return _manifest(told)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ManifestUnreadable(f"it is not built as it must be ({type(error).__name__})") from None


def _manifest(told: dict[str, Any]) -> SealedManifest:
    return SealedManifest(
        organisation=str(told["organisation"]),
        recording=str(told["recording"]),
        attention=str(told["attention"]),
        complete=bool(told["complete"]),
        parts=tuple(int(part["number"]) for part in told["parts"]),
        files=tuple(_file(int(part["number"]), track) for part in told["parts"] for track in part["tracks"]),
        texts=tuple(_text(consent) for consent in told["consents"]),
        first=int(told["journal"]["first"]),
        last=int(told["journal"]["last"]),
        link=str(told["journal"]["hash"]),
    )


def _file(part: int, track: dict[str, Any]) -> SealedFile:
    return SealedFile(
        part=part,
        track=str(track["track"]),
        duration=float(track["duration"] or 0),
        complete=bool(track["complete"]),
        file=_seal(track, "file"),
        media=_seal(track, "media"),
        playable=_seal(track, "playable"),
        late=_seal(track, "reported") if _NOT_HAD.intersection(track.get("causes", ())) else None,
    )


def _seal(track: dict[str, Any], name: str) -> FileSeal | None:
    length, sha256 = track[f"{name}_bytes"], track[f"{name}_sha256"]
    return FileSeal(int(length), str(sha256)) if sha256 else None


def _text(consent: dict[str, Any]) -> SealedText:
    return SealedText(*(str(consent[name]) for name in ("text", "version", "language", "hash")))
