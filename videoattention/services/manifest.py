"""The manifest of a recording (decision 0013): everything that is known of it when it is sealed, as bytes to be signed.

Pure: the same evidence gives the same bytes.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from datetime import UTC
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from videoattention.domain.consent import ConsentStage
from videoattention.domain.facts import ConsentEnded, RecorderRefused, StillTaken, VisualIdentified
from videoattention.services.media import Track
from videoattention.services.views import SealSeen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from videoattention.domain.consent import Consent
    from videoattention.domain.recording import KeptTrack, Part, Recording
    from videoattention.services.seals import KeptSeal
    from videoattention.services.vault import FileSeal, MeasuredFile
    from videoattention.services.views import JournalLine

    Files = Mapping[tuple[int, Track], MeasuredFile]
    Json = dict[str, Any]

FORMAT: Final = "videoattention-manifest/1"

AT_THE_END: Final = frozenset({"stopped", "call_closed", "epoch_ended", "worker_replaced"})
"""Why the last part ends when nothing is missing after it: with no connection, nothing was passed on to be kept."""

NOTHING_KEPT: Final = "nothing_kept"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a manifest is made of.

    ``recording`` with every part closed; ``files`` has what every track of every part was found to hold; ``journal`` is
    the attention's, in order, and not empty; ``software`` names the program that seals and its version.
    """

    recording: Recording
    files: Files
    consents: Sequence[Consent]
    journal: Sequence[JournalLine]
    sealed_at: datetime
    software: str

    @property
    def causes(self) -> tuple[str, ...]:
        """Why the recording is not complete, each once; none if it is."""
        return tuple(dict.fromkeys(self._causes()))

    def _causes(self) -> Iterator[str]:
        parts = self.recording.parts
        if not any(track.length for part in parts for track in part.tracks):
            yield NOTHING_KEPT
        for part in parts:
            if part is not parts[-1] or part.cause not in AT_THE_END:
                yield part.cause
            for track in Track:
                yield from file_causes(_told(part, track), self.files[part.number, track])
        for line in self.journal:
            if line.kind == RecorderRefused.__name__ and line.body.get("recording") == self.recording.id:
                yield str(line.body["cause"])

    def manifest(self) -> bytes:
        """The bytes to sign: JSON in UTF-8."""
        return json.dumps(self._told(), ensure_ascii=False, allow_nan=False, indent=1).encode()

    def _told(self) -> Json:
        recording, journal, causes = self.recording, self.journal, self.causes
        return {
            "format": FORMAT,
            "software": self.software,
            "organisation": recording.organisation,
            "recording": recording.id,
            "attention": recording.attention,
            "requested_at": moment_told(recording.requested_at),
            "sealed_at": moment_told(self.sealed_at),
            "complete": not causes,
            "causes": causes,
            "parts": [self._part(part) for part in recording.parts],
            "gaps": [_gap(before, after) for before, after in pairwise(recording.parts)],
            "consents": [consent_told(consent, journal) for consent in self.consents],
            "stills": [_still(line, recording.id) for line in _stills(journal)],
            "journal": {"first": journal[0].seq, "last": journal[-1].seq, "hash": journal[-1].hash},
        }

    def _part(self, part: Part) -> Json:
        return {
            "number": part.number,
            "opened_at": moment_told(part.opened_at),
            "closed_at": moment_told(part.closed_at),
            "cause": part.cause,
            "tracks": [self._track(part, track) for track in Track],
        }

    def _track(self, part: Part, track: Track) -> Json:
        told, found = _told(part, track), self.files[part.number, track]
        start = (part.opened_at - self.recording.parts[0].opened_at).total_seconds()
        reported = bool(told and told.sha256)
        return {
            "track": track.value,
            "start": _number(told.start if told else start),
            "duration": _number(found.duration),
            "frames": found.frames,
            **_stream("media", found.media),
            **_stream("playable", found.playable),
            **_stream("file", found.file),
            "reported_bytes": told.length if told and reported else None,
            "reported_sha256": told.sha256 if told and reported else None,
            "complete": found.complete,
            "torn_bytes": found.torn_bytes,
            "causes": file_causes(told, found),
            "gaps": [_numbers(asdict(gap)) for gap in found.gaps],
            "clock": _clock(found),
        }


def file_causes(told: KeptTrack | None, found: MeasuredFile) -> tuple[str, ...]:
    """Why one file is not whole, or is not what its worker told; none if all is well."""
    if found.fault:
        return (found.fault,)
    torn = ("torn",) if found.torn_bytes else ()
    if told and told.sha256 and (found.media is None or (told.length, told.sha256) != _pair(found.media)):
        return (*torn, "file_differs")
    return torn if torn or found.complete else ("not_closed",)


def seal_seen(seal: KeptSeal) -> SealSeen:
    """A seal as it is shown: what its manifest says of itself."""
    told = json.loads(seal.manifest)
    causes = tuple(map(str, told["causes"]))
    return SealSeen(seal.sealed_at, seal.key_id, bool(told["complete"]), causes, seal.timestamp is not None)


def _told(part: Part, track: Track) -> KeptTrack | None:
    return next((kept for kept in part.tracks if kept.track == track), None)


def _pair(seal: FileSeal) -> tuple[int, str]:
    return seal.length, seal.sha256


def _stream(name: str, seal: FileSeal | None) -> Json:
    return {f"{name}_bytes": seal.length if seal else 0, f"{name}_sha256": seal.sha256 if seal else None}


def _clock(found: MeasuredFile) -> Json | None:
    if not found.marks:
        return None
    return {"first": _numbers(asdict(found.marks[0])), "last": _numbers(asdict(found.marks[-1]))}


def _gap(before: Part, after: Part) -> Json:
    return {
        "after_part": before.number,
        "from": moment_told(before.closed_at),
        "to": moment_told(after.opened_at),
        "cause": before.cause,
    }


def _stills(journal: Sequence[JournalLine]) -> Iterator[JournalLine]:
    """The pictures of identifications by sight that were accepted before the seal, the last one of each kind.

    Those of one that was stopped are not told: whether any was kept depends on a suspicion, which is kept apart.
    """
    accepted = {line.body["visual"] for line in journal if line.kind == VisualIdentified.__name__}
    taken = [line for line in journal if line.kind == StillTaken.__name__ and line.body.get("visual") in accepted]
    yield from {(line.body["visual"], line.body["kind"]): line for line in taken}.values()


def _still(line: JournalLine, recording: str) -> Json:
    """By its entry in the journal, which has the picture's SHA-256 until the law erases it: no manifest is ever erased.

    ``part`` and ``offset`` (seconds) are where this recording has the same instant, null where it has not.
    """
    told, ours = line.body, line.body["recording"] == recording
    return {
        "id": told["still"],
        **{name: told[name] for name in ("kind", "width", "height", "shown_at")},
        "part": told["part"] if ours else None,
        "offset": told["offset"] if ours else None,
        "entry": line.seq,
        "link": line.hash,
    }


def consent_told(consent: Consent, journal: Sequence[JournalLine]) -> Json:
    """A consent as manifests tell it; ``journal`` is the attention's."""
    given = consent.answered_at if consent.stage in _GIVEN else None
    return {
        "id": consent.id,
        **asdict(consent.wording),
        "purposes": sorted(consent.purposes),
        "asked_at": moment_told(consent.asked_at),
        "given_at": moment_told(given),
        "ended_at": moment_told(consent.withdrawn_at or _ended(consent, journal)),
        "stage": consent.stage.value,
    }


_GIVEN: Final = frozenset({ConsentStage.GIVEN, ConsentStage.WITHDRAWN, ConsentStage.ENDED})


def _ended(consent: Consent, journal: Sequence[JournalLine]) -> datetime | None:
    """When the level that the consent was given for went down: only the journal knows."""
    ended = (line for line in journal if line.kind == ConsentEnded.__name__)
    return next((line.at for line in ended if line.body.get("consent") == consent.id), None)


def moment_told(at: datetime | None) -> str | None:
    """A moment as manifests tell it: ISO 8601, UTC."""
    return at.astimezone(UTC).isoformat() if at else None


def _number(value: float) -> float | None:
    """A number that JSON has; a worker may tell what is none, and that must not keep a recording from its seal."""
    return value if math.isfinite(value) else None


def _numbers(values: Json) -> Json:
    return {name: _number(value) if isinstance(value, float) else value for name, value in values.items()}
